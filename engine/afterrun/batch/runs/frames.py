"""A frame of intakes in, a frame of decided rows of the same kind out.

The same checks, rules and columns as for files: a frame is read as a Parquet file with its columns is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl

from afterrun.batch.crew.orders import output_of
from afterrun.batch.decide.columns import Columns
from afterrun.batch.foreign.frames import given_frame, refuse_doubled
from afterrun.batch.input.form.columns import REASON
from afterrun.batch.input.form.header_rows import names_below
from afterrun.batch.input.form.headers import meanings_of, refuse_unknown
from afterrun.batch.input.form.names import Names
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.layout import schema_of
from afterrun.batch.input.rejects import cell
from afterrun.batch.input.sources import Source
from afterrun.batch.input.tables import typed_table
from afterrun.batch.read.duplicates import keyed, said_twice
from afterrun.batch.read.parquet_reader import read_frame
from afterrun.batch.read.reading import Reading
from afterrun.batch.request import Options, Tell
from afterrun.errors import ProblemsError
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook, engine_of, load_rulebook

NAME = "frame"
"""What stands for the name of a file."""
BLANK = "the row holds no answer"
HEADER = "the row is part of the header, which Qualtrics writes in three rows"

Frame = TypeVar("Frame")


def assess_frame(
    frame: Frame,
    rulebook: Rulebook | None = None,
    *,
    columns: Sequence[str] = (),
    explain: bool = False,
    how: How = AS_IT_IS,
    tell: Tell = lambda note: None,
) -> Frame:
    """Assess each row of a frame of intakes; a frame of the same kind comes back, row for row.

    Takes a Polars frame, eager or lazy, a pandas or PyArrow one, or a DuckDB relation, with the columns that
    `afterrun batch` takes. What comes back has the columns of its Parquet files, those chosen by `columns` or
    all; with `explain` the reasons too. Its rows stand in the order given, as many as came in, with the index
    that a pandas frame had. A row that cannot be used stays in its place: `reject_reason` says why, and
    beside its place and id nothing else does. In all other rows it is null, so look there first.

    `how` tells what columns and cells mean where they do not say so themselves, and `tell` is given what was
    passed over in them. Raises ProblemsError where no column is a question, or one cannot hold its answers,
    UnknownNameError for a name in `columns` or `how` that there is not, TypeError for what is no such frame.

    >>> import polars as pl
    >>> decided = assess_frame(pl.DataFrame({"warning_signs": ["calf_swollen", "calf"]}))
    >>> decided["triage"].to_list(), decided["reject_reason"].is_null().to_list()
    (['urgent', None], [True, False])
    """
    rulebook = load_rulebook() if rulebook is None else rulebook
    refuse_unknown(rulebook, how)
    chosen = (columns,) if isinstance(columns, str) else tuple(columns)
    assessor = _Assessor(rulebook, Options(columns=chosen, explain=explain), how, tell)
    given: Any = frame
    made: Any
    if isinstance(given, pl.DataFrame):
        made = assessor.assessed(given)
    elif isinstance(given, pl.LazyFrame):
        # What is wrong with the columns is said now, and the rest happens when somebody collects.
        try:
            assessor.source(pl.DataFrame(schema=given.collect_schema()))
        except ProblemsError:
            # Names that mean nothing may have a header of more rows below them.
            assessor.source(given.head(2).collect())
        made = given.map_batches(
            assessor.assessed,
            predicate_pushdown=False,
            projection_pushdown=False,
            slice_pushdown=False,
            schema=assessor.schema,
        )
    else:
        other = given_frame(given, NAME, assessor.are_read)
        made = other.back(assessor.assessed(other.frame))
    return cast(Frame, made)


class _Assessor:
    """What is made of frames."""

    def __init__(self, rulebook: Rulebook, options: Options, how: How, tell: Tell) -> None:
        self._rulebook, self._how, self._tell = rulebook, how, tell
        self._rows_at_once = options.rows_per_chunk
        self._output = output_of(rulebook, options)
        self.schema = self._whole(
            self._decided(pl.DataFrame(schema=schema_of(rulebook))), _NONE_REFUSED
        ).schema

    def source(self, frame: pl.DataFrame) -> tuple[Source, pl.DataFrame, int]:
        """A frame as an input of a batch, with the names that its columns go by, and how many of its rows
        belong to its header. Raises ProblemsError."""
        frame, header_rows = self._below_header(frame)
        rows = frame[header_rows:]
        table = typed_table(self._rulebook, rows.lazy(), rows.height, NAME, self._how)
        source = Source(0, NAME, None, Path(NAME), "parquet", 0, "", *table, self._how.pseudonyms)
        return source, frame, header_rows

    def _below_header(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
        """An export of several rows of header that was read as if it had one; any other frame as it is."""
        texts = [each.cast(pl.String) if each.dtype == pl.Null else each for each in frame.head(2)]
        if any(each.dtype != pl.String for each in texts):
            return frame, 0
        below = [[cell or "" for cell in row] for row in pl.DataFrame(texts).iter_rows()]
        names, rows = names_below(engine_of(self._rulebook, Names), frame.columns, below)
        if not rows:
            return frame, 0
        refuse_doubled(names, NAME)
        return frame.rename(dict(zip(frame.columns, names, strict=True))), rows

    def assessed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Every row, decided or refused, in its place."""
        source, frame, header_rows = self.source(frame)
        for note in source.notes:
            self._tell(f"{NAME}: {note}")
        decided, refused = [self._decided(pl.DataFrame(schema=schema_of(self._rulebook)))], [_NONE_REFUSED]
        of_header = {RECORD_ID: None, "line": range(1, header_rows + 1), REASON: HEADER}
        refused.append(pl.DataFrame(of_header, _NONE_REFUSED.schema))
        id_column = next((each.name for each in source.columns if each.role == "record_id"), "")
        for begin in range(header_rows, frame.height, self._rows_at_once):
            reading = Reading(self._rulebook, source)
            read_frame(reading, frame.slice(begin, self._rows_at_once), begin + 1)
            read = reading.finish()
            decided.append(self._decided(read.frame))
            reasons = [
                (each.given.cells.get(id_column) or None, each.line, each.reason) for each in read.rejects
            ]
            refused.append(pl.DataFrame(reasons, _NONE_REFUSED.schema, orient="row"))
        whole = pl.concat(decided)
        blank = _blank_lines(frame.height, [whole, *refused])
        ids = self._ids(source, frame.get_column(id_column)[blank - 1]) if id_column else None
        told = {RECORD_ID: ids or [None] * len(blank), "line": blank, REASON: [BLANK] * len(blank)}
        refused.append(pl.DataFrame(told, _NONE_REFUSED.schema))
        later = _later_ones(whole)
        return self._whole(whole.join(later, on="line", how="anti"), pl.concat([*refused, later]))

    def are_read(self, names: Sequence[str]) -> list[bool]:
        """Of each of a frame's columns whether it is read."""
        return [bool(each) for each in meanings_of(self._rulebook, self._how, names)]

    def _ids(self, source: Source, cells: pl.Series) -> list[str | None]:
        """Record ids as they are shown."""
        texts = [cell(each).strip() for each in cells]
        if source.pseudonyms is not None:
            texts = [source.pseudonyms.of(each) if each else each for each in texts]
        return [each or None for each in texts]

    def _decided(self, checked: pl.DataFrame) -> pl.DataFrame:
        return self._output.keep(engine_of(self._rulebook, Columns).decide(checked))

    def _whole(self, decided: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
        """The columns that are handed out, those refused between the other rows."""
        shown = decided.select(self._output.columns).with_columns(pl.lit(None, pl.String).alias(REASON))
        if refused.is_empty():
            return shown
        places = pl.concat([decided.get_column("line"), refused.get_column("line")])
        known = refused.with_columns(source=pl.lit(0, pl.UInt32))
        blank = shown.clear(refused.height).with_columns(
            known.get_column(name) for name in known.columns if name in shown.columns
        )
        return pl.concat([shown, blank])[places.arg_sort()]


_NONE_REFUSED = pl.DataFrame(schema={RECORD_ID: pl.String, "line": pl.UInt64, REASON: pl.String})


def _blank_lines(rows: int, known: Sequence[pl.DataFrame]) -> pl.Series:
    """The lines of rows that hold no answer: in a file they are passed over, here they keep their place."""
    lines = pl.Series("line", range(1, rows + 1), dtype=pl.UInt64)
    places = pl.concat([each.get_column("line") for each in known])
    return lines.clear() if len(places) == rows else lines.filter(~lines.is_in(places.implode()))


def _later_ones(decided: pl.DataFrame) -> pl.DataFrame:
    """The lines of rows whose id came before, each with the reason against it."""
    ids = keyed(decided).select("line", key=RECORD_ID).filter(pl.col("key").is_not_null())
    later = ids.filter(~pl.col("key").is_first_distinct())
    if later.is_empty():
        return _NONE_REFUSED
    firsts = ids.unique("key", keep="first", maintain_order=True)
    told = later.join(firsts, on="key", suffix="_first").join(decided.select(RECORD_ID, "line"), on="line")
    told = told.sort("line").select(RECORD_ID, "line", "line_first")
    reasons = [said_twice(record_id, f"row {first}") for record_id, _, first in told.iter_rows()]
    return told.select(RECORD_ID, "line", pl.Series(REASON, reasons))
