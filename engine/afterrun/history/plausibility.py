"""Whether what a file says can have been; for a wrong number in is a wrong plan out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import isfinite

from afterrun.history.formats.activity import Activity
from afterrun.history.records import is_too_fast

FIRST_YEAR = 2001
"""A clock that has forgotten its time begins again in 1970, 1980 (GPS), 1989 (FIT) or 2000."""
CLOCKS_AHEAD = timedelta(days=1)
"""Where the day is a day further already."""
MOST_METRES = 320_000
"""Nobody has run farther in 24 hours: the record, men's, is 319.6 km (IAU, 2022)."""
MOST_SECONDS = 48 * 3600
"""The longest of the usual races, of a hundred miles, close after two days."""


def impossible_day(began: datetime, today: date) -> str:
    """Why an activity of any sport cannot have begun when it says; empty if it can."""
    if began.year < FIRST_YEAR:
        return f"its clock was wrong: it says {began.year}"
    if began.date() > today + CLOCKS_AHEAD:
        return f"its clock was wrong: it says {began.date()}, which is to come"
    return ""


def impossible_run(activity: Activity) -> str:
    """Why it cannot be a run as it says; empty if it can."""
    metres, seconds = activity.metres, activity.seconds
    if not all(each is None or isfinite(each) for each in (metres, seconds)):
        return "a number in it is none"
    if metres is not None and round(metres) <= 0:
        return "its distance is 0"
    if metres is not None and metres > MOST_METRES:
        return f"its distance is {metres / 1000:,.0f} km, more than anybody runs in a day"
    if seconds is not None and round(seconds) <= 0:
        return "its duration is 0"
    if seconds is not None and seconds > MOST_SECONDS:
        return f"it lasts {seconds / 3600:,.0f} hours: the clock was not stopped"
    if metres is not None and seconds is not None and is_too_fast(metres, seconds):
        return (
            f"{metres / 1000:.1f} km in {_clock(seconds)} is faster than anybody runs: "
            "perhaps its distance is in another unit, or it was no run"
        )
    return ""


def was_nothing(activity: Activity) -> bool:
    """Whether it is a recording that was begun and stopped at once: nobody ran then."""
    told = [each for each in (activity.metres, activity.seconds) if each is not None]
    return any(isfinite(each) and round(each) <= 0 for each in told)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
