"""When something was: what FHIR's dateTime says, a day or an instant, read strictly."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from typing import Any

_DATE_TIME = re.compile(
    r"(?P<day>[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)"
    r"(?P<time>T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?"
)
_WHOLE_DAY = len("2027-03-01")


def is_date_time(value: Any) -> bool:
    """Whether it is a FHIR dateTime: a year, a month, a day, or an instant with its zone.

    >>> is_date_time("2027-03-01T08:30:00+01:00"), is_date_time("2027-02-30"), is_date_time("1 March")
    (True, False, False)
    """
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if not found or (found["time"] and len(found["day"]) < _WHOLE_DAY):
        return False
    try:
        date.fromisoformat((found["day"] + "-01-01")[:_WHOLE_DAY])
    except ValueError:
        return False
    return True


def instant_of(value: Any) -> datetime | None:
    """The instant that a FHIR dateTime tells; None of a day, a month, a year, or of what is none.

    >>> instant_of("2027-03-01T08:30:00Z"), instant_of("2027-03-01"), instant_of("20270301T083000Z")
    (datetime.datetime(2027, 3, 1, 8, 30, tzinfo=datetime.timezone.utc), None, None)
    """
    if not is_date_time(value) or "T" not in value:
        return None
    # A leap second is told as the one before it.
    return datetime.fromisoformat(value.replace(":60", ":59"))


def day_of(value: Any) -> date | None:
    """The day of a FHIR dateTime, on the clock of whoever wrote it; None of a month, a year or none.

    >>> day_of("2027-03-01T23:30:00-05:00"), day_of("2027-03")
    (datetime.date(2027, 3, 1), None)
    """
    whole = is_date_time(value) and len(value) >= _WHOLE_DAY
    return date.fromisoformat(value[:_WHOLE_DAY]) if whole else None


def earliest_of(value: Any, zone: tzinfo | None) -> datetime | None:
    """The first instant that a FHIR dateTime may mean, of a day in this zone; None where no day is told."""
    day = day_of(value)
    return instant_of(value) or (None if day is None else datetime.combine(day, time(), zone))
