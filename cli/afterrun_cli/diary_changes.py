"""What a check-in changed, in words: where the person stands, and the weeks before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import afterrun
from afterrun.weekly.changes import Change
from afterrun.weekly.lines import number_words
from afterrun_cli.pages import Entry, Part
from afterrun_cli.plan_page import day_words

if TYPE_CHECKING:
    from afterrun.diary.standing import Standing

SHOWN = 6
"""Changed weeks that are told one by one."""


def changed_parts(
    part: afterrun.Rulebook,
    standings: tuple[Standing, Standing],
    schedules: tuple[afterrun.Schedule, afterrun.Schedule],
    changes: tuple[Change, ...],
) -> tuple[Part, ...]:
    """Before and after, as parts of a page; those in which nothing changed are left out."""
    parts = (
        Part("What changed", tuple(_standing(part, *standings)), table=True),
        Part("Your weeks, before and after", tuple(_weeks(*schedules, changes)), table=True),
    )
    return tuple(each for each in parts if each.entries)


def _standing(part: afterrun.Rulebook, before: Standing, after: Standing) -> Iterator[Entry]:
    programmes = {each.id: each.text for each in part.questions["programme"].options}
    unit = after.facts.get("volume_unit") or before.facts.get("volume_unit", "")
    rows = (
        ("Part of the plan", programmes[before.programme], programmes[after.programme]),
        ("Its week", str(before.week), str(after.week)),
        ("Running", _amount(before.amount, unit), _amount(after.amount, unit)),
        (
            "The plan",
            "goes on" if not before.stopped else "stopped",
            "stopped" if after.stopped else "goes on",
        ),
    )
    for name, old, new in rows:
        if old != new:
            yield Entry(name, f"{old} → {new}")


def _weeks(
    before: afterrun.Schedule, after: afterrun.Schedule, changes: tuple[Change, ...]
) -> Iterator[Entry]:
    names = {span.id: span.name for schedule in (before, after) for span in schedule.spans}
    unit = after.unit or before.unit
    for each in changes[:SHOWN]:
        week = each.after or each.before
        assert week is not None
        old, new = (_week(side, names, unit) for side in (each.before, each.after))
        yield Entry(f"Week {each.number}, from {day_words(week.start)}", f"{old} → {new}")
    if len(changes) > SHOWN:
        last = changes[-1].number
        yield Entry("And on", f"{len(changes) - SHOWN} more, up to week {last}; all of them: afterrun plan")
    if before.length != after.length and after.length:
        yield Entry("How far", after.length)


def _week(week: afterrun.Week | None, names: Mapping[str, str], unit: str) -> str:
    """What a week holds, in few words."""
    if week is None:
        return "not laid out"
    said = []
    if week.amount is not None and week.amount.value:
        said.append(f"{names[week.amount.course]} {number_words(week.amount.value)} {unit}")
    elif week.amount is not None and week.amount.value is None:
        said.append(f"{names[week.amount.course]}, {week.amount.words}")
    said += dict.fromkeys(each.title for each in week.doings if each.amount is None)
    said = said or [names[course] for course in week.courses]
    return ", ".join(dict.fromkeys(said)) or "the check-in alone"


def _amount(amount: float | None, unit: str) -> str:
    return "not known yet" if amount is None else f"{amount:g} {unit}".strip()
