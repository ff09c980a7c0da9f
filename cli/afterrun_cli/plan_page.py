"""A schedule in, a page out: what is told of the weeks, whatever it is drawn with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import afterrun
from afterrun.explanation import STATUS_WORDS
from afterrun.schedule import Amount, number_words
from afterrun_cli.pages import Entry


class Bar(NamedTuple):
    """One week of the chart, or several that hold the same."""

    weeks: str
    start: str
    amount: str
    at_most: str
    part: float
    """Of the longest bar, from 0 to 1."""
    ceiling: float | None
    """Where the most that the week may hold lies, from 0 to 1."""
    words: str
    """Instead of a bar, where the amount is not known."""


class Day(NamedTuple):
    """One session of a week."""

    day: str
    time: str
    title: str
    asks: tuple[str, ...]
    """What a check-in asks beyond the usual."""


class WeekBlock(NamedTuple):
    """One week in words."""

    number: int
    dates: str
    courses: str
    amount: str
    runs: bool
    """Whether the amount is more than nothing; else the names of the courses say more."""
    note: str
    """Why the amount is not what the rate alone would give, how to share it out, or what is new this week."""
    days: tuple[Day, ...]


class How(NamedTuple):
    """How a kind of session is done, in the weeks in which it is done so."""

    name: str
    weeks: str
    lines: tuple[str, ...]


class PlanPage(NamedTuple):
    """A schedule in words."""

    title: str
    lead: str
    decisions: tuple[Entry, ...]
    chart_title: str
    chart: tuple[Bar, ...]
    how: tuple[How, ...]
    weeks: tuple[WeekBlock, ...]
    foot: str


def plan_page(rulebook: afterrun.Rulebook, schedule: afterrun.Schedule) -> PlanPage:
    """What a person should read who has a plan."""
    person = "" if schedule.person == afterrun.State.person else f"{schedule.person}: "
    stamp = schedule.rulebook
    first, last = schedule.weeks[0], schedule.weeks[-1]
    return PlanPage(
        title=f"{person}Your plan, week by week",
        lead=f"{day_words(first.start, year=True)} to {day_words(last.end, year=True)}. {schedule.length}",
        decisions=tuple(_decisions(rulebook, schedule)),
        chart_title=f"{schedule.amount_text}, {schedule.unit}" if schedule.unit else schedule.amount_text,
        chart=tuple(_chart(schedule)),
        how=tuple(_how(schedule)),
        weeks=tuple(
            _block(schedule, week, before)
            for before, week in itertools.pairwise((None, *schedule.weeks))
            if week is not None
        ),
        foot=f"Rulebook {stamp['name']} {stamp['version']} ({stamp['digest'][:12]})",
    )


def day_words(day: date, *, year: bool = False) -> str:
    """A date as a person says it.

    >>> day_words(date(2026, 12, 7)), day_words(date(2026, 12, 7), year=True)
    ('7 Dec', '7 Dec 2026')
    """
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def amount_words(amount: Amount | None, unit: str) -> str:
    """What a week holds, in words."""
    if amount is None:
        return ""
    if amount.value is None:
        return amount.words
    most = f", at most {number_words(amount.ceiling)}" if amount.ceiling else ""
    return f"{number_words(amount.value)} {unit}{most}"


def _decisions(rulebook: afterrun.Rulebook, schedule: afterrun.Schedule) -> Iterator[Entry]:
    for each in schedule.decisions:
        words = STATUS_WORDS.get(each.entry.status, each.entry.status)
        if each.entry.into in rulebook.interventions:
            words = f"done as part of: {rulebook.interventions[each.entry.into or ''].name}"
        week = f", in its own right from week {each.from_week}" if each.entry.into and each.from_week else ""
        week = week or (f", from week {each.from_week}" if each.from_week else "")
        yield Entry(f"{each.name} ({words}{week})", each.because)


def _chart(schedule: afterrun.Schedule) -> Iterator[Bar]:
    amounts = [week.amount for week in schedule.weeks if week.amount is not None]
    highest = max([schedule.goal or 0, *(max(each.value or 0, each.ceiling or 0) for each in amounts)])
    if not highest:
        return
    for _, stretch in itertools.groupby(
        schedule.weeks, key=lambda week: None if week.amount is None else week.amount.of_week
    ):
        weeks = list(stretch)
        amount = weeks[0].amount
        if amount is None:
            continue
        first, last = weeks[0].number, weeks[-1].number
        yield Bar(
            weeks=str(first) if first == last else f"{first}-{last}",
            start=day_words(weeks[0].start),
            amount="?" if amount.value is None else number_words(amount.value),
            at_most=number_words(amount.ceiling) if amount.ceiling else "",
            part=(amount.value or 0) / highest,
            ceiling=amount.ceiling / highest if amount.ceiling else None,
            words=amount.words if amount.value is None else "",
        )


def _how(schedule: afterrun.Schedule) -> Iterator[How]:
    """Each kind of session, in stretches of weeks in which it is done in one way."""
    for span in schedule.spans:
        if span.do:
            yield How(span.name, _from_to(span.first, span.last), span.do)
    kinds = {session.kind: session.checks_in for session in schedule.sessions}
    for kind in sorted(kinds, key=lambda kind: kinds[kind]):
        sessions = [each for each in schedule.sessions if each.kind == kind]
        for do, stretch in itertools.groupby(sessions, key=lambda each: each.do):
            weeks = [each.week for each in stretch]
            if do:
                yield How(sessions[0].name, _from_to(weeks[0], weeks[-1]), do)


def _block(schedule: afterrun.Schedule, week: afterrun.Week, before: afterrun.Week | None) -> WeekBlock:
    known = week.amount is not None and week.amount.value is not None
    notes = [week.amount.words] if week.amount is not None and known else []
    names = {span.id: span.name for span in schedule.spans}
    return WeekBlock(
        number=week.number,
        dates=f"{day_words(week.start)} to {day_words(week.end, year=True)}",
        courses=", ".join(names[course] for course in week.courses),
        amount=amount_words(week.amount, schedule.unit),
        runs=week.amount is not None and bool(week.amount.value or week.amount.words),
        note=" ".join(each for each in (*notes, *_new(week, before)) if each),
        days=tuple(
            Day(
                day=f"{session.at:%a} {day_words(session.at.date())}",
                time=f"{session.at:%H:%M}",
                title=session.title,
                asks=session.today if session.checks_in else (),
            )
            for session in week.sessions
        ),
    )


def _new(week: afterrun.Week, before: afterrun.Week | None) -> list[str]:
    """What sessions without an amount say of this week and did not say of the one before."""
    old = {line for each in (before.doings if before is not None else ()) for line in each.today}
    lines = [line for each in week.doings if each.amount is None for line in each.today]
    return [line for line in dict.fromkeys(lines) if line not in old]


def _from_to(first: int, last: int) -> str:
    return f"week {first}" if first == last else f"weeks {first} to {last}"
