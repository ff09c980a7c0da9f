"""What whole cases exercise of a rulebook, told rule by rule and line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from afterrun.rulebook import Rulebook, stamp_words

if TYPE_CHECKING:
    from afterrun.verify.cases import Atom, CaseCoverage, Exercise, Places

MARKS: Mapping[str, str] = {"both": "+", "only true": "T", "only false": "F", "never": "!"}


class SourceLine(NamedTuple):
    """A line of a file of rules, with what of it is not exercised both ways."""

    words: str
    exercise: Exercise | None
    """How its conditions are exercised, where it has any."""


class CoveragePage(NamedTuple):
    """The coverage in words."""

    title: str
    lead: str
    coverage: CaseCoverage
    files: Mapping[str, tuple[SourceLine, ...]]
    foot: str


def coverage_page(rulebook: Rulebook, coverage: CaseCoverage, places: Places) -> CoveragePage:
    """Each rule in numbers, and each file that has conditions, line by line."""
    from afterrun.verify.cases import by_line

    lines = by_line(coverage)
    with_conditions = {place.file for place in lines}
    conditions = {(place.file, place.line): atoms for place, atoms in lines.items()}
    files = {
        file: tuple(
            _line(number, text, conditions.get((file, number), ()))
            for number, text in enumerate(texts, start=1)
        )
        for file, texts in places.texts.items()
        if file in with_conditions
    }
    title = f"What the cases exercise: {rulebook.identity.title}"
    foot = f"Rulebook {stamp_words(rulebook.stamp)}"
    return CoveragePage(title, _lead(coverage), coverage, files, foot)


def coverage_lines(page: CoveragePage) -> Iterator[SourceLine]:
    """All of it as lines, one below the other."""
    for file, lines in page.files.items():
        yield SourceLine(f"== {file}", None)
        yield from lines
    rules = [
        f"{each.percent:5.0f} %  {each.rule}: fired {each.fired}, refuted {each.refuted}, open {each.open}"
        for each in page.coverage.rules
    ]
    legend = "+ both ways   T only true   F only false   ! never settled"
    for words in ("", *rules, "", legend, page.lead):
        yield SourceLine(words, None)


def _lead(coverage: CaseCoverage) -> str:
    both = sum(atom.exercise == "both" for atom in coverage.atoms)
    turned = sum(bool(rule.fired and rule.refuted) for rule in coverage.rules)
    return (
        f"{coverage.cases} cases exercise {both} of {len(coverage.atoms)} conditions both ways "
        f"({coverage.percent:.1f} %), and {turned} of {len(coverage.rules)} rules"
    )


def _line(number: int, text: str, atoms: Sequence[Atom]) -> SourceLine:
    from afterrun.verify.cases import worst

    found = worst(atoms) if atoms else None
    note = "; ".join(f"{atom.exercise}: {atom.said}" for atom in atoms if atom.exercise != "both")
    words = f"{number:4} {MARKS[found] if found else ' '} {text}{f'   # {note}' if note else ''}"
    return SourceLine(words, found)
