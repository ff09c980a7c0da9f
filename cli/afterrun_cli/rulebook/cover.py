"""`afterrun rules cover`: which conditions of which rules the cases exercise both ways."""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from afterrun.verify.cases import CaseError, Place, Places
from afterrun.verify.mutation import Atom, CaseCoverage, Exercise, by_line, cover, worst
from afterrun_cli.rulebook.cases import cases_from
from afterrun_cli.terminal.exits import UNUSABLE, leave, told
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json

MARKS: Mapping[Exercise, str] = {"both": "+", "only true": "T", "only false": "F", "never": "!"}
_COLOURS: Mapping[Exercise, str] = {"both": "32", "only true": "33", "only false": "33", "never": "31"}


def show_coverage(
    files: Sequence[Path],
    folder: Path | None,
    part: str | None,
    least: float | None,
    shape: Literal["text", "json", "html"],
) -> None:
    """Show the coverage; leave with 1 when it is below what is asked for."""
    rulebook = rulebook_from(folder, part)
    cases = cases_from(files, rulebook)
    places = Places(folder, part)
    try:
        coverage = cover(rulebook, cases, places)
    except CaseError as error:
        leave(UNUSABLE, *told(error.problems))
    if shape == "json":
        put_json(coverage.to_dict())
    elif shape == "html":
        put(_page(coverage, places, rulebook.identity.title))
    else:
        _tell(coverage, places)
    if least is not None and coverage.percent < least:
        sys.stdout.flush()
        leave(1, f"{coverage.percent:.1f} % is below the {least:g} % asked for")


def _tell(coverage: CaseCoverage, places: Places) -> None:
    lines = by_line(coverage)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for file in _files(places, lines):
        put(f"== {file}")
        for number, text in enumerate(places.texts[file], start=1):
            atoms = lines.get(Place(file, number), ())
            mark = MARKS[worst(atoms)] if atoms else " "
            note = _note(atoms)
            shown = f"{number:4} {mark} {text}{f'   # {note}' if note else ''}"
            put(f"\x1b[{_COLOURS[worst(atoms)]}m{shown}\x1b[0m" if atoms and colour else shown)
    put("")
    for rule in coverage.rules:
        counts = f"fired {rule.fired}, refuted {rule.refuted}, open {rule.open}"
        put(f"{rule.percent:5.0f} %  {rule.rule}: {counts}")
    put("")
    put("+ both ways   T only true   F only false   ! never settled")
    put(_summary(coverage))


def _summary(coverage: CaseCoverage) -> str:
    both = sum(atom.exercise == "both" for atom in coverage.atoms)
    turned = sum(bool(rule.fired and rule.refuted) for rule in coverage.rules)
    return (
        f"{coverage.cases} cases exercise {both} of {len(coverage.atoms)} conditions both ways "
        f"({coverage.percent:.1f} %), and {turned} of {len(coverage.rules)} rules"
    )


def _note(atoms: Sequence[Atom]) -> str:
    """What of a line is not exercised both ways."""
    return "; ".join(f"{atom.exercise}: {atom.said}" for atom in atoms if atom.exercise != "both")


def _files(places: Places, lines: Mapping[Place, object]) -> list[str]:
    with_conditions = {place.file for place in lines}
    return [file for file in places.texts if file in with_conditions]


_STYLE = """
:root { color-scheme: light; font: 15px/1.45 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
pre { overflow-x: auto; border: 1px solid #ccc; padding: .5rem 0; }
pre span { display: block; padding: 0 .7rem; white-space: pre; }
.both { background: #e2f4e2; }
.only-true, .only-false { background: #fff1c9; }
.never { background: #fbdcdc; }
table { border-collapse: collapse; }
td, th { padding: .15rem .8rem; border-bottom: 1px solid #ddd; text-align: left; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
"""


def _page(coverage: CaseCoverage, places: Places, title: str) -> str:
    return "\n".join(_html(coverage, places, title))


def _html(coverage: CaseCoverage, places: Places, title: str) -> Iterator[str]:
    lines = by_line(coverage)
    head = html.escape(f"What the cases exercise: {title}")
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{head}</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{head}</h1><p>{html.escape(_summary(coverage))}.</p>"
    yield '<p><span class="both">both ways</span>, <span class="only-true">one way only</span>, '
    yield '<span class="never">never settled</span></p>'
    yield "<table><thead><tr><th>Rule</th><th>Conditions</th><th>Fired</th><th>Refuted</th><th>Open</th></tr>"
    yield "</thead><tbody>"
    for rule in coverage.rules:
        numbers = (f"{rule.percent:.0f} %", rule.fired, rule.refuted, rule.open)
        cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
        yield f"<tr><td>{html.escape(rule.rule)}</td>{cells}</tr>"
    yield "</tbody></table>"
    for file in _files(places, lines):
        # A region that scrolls must be reachable by keyboard.
        yield f'<h2>{html.escape(file)}</h2><pre tabindex="0">'
        yield "".join(
            _line(number, text, lines.get(Place(file, number), ()))
            for number, text in enumerate(places.texts[file], start=1)
        )
        yield "</pre>"
    yield "</main></body></html>"


def _line(number: int, text: str, atoms: Sequence[Atom]) -> str:
    note = _note(atoms)
    kind = f' class="{worst(atoms).replace(" ", "-")}"' if atoms else ""
    shown = f"{number:4} {MARKS[worst(atoms)] if atoms else ' '} {text}{f'   # {note}' if note else ''}"
    return f"<span{kind}>{html.escape(shown)}</span>"
