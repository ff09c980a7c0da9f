"""Parquet in, checked columns out: columns of text as in CSV, or typed ones that mean the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.form.cells import intake_of
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.rejects import GivenRow, cell
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.blank import blank_rows
from afterrun.batch.read.columns.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.batch.stored import DAMAGES, damaged_parquet, scan_parquet
from afterrun.errors import Problem, ProblemsError

Whole = Callable[[list[int]], pl.DataFrame]
"""Some rows by their places in a chunk, with all of their columns."""


def read_parquet(reading: Reading, chunk: Chunk) -> None:
    """Read some rows of a Parquet file."""
    source = reading.source
    columns = [column for column in source.columns if column.role != "other"]
    _accept(reading, _rows(source, chunk, columns), chunk.first_line, partial(_whole, source, chunk))


def read_frame(reading: Reading, frame: pl.DataFrame, first_line: int) -> None:
    """Read some rows of a frame that has the columns of the source, in their order."""
    columns = [column.name for column in reading.source.columns if column.role != "other"]
    frame = _plain(reading.source, frame)

    _accept(reading, frame.select(columns), first_line, lambda rows: frame[rows])


def _accept(reading: Reading, rows: pl.DataFrame, first_line: int, whole: Whole) -> None:
    """Take in rows; those that a check doubts are judged one by one, by all of their cells."""
    rulebook, source = reading.rulebook, reading.source
    columns = [column for column in source.columns if column.role != "other"]
    lines = np.arange(rows.height) + first_line
    reading.rows_in += rows.height
    if blank := _blank(rows, whole):
        kept = ~np.isin(np.arange(rows.height), blank)
        rows, lines = rows.filter(kept), lines[kept]
        reading.blank += len(blank)
    odd = reading.accept(normalise(rulebook, columns, source.dialect.plain(columns, rows)), lines)
    if not odd:
        return
    numbers = lines[odd]
    for line, each in zip(numbers.tolist(), whole((numbers - first_line).tolist()).iter_rows(), strict=True):
        plain, doubts = source.dialect.cells(source.columns, each)
        reading.judge(line, intake_of(rulebook, source.columns, plain), _given(source, each), doubts)


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, GivenRow]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    wanted = sorted(lines)
    rows = _whole(source, chunk, [line - chunk.first_line for line in wanted])
    return {line: _given(source, cells) for line, cells in zip(wanted, rows.iter_rows(), strict=True)}


def _blank(read: pl.DataFrame, whole: Whole) -> list[int]:
    """Which rows hold nothing, in the columns that are passed over either."""
    maybe = blank_rows(read)
    if not len(maybe):
        return []
    found: list[int] = maybe[blank_rows(whole(maybe.tolist()))].tolist()
    return found


def _whole(source: Source, chunk: Chunk, rows: list[int]) -> pl.DataFrame:
    return _rows(source, chunk, source.columns)[rows]


def _rows(source: Source, chunk: Chunk, columns: Sequence[Column]) -> pl.DataFrame:
    names = [column.name for column in columns]
    try:
        frame = scan_parquet(source.path).select(names).slice(chunk.offset, chunk.length).collect()
    except DAMAGES as error:
        raise damaged_parquet(error, source.name, chunk.first_line) from None
    if frame.height != chunk.length:
        raise ProblemsError([Problem("has become shorter while it was read", source.name)])
    return _plain(source, frame)


def _plain(source: Source, frame: pl.DataFrame) -> pl.DataFrame:
    """Lists of one length are lists, decimals that are read other numbers, and marked texts bare."""
    frame = frame.with_columns(pl.selectors.array().arr.to_list())
    read = {column.name for column in source.columns if column.role != "other"}
    frame = frame.with_columns(
        pl.col(name).cast(pl.Float64 if dtype.scale else pl.Int128)
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.Decimal) and name in read
    )
    if not source.marked:
        return frame
    return frame.with_columns(unmarked(frame.select(pl.selectors.string()).columns))


def _given(source: Source, cells: tuple[Any, ...]) -> GivenRow:
    shown = {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
    return GivenRow("", shown)
