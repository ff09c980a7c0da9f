"""What was run, as files say it: no place, no name, no more of a file than its own name and digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, NamedTuple

Kind = Literal["run", "treadmill", "trail", "track"]


class Found(NamedTuple):
    """Where a run was read."""

    file: str
    """As it was given, with what lies inside an archive behind a '/'. Shown to the person, kept nowhere."""
    digest: str
    """SHA-256 of that file's bytes, in hexadecimal: what an intake keeps of it."""
    place: str = ""
    """Where in a file of many: 'row 12', 'workout 3'."""


class Run(NamedTuple):
    """One run; of two recordings of one run the one that was kept."""

    began: datetime
    """With its zone: the person's, so that its date is the day on which the run began."""
    metres: int | None
    """None where the file has no distance, as on some treadmills."""
    seconds: int | None
    """Moving time where the file tells it, else elapsed time."""
    kind: Kind
    found: tuple[Found, ...]
    """Its file first, then the other recordings of it."""

    @property
    def day(self) -> date:
        """The local day on which it began; a run across midnight belongs to it."""
        return self.began.date()


class LeftOut(NamedTuple):
    """A file, or one entry of a file, that was not read as an activity."""

    file: str
    place: str
    reason: str
    day: date | None = None
    """The local day on which it began; None where that is not known."""
    may_be_run: bool = True
    """False of what is no activity at all, such as a course; else what is added up may lack it."""

    def may_fall_within(self, first: date, last: date) -> bool:
        """Whether it may be a run of these days, the last one with them."""
        return self.may_be_run and (self.day is None or first <= self.day <= last)


class RunningHistory(NamedTuple):
    """All that was read of one person's files."""

    runs: tuple[Run, ...]
    """By when they began."""
    others: Mapping[str, int]
    """Activities that were no runs, counted by what they were: 'walk', 'ride', 'swim', 'other'."""
    left_out: tuple[LeftOut, ...]
    first: datetime | None
    """When the earliest activity of any kind began: before it the files say nothing."""
    last: datetime | None
    """When the latest activity of any kind began: after it the files say nothing."""
    miles: bool
    """Whether the files speak of miles and none of kilometres: the unit that the person reads."""
    notes: tuple[str, ...] = ()
    """What the reader found out or had to assume, in sentences: a guessed zone, units out of an account."""
    perhaps_twice: tuple[date, ...] = ()
    """The days of runs that count, although another may be the same one on a clock of another zone."""
