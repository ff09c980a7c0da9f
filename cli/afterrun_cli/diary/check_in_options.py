"""What the command line says of a check-in with a diary."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from afterrun.intake import Format

CALENDAR = "To update your calendar:  afterrun plan -o plan.ics"


class CheckInOptions(NamedTuple):
    """What the command line says of a check-in."""

    answers: str | None
    day: str | None
    seen: bool
    correct: bool
    person: str
    db: str | None
    shape: str
    full: bool
    input_format: Format | None
    rulebook_folder: Path | None
    now: datetime

    @property
    def names_diary(self) -> bool:
        """Whether any of it asks for the diary."""
        return bool(self.answers or self.day or self.seen or self.correct or self.db or self.person != "me")

    @property
    def command(self) -> str:
        """The same command once more."""
        words = ["afterrun", "checkin"]
        words += ["--correct"] if self.correct else []
        words += ["--seen"] if self.seen else []
        return shlex.join([*words, *(["--date", self.day] if self.day else [])])
