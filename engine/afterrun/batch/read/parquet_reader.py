"""Parquet in, checked columns out: columns of text as in CSV, or typed ones that mean the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.cells import intake_of
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.rejects import GivenRow, cell
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.blank import blank_rows
from afterrun.batch.read.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.errors import Problem, ProblemsError


def read_parquet(reading: Reading, chunk: Chunk) -> None:
    """Read some rows of a Parquet file."""
    rulebook, source = reading.rulebook, reading.source
    columns = [column for column in source.columns if column.role != "other"]
    whole = _rows(source, chunk, columns)
    lines = np.arange(whole.height) + chunk.first_line
    reading.rows_in += whole.height
    if blank := _blank(source, chunk, whole):
        kept = ~np.isin(np.arange(whole.height), blank)
        whole, lines = whole.filter(kept), lines[kept]
        reading.blank += len(blank)
    odd = reading.accept(normalise(rulebook, columns, source.dialect.plain(columns, whole)), lines)
    if odd:
        for line, cells in _cells(source, chunk, odd):
            plain, doubts = source.dialect.cells(source.columns, cells)
            reading.judge(line, intake_of(rulebook, source.columns, plain), _given(source, cells), doubts)


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, GivenRow]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    return {line: _given(source, cells) for line, cells in _cells(source, chunk, sorted(lines))}


def _blank(source: Source, chunk: Chunk, read: pl.DataFrame) -> list[int]:
    """Which rows hold nothing, in the columns that are passed over either."""
    maybe = blank_rows(read)
    if not len(maybe):
        return []
    found: list[int] = maybe[blank_rows(_rows(source, chunk, source.columns)[maybe])].tolist()
    return found


def _cells(source: Source, chunk: Chunk, lines: list[int]) -> list[tuple[int, tuple[Any, ...]]]:
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
    if source.marked:
        frame = frame.with_columns(unmarked(frame.select(pl.selectors.string()).columns))
    return frame


def _given(source: Source, cells: tuple[Any, ...]) -> GivenRow:
    shown = {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
    return GivenRow("", shown)
