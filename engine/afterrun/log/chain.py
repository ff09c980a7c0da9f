"""A log read from its first line to its last, each held against the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from afterrun.log.entries import NOTHING_BEFORE, SIGNATURE, Link, Unsealed, unsealed
from afterrun.log.file import NotALog, opened
from afterrun.storage import storage_faults

LONGEST_LINE = 16_000_000
"""Bytes; an entry with all answers has a few thousand."""
MOST_FAULTS = 100
"""So many are told; where there are more, what follows is no better."""


class Fault(NamedTuple):
    """Where a log is not as it was written."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


class Verified(NamedTuple):
    """What a log holds, and whether it is whole."""

    entries: int
    head: str
    """The hash of the last entry."""
    faults: tuple[Fault, ...]
    torn: int
    """Bytes of a last entry that was never finished; what is appended next takes them away."""
    cut: bool
    """Whether a head that was kept elsewhere is not in it."""

    @property
    def whole(self) -> bool:
        """Nothing is missing, changed or torn."""
        return not (self.faults or self.torn or self.cut)


def verify(path: Path, head: str = "") -> Verified:
    """Hold every entry against the one before it, and the log against a `head` kept elsewhere.

    A head must be that of an entry: what came after it was added since. Raises NotALog for what is no log,
    and StorageFault where it may not be read.
    """
    found = list[Fault]()
    last: Link | None = None
    known = not head
    reader = Reader(path, found.append)
    count = 0
    for last in reader:
        count += 1
        if last.hash == head:
            known = True
    if not count and not reader.begins:
        raise NotALog(f"{path} is no log; give the file that --log wrote")
    return Verified(count, last.hash if last else "", tuple(found), reader.torn, not known)


class Reader:
    """The links of a log in order; `tell` is given each fault, and what is no entry is passed over."""

    def __init__(self, path: Path, tell: Callable[[Fault], object]) -> None:
        self._path, self._tell = path, tell
        self._told = 0
        self.torn = 0
        """Bytes of a last entry that was never finished."""
        self.begins = False
        """Whether its first line begins as one of a log."""

    def __iter__(self) -> Iterator[Link]:
        """Raises NotALog for a folder or an empty file, and StorageFault where it may not be read."""
        sequence, before = 0, NOTHING_BEFORE
        with storage_faults(self._path), opened(self._path) as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                self.begins = self.begins or line.startswith(SIGNATURE)
                if not line.endswith(b"\n"):
                    if len(line) < LONGEST_LINE and _is_torn(line):
                        self.torn = len(line)
                        return
                    self._say(number, "does not end as a line of a log does")
                try:
                    link = unsealed(line.removesuffix(b"\n"))
                except Unsealed as error:
                    self._say(number, str(error))
                    # Its place is taken: what follows is held against what it says of itself.
                    sequence += 1
                    before = ""
                    continue
                self._hold(number, link, sequence + 1, before)
                sequence, before = link.sequence, link.hash
                yield link
        if not number:
            raise NotALog(f"{self._path} is empty: a log that was emptied, or none")

    def _hold(self, line: int, link: Link, sequence: int, before: str) -> None:
        """Tell where one does not follow on the one before it; nothing does on what is no entry."""
        if link.sequence > sequence:
            missing = link.sequence - sequence
            what = (
                f"entry {sequence} is" if missing == 1 else f"entries {sequence} to {link.sequence - 1} are"
            )
            self._say(line, f"is entry {link.sequence}, and {what} missing before it")
        elif link.sequence < sequence:
            self._say(line, f"is entry {link.sequence}, where entry {sequence} belongs")
        elif before and link.previous != before:
            self._say(line, "does not follow on the entry before it: one of the two was changed or exchanged")

    def _say(self, line: int, why: str) -> None:
        self._told += 1
        if self._told <= MOST_FAULTS:
            self._tell(Fault(line, why))


def _is_torn(line: bytes) -> bool:
    """Whether a last line is the beginning of an entry, or all of one but for its end."""
    return line.startswith(SIGNATURE) or SIGNATURE.startswith(line)
