"""A frame of intakes in, a frame of decided rows of the same kind out.

The same checks, rules and columns as for files: a frame is read as a Parquet file with its columns is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import polars as pl

from afterrun.batch.crew.orders import output_of
from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.layout import schema_of
from afterrun.batch.input.sources import Source
from afterrun.batch.input.tables import typed_table
from afterrun.batch.read.duplicates import keyed, said_twice
from afterrun.batch.read.parquet_reader import read_frame
from afterrun.batch.read.reading import Reading
from afterrun.batch.request import Options, Tell
from afterrun.errors import Problem, ProblemsError
from afterrun.extras import way_to
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook, engine_of, load_rulebook

NAME = "frame"
"""What stands for the name of a file."""
_REASON = "reject_reason"
BLANK = "the row holds no answer"
KINDS = "a Polars, pandas, PyArrow or DuckDB frame"

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
    passed over in them. Raises ProblemsError where no column is a question,
    or one cannot hold its answers, and TypeError for what is no such frame.

    >>> import polars as pl
    >>> decided = assess_frame(pl.DataFrame({"warning_signs": ["calf_swollen", "calf"]}))
    >>> decided["triage"].to_list(), decided["reject_reason"].is_null().to_list()
    (['urgent', None], [True, False])
    """
    rulebook = load_rulebook() if rulebook is None else rulebook
    assessor = _Assessor(rulebook, Options(columns=tuple(columns), explain=explain), how, tell)
    given: Any = frame
    made: Any
    if isinstance(given, pl.DataFrame):
        made = assessor.assessed(given)
    elif isinstance(given, pl.LazyFrame):
        # What is wrong with the columns is said now, and the rest happens when somebody collects.
        assessor.source(pl.DataFrame(schema=given.collect_schema()))
        made = given.map_batches(
            assessor.assessed,
            predicate_pushdown=False,
            projection_pushdown=False,
            slice_pushdown=False,
            schema=assessor.schema,
        )
    else:
        made = _translated(given, assessor.assessed)
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

    def source(self, frame: pl.DataFrame) -> Source:
        """A frame as an input of a batch. Raises ProblemsError."""
        table = typed_table(self._rulebook, frame.lazy(), frame.height, NAME, self._how)
        return Source(0, NAME, None, Path(NAME), "parquet", 0, "", *table, self._how.pseudonyms)

    def assessed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Every row, decided or refused, in its place."""
        source = self.source(frame)
        for note in source.notes:
            self._tell(f"{NAME}: {note}")
        decided, refused = [self._decided(pl.DataFrame(schema=schema_of(self._rulebook)))], [_NONE_REFUSED]
        id_column = next((each.name for each in source.columns if each.role == "record_id"), "")
        for begin in range(0, frame.height, self._rows_at_once):
            reading = Reading(self._rulebook, source)
            read_frame(reading, frame.slice(begin, self._rows_at_once), begin + 1)
            read = reading.finish()
            decided.append(self._decided(read.frame))
            told = [
                (each.given.cells.get(id_column) or None, each.line, each.reason) for each in read.rejects
            ]
            refused.append(pl.DataFrame(told, _NONE_REFUSED.schema, orient="row"))
        whole = pl.concat(decided)
        refused.append(_blank_ones(frame.height, whole, refused))
        later = _later_ones(whole)
        return self._whole(whole.join(later, on="line", how="anti"), pl.concat([*refused, later]))

    def _decided(self, checked: pl.DataFrame) -> pl.DataFrame:
        return self._output.keep(engine_of(self._rulebook, Columns).decide(checked))

    def _whole(self, decided: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
        """The columns that are handed out, those refused between the other rows."""
        shown = decided.select(self._output.columns).with_columns(pl.lit(None, pl.String).alias(_REASON))
        if refused.is_empty():
            return shown
        places = pl.concat([decided.get_column("line"), refused.get_column("line")])
        known = refused.with_columns(source=pl.lit(0, pl.UInt32))
        blank = shown.clear(refused.height).with_columns(
            known.get_column(name) for name in known.columns if name in shown.columns
        )
        return pl.concat([shown, blank])[places.arg_sort()]


_NONE_REFUSED = pl.DataFrame(schema={RECORD_ID: pl.String, "line": pl.UInt64, _REASON: pl.String})


def _blank_ones(rows: int, decided: pl.DataFrame, refused: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The lines of rows that hold no answer: in a file they are passed over, here they keep their place."""
    known = pl.concat([each.get_column("line") for each in (decided, *refused)])
    if len(known) == rows:
        return _NONE_REFUSED
    lines = pl.DataFrame({"line": range(1, rows + 1)}, {"line": pl.UInt64})
    return lines.join(known.to_frame(), on="line", how="anti").select(
        pl.lit(None, pl.String).alias(RECORD_ID), "line", pl.lit(BLANK).alias(_REASON)
    )


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
    return told.select(RECORD_ID, "line", pl.Series(_REASON, reasons))


def _translated(frame: Any, assessed: Callable[[pl.DataFrame], pl.DataFrame]) -> Any:
    """The same for frames of other libraries, by way of Polars."""
    try:
        import narwhals as nw
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(way_to("narwhals"), name=error.name) from None
    given: Any = nw.from_native(frame, pass_through=True)
    kind: Any = getattr(given, "implementation", None)
    if kind not in (nw.Implementation.PANDAS, nw.Implementation.PYARROW, nw.Implementation.DUCKDB):
        raise TypeError(
            f"assess_frame takes {KINDS}, not {type(frame).__module__}.{type(frame).__qualname__}"
        )
    if kind is nw.Implementation.DUCKDB:
        return nw.from_native(assessed(given.collect("polars").to_native())).lazy("duckdb").to_native()
    decided = nw.from_native(assessed(_as_polars(given)))
    if kind is nw.Implementation.PYARROW:
        return decided.to_arrow()
    return decided.to_pandas().set_axis(frame.index, axis="index")


def _as_polars(given: Any) -> pl.DataFrame:
    """A frame column by column, so that one that is no column is told by its name."""
    columns, problems = dict[str, pl.Series](), list[Problem]()
    for name in given.columns:
        try:
            columns[name] = given[name].to_polars()
        except Exception as error:  # every library has errors of its own for values of several types
            said = f"cannot be read as a column of one type: {error}"
            problems.append(Problem(said, NAME, key=str(name)))
    if problems:
        raise ProblemsError(problems)
    return pl.DataFrame(columns)
