"""The log that a killed writer leaves: SQLite passes over the rest of a damaged one in silence."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""The first word of a log, and the order of bytes that its sums are made in."""
_HEADER, _FRAME_HEADER = 32, 24
_LONGEST = 64 << 20
"""A longer log is not summed up: nobody left one of this size by accident."""


class _Frame(NamedTuple):
    whole: bool
    """Whether its sum is right, and those of all before it."""
    commits: bool


def damage_of_log(file: Path) -> str:
    """What is wrong with the log beside a file; nothing where there is none.

    A half-written last transaction is no damage: nobody was told that it is kept.
    """
    log = Path(f"{file}-wal")
    try:
        if not log.exists():
            return ""
        # Whoever writes just now is looked at once more: a log that is damaged stays as it is.
        return _damage(log.read_bytes()) and _damage(log.read_bytes())
    except OSError as error:
        return f"its log cannot be read ({error.strerror})"


def _damage(log: bytes) -> str:
    if len(log) <= _HEADER or len(log) > _LONGEST:
        return ""
    magic, _, size = struct.unpack_from(">3I", log)
    if magic not in _MAGIC or not 512 <= size <= 65536 or _sums(log[:24], magic) != _stored(log, 24):
        return "its log does not begin as one, and what was written last may be lost"
    frames = list(_frames(log, magic, size))
    if sum(not frame.whole and frame.commits for frame in frames) > 1:
        return "its log is broken in the middle, and what was written last may be lost"
    return ""


def _frames(log: bytes, magic: int, size: int) -> Iterator[_Frame]:
    """The pages of this log; those that it still holds of one before have another salt."""
    sums, whole, salt = _stored(log, 24), True, log[16:24]
    for start in range(_HEADER, len(log) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        head = log[start : start + _FRAME_HEADER]
        ours = head[8:16] == salt
        if whole:
            page = log[start + _FRAME_HEADER : start + _FRAME_HEADER + size]
            sums = _sums(page, magic, _sums(head[:8], magic, sums))
            whole = ours and sums == _stored(head, 16)
        if ours:
            yield _Frame(whole, head[4:8] != bytes(4))


def _sums(data: bytes, magic: int, sums: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """SQLite's running sum over pairs of words."""
    one, two = sums
    for first, second in struct.iter_unpack(f"{_MAGIC[magic]}2I", data):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return one, two


def _stored(data: bytes, place: int) -> tuple[int, int]:
    first, second = struct.unpack_from(">2I", data, place)
    return first, second
