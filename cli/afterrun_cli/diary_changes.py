"""What a check-in changed, in words: where the person stands, and the weeks before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import afterrun
from afterrun.schedule import Change, changes_between, number_words
from afterrun_cli.checkin_page import page_of_checkin
from afterrun_cli.pages import Entry, Page, Part
from afterrun_cli.plan_page import day_words

if TYPE_CHECKING:
    from afterrun.diary import History, Kept, Standing

SHOWN = 6
"""Changed weeks that are told one by one."""


def changes_of(kept: Kept, before: afterrun.Schedule, after: afterrun.Schedule) -> tuple[Change, ...]:
    """The weeks that a check-in changed."""
    return changes_between(before, after, kept.week + 1)


def week_page(
    part: afterrun.Rulebook,
    before: History,
    after: History,
    said: afterrun.CheckIn,
    schedules: tuple[afterrun.Schedule, afterrun.Schedule],
) -> Page:
    """A check-in as a page: of which days, what it changed, and when the next week is."""
    kept = after.check_ins[-1]
    page = page_of_checkin(part, said)
    about = ""
    if not kept.standing.stopped:
        about = f"About week {kept.week} of your diary, {_days(after, kept.week)}. "
    next_days = Entry("Its days", _days(after, after.next_week))
    parts = tuple(
        each._replace(entries=(next_days, *each.entries)) if each.title == "Your next week" else each
        for each in page.parts
    )
    changed = (
        Part("What changed", tuple(_standing(part, before.standing, kept.standing)), table=True),
        Part(
            "Your weeks, before and after",
            tuple(_weeks(*schedules, changes_of(kept, *schedules))),
            table=True,
        ),
    )
    place = next((at for at, each in enumerate(parts) if each.title == "Why"), len(parts))
    shown = (*parts[:place], *(each for each in changed if each.entries), *parts[place:])
    return page._replace(lead=f"{about}{page.lead}", parts=shown)


def what_now(history: History, schedule: afterrun.Schedule) -> list[str]:
    """The next step, which is not always a check-in."""
    if history.standing.stopped:
        return ["When you have been seen and told that you may go on:  afterrun checkin --seen"]
    if not any(session.checks_in for session in schedule.sessions):
        return [
            "When you have been seen, answer the questions again:  afterrun ask --save FILE",
            "Then begin anew with them:  afterrun start FILE --again",
        ]
    return [f"Next check-in: from {day_words(history.last_day(history.next_week), year=True)} on"]


def _days(history: History, week: int) -> str:
    return f"{day_words(history.first_day(week))} to {day_words(history.last_day(week), year=True)}"


def _standing(part: afterrun.Rulebook, before: Standing, after: Standing) -> Iterator[Entry]:
    programmes = {each.id: each.text for each in part.questions["programme"].options}
    unit = after.facts.get("volume_unit") or before.facts.get("volume_unit", "")
    rows = (
        ("Part of the plan", programmes[before.programme], programmes[after.programme]),
        ("Week of that part", str(before.week), str(after.week)),
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
    if changes and not after.weeks:
        yield Entry(f"Weeks {changes[0].number} to {changes[-1].number}", "taken back")
        return
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
