"""Runs in, what they look like out: regular running, a break of it, a beginning; or why nothing is said."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from afterrun.intake.from_files.records import FileRun, measured
from afterrun.rulebook.schema import Habit, Regular

DAYS_A_WEEK = 7


class Silence(NamedTuple):
    """Why files say nothing to a question, in a sentence without its end."""

    reason: str


class Course(NamedTuple):
    """How somebody ran up to a day."""

    habit: Habit
    weeks_off: int | None
    """Whole weeks of the break that one is in, or back from; None where there is none."""
    since: date
    """From this day on the runs say it."""
    reason: str
    """What in the runs says it, in a sentence without its end."""


def course_of(runs: Sequence[FileRun], since: date, until: date, regular: Regular) -> Course | Silence:
    """What all runs from one day to another look like.

    A run now and then is no regular running, and ends no break. Where it cannot be told whether running has
    begun again, or what was before the first day, nothing is said.
    """
    days = sorted({each.day for each in runs})
    if not days:
        return Silence("your files hold no run")
    steady, edge = _steady(days, regular), timedelta(regular.within - 1)
    without_before = _weeks(days[0], since) >= regular.begun_after_weeks
    begun = without_before and _is_within(days[0], until, regular.begun_weeks)
    first_ever = (
        f"the first run is of {on_day(days[0])}, {_weeks_words(_weeks(days[0], since))} into your files"
    )
    if not steady:
        if begun and (until - days[-1]).days < regular.stopped_days:
            return Course("begun", None, since, first_ever)
        seldom = f"nowhere {regular.days} days with a run within {regular.within} days"
        return Silence(f"your files show no regular running: {seldom}")
    last = steady[-1]
    if (until - last).days >= regular.stopped_days:
        if loose := [each for each in days if each > max(last, until - timedelta(regular.within))]:
            count = "one day with a run" if len(loose) == 1 else f"{len(loose)} days with a run"
            return Silence(
                f"after {on_day(last)} your files show {count}, the first on {on_day(loose[0])}: "
                "only you know if that was the restart"
            )
        off = _weeks(until, last)
        return Course(
            "stopped",
            off,
            max(since, last - edge),
            f"no regular running since {on_day(last)}, for {_weeks_words(off)}",
        )
    if begun:
        return Course("begun", None, since, first_ever)
    for before, after in reversed([*itertools.pairwise(steady)]):
        off = _weeks(after, before)
        if off >= regular.break_weeks and _is_within(after, until, regular.back_weeks):
            gap = f"no regular running from {span_words(before, after)}, for {_weeks_words(off)}"
            return Course("restarted", off, max(since, before - edge), gap)
    return _as_ever(runs, steady, since, until, regular)


def _as_ever(
    runs: Sequence[FileRun], steady: Sequence[date], since: date, until: date, regular: Regular
) -> Course | Silence:
    """Whether somebody who ran all the time ran more at the end."""
    begins = until - timedelta(regular.seen_weeks * DAYS_A_WEEK - 1)
    if since > begins:
        return Silence(
            f"your files begin on {on_day(since)}, so they do not tell if there was a break before that"
        )
    if _weeks(steady[0], since) >= regular.break_weeks and _is_within(steady[0], until, regular.back_weeks):
        return Silence(
            f"before {on_day(steady[0])} your files show no regular running: "
            "only you know if that was a break"
        )
    seen = [each for each in runs if each.day >= begins]
    key = measured(seen)
    if not key:
        return Silence(f"some runs since {on_day(begins)} have a distance and others only a duration")
    turn = until - timedelta(regular.more_weeks * DAYS_A_WEEK - 1)
    late = sum(getattr(each, key) for each in seen if each.day >= turn)
    starts = _starts(steady, begins, regular)
    early = sum(getattr(each, key) for each in seen if starts <= each.day < turn)
    lately, before = Fraction(late, (until - turn).days + 1), Fraction(early, max((turn - starts).days, 1))
    risen = lately > before and lately >= before * (1 + Fraction(regular.more_percent) / 100)
    reason = (
        f"{_compared(lately, before)} in the last {regular.more_weeks} weeks "
        f"{'as' if lately == before else 'than'} from {span_words(starts, turn - timedelta(1))}"
    )
    return Course("more" if risen else "same", None, max(since, begins - timedelta(regular.within)), reason)


def _compared(lately: Fraction, before: Fraction) -> str:
    """How much a week lately, held against before.

    >>> [_compared(Fraction(late), Fraction(10)) for late in (12, 10, 7)]
    ['20 % more a week', 'as much a week', '30 % less a week']
    >>> _compared(Fraction(12), Fraction(0))
    'more a week'
    """
    if lately == before:
        return "as much a week"
    word = "more" if lately > before else "less"
    return f"{round(100 * abs(lately - before) / before)} % {word} a week" if before else f"{word} a week"


def _weeks_words(weeks: int) -> str:
    return f"{weeks} {'week' if weeks == 1 else 'weeks'}"


def _starts(steady: Sequence[date], begins: date, regular: Regular) -> date:
    """From when on days count as days of running: an earlier break makes no later week more."""
    first = next((each for each in steady if each >= begins), begins)
    earlier = [each for each in steady if each < begins]
    return begins if earlier and (first - earlier[-1]).days < regular.within else first


def _steady(days: Sequence[date], regular: Regular) -> list[date]:
    """The days of regular running: with so many others close enough."""
    found: set[date] = set()
    for together in zip(*(days[place:] for place in range(regular.days)), strict=False):
        if (together[-1] - together[0]).days < regular.within:
            found.update(together)
    return sorted(found)


def _weeks(later: date, sooner: date) -> int:
    """Whole weeks from one day to another."""
    return (later - sooner).days // DAYS_A_WEEK


def _is_within(day: date, until: date, weeks: int) -> bool:
    """Whether a day lies within the last so many weeks."""
    return day > until - timedelta(weeks * DAYS_A_WEEK)


def on_day(day: date) -> str:
    """A day within a sentence.

    >>> on_day(date(2026, 3, 5))
    '5 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def span_words(first: date, last: date) -> str:
    """From one day to another, with no more of the first than differs.

    >>> span_words(date(2026, 3, 2), date(2026, 3, 8)), span_words(date(2026, 2, 25), date(2026, 3, 3))
    ('2 to 8 March 2026', '25 February to 3 March 2026')
    >>> span_words(date(2025, 12, 29), date(2026, 1, 4)), span_words(date(2026, 3, 2), date(2026, 3, 2))
    ('29 December 2025 to 4 January 2026', '2 March 2026')
    """
    if first == last:
        return on_day(last)
    begins = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        begins = f"{first.day} {first:%B}" if first.year == last.year else on_day(first)
    return f"{begins} to {on_day(last)}"
