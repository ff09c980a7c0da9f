"""The runs behind an answer, as an intake keeps them: days and numbers, no place, no name of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

DIGITS = 12
"""Of the SHA-256 of a file, in hexadecimal: as many are kept."""


class FileRun(NamedTuple):
    """One run, as it was read from a file."""

    day: date
    """The local day on which it began."""
    metres: int | None
    seconds: int | None
    file: str
    """The first DIGITS of the file's digest."""

    def to_dict(self) -> dict[str, Any]:
        """The run as JSON, without what is not known or not kept."""
        told = {
            "day": self.day.isoformat(),
            "metres": self.metres,
            "seconds": self.seconds,
            "file": self.file,
        }
        return {key: value for key, value in told.items() if value is not None}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> FileRun:
        """From what `to_dict` gave."""
        day = date.fromisoformat(written["day"])
        return cls(day, written.get("metres"), written.get("seconds"), written["file"])


class FromFiles(NamedTuple):
    """Every run that the files hold from one day to another."""

    since: date
    until: date
    runs: tuple[FileRun, ...]
    left_out: int = 0
    """How many more may be runs of these days, among what could not be read."""

    def to_dict(self) -> dict[str, Any]:
        """The entry of an intake."""
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        more = {"left_out": self.left_out} if self.left_out else {}
        return {**days, "runs": [each.to_dict() for each in self.runs], **more}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> FromFiles:
        """From what `to_dict` gave."""
        since, until = (date.fromisoformat(written[key]) for key in ("since", "until"))
        return cls(since, until, tuple(map(FileRun.of, written["runs"])), written.get("left_out") or 0)


def entries_as_json(entries: Mapping[str, FromFiles]) -> dict[str, Any]:
    """Entries by question, as an intake holds them."""
    return {name: entry.to_dict() for name, entry in entries.items()}


def measured(runs: Sequence[FileRun]) -> str:
    """What all runs have: their metres, or else their seconds; empty where some have neither.

    >>> measured([FileRun(date(2027, 3, 1), None, 60, ""), FileRun(date(2027, 3, 2), 9, 60, "")])
    'seconds'
    """
    return next(
        (key for key in ("metres", "seconds") if all(getattr(each, key) is not None for each in runs)), ""
    )
