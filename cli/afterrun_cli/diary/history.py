"""`afterrun diary`, `diary export` and `diary delete`: looking back, taking along, forgetting."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import afterrun
from afterrun_cli.diary.opening import opened
from afterrun_cli.diary_weeks import Told, weeks_of
from afterrun_cli.runner.drafts import forget_drafts
from afterrun_cli.terminal.exits import UNUSABLE, leave, printable, say
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.private_files import write_out
from afterrun_cli.terminal.show import put, put_json

if TYPE_CHECKING:
    from afterrun.diary import History

WIDE = 20
"""Characters of the longest bar."""


def show_diary(person: str, db: str | None, shape: str, svg: str | None) -> None:
    """The history of the latest enrolment."""
    with opened(db) as diary:
        history = diary.history(person)
    part = rulebook_from(None, "checkin")
    weeks = weeks_of(part, history)
    if svg is not None:
        from afterrun_cli.diary_picture import as_svg

        write_out(as_svg(part, history, weeks), svg)
    if shape == "json":
        put_json(history.to_dict())
        return
    put(as_text(part, history, weeks))


def as_text(part: afterrun.Rulebook, history: History, weeks: list[Told]) -> str:
    """Plain lines: a row a week with its bars, then what each check-in said."""
    from afterrun.diary import written_of

    written = written_of(part)
    programmes = {each.id: each.text for each in part.questions["programme"].options}
    unit = history.standing.facts.get("volume_unit", "")
    lines = [
        f"{printable(history.person)}: since {history.start}",
        f"Now: {programmes[history.standing.programme]}, week {history.standing.week} of it"
        + (", stopped: to be seen first" if history.standing.stopped else ""),
        "",
    ]
    if not history.check_ins:
        return "\n".join([*lines, f"No check-in yet; the first from {history.last_day(1)} on."])
    most = max([1.0, *(each.amount or 0 for each in weeks)])
    lines.append(f"{'week':>4}  {'pain of 10':<15}{'volume' + (f', {unit}' if unit else '')}")
    for told in weeks:
        if not told.reported:
            lines.append(f"{told.week:>4}  no check-in")
            continue
        bar = "-" if told.pain is None else f"{'#' * int(told.pain)} {told.pain}"
        run = "-" if told.amount is None else f"{'=' * round(WIDE * told.amount / most)} {told.amount:g}"
        lines.append(f"{told.week:>4}  {bar:<15}{run}")
    lines.append("")
    for each in history.check_ins:
        # A diary outlives its rulebook: an action that has gone since is told by its id.
        actions = [
            part.interventions[name].name if name in part.interventions else name
            for name in each.said["actions"]
        ]
        missed = each.answers.get(written.missed)
        notes = [f"{missed} missed"] if missed else []
        notes += ["corrected"] if each.corrected else []
        note = f" ({', '.join(notes)})" if notes else ""
        where = f"{programmes[each.standing.programme]}, week {each.standing.week} of it"
        if each.standing.stopped:
            lines.append(f"{each.day}  stopped{note}: {'; '.join(actions)}")
            seen = "" if each.seen_on is None else f"seen on {each.seen_on}, then on in "
            lines.append(f"{'':12}{seen or 'in '}{where}")
            continue
        lines.append(f"{each.day}  week {each.week}{note}: {'; '.join(actions)}")
        lines.append(f"{'':12}then {where}")
    if history.number > 1:
        lines += ["", f"This is plan {history.number}; the earlier ones:  afterrun diary export"]
    return "\n".join(lines)


def export_diary(person: str, db: str | None, output: str | None) -> None:
    """Every enrolment of a person with all that belongs to it."""
    with opened(db) as diary:
        diary.history(person)
        found = diary.all_of(person)
    whole = {"person": person, "enrolments": [each.to_dict() for each in found]}
    write_out(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", output)


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
    forget_drafts(db, person)
    say("A calendar that you made from it is yours to empty.")
    put(f"Deleted: {count} enrolment{'s' if count != 1 else ''} of {printable(person)} with all check-ins.")
