"""Time zones by their names."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from afterrun.errors import UnknownNameError


class UnknownZoneError(UnknownNameError):
    """A name that no time zone has, with the nearest one, or else with how one is written."""

    def __init__(self, name: str) -> None:
        super().__init__("time zone", name[:60], available_timezones())

    def __str__(self) -> str:
        return super().__str__() if self.nearest else f"{super().__str__()} Write it as in Europe/Berlin."


def zone_named(name: str) -> tzinfo:
    """The time zone of a name as Europe/Berlin. Raises UnknownZoneError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZoneError(name) from None
