"""A table of texts that was laid down from what is no text in, checked columns out."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from afterrun.batch.foreign.laid import DAMAGE, LINE
from afterrun.batch.formula_marks import unmarked
from afterrun.batch.input.cells import LIST_SEPARATOR, intake_of
from afterrun.batch.input.rejects import GivenRow, cell, reason_of
from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read.normalise import normalise
from afterrun.batch.read.reading import Reading
from afterrun.batch.stored import scan_parquet
from afterrun.errors import Problem


def read_cells(reading: Reading, chunk: Chunk) -> None:
    """Read some rows."""
    rulebook, source = reading.rulebook, reading.source
    rows = _rows(source, chunk)
    reading.rows_in += rows.height
    damaged = rows.filter(pl.col(DAMAGE) != "")
    for line, damage, *cells in damaged.iter_rows():
        problems = [_problem(source, each) for each in damage.split("\n")]
        keys = LIST_SEPARATOR.join(dict.fromkeys(each.key for each in problems))
        reading.refuse(line, "cell", reason_of(problems), _given(source, cells), keys)
    whole = rows.filter(pl.col(DAMAGE) == "")
    wanted = [place for place, column in enumerate(source.columns) if column.role != "other"]
    checked = normalise(
        rulebook, [source.columns[place] for place in wanted], whole.select(str(place) for place in wanted)
    )
    odd = reading.accept(checked, whole[LINE].to_numpy())
    if odd:
        for line, _, *cells in whole.filter(pl.col(LINE).is_in(odd)).iter_rows():
            reading.judge(line, *intake_of(rulebook, source.columns, cells), _given(source, cells))


def given_rows(source: Source, chunk: Chunk, lines: Collection[int]) -> dict[int, GivenRow]:
    """The cells of some rows of a chunk that were read before; there is no raw text."""
    found = _rows(source, chunk).filter(pl.col(LINE).is_in(list(lines)))
    return {line: _given(source, cells) for line, _, *cells in found.iter_rows()}


def _rows(source: Source, chunk: Chunk) -> pl.DataFrame:
    frame = scan_parquet(source.path).slice(chunk.offset, chunk.length).collect()
    if source.marked:
        frame = frame.with_columns(unmarked(str(place) for place in range(len(source.columns))))
    return frame


def _given(source: Source, cells: list[str | None]) -> GivenRow:
    shown = {column.name: cell(value) for column, value in zip(source.columns, cells, strict=True)}
    return GivenRow("", shown)


def _problem(source: Source, damage: str) -> Problem:
    place, _, why = damage.partition("\t")
    return Problem(why, key=source.columns[int(place)].name)
