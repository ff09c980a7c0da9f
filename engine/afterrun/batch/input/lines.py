"""Bytes in, whole lines out, in blocks of a size that memory does not notice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from afterrun.errors import Problem, ProblemsError
from afterrun.intake import LONGEST_LINE

BLOCK = 8 << 20
SLICE = 1 << 18
BOM = b"\xef\xbb\xbf"
LINE_END = re.compile(rb"\r\n|\r|\n")
_LF, _CR = 10, 13


class Block(NamedTuple):
    """Some whole lines, each ended by a single line feed. A line beyond LONGEST_LINE is cut after it."""

    first_line: int
    data: bytes


Array = np.ndarray[Any, Any]


def slices(data: bytes) -> Iterator[tuple[int, Array]]:
    """Parts, and where each begins: what is made of each stays in the processor's cache."""
    array = np.frombuffer(data, np.uint8)
    return ((at, array[at : at + SLICE]) for at in range(0, len(array), SLICE))


def places_of(data: bytes, byte: int) -> Array:
    """Where a byte stands."""
    found = [np.flatnonzero(part == byte) + at for at, part in slices(data)]
    return np.concatenate(found) if found else np.array([], np.int64)


def count_of(data: bytes, byte: int) -> int:
    """How often a byte stands there; several times faster than bytes.count."""
    return sum(int(np.count_nonzero(part == byte)) for _, part in slices(data))


def count_below(data: bytes, byte: int) -> int:
    """How many bytes are less."""
    return sum(int(np.count_nonzero(part < byte)) for _, part in slices(data))


def blocks(path: Path, offset: int, length: int, first_line: int, carriage_returns: bool) -> Iterator[Block]:
    """The lines of a part of a file that begins and ends at a line's end.

    With `carriage_returns` a CR alone ends a line too, as it does in very old spreadsheets.
    """
    held, number, left, pending_cr = b"", first_line, length, False
    with path.open("rb") as file:
        file.seek(offset)
        while left:
            piece = _piece(file, left)
            if not piece:
                raise ProblemsError([Problem("has become shorter while it was read", str(path))])
            left -= len(piece)
            if carriage_returns and (pending_cr or b"\r" in piece):
                piece = b"\r" + piece if pending_cr else piece
                pending_cr = bool(left) and piece.endswith(b"\r")
                piece = piece[:-1] if pending_cr else piece
                piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            data = held + piece if held else piece
            if not left and data and not data.endswith(b"\n"):
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            # What follows the longest line allowed only tells that it is too long.
            held = data[cut : cut + LONGEST_LINE + 1]
            if cut:
                whole = data if cut == len(data) else data[:cut]
                yield Block(number, whole)
                number += count_of(whole, _LF)


def _piece(file: BinaryIO, left: int) -> bytes:
    """About a block, up to a line's end where there is one near, so that nothing need be put together."""
    if left <= BLOCK:
        return file.read(left)
    begin = file.tell()
    file.seek(begin + BLOCK)
    rest = len(file.readline(min(LONGEST_LINE, left - BLOCK)))
    file.seek(begin)
    return file.read(BLOCK + rest)


def every(file: BinaryIO, lines: int, carriage_returns: bool) -> Iterator[int]:
    """Where in a stream, counted from where it stands, each so many lines more have ended; last its length.

    >>> from io import BytesIO
    >>> list(every(BytesIO(b"a\\nb\\nc\\nd"), 2, False))
    [4, 7]
    """
    place = seen = 0
    for ends in _line_ends(file, carriage_returns):
        # To count is less work than to tell where.
        count = int(np.count_nonzero(ends))
        if seen + count >= lines:
            yield from (np.flatnonzero(ends)[lines - seen - 1 :: lines] + place + 1).tolist()
        seen = (seen + count) % lines
        place += len(ends)
    yield place


def _line_ends(file: BinaryIO, carriage_returns: bool) -> Iterator[Array]:
    """For each byte of a stream, part by part, whether it ends a line."""
    held = b""
    while (read := file.read(BLOCK)) or held:
        piece = held + read if held else read
        if not carriage_returns:
            yield from (part == _LF for _, part in slices(piece))
            continue
        # Only what follows tells whether a CR ends a line by itself.
        held = b"\r" if read and piece.endswith(b"\r") else b""
        array = np.frombuffer(piece, np.uint8)[: len(piece) - len(held)]
        ends, alone = array == _LF, array == _CR
        alone[:-1] &= ~ends[1:]
        yield ends | alone
