"""Lines that any reader understands in one way only, parted from those that need care.

Care is for quotes that do not pair up, control characters, bytes that are no UTF-8, a wrong number of fields,
great length.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.input.lines import SLICE, Array, count_below, count_of
from afterrun.batch.input.text.csv_fields import LONGEST_FIELD

_LF, _QUOTE = 10, 34


class Sieve(NamedTuple):
    """A block's lines, parted."""

    bulk: bytes
    bulk_lines: Array
    """Places in the block of the lines in `bulk`."""
    careful_lines: Array
    quoted: bool
    """Whether quotes in `bulk` mark fields; they all pair up within a field of a line."""


def bulk_columns(
    data: bytes, ends: Array, width: int, separator: str, wanted: Sequence[int], quotes: bool = True
) -> tuple[pl.DataFrame, Sieve]:
    """The lines that can be read in bulk, as the columns `wanted`, all text; and how all were parted."""
    for count_each in (False, True):
        sieved = sieve(data, ends, width, separator, count_each, quotes)
        frame = _text(sieved, width, separator, wanted)
        if frame is not None:
            return frame, sieved
    raise AssertionError("a block of sieved lines was not read whole")


def _text(sieved: Sieve, width: int, separator: str, wanted: Sequence[int]) -> pl.DataFrame | None:
    """The lines as columns of text; None if the reader did not see each as one row of full width."""
    names = [str(place) for place in range(width)]
    if not len(sieved.bulk_lines):
        return pl.DataFrame(schema=dict.fromkeys((names[place] for place in wanted), pl.String))
    try:
        frame = pl.read_csv(
            sieved.bulk,
            has_header=False,
            schema=dict.fromkeys(names, pl.String),
            columns=list(wanted),
            separator=separator,
            quote_char='"' if sieved.quoted else None,
        )
    except pl.exceptions.PolarsError:
        return None
    return frame if frame.height == len(sieved.bulk_lines) else None


def sieve(
    data: bytes,
    ends: Array,
    width: int,
    separator: str = ",",
    count_each: bool = False,
    quotes: bool = True,
) -> Sieve:
    """Part the lines of a block, each ended by a line feed at `ends`.

    Unless `quotes` mark fields, they are characters like others. Unless told to count the separators of each
    line, it may leave lines of a wrong number of fields in the bulk, but only in pairs of one too long and
    one too short: the reader stops at the long one.
    """
    array, mark = np.frombuffer(data, np.uint8), ord(separator)
    careful = np.diff(ends, prepend=-1) - 1 > LONGEST_FIELD
    if width == 1:
        # A blank line and a blank cell look alike; in such a narrow file there is time to look closely.
        careful[:] = True
    careful[np.diff(ends, prepend=-1) == 1] = True
    if count_below(data, 32) != len(ends) + (count_of(data, mark) if mark < 32 else 0):
        control = (array < 32) & (array != _LF) & (array != mark)
        careful[np.searchsorted(ends, np.flatnonzero(control))] = True
    if not data.isascii():
        mark_bad_text(data, array, ends, careful)
    quoted = quotes and b'"' in data
    if quoted and not _fully_quoted(data, len(ends), width, mark):
        _mark_quotes(array, ends, mark, careful)
    good = len(ends) - np.count_nonzero(careful)
    bulk, kept = (data, np.arange(len(ends))) if good == len(ends) else without(data, ends, careful)
    if count_each or count_of(bulk, mark) != good * (width - 1):
        starts = np.concatenate([[0], ends[:-1] + 1])
        careful[np.add.reduceat((array == mark).view(np.uint8), starts, dtype=np.int64) != width - 1] = True
        bulk, kept = without(data, ends, careful)
    return Sieve(bulk, kept, np.flatnonzero(careful), quoted)


def mark_bad_text(data: bytes, array: Array, ends: Array, careful: Array) -> None:
    """Mark every line that is no UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        for line in np.unique(np.searchsorted(ends, np.flatnonzero(array >= 128))).tolist():
            try:
                line_of(data, ends, line).decode("utf-8")
            except UnicodeDecodeError:
                careful[line] = True


def _fully_quoted(data: bytes, lines: int, width: int, mark: int) -> bool:
    """Whether every field stands in quotes and none holds a quote or a separator: common, and seen at once.

    When each quote has a separator or a line's end on exactly one side, a stretch between two separators
    has at most one quote in front and one behind. So twice as many quotes as stretches means both,
    everywhere.
    """
    quotes = count_of(data, _QUOTE)
    return (
        quotes == 2 * width * lines
        and count_of(data, mark) == (width - 1) * lines
        and quotes == _quotes_at_edges(data, mark)
    )


def _quotes_at_edges(data: bytes, mark: int) -> int:
    """How many quotes have a separator or a line's end on exactly one side."""
    count = 0
    for at in range(0, len(data), SLICE):
        part = data[at - 1 : at + SLICE + 1] if at else b"\n" + data[: SLICE + 1]
        array = np.frombuffer(part, np.uint8)
        edge = (array == mark) | (array == _LF)
        count += int(np.count_nonzero((array[1:-1] == _QUOTE) & (edge[:-2] ^ edge[2:])))
    return count


def _mark_quotes(array: Array, ends: Array, mark: int, careful: Array) -> None:
    """Mark every line whose quotes are not simply one before and one after a field without separators."""
    quotes = np.flatnonzero(array == _QUOTE)
    up_to = np.searchsorted(quotes, ends)
    before = np.concatenate([[0], up_to[:-1]])
    odd = (up_to - before) % 2 == 1
    careful |= odd
    if odd.any():
        quotes = quotes[~odd[np.searchsorted(ends, quotes)]]
    # Now every line has an even number, so that quotes open and close in turns from line to line.
    opens, closes = quotes[0::2], quotes[1::2]
    previous = array[opens - 1]
    if len(opens) and opens[0] == 0:
        previous[0] = _LF
    following = array[closes + 1]
    wrong = (previous != mark) & (previous != _LF) | (following != mark) & (following != _LF)
    if len(quotes):
        # A separator within quotes would make up for one that is missing elsewhere.
        wrong |= np.logical_or.reduceat(array == mark, quotes)[0::2]
    if wrong.any():
        careful[np.searchsorted(ends, opens[wrong])] = True


def without(data: bytes, ends: Array, careful: Array) -> tuple[bytes, Array]:
    """The data without the careful lines, and the places of those that stay."""
    kept = np.flatnonzero(~careful)
    parts, begin = [], 0
    for line in np.flatnonzero(careful).tolist():
        start = int(ends[line - 1]) + 1 if line else 0
        parts.append(data[begin:start])
        begin = int(ends[line]) + 1
    parts.append(data[begin:])
    return b"".join(parts), kept


def line_of(data: bytes, ends: Array, line: int) -> bytes:
    """One line, without its end."""
    return data[(ends[line - 1] + 1 if line else 0) : ends[line]]
