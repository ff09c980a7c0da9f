"""All kinds of file that are read."""

from __future__ import annotations

from afterrun.history.formats import apple_health, fit, garmin_csv, gpx, plain_csv, strava, tcx
from afterrun.history.formats.activity import Format

FORMATS: tuple[Format, ...] = (
    fit.FORMAT,
    gpx.FORMAT,
    tcx.FORMAT,
    apple_health.FORMAT,
    strava.FORMAT,
    garmin_csv.FORMAT,
    plain_csv.FORMAT,
)
"""The first whose `begins` says so reads a file: those with a mark of their own before those that guess."""


def format_of(head: bytes) -> Format | None:
    """Which kind a file with these first bytes is; None if none that is known."""
    return next((each for each in FORMATS if each.begins(head)), None)
