"""What one format gives: activities as a file tells them, and what of it could not be read.

A module of this folder has one `FORMAT`. Its `read` takes the file as a stream, forward only, and yields an
entry for whatever the file holds, one at a time. It judges nothing: whether a distance can be, on which day a
run was and what counts twice is worked out by those who call it. No text of the file leaves it: reasons and
notes are our own words, with numbers of rows at most.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal, NamedTuple

from afterrun.errors import AfterrunError

Sport = Literal["run", "treadmill", "trail", "track", "walk", "ride", "swim", "other"]


def may_be_run(sport: Sport | None) -> bool:
    """Whether a run is of this sport, or nobody says of which it was."""
    return sport in (None, "run", "treadmill", "trail", "track")


class Activity(NamedTuple):
    """One activity of any sport, as its file tells it."""

    began: datetime
    """With a zone if the file tells the instant (FIT, GPX and TCX: UTC); without one if it tells the wall
    clock where it was, as CSV files do."""
    metres: float | None
    """None where the file tells no distance; 0 is a distance of 0."""
    seconds: float | None
    """Moving time where the file tells it, else elapsed time."""
    sport: Sport | None
    """None where the file does not say what it was."""
    place: str = ""
    """Where in a file of many: 'row 12', 'workout 3'."""
    moving: bool = False
    """Whether `seconds` is moving time."""
    miles: bool | None = None
    """Whether the file speaks of miles (True) or of kilometres (False); None if of neither."""
    only_day: bool = False
    """Whether the file tells the day alone: then `began` is its midnight, without a zone."""
    stands_for: str = ""
    """The file that tells the same in full, as an index of a bulk export names it, relative to its own folder
    ('activities/1.fit.gz'): it is then not opened. Never shown."""


class Fault(NamedTuple):
    """An entry that gave no activity although it was to."""

    reason: str
    """In plain words, without a full stop: 'it has no times'."""
    place: str = ""
    began: datetime | None = None
    """As an Activity's, where that is known all the same."""
    may_be_run: bool = True
    """False of what is none for sure."""


class Note(NamedTuple):
    """What was assumed of the whole file, as a sentence: 'Its distances were read as miles.'"""

    text: str


Entry = Activity | Fault | Note


class Unreadable(AfterrunError):
    """Nothing more can be read of a file; its one argument is the reason, in words like a Fault's.

    What was yielded before stays. The stream raises it too (cut, encrypted, too large): let it pass.
    """


class Format(NamedTuple):
    """How one kind of file is known and read."""

    name: str
    """As people call it: 'FIT', 'Apple Health'."""
    begins: Callable[[bytes], bool]
    """Whether a file with these first bytes (up to `HEAD`, less of a shorter file) is of this kind."""
    read: Callable[[io.BufferedReader], Iterator[Entry]]
    read_told: Callable[[io.BufferedReader, bool], Iterator[Entry]] | None = None
    """The same for one who knows whether its distances are miles, where the file may not say so."""


HEAD = 4096
"""How many bytes of a file tell what it is."""
