"""CSV in, checked columns out. Every line is accounted for: read in bulk, read with care, or refused.

A sieve of a few passes over the bytes parts the lines that any reader understands in one way only from
those that need care: quotes that do not pair up, control characters, bytes that are no UTF-8, a wrong number
of fields, great length. No stock reader is trusted with those: it would stop, cut, or fill in blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.cells import intake_of
from afterrun.batch.input.csv_fields import LONGEST_FIELD, split_line
from afterrun.batch.input.lines import BLOCK, SLICE, Array, Block, count_below, count_of, places_of
from afterrun.batch.input.rejects import Damage, GivenRow, readable
from afterrun.batch.input.sources import Chunk, Source, blocks_of
from afterrun.batch.input.text.rows import BREAK
from afterrun.batch.read.blank import blank_rows
from afterrun.batch.read.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.batch.read.ticks import KnownLists
from afterrun.rulebook import Rulebook
from afterrun.spreadsheets import restored

_LF, _QUOTE = 10, 34
_AT_ONCE = 5000
"""Careful lines whose fields are held as texts of Python, which take ten times their room."""


class Sieve(NamedTuple):
    """A block's lines, parted."""

    bulk: bytes
    bulk_lines: Array
    """Places in the block of the lines in `bulk`."""
    careful_lines: Array
    quoted: bool
    """Whether quotes in `bulk` mark fields; they all pair up within a field of a line."""


def read_csv(reading: Reading, chunk: Chunk) -> None:
    """Read a part of a CSV file."""
    read_together(reading, [(reading.source, chunk)])


def read_together(reading: Reading, parts: Iterable[tuple[Source, Chunk]]) -> None:
    """Read parts of files of the same columns, written the same; the small ones as if they were one."""
    lists: KnownLists = {}
    held, size = list[tuple[Source, Block]](), 0
    for source, chunk in parts:
        for block in blocks_of(source, chunk):
            held.append((source, block))
            size += len(block.data)
            if size >= BLOCK:
                _BlockReader(reading, held).read(lists)
                held, size = [], 0
    if held:
        _BlockReader(reading, held).read(lists)


def read_alike(one: Source, other: Source) -> bool:
    """Whether what is known of one file's cells holds of the other's, too."""
    return (one.columns, one.dialect, one.gaps) == (other.columns, other.dialect, other.gaps)


def given_row(rulebook: Rulebook, source: Source, raw: bytes) -> GivenRow:
    """A line with its fields by column, all blank where it is no table row."""
    names = [column.name for column in source.columns]
    fields = _fields(source, raw)
    shown = [""] * len(names) if isinstance(fields, Damage) else fields
    return GivenRow(readable(_with_breaks(source, raw)), dict(zip(names, shown, strict=True)))


class _BlockReader:
    def __init__(self, reading: Reading, held: Sequence[tuple[Source, Block]]) -> None:
        self.reading, self.held = reading, held
        self.columns, self.dialect = reading.source.columns, reading.source.dialect
        self.nothing = b'"' + self.dialect.separator.encode()
        self.data = held[0][1].data if len(held) == 1 else b"".join(block.data for _, block in held)
        self.ends = places_of(self.data, _LF)
        sizes = np.cumsum([0, *(len(block.data) for _, block in held)])
        self.begins = np.searchsorted(self.ends, sizes[:-1])
        self.wanted = [place for place, column in enumerate(self.columns) if column.role != "other"]

    def read(self, lists: KnownLists) -> None:
        """Read the lines in bulk, and those that need it one by one."""
        reading = self.reading
        frame, sieved = self._bulk()
        if reading.source.marked:
            frame = frame.with_columns(unmarked(frame.columns))
        careful, careful_lines = self._with_care(sieved.careful_lines)
        lines = np.concatenate([sieved.bulk_lines, careful_lines])
        frame = pl.concat([frame, careful]) if careful.height else frame
        reading.rows_in += frame.height
        if blank := self._blank(frame, lines):
            kept = ~np.isin(np.arange(frame.height), blank)
            frame, lines = frame.filter(kept), lines[kept]
            reading.blank += len(blank)
        columns = [self.columns[place] for place in self.wanted]
        checked = normalise(reading.rulebook, columns, self.dialect.plain(columns, frame), lists)
        owner = np.searchsorted(self.begins, lines, side="right") - 1
        first_lines = np.array([block.first_line for _, block in self.held])
        indices = np.array([source.index for source, _ in self.held])
        numbers = lines - self.begins[owner] + first_lines[owner]
        for row in reading.accept(checked, numbers, indices[owner]):
            source, line = self._place(int(lines[row]))
            raw = _line(self.data, self.ends, int(lines[row]))
            fields = _fields(source, raw)
            if isinstance(fields, Damage):
                raise AssertionError(f"{source.name}:{line}: {fields.reason}")
            given = given_row(reading.rulebook, source, raw)
            cells, doubts = self.dialect.cells(self.columns, fields)
            reading.judge(line, intake_of(reading.rulebook, self.columns, cells), given, doubts, source)

    def _place(self, line: int) -> tuple[Source, int]:
        """The file that a line of the data stands in, and its number there."""
        owner = int(np.searchsorted(self.begins, line, side="right")) - 1
        source, block = self.held[owner]
        return source, line - int(self.begins[owner]) + block.first_line

    def _blank(self, frame: pl.DataFrame, lines: Array) -> list[int]:
        """Which rows hold nothing, in the columns that are passed over either."""
        maybe = blank_rows(frame).tolist()
        return [row for row in maybe if self._is_blank(_line(self.data, self.ends, lines[row]))]

    def _is_blank(self, raw: bytes) -> bool:
        return raw.count(b'"') % 2 == 0 and not raw.translate(None, self.nothing).strip()

    def _bulk(self) -> tuple[pl.DataFrame, Sieve]:
        """The lines that can be read in bulk as columns of text, and how the lines were parted."""
        for count_each in (False, True):
            sieved = sieve(self.data, self.ends, len(self.columns), self.dialect.separator, count_each)
            frame = self._text(sieved)
            if frame is not None:
                return frame, sieved
        raise AssertionError(f"{self.reading.source.name}: a block of sieved lines was not read whole")

    def _text(self, sieved: Sieve) -> pl.DataFrame | None:
        """The lines as columns of text; None if the reader did not see each as one row of full width."""
        names = [str(place) for place in range(len(self.columns))]
        if not len(sieved.bulk_lines):
            return pl.DataFrame(schema=dict.fromkeys((names[place] for place in self.wanted), pl.String))
        try:
            frame = pl.read_csv(
                sieved.bulk,
                has_header=False,
                schema=dict.fromkeys(names, pl.String),
                columns=self.wanted,
                separator=self.dialect.separator,
                quote_char='"' if sieved.quoted else None,
            )
        except pl.exceptions.PolarsError:
            return None
        return frame if frame.height == len(sieved.bulk_lines) else None

    def _with_care(self, lines: Array) -> tuple[pl.DataFrame, Array]:
        """The fields of the careful lines; what is no table row is refused, what holds nothing is counted."""
        schema = {str(place): pl.String for place in self.wanted}
        frames, kept = [pl.DataFrame(schema=schema)], list[int]()
        for begin in range(0, len(lines), _AT_ONCE):
            rows = list(self._rows(lines[begin : begin + _AT_ONCE]))
            frames.append(pl.DataFrame([cells for _, cells in rows], schema=schema, orient="row"))
            kept += [line for line, _ in rows]
        return pl.concat(frames), np.array(kept, dtype=np.int64)

    def _rows(self, lines: Array) -> Iterator[tuple[int, list[str]]]:
        reading = self.reading
        for line in lines.tolist():
            raw = _line(self.data, self.ends, line)
            if not raw:
                continue
            if self._is_blank(raw):
                reading.rows_in += 1
                reading.blank += 1
                continue
            split = _fields(reading.source, raw)
            if isinstance(split, Damage):
                reading.rows_in += 1
                source, number = self._place(line)
                reading.refuse(number, *split, given_row(reading.rulebook, source, raw), source=source)
            else:
                yield line, [split[place].strip() for place in self.wanted]


def _fields(source: Source, raw: bytes) -> list[str] | Damage:
    """The fields of one line with all that they meant, or what is wrong with it."""
    fields = split_line(_with_breaks(source, raw), len(source.columns), source.dialect.separator)
    return fields if isinstance(fields, Damage) or not source.marked else list(map(restored, fields))


def _with_breaks(source: Source, raw: bytes) -> bytes:
    """A row as it was before its lines were joined."""
    return raw.replace(BREAK, b"\n") if source.dialect.joined else raw


def sieve(data: bytes, ends: Array, width: int, separator: str = ",", count_each: bool = False) -> Sieve:
    """Part the lines of a block, each ended by a line feed at `ends`.

    Unless told to count the separators of each line, it may leave lines of a wrong number of fields in the
    bulk, but only in pairs of one too long and one too short: the reader stops at the long one.
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
        _mark_bad_text(data, array, ends, careful)
    quoted = b'"' in data
    if quoted and not _fully_quoted(data, len(ends), width, mark):
        _mark_quotes(array, ends, mark, careful)
    good = len(ends) - np.count_nonzero(careful)
    bulk, kept = (data, np.arange(len(ends))) if good == len(ends) else _without(data, ends, careful)
    if count_each or count_of(bulk, mark) != good * (width - 1):
        starts = np.concatenate([[0], ends[:-1] + 1])
        careful[np.add.reduceat((array == mark).view(np.uint8), starts, dtype=np.int64) != width - 1] = True
        bulk, kept = _without(data, ends, careful)
    return Sieve(bulk, kept, np.flatnonzero(careful), quoted)


def _mark_bad_text(data: bytes, array: Array, ends: Array, careful: Array) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        for line in np.unique(np.searchsorted(ends, np.flatnonzero(array >= 128))).tolist():
            try:
                _line(data, ends, line).decode("utf-8")
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


def _without(data: bytes, ends: Array, careful: Array) -> tuple[bytes, Array]:
    """The data without the careful lines, and the places of those that stay."""
    kept = np.flatnonzero(~careful)
    parts, begin = [], 0
    for line in np.flatnonzero(careful).tolist():
        start = int(ends[line - 1]) + 1 if line else 0
        parts.append(data[begin:start])
        begin = int(ends[line]) + 1
    parts.append(data[begin:])
    return b"".join(parts), kept


def _line(data: bytes, ends: Array, line: int) -> bytes:
    return data[(ends[line - 1] + 1 if line else 0) : ends[line]]
