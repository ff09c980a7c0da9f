"""Time zones by their names."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from afterrun.errors import UnknownNameError


def zone_named(name: str) -> tzinfo:
    """The time zone of a name as Europe/Berlin.

    Raises UnknownNameError with the nearest name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownNameError("time zone", name[:60], available_timezones()) from None
