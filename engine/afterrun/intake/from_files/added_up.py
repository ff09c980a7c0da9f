"""Runs in, the answer that they add up to out: the same for what is offered and for what an intake keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from afterrun.intake.from_files.habits import DAYS_A_WEEK, Course, Silence, course_of, on_day
from afterrun.intake.from_files.records import FileRun, FromFiles, measured
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Measured, Offered, Regular, Window

Said = str | Fraction
"""An option, or a number."""
HUNDREDTHS = 100


def offered_for(rulebook: Rulebook, question: str) -> Offered | None:
    """What files are asked for a question."""
    offers = rulebook.history.offers if rulebook.history is not None else ()
    return next((each for each in offers if each.question == question), None)


def measures_of(rulebook: Rulebook) -> dict[str, Measured]:
    """How much each unit of amounts is; a part of a rulebook has the units of its main part too."""
    parts = [
        each.history for each in (rulebook.base, rulebook) if each is not None and each.history is not None
    ]
    return {name: measure for part in parts for name, measure in part.units.items()}


def measure_of(rulebook: Rulebook, unit: str) -> Measured | None:
    """How much one unit of amounts is."""
    return measures_of(rulebook).get(unit)


def days_of(window: Window, until: date) -> tuple[date, date]:
    """The first and the last day that are looked at, up to a day and with it.

    >>> days_of(Window(days=28, before=7), date(2026, 3, 8))
    (datetime.date(2026, 2, 2), datetime.date(2026, 3, 1))
    """
    last = until - timedelta(window.before)
    return last - timedelta(window.days - 1), last


def first_seen(rulebook: Rulebook, offered: Offered, found: FromFiles) -> date:
    """From when on runs are needed to say what these say."""
    if offered.days is not None:
        return days_of(offered.days, found.until)[0]
    course = _course(rulebook, found)
    return found.since if isinstance(course, Silence) else course.since


def reason_for(rulebook: Rulebook, offered: Offered, found: FromFiles) -> str:
    """What in the runs says it where it is no sum of them, in a sentence without its end; else empty."""
    course = None if offered.days is not None else _course(rulebook, found)
    return course.reason if isinstance(course, Course) else ""


def longest_of(runs: Sequence[FileRun]) -> tuple[FileRun, ...]:
    """The runs, the longest first and of equals the newest; as they are where they cannot be compared."""
    key = measured(runs)
    return tuple(sorted(runs, key=lambda each: (getattr(each, key), each.day), reverse=True) if key else runs)


def added_up(rulebook: Rulebook, offered: Offered, found: FromFiles, unit: str = "") -> Said | Silence:
    """What runs say to a question; amounts in a unit, to the hundredth, a half rounded up.

    Nothing is said where not all days are seen that it takes, or a run lacks what the unit measures.
    """
    if offered.days is not None:
        return _amount(rulebook, offered, found, unit)
    course = _course(rulebook, found)
    if isinstance(course, Silence):
        return course
    if offered.length_of_break:
        if course.weeks_off is None:
            return Silence("your files show no break that you are in, or just back from")
        return Fraction(course.weeks_off)
    option = next((name for name, habit in (offered.spoken_for or {}).items() if habit == course.habit), None)
    return option or Silence("none of the options is what your files show")


def _course(rulebook: Rulebook, found: FromFiles) -> Course | Silence:
    regular = _regular(rulebook)
    if regular is None:
        return Silence("nothing says what regular running is")
    return course_of(found.runs, found.since, found.until, regular)


def _regular(rulebook: Rulebook) -> Regular | None:
    return rulebook.history.regular if rulebook.history is not None else None


def _amount(rulebook: Rulebook, offered: Offered, found: FromFiles, unit: str) -> Fraction | Silence:
    window, measure = offered.days, measure_of(rulebook, unit)
    assert window is not None
    if measure is None:
        return Silence(f"nothing says how much 1 {unit} is" if unit else "no unit is chosen")
    first, last = days_of(window, found.until)
    if found.since > first:
        return Silence(
            f"your files begin on {on_day(found.since)}, and the days asked about on {on_day(first)}"
        )
    runs = [each for each in found.runs if first <= each.day <= last]
    amounts = [each.seconds if measure.metres is None else each.metres for each in runs]
    known = [each for each in amounts if each is not None]
    if lacking := len(amounts) - len(known):
        what = "duration" if measure.metres is None else "distance"
        return Silence(f"{_lacking_words(lacking, len(runs))} {what}")
    whole = max(known, default=0) if offered.longest is not None else sum(known)
    weeks = window.days // DAYS_A_WEEK if offered.weekly_mean is not None else 1
    exact = Fraction(whole, weeks) / Fraction(measure.size)
    return Fraction(floor(exact * HUNDREDTHS + Fraction(1, 2)), HUNDREDTHS)


def _lacking_words(lacking: int, count: int) -> str:
    """How many of all runs have something not.

    >>> [_lacking_words(*each) for each in ((1, 1), (3, 3), (1, 3), (2, 3))]
    ['the only run has no', 'none of 3 runs has a', '1 of 3 runs has no', '2 of 3 runs have no']
    """
    if lacking == count:
        return "the only run has no" if count == 1 else f"none of {count} runs has a"
    return f"{lacking} of {count} runs {'has' if lacking == 1 else 'have'} no"
