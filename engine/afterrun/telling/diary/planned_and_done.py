"""The week that a check-in kept with its runs, session by session: what was planned, what was done."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from afterrun.intake import FileRun, longest_of, measured
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import Week, day_words
from afterrun.telling.diary.weeks import planned_weeks
from afterrun.telling.history.words import BY_FILES, amount_in, behind_words, run_amount_words, unit_of
from afterrun.telling.page import Point, Section, capital

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn, PlannedRun

PLANNED, WITHOUT, NONE_LAID = "Your runs, planned and done", "Runs in a week without running", "Your runs"
NEAREST = "the nearest day"


def runs_section(part: Rulebook, history: History, kept: KeptCheckIn) -> Section:
    """What the last week held and what was run in it; empty where its amount came from no files."""
    from afterrun.diary import is_without_running, kept_runs, planned_runs, written_of

    found = kept_runs(part, kept)
    if found is None:
        return Section(PLANNED)
    question = written_of(part).measures_amount
    unit = unit_of(part, question, {**kept.standing.facts, **kept.answers})
    planned = planned_weeks(part, history).get(kept.week)
    rows = planned_runs(part, planned, kept)
    has_sessions = any(each.session is not None for each in rows)
    points = [_row(part, each, unit, has_sessions) for each in rows]
    longest = longest_of(found.runs)[0] if measured(found.runs) and found.runs else None
    if longest is not None and len(found.runs) > 1:
        points.append(Point("The longest", _run_words(part, longest, unit)))
    if longest is not None and planned is not None and (over := _over(part, planned, longest, unit)):
        points.append(Point("The plan's most for one run", over))
    points.append(Point(capital(BY_FILES), behind_words(part, question, found)))
    banned = is_without_running(planned) and bool(found.runs)
    title = WITHOUT if banned else PLANNED if has_sessions else NONE_LAID
    return Section(title, tuple(points), table=True)


def runs_line(part: Rulebook, planned: Week | None, kept: KeptCheckIn) -> str:
    """The same in one line; empty where there is nothing to tell."""
    from afterrun.diary import kept_runs, planned_runs, written_of

    found = kept_runs(part, kept)
    if found is None:
        return ""
    told = [behind_words(part, written_of(part).measures_amount, found)]
    if sessions := [each for each in planned_runs(part, planned, kept) if each.session is not None]:
        done = sum(each.run is not None for each in sessions)
        told.append(f"{done} of {len(sessions)} planned runs done")
    return f"{capital(BY_FILES)}: {'; '.join(told)}."


def _row(part: Rulebook, row: PlannedRun, unit: str, has_sessions: bool) -> Point:
    if row.session is None:
        assert row.run is not None
        apart = ", not planned" if has_sessions else ""
        return Point(f"{_day(row.day)}{apart}", _amount(part, row.run, unit))
    name = f"{_day(row.day)}, {row.session.title}"
    if row.run is None:
        return Point(name, "no run")
    if row.on_another_day:
        return Point(name, f"{_run_words(part, row.run, unit)}, {NEAREST}")
    return Point(name, _amount(part, row.run, unit))


def _over(part: Rulebook, planned: Week, longest: FileRun, unit: str) -> str:
    """The plan's limit for a single run where the longest exceeds it."""
    limit = planned.amount.longest if planned.amount is not None else None
    ran = amount_in(part, longest.metres, longest.seconds, unit)
    if limit is None or ran is None or ran <= Fraction(str(limit)):
        return ""
    return f"{number_words(limit)} {unit}, and the longest was more"


def _run_words(part: Rulebook, run: FileRun, unit: str) -> str:
    return f"{_amount(part, run, unit)}, {_day(run.day)}"


def _amount(part: Rulebook, run: FileRun, unit: str) -> str:
    return run_amount_words(part, run.metres, run.seconds, unit)


def _day(day: date) -> str:
    return f"{day:%a} {day_words(day)}"
