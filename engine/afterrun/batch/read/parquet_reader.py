"""Parquet in, checked columns out: columns of text as in CSV, or typed ones that mean the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.cells import intake_of
from afterrun.batch.input.headers import Column
from afterrun.batch.input.rejects import GivenRow, cell
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.errors import Problem, ProblemsError

Rows = list[tuple[int, tuple[Any, ...]]]
"""Lines, each with its cells."""


def read_parquet(reading: Reading, chunk: Chunk) -> None:
    """Read some rows of a Parquet file."""
    source = reading.source
    columns = [column for column in source.columns if column.role != "other"]
    _accept(reading, _rows(source, chunk, columns), chunk.first_line, partial(_cells, source, chunk))


def read_frame(reading: Reading, frame: pl.DataFrame, first_line: int) -> None:
    """Read some rows of a frame that has the columns of the source, in their order."""
    columns = [column.name for column in reading.source.columns if column.role != "other"]
    frame = _unmarked(reading.source, frame)

    def cells(lines: list[int]) -> Rows:
        return list(zip(lines, frame[[line - first_line for line in lines]].iter_rows(), strict=True))

    _accept(reading, frame.select(columns), first_line, cells)


def _accept(
    reading: Reading, rows: pl.DataFrame, first_line: int, cells: Callable[[list[int]], Rows]
) -> None:
    """Take in rows; those that a check doubts are judged one by one, by their `cells`."""
    rulebook, source = reading.rulebook, reading.source
    columns = [column for column in source.columns if column.role != "other"]
    reading.rows_in += rows.height
    odd = reading.accept(normalise(rulebook, columns, rows), np.arange(rows.height) + first_line)
    for line, each in cells(odd) if odd else ():
        reading.judge(line, *intake_of(rulebook, source.columns, each), _given(source, each))


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, GivenRow]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    return {line: _given(source, cells) for line, cells in _cells(source, chunk, sorted(lines))}


def _cells(source: Source, chunk: Chunk, lines: list[int]) -> Rows:
    given = _rows(source, chunk, source.columns)[[line - chunk.first_line for line in lines]]
    return list(zip(lines, given.iter_rows(), strict=True))


def _rows(source: Source, chunk: Chunk, columns: Sequence[Column]) -> pl.DataFrame:
    names = [column.name for column in columns]
    try:
        frame = pl.scan_parquet(source.path).select(names).slice(chunk.offset, chunk.length).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        said = f"is damaged as a Parquet file: {str(error)[:200]}"
        raise ProblemsError([Problem(said, source.name, chunk.first_line)]) from None
    if frame.height != chunk.length:
        raise ProblemsError([Problem("has become shorter while it was read", source.name)])
    return _unmarked(source, frame)


def _unmarked(source: Source, frame: pl.DataFrame) -> pl.DataFrame:
    if not source.marked:
        return frame
    return frame.with_columns(unmarked(frame.select(pl.selectors.string()).columns))


def _given(source: Source, cells: tuple[Any, ...]) -> GivenRow:
    shown = {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
    return GivenRow("", shown)
