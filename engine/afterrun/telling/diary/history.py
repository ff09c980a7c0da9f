"""The weeks of a diary so far in words: planned, done and pain week by week, then what check-ins said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from afterrun.intake import FROM_FILES
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import day_words
from afterrun.telling.diary.planned_and_done import runs_line
from afterrun.telling.diary.settings import settings_lines
from afterrun.telling.diary.weeks import Diary, DiaryWeek, diary_of, phase_words, planned_weeks, week_words

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn

COLUMNS = 60
"""Characters of the longest line, but for a name that is longer."""
NOTHING = "-"
"""Where there is no number."""


def where_words(
    part: Rulebook, history: History, diary: Diary | None, today: date | None = None
) -> Iterator[str]:
    """Where the person stands: the week that is next or runs today, or what stopped the plan.

    No check-in, no diary.
    """
    phase = phase_words(part, history.standing.programme)
    if diary is not None and history.standing.stopped:
        yield "Stopped, to be seen first."
        for stop in diary.stops:
            if stop.seen_on is None and stop.taken_back_on is None:
                yield f"  {day_words(stop.day, year=True)}: {stop.cause}; not seen yet"
        yield f"Before that: {phase}"
    else:
        first = history.first_day(history.next_week)
        runs = today is not None and first <= today <= first + timedelta(days=6)
        yield f"{'Now' if runs else 'Next'}: {week_words(history, history.next_week)}: {phase}"


def told_so_far(part: Rulebook, history: History) -> Iterator[str]:
    """What each check-in said, and each change of settings; what belongs to the line before it is set in."""
    yield from settings_lines(part, history, 0)
    before = history.first.programme
    planned = (
        planned_weeks(part, history) if any(FROM_FILES in each.answers for each in history.check_ins) else {}
    )
    for kept in history.check_ins:
        yield from _check_in(part, history, kept, before)
        if runs := runs_line(part, planned.get(kept.week), kept):
            yield f"  {runs}"
        yield from settings_lines(part, history, kept.number)
        before = kept.standing.programme


def history_lines(part: Rulebook, history: History, today: date | None = None) -> Iterator[str]:
    """A row a week, below the phase that it belongs to, then what each check-in said."""
    yield f"{history.person}: since {day_words(history.start, year=True)}"
    diary = diary_of(part, history) if history.check_ins else None
    for line in where_words(part, history, diary, today):
        yield from _wrapped(line, "  " if line.startswith(" ") else "")
    yield ""
    if diary is None:
        yield f"No check-in yet; the first from {day_words(history.last_day(1), year=True)} on."
        for line in told_so_far(part, history):
            yield from _wrapped(line)
        return
    yield from _table(diary)
    yield ""
    yield "What each check-in said"
    for line in told_so_far(part, history):
        yield from _wrapped(line)
    if history.number > 1:
        yield ""
        words = f"This is plan {history.number}. Those before it:  afterrun diary export"
        yield from _wrapped(words, "")


def _table(diary: Diary) -> Iterator[str]:
    if diary.has_amounts:
        yield f"{diary.amounts_of}: planned, and done"
        amounts = f"{'planned':>7}  {'done':>7}  "
    else:
        amounts = ""
    yield f"week  {'days':<16}  {amounts}{diary.pain_name.lower()} of {diary.worst:g}"
    for phase in diary.phases:
        yield phase.name
        yield from (_row(diary, each) for each in diary.weeks if phase.first <= each.number <= phase.last)


def _row(diary: Diary, week: DiaryWeek) -> str:
    untold = "" if week.told == "reported" else week.told
    if week.pain is not None:
        pain = f"{week.pain:>2g} {'#' * int(week.pain)}"
    else:
        pain = f" {NOTHING if diary.has_amounts or not untold else untold}"
    amounts = ""
    if diary.has_amounts:
        amounts = f"{_number(week.planned):>7}  {untold or _number(week.done):>7}  "
    return f"{week.number:>4}  {week.days:<16}  {amounts}{pain}".rstrip()


def _number(value: float | None) -> str:
    return NOTHING if value is None else number_words(value)


def _check_in(part: Rulebook, history: History, kept: KeptCheckIn, before: str) -> Iterator[str]:
    from afterrun.diary import stop_cause, written_of

    # A diary outlives its rulebook: an action that has gone since is told by its id.
    actions = "; ".join(
        part.interventions[name].called if name in part.interventions else name
        for name in kept.said["actions"]
    )
    missed = kept.answers.get(written_of(part).missed)
    notes = [*([f"{missed} missed"] if missed else []), *(["corrected"] if kept.corrected else [])]
    note = f" ({', '.join(notes)})" if notes else ""
    for slip in kept.corrected:
        if slip.taken_back_on is not None:
            cause, back = stop_cause(part, history, slip), day_words(slip.taken_back_on, year=True)
            yield f"{day_words(slip.day, year=True)}, the plan stopped: {cause}"
            yield f"  Ticked by mistake, said on {back}."
    which = week_words(history, kept.week)
    if kept.standing.stopped:
        about = f", about week {kept.week}" if history.reports(kept) else ""
        cause = stop_cause(part, history, kept)
        yield f"{day_words(kept.day, year=True)}{about}{note}, the plan stopped: {cause}. {actions}"
        if kept.seen_on is not None:
            yield f"  Seen on {day_words(kept.seen_on, year=True)}; the plan goes on."
        if kept.taken_back_on is not None:
            back = day_words(kept.taken_back_on, year=True)
            held = history.holding_after(kept.number)
            on = "an earlier stop holds" if held is not None and held.left.stopped else "the plan goes on"
            yield f"  Ticked by mistake, said on {back}; {on}."
        return
    yield f"{which[:1].upper()}{which[1:]}{note}: {actions}"
    if kept.standing.programme != before:
        yield f"  Then: {phase_words(part, kept.standing.programme)}"


def _wrapped(words: str, indent: str = "  ") -> list[str]:
    return textwrap.wrap(words, COLUMNS, subsequent_indent=indent, break_on_hyphens=False)
