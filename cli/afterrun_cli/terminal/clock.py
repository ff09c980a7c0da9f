"""The one look at the clock that a command takes; all else is handed what it saw."""

from __future__ import annotations

from datetime import datetime


def local_now() -> datetime:
    """The person's own day and time, to the second; a plan belongs to no time zone."""
    return datetime.now().replace(microsecond=0)
