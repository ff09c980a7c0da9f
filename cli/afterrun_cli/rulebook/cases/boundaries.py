"""`afterrun rules boundaries`: intakes just below, at and above every threshold."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from afterrun.rulebook import Truth
from afterrun.verify.cases import SIDES, Boundary, Crossing, Places, SourceLine, boundaries_of
from afterrun.visible import as_json
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.files import write_file
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json

_RULE: dict[Truth, str] = {True: "proved", False: "refuted", None: "open"}


def show_boundaries(folder: Path | None, output: Path | None, shape: Literal["text", "json"]) -> None:
    """Show every threshold with its intakes; write the intakes to a file if one is named."""
    rulebook = rulebook_from(folder)
    places = Places(folder)
    tried = [(each, places.of(each.threshold.rule, each.threshold.path)) for each in boundaries_of(rulebook)]
    if output is not None:
        _write(output, (boundary for each, _ in tried for boundary in each.boundaries))
    if shape == "json":
        put_json({"rulebook": rulebook.stamp, "thresholds": [_as_data(*each) for each in tried]})
        return
    for each, place in tried:
        _tell(each, place)
    put(f"{len(tried)} thresholds, {sum(len(each.boundaries) for each, _ in tried)} intakes")


def _write(output: Path, found: Iterable[Boundary]) -> None:
    lines = [as_json({"record_id": each.id, **each.answers}) for each in found]
    write_file(output, "".join(f"{line}\n" for line in lines))
    say(f"wrote {len(lines)} intakes to {output}; see: afterrun assess {output}")


def _tell(tried: Crossing, place: SourceLine) -> None:
    note = "" if tried.matters else " (the rule itself does not turn here under any of its examples)"
    put(f"{place}: {tried.threshold.rule}: {tried.threshold}{note}")
    for each in tried.boundaries:
        holds = "holds" if each.holds else "does not hold"
        given = ", ".join(f"{pattern} {level}" for pattern, level in each.patterns.items())
        put(
            f"    {each.side:5} {_plain(each.value)!s:>8}  {holds:13}  rule {_RULE[each.rule]:7}  "
            f"triage {each.triage}{f'; {given}' if given else ''}"
        )
    for side in tried.left_out:
        put(f"    {side:5}           no answer can be there")


def _as_data(tried: Crossing, place: SourceLine) -> dict[str, Any]:
    return {
        "place": str(place),
        "rule": str(tried.threshold.rule),
        "subject": tried.threshold.subject,
        "operator": tried.threshold.operator,
        "threshold": _plain(tried.threshold.value),
        "matters": tried.matters,
        "intakes": [
            {
                "side": each.side,
                "value": _plain(each.value),
                "holds": each.holds,
                "rule": _RULE[each.rule],
                "gives": {"triage": each.triage, "patterns": dict(each.patterns)},
                "answers": dict(each.answers),
            }
            for each in sorted(tried.boundaries, key=lambda each: SIDES.index(each.side))
        ],
    }


def _plain(value: Any) -> int | float:
    return int(value) if value == int(value) else float(value)
