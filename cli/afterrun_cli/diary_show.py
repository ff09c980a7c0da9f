"""`afterrun diary`, `diary export` and `diary delete`: looking back, taking along, forgetting."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from afterrun_cli.diary_open import opened
from afterrun_cli.exits import UNUSABLE, leave, printable, say
from afterrun_cli.plan import _write
from afterrun_cli.show import put, put_json

if TYPE_CHECKING:
    from afterrun.diary.keeping import History, Kept

WIDE = 20
"""Characters of the longest bar."""
PAINS = ("session_pain", "run_pain")


def show_diary(person: str, db: str | None, shape: str, svg: str | None) -> None:
    """The history of the latest enrolment."""
    with opened(db) as diary:
        history = diary.history(person)
    if svg is not None:
        from afterrun_cli.diary_picture import as_svg

        _write(as_svg(history), svg)
    if shape == "json":
        put_json(history.to_dict())
        return
    put(as_text(history))


def as_text(history: History) -> str:
    """Plain lines: a row a week with its bars, then what each check-in said."""
    unit = history.standing.facts.get("volume_unit", "")
    lines = [
        f"{printable(history.person)}: since {history.start}",
        f"Now: {history.standing.programme}, week {history.standing.week}"
        + (", stopped: to be seen first" if history.standing.stopped else ""),
        "",
    ]
    if not history.check_ins:
        return "\n".join([*lines, f"No check-in yet; the first from {history.last_day(1)} on."])
    most = max([1.0, *(volume_of(each) or 0 for each in history.check_ins)])
    lines.append(f"{'week':>4}  {'pain of 10':<15}{'volume' + (f', {unit}' if unit else '')}")
    for each in history.check_ins:
        pain, volume = pain_of(each), volume_of(each)
        bar = "-" if pain is None else f"{'#' * pain} {pain}"
        run = "-" if volume is None else f"{'=' * round(WIDE * volume / most)} {volume:g}"
        lines.append(f"{each.week:>4}  {bar:<15}{run}")
    lines.append("")
    for each in history.check_ins:
        actions = ", ".join(each.said["actions"])
        lines.append(
            f"{each.day}  week {each.week}: {actions} -> {each.standing.programme}, week {each.standing.week}"
        )
    return "\n".join(lines)


def pain_of(kept: Kept) -> int | None:
    """The worst pain of a week, where one was told."""
    told = [kept.answers.get(name) for name in PAINS]
    return max((each for each in told if isinstance(each, int)), default=None)


def volume_of(kept: Kept) -> float | None:
    """What was run in a week, where it was told."""
    done = kept.answers.get("volume_done")
    return float(done) if isinstance(done, int | float) else None


def export_diary(person: str, db: str | None, output: str | None) -> None:
    """Every enrolment of a person with all that belongs to it."""
    with opened(db) as diary:
        diary.history(person)
        found = diary.all_of(person)
    whole = {"person": person, "enrolments": [each.to_dict() for each in found]}
    _write(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", output)


def delete_diary(person: str, db: str | None, yes: bool) -> None:
    """Forget, once that is confirmed."""
    with opened(db) as diary:
        diary.history(person)
        if not yes:
            if not sys.stdin.isatty():
                leave(UNUSABLE, "error: nothing was deleted: there is nobody to ask; add --yes")
            say(f"This deletes every week of {person}, for good. Type yes to go on:")
            if sys.stdin.readline().strip().lower() != "yes":
                say("Nothing was deleted.")
                return
        count = diary.forget(person)
    put(f"Deleted: {count} enrolment{'s' if count != 1 else ''} of {printable(person)} with all check-ins.")
