"""What every reader gives back, and how it judges the rows that a column check found suspect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.cells import intake_of
from afterrun.batch.input.headers import Column
from afterrun.batch.input.layout import row_of, schema_of
from afterrun.batch.input.rejects import Reject, for_problems
from afterrun.batch.read.sheet import LARGEST
from afterrun.errors import EngineFault, IntakeError, Problem
from afterrun.intake import MILLION, Answers, read_answers
from afterrun.rulebook import Rulebook

Place = tuple[int, str, int]
"""Source, file, line."""


class ChunkRead(NamedTuple):
    """A part of a source, read: every row of it is either in the frame or among the rejects."""

    frame: pl.DataFrame
    """In the layout, in the order of the file."""
    rejects: list[Reject]
    rows_in: int


def judge_cells(
    rulebook: Rulebook,
    columns: Sequence[Column],
    cells: Sequence[Any],
    place: Place,
    raw: str,
    shown: Mapping[str, str],
) -> dict[str, Any] | Reject:
    """A table row by itself: its row of the layout, or why it is refused."""
    intake, problems = intake_of(rulebook, columns, cells)
    try:
        answers = read_answers(rulebook, intake)
    except IntakeError as error:
        problems = [*problems, *error.problems]
    if problems:
        return for_problems(place, problems, raw, shown)
    return accept(rulebook, answers, place, raw, shown)


def accept(
    rulebook: Rulebook, answers: Answers, place: Place, raw: str, shown: Mapping[str, str]
) -> dict[str, Any] | Reject:
    """The row of accepted answers; a reject where a column cannot hold what an intake can."""
    problems = [
        Problem("is too large for a column", key=key)
        for key, value in answers.values.items()
        if isinstance(value, Fraction) and abs(value * MILLION) >= LARGEST
    ]
    try:
        (answers.record_id or "").encode("utf-8")
    except UnicodeEncodeError:
        problems.append(Problem("is no text: it holds half a character", key="record_id"))
    if problems:
        return for_problems(place, problems, raw, shown)
    return row_of(rulebook, answers, line=place[2], source=place[0])


def gather(
    rulebook: Rulebook,
    checked: Sequence[pl.DataFrame],
    rows: Sequence[Mapping[str, Any]],
    rejects: list[Reject],
    rows_in: int,
) -> ChunkRead:
    """All of a chunk, in the order of the file; that nothing was lost or doubled is checked here."""
    frame = pl.concat([pl.DataFrame(schema=schema_of(rulebook)), *checked])
    if rows:
        # An accepted row among the suspects goes back to its place.
        frame = pl.concat([frame, pl.DataFrame(rows, schema=schema_of(rulebook), orient="row")]).sort("line")
    rejects = sorted(rejects, key=lambda each: each.line)
    refused = len({each.line for each in rejects})
    if rows_in != frame.height + refused or refused != len(rejects):
        raise EngineFault(f"{rows_in} rows came in, {frame.height} were read, {len(rejects)} refused")
    return ChunkRead(frame, rejects, rows_in)
