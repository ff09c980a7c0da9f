"""What every reader does with the rows of a chunk: accept them as columns, or judge them one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.input.form.cells import RowIntake
from afterrun.batch.input.form.gaps import as_asked
from afterrun.batch.input.form.words import LIST_SEPARATOR
from afterrun.batch.input.layout import PLACE_COLUMNS, no_rows_of, row_of, schema_of
from afterrun.batch.input.rejects import GivenRow, Kind, Reject, first_told, reason_of
from afterrun.batch.input.sources import Source
from afterrun.batch.read.causes import cause_of, code_for_none
from afterrun.batch.read.columns.sheet import LARGEST, CheckedColumns
from afterrun.batch.read.hidden import hidden_problems, hidden_reject, hidden_rows
from afterrun.errors import EngineFault, IntakeError, Problem
from afterrun.intake import MILLION, Answers, read_answers
from afterrun.rulebook import Rulebook, engine_of

_MOST_LINES = 2**40


class ChunkRead(NamedTuple):
    """A part of a source, read: every row of it is in the frame, among the rejects, or blank."""

    frame: pl.DataFrame
    """In the layout, in the order of the file."""
    rejects: list[Reject]
    rows_in: int
    blank: int = 0
    """Rows that hold nothing at all."""


class Reading:
    """A chunk while it is read; or several small files at once, of the same columns written the same."""

    def __init__(self, rulebook: Rulebook, source: Source) -> None:
        self.rulebook, self.source = rulebook, source
        self.rows_in = self.blank = 0
        self._frames = [engine_of(rulebook, no_rows_of)]
        self._rows: list[Mapping[str, Any]] = []
        self._rejects: list[tuple[int, Reject]] = []

    def accept(
        self,
        checked: CheckedColumns,
        lines: np.ndarray[Any, Any],
        sources: np.ndarray[Any, Any] | None = None,
    ) -> list[int]:
        """Take in the rows of these lines but for the suspect ones, whose places among them it gives back.

        Where there is more than one, `sources` has the place of each row's source among the job's files.
        """
        frame, suspect = checked
        line = pl.Series("line", lines, dtype=pl.UInt64)
        of_source = pl.lit(self.source.index) if sources is None else pl.Series(sources)
        frame = frame.with_columns(line, of_source.cast(pl.UInt32).alias("source"))
        self._frames.append(frame.filter(~suspect) if suspect.any() else frame)
        return suspect.arg_true().to_list()

    def judge(
        self,
        line: int,
        row: RowIntake,
        given: GivenRow,
        doubts: Sequence[Problem] = (),
        source: Source | None = None,
    ) -> None:
        """Accept or refuse a row by itself; `doubts` are what only the way it is written raises."""
        wrong = first_told(doubts, row.problems)
        try:
            answers = read_answers(self.rulebook, row.intake)
            wrong = wrong or _beyond_columns(answers)
        except IntakeError as error:
            wrong = first_told(wrong, error.problems)
        wrong = [*wrong, *code_for_none(source or self.source, given, wrong)]
        if wrong := hidden_problems(self.rulebook, source or self.source, wrong, given):
            keys = LIST_SEPARATOR.join(dict.fromkeys(each.key for each in wrong if each.key))
            cause = cause_of(self.rulebook, source or self.source, line, given, wrong)
            kind, reason = cause or ("not_mended" if row.not_mended else "answer", reason_of(wrong))
            self.refuse(line, kind, reason, given, keys, source)
        else:
            answers = as_asked(self.rulebook, answers, row.columns)
            index = (source or self.source).index
            self._rows.append(row_of(self.rulebook, answers, line, index, row.occasion))

    def refuse(
        self,
        line: int,
        kind: Kind,
        reason: str,
        given: GivenRow,
        question: str = "",
        source: Source | None = None,
    ) -> None:
        """A row that cannot be used."""
        source = source or self.source
        reject = Reject(source.name, line, kind, reason, question, given)
        reject = hidden_reject(self.rulebook, source, reject, given)
        self._rejects.append((source.index, reject))

    def finish(self) -> ChunkRead:
        """All of a chunk, in the order of the file; that nothing was lost or doubled is checked here."""
        if self._rows:
            self._frames.append(pl.DataFrame(self._rows, schema=schema_of(self.rulebook), orient="row"))
        frame = pl.concat(self._frames)
        place = frame.get_column("source").cast(pl.UInt64) * _MOST_LINES + frame.get_column("line")
        if not place.is_sorted():
            frame = frame.sort("source", "line")
        rejects = [each for _, each in sorted(self._rejects, key=lambda each: (each[0], each[1].line))]
        refused = len({(index, each.line) for index, each in self._rejects})
        frame = hidden_rows(self.source, self._without_blank(frame))
        if self.rows_in != frame.height + refused + self.blank or refused != len(rejects):
            raise EngineFault(
                f"{self.rows_in} rows came in, {frame.height} were read, {len(rejects)} refused, "
                f"{self.blank} blank"
            )
        return ChunkRead(frame, rejects, self.rows_in, self.blank)

    def _without_blank(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Of records with several rows those that hold an answer: a record's other forms are no intakes."""
        if not any(column.role == "occasion" for column in self.source.columns):
            return frame
        left = np.arange(frame.height)
        for name in schema_of(self.rulebook):
            if name not in PLACE_COLUMNS and len(left):
                left = left[frame[name].gather(left).is_null().to_numpy()]
        if not len(left):
            return frame
        self.blank += len(left)
        return frame[np.setdiff1d(np.arange(frame.height), left, assume_unique=True)]


def _beyond_columns(answers: Answers) -> list[Problem]:
    """What an intake can hold and a column cannot."""
    return [
        Problem("is too large for a column", key=key)
        for key, value in answers.values.items()
        if isinstance(value, Fraction) and abs(value * MILLION) >= LARGEST
    ]
