"""CSV in, checked columns out. Every line is accounted for: read in bulk, read with care, or refused.

A sieve parts the lines that any reader understands in one way only from those that need care. No stock
reader is trusted with those: it would stop, cut, or fill in blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.form.cells import intake_of
from afterrun.batch.input.lines import BLOCK, Array, Block, places_of
from afterrun.batch.input.rejects import Damage, GivenRow, readable
from afterrun.batch.input.sources import Chunk, Source, blocks_of
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.batch.input.text.rows import BREAK
from afterrun.batch.input.text.sieve import bulk_columns, line_of
from afterrun.batch.read.blank import blank_rows
from afterrun.batch.read.columns.normalise import normalise
from afterrun.batch.read.columns.ticks import KnownLists, ListMemory
from afterrun.batch.read.reading import Reading
from afterrun.rulebook import Rulebook, engine_of
from afterrun.spreadsheets import restored

_LF = 10
_AT_ONCE = 5000
"""Careful lines whose fields are held as texts of Python, which take ten times their room."""


def read_csv(reading: Reading, chunk: Chunk) -> None:
    """Read a part of a CSV file."""
    read_together(reading, [(reading.source, chunk)])


def read_together(reading: Reading, parts: Iterable[tuple[Source, Chunk]]) -> None:
    """Read parts of files of the same columns, written the same; the small ones as if they were one."""
    memory, form = engine_of(reading.rulebook, ListMemory), ("csv", reading.source.columns)
    lists = memory.take(form)
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
    memory.keep(form, lists)


def read_alike(one: Source, other: Source) -> bool:
    """Whether what is known of one file's cells holds of the other's, too."""
    return (one.columns, one.dialect, one.gaps) == (other.columns, other.dialect, other.gaps)


def given_row(rulebook: Rulebook, source: Source, raw: bytes) -> GivenRow:
    """A line with its fields by column, all blank where it is no table row."""
    names = [column.name for column in source.columns]
    fields = fields_of(source, raw)
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
        separator = self.dialect.separator
        frame, sieved = bulk_columns(self.data, self.ends, len(self.columns), separator, self.wanted)
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
            raw = line_of(self.data, self.ends, int(lines[row]))
            fields = fields_of(source, raw)
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
        return [row for row in maybe if self._is_blank(line_of(self.data, self.ends, lines[row]))]

    def _is_blank(self, raw: bytes) -> bool:
        return raw.count(b'"') % 2 == 0 and not raw.translate(None, self.nothing).strip()

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
            raw = line_of(self.data, self.ends, line)
            if not raw:
                continue
            if self._is_blank(raw):
                reading.rows_in += 1
                reading.blank += 1
                continue
            split = fields_of(reading.source, raw)
            if isinstance(split, Damage):
                reading.rows_in += 1
                source, number = self._place(line)
                reading.refuse(number, *split, given_row(reading.rulebook, source, raw), source=source)
            else:
                yield line, [split[place].strip() for place in self.wanted]


def fields_of(source: Source, raw: bytes) -> list[str] | Damage:
    """The fields of one line with all that they meant, or what is wrong with it."""
    fields = split_line(_with_breaks(source, raw), len(source.columns), source.dialect.separator)
    return fields if isinstance(fields, Damage) or not source.marked else list(map(restored, fields))


def _with_breaks(source: Source, raw: bytes) -> bytes:
    """A row as it was before its lines were joined."""
    return raw.replace(BREAK, b"\n") if source.dialect.joined else raw
