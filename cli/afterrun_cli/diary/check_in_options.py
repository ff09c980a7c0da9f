"""What the command line says of a check-in with a diary."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from afterrun.intake import Format
from afterrun_cli.runner.logged import LogOptions
from afterrun_cli.runner.own_files import OwnFiles

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
    logs: LogOptions
    own: OwnFiles | None = None

    @property
    def names_diary(self) -> bool:
        """Whether any of it asks for the diary."""
        of_it = (self.answers, self.day, self.seen, self.correct, self.db, self.person != "me", self.own)
        return any(of_it)

    @property
    def command(self) -> str:
        """The same command once more."""
        words = ["afterrun", "checkin"]
        words += ["--correct"] if self.correct else []
        words += ["--seen"] if self.seen else []
        words += ["--date", self.day] if self.day else []
        return shlex.join([*words, *(self.own.words if self.own is not None else ())])
