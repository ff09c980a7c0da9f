"""Parquet in, checked columns out: columns of text as in CSV, or typed ones that mean the same."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.input.rejects import Reject, cell
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.normalise import normalise
from afterrun.batch.read.reading import ChunkRead, gather, judge_cells
from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import Rulebook


def read_parquet(rulebook: Rulebook, source: Source, chunk: Chunk) -> ChunkRead:
    """Read some rows of a Parquet file."""
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    columns = [column for column in source.columns if column.role != "other"]
    whole = _rows(source, chunk, [column.name for column in columns])
    result, suspect = normalise(rulebook, columns, whole)
    numbers = pl.Series("line", np.arange(whole.height) + chunk.first_line, dtype=pl.UInt64)
    result = result.with_columns(numbers, pl.lit(source.index, dtype=pl.UInt32).alias("source"))
    if suspect.any():
        odd = suspect.arg_true().to_list()
        given = _rows(source, chunk, [column.name for column in source.columns])[odd]
        for row, cells in zip(odd, given.iter_rows(), strict=True):
            place = (source.index, source.name, row + chunk.first_line)
            shown = _shown(source, cells)
            judged = judge_cells(rulebook, source.columns, cells, place, "", shown)
            rejects.append(judged) if isinstance(judged, Reject) else rows.append(judged)
        result = result.filter(~suspect)
    return gather(rulebook, [result], rows, rejects, whole.height)


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, tuple[str, dict[str, str]]]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    wanted = sorted(lines)
    given = _rows(source, chunk, [column.name for column in source.columns])
    given = given[[line - chunk.first_line for line in wanted]]
    return {line: ("", _shown(source, cells)) for line, cells in zip(wanted, given.iter_rows(), strict=True)}


def _rows(source: Source, chunk: Chunk, names: list[str]) -> pl.DataFrame:
    try:
        frame = pl.scan_parquet(source.path).select(names).slice(chunk.offset, chunk.length).collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        said = f"is damaged as a Parquet file: {str(error)[:200]}"
        raise ProblemsError([Problem(said, source.name, chunk.first_line)]) from None
    if frame.height != chunk.length:
        raise ProblemsError([Problem("has become shorter while it was read", source.name)])
    return frame


def _shown(source: Source, cells: tuple[Any, ...]) -> dict[str, str]:
    return {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
