"""A day as it is typed in an option."""

from __future__ import annotations

import re
from datetime import date

from afterrun_cli.terminal.exits import UNUSABLE, leave

_DAY = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


def read_day(option: str, text: str, as_in: date) -> date:
    """The day that an option names, or leave."""
    try:
        if not _DAY.match(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        leave(UNUSABLE, f"error: {option}: '{text[:40]}' is no date; write it as in {as_in}")
