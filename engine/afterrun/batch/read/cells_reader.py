"""A table of texts that was laid down from what is no text in, checked columns out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from afterrun.batch.foreign.laid import DAMAGE, LINE
from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.form.cells import intake_of
from afterrun.batch.input.form.words import LIST_SEPARATOR
from afterrun.batch.input.rejects import GivenRow, cell, reason_of
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.blank import blank_rows
from afterrun.batch.read.columns.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.batch.stored import scan_parquet
from afterrun.errors import Problem


def read_cells(reading: Reading, chunk: Chunk) -> None:
    """Read some rows."""
    rulebook, source = reading.rulebook, reading.source
    rows = _rows(source, chunk)
    reading.rows_in += rows.height
    for line, damage, *cells in rows.filter(pl.col(DAMAGE) != "").iter_rows():
        problems = [_problem(source, each) for each in damage.split("\n")]
        keys = LIST_SEPARATOR.join(dict.fromkeys(each.key for each in problems))
        reading.refuse(line, "cell", reason_of(problems), _given(source, cells), keys)
    whole = rows.filter(pl.col(DAMAGE) == "")
    blank = blank_rows(whole.drop(LINE, DAMAGE))
    if len(blank):
        reading.blank += len(blank)
        whole = whole.filter(~np.isin(np.arange(whole.height), blank))
    wanted = [place for place, column in enumerate(source.columns) if column.role != "other"]
    columns = [source.columns[place] for place in wanted]
    texts = source.dialect.plain(columns, whole.select(str(place) for place in wanted))
    odd = reading.accept(normalise(rulebook, columns, texts), whole[LINE].to_numpy())
    for line, _, *cells in whole[odd].iter_rows():
        plain, doubts = source.dialect.cells(source.columns, cells)
        reading.judge(line, intake_of(rulebook, source.columns, plain), _given(source, cells), doubts)


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, GivenRow]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    found = _rows(source, chunk).filter(pl.col(LINE).is_in(list(lines)))
    return {line: _given(source, cells) for line, _, *cells in found.iter_rows()}


def _rows(source: Source, chunk: Chunk) -> pl.DataFrame:
    frame = scan_parquet(source.path).slice(chunk.offset, chunk.length).collect()
    if source.marked:
        frame = frame.with_columns(unmarked(str(place) for place in range(len(source.columns))))
    return frame


def _given(source: Source, cells: Sequence[str | None]) -> GivenRow:
    shown = {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
    return GivenRow("", shown)


def _problem(source: Source, damage: str) -> Problem:
    place, _, why = damage.partition("\t")
    return Problem(why, key=source.columns[int(place)].name if place else "")
