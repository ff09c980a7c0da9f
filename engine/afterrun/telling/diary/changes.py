"""What a check-in changed, in words: where the person stands, and the weeks before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from afterrun.assessment import CheckIn, part_of
from afterrun.explanation import amount_words
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import Schedule, Week, WeekChange, changes_between, day_words
from afterrun.telling.check_in import FromDiary, check_in_page
from afterrun.telling.diary.planned_and_done import runs_section
from afterrun.telling.diary.weeks import days_words, phase_words, week_words
from afterrun.telling.page import Page, Point, Section
from afterrun.telling.plan import week_amount_words
from afterrun.telling.result import NOT_KNOWN

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn, Standing

SHOWN = 6
"""Changed weeks that are told one by one."""


def changes_of(kept: KeptCheckIn, before: Schedule, after: Schedule) -> tuple[WeekChange, ...]:
    """The weeks that a check-in changed."""
    return changes_between(before, after, kept.week + 1)


def week_page(
    part: Rulebook,
    before: History,
    after: History,
    said: CheckIn,
    schedules: tuple[Schedule, Schedule],
) -> Page:
    """A check-in as a page: of which days, what it changed, and when the next week is."""
    kept = after.check_ins[-1]
    about = ""
    if after.reports(kept):
        days = days_words(after.first_day(kept.week), year=True)
        about = f"About week {kept.week} of your diary, {days}. "
    standing = tuple(_standing(part, before.standing, kept.standing))
    weeks = tuple(_weeks(*schedules, changes_of(kept, *schedules)))
    changed = (
        runs_section(part, after, kept),
        Section("What changed", standing, table=True),
        Section("Your weeks, before and after", weeks, table=True),
    )
    days = days_words(after.first_day(after.next_week), year=True)
    return check_in_page(part, said, FromDiary(about, _ahead(part, after, schedules[1]), days, changed))


def last_week_page(part: Rulebook, history: History) -> Page:
    """The page of the last check-in, as it was told when it was written down."""
    from afterrun.diary import schedules_of, step

    *earlier, kept = history.check_ins
    kept = kept._replace(seen_on=None, taken_back_on=None)
    told = history._replace(
        check_ins=(*earlier, kept),
        settings=tuple(each for each in history.settings if each.after < len(history.check_ins)),
    )
    as_before = told._replace(check_ins=(*earlier, *kept.corrected[-1:]))
    first = told.without_last()
    said, _ = step(part, first.standing, first.intake, kept.answers)
    *_, before, after = schedules_of(part, told)
    return week_page(part, as_before, told, said, (before, after))


def stopped_words(history: History) -> str:
    """Since when a plan is stopped, and until when."""
    since = history.stopped_on
    if since is None:
        return ""
    return f"The plan is stopped since {day_words(since, year=True)}, until you have been seen."


def what_now(history: History, schedule: Schedule, *, commands: bool = True) -> list[str]:
    """The next step, which is not always a check-in; `commands` says whether it is told as one."""
    is_over = not any(session.checks_in for session in schedule.sessions)
    if not commands and history.standing.stopped:
        return ["When you have been seen and told that you may go on, say so here."]
    if not commands and is_over:
        return ["When you have been seen, answer the questions again. Then begin anew with them."]
    if history.standing.stopped:
        return ["When you have been seen and told that you may go on:  afterrun checkin --seen"]
    if is_over:
        return [
            "When you have been seen, answer the questions again:  afterrun ask --save FILE",
            "Then begin anew with them:  afterrun start FILE --again",
        ]
    return [f"Next check-in: from {day_words(history.last_day(history.next_week), year=True)} on"]


def what_it_holds(schedule: Schedule, now: datetime) -> list[str]:
    """What the first week ahead holds, and the session that comes next in it; nothing once it is over."""
    week = next(iter(schedule.weeks), None)
    if week is None or week.end < now.date() or not week.doings:
        return []
    amount = week_amount_words(week.amount, schedule.unit)
    told = [f"It holds {amount}."] if amount and week.amount and week.amount.value else []
    session = next((each for each in week.doings if each.at >= now), None)
    if session is not None:
        day = f"{session.at:%a} {day_words(session.at.date())}"
        told.append(f"Next session: {session.title}, {day}, {session.at:%H:%M}.")
    return told


def _ahead(part: Rulebook, history: History, schedule: Schedule) -> str:
    """The week to do next, its days, and the phase that it belongs to."""
    phase = phase_words(part, history.standing.programme)
    if not schedule.weeks:
        return phase
    names = {span.id: span.name for span in schedule.spans}
    holds = [names[course] for course in schedule.weeks[0].courses]
    # A programme that is over is no phase of the week in which only the appointment stands.
    return (
        f"{week_words(history, history.next_week)}: {phase if phase in holds else ', '.join(holds) or phase}"
    )


def _standing(part: Rulebook, before: Standing, after: Standing) -> Iterator[Point]:
    base = part_of(part)[1]
    rows = (
        ("Phase of your plan", phase_words(part, before.programme), phase_words(part, after.programme)),
        (
            base.schedule.amount_text if base.schedule is not None else "Amount",
            *(_amount(part, each.amount, {**before.facts, **after.facts}) for each in (before, after)),
        ),
        (
            "The plan",
            "goes on" if not before.stopped else "stopped",
            "stopped" if after.stopped else "goes on",
        ),
    )
    for name, old, new in rows:
        if old != new:
            yield Point(name, f"{old} → {new}")


def _weeks(before: Schedule, after: Schedule, changes: tuple[WeekChange, ...]) -> Iterator[Point]:
    names = {span.id: span.name for schedule in (before, after) for span in schedule.spans}
    unit = after.unit or before.unit
    if changes and not after.weeks:
        yield Point(f"Weeks {changes[0].number} to {changes[-1].number}", "taken back")
        return
    for each in changes[:SHOWN]:
        week = each.after or each.before
        assert week is not None
        old, new = (_week(side, names, unit) for side in (each.before, each.after))
        yield Point(f"Week {each.number}, from {day_words(week.start)}", f"{old} → {new}")
    if len(changes) > SHOWN:
        last = changes[-1].number
        yield Point("And on", f"{len(changes) - SHOWN} more, up to week {last}; the plan has all of them")
    if before.length != after.length and after.length:
        yield Point("How far", after.length)


def _week(week: Week | None, names: Mapping[str, str], unit: str) -> str:
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


def _amount(part: Rulebook, amount: float | None, facts: Mapping[str, Any]) -> str:
    from afterrun.diary import written_of

    if amount is None:
        return NOT_KNOWN
    quantity = part.questions[written_of(part).measures_amount].quantity
    return (
        number_words(amount) if quantity is None else amount_words(part.quantities[quantity], amount, facts)
    )
