"""Frames of other libraries: to Polars column by column, and back as the caller's own kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import polars as pl
from polars.exceptions import PanicException

from afterrun.batch.foreign.laid import text_of
from afterrun.errors import Problem, ProblemsError
from afterrun.extras import way_to

KINDS = "a Polars, pandas, PyArrow or DuckDB frame"
_PLAIN = (str, bool, int, float, Decimal, date, time, UUID)
_SEVERAL = (list, tuple, set, frozenset, np.ndarray)
_NO_NAME = "Unnamed: "
"""How pandas begins the name of a column that has none in a header of several rows."""
_LEVELS_OF_HEADER = 3
"""Of a header as Qualtrics writes it, read as such."""

Meant = Callable[[Sequence[str]], Sequence[bool]]
"""Of names of columns, which are read."""


class Given(NamedTuple):
    """A frame as Polars has it, and the way back."""

    frame: pl.DataFrame
    back: Callable[[pl.DataFrame], Any]
    """Takes as many rows, in the same order."""


def given_frame(frame: Any, name: str, are_read: Meant) -> Given:
    """A frame of another library. What `name` calls has the problems.

    Named levels of a pandas index that mean something are columns, as they are once it is saved. Raises
    ProblemsError for columns that cannot be read, and TypeError for what is no such frame.
    """
    try:
        import narwhals as nw
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(way_to("narwhals"), name=error.name) from None
    known = nw.dependencies
    if known.is_pandas_dataframe(frame):
        names, columns = _of_pandas(frame, name, are_read)
        made = _as_polars(names, columns, name, are_read)
        return Given(made, lambda rows: nw.from_native(rows).to_pandas().set_axis(frame.index, axis="index"))
    arrow = known.get_pyarrow()
    if known.is_pyarrow_table(frame) or (arrow is not None and isinstance(frame, arrow.RecordBatch)):
        names = list(map(str, frame.schema.names))
        table = frame if known.is_pyarrow_table(frame) else arrow.Table.from_batches([frame])
        made = _as_polars(names, table.columns, name, are_read)
        if table is frame:
            return Given(made, lambda rows: nw.from_native(rows).to_arrow())
        return Given(made, lambda rows: _one_batch(nw.from_native(rows).to_arrow()))
    if known.is_duckdb_relation(frame):
        refuse_doubled(list(map(str, frame.columns)), name)
        made = nw.from_native(frame).collect("polars").to_native()
        return Given(made, lambda rows: nw.from_native(rows).lazy("duckdb").to_native())
    raise TypeError(f"assess_frame takes {KINDS}, not {type(frame).__module__}.{type(frame).__qualname__}")


def _one_batch(table: Any) -> Any:
    import pyarrow as pa

    whole = table.combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema=table.schema)


def _of_pandas(frame: Any, name: str, are_read: Meant) -> tuple[list[str], list[Any]]:
    """The columns, and behind them what only the index says."""
    names = _flat(frame.columns, name)
    columns = [_by_values(frame.iloc[:, place]) for place in range(len(names))]
    told = [(level, str(called)) for level, called in enumerate(frame.index.names) if called is not None]
    for (level, called), is_read in zip(told, are_read([called for _, called in told]), strict=True):
        if is_read and called.strip().lower() not in {each.strip().lower() for each in names}:
            names.append(called)
            columns.append(frame.index.get_level_values(level).to_series())
    return names, columns


def _by_values(column: Any) -> Any:
    """A column; where its categories are numbers they are its values, and no texts."""
    of_numbers = str(column.dtype) == "category" and column.cat.categories.dtype.kind in "biuf"
    return column.astype(object) if of_numbers else column


def _flat(columns: Any, name: str) -> list[str]:
    """Names as texts; of several levels those that only one of them tells. Raises ProblemsError."""
    if columns.nlevels == 1:
        return list(map(str, columns))
    parts = [[text for text in map(str, each) if text and not text.startswith(_NO_NAME)] for each in columns]
    several = next((each for each in parts if len(each) > 1), None)
    if several:
        hint = (
            "read the file with header=0"
            if columns.nlevels == _LEVELS_OF_HEADER
            else "give them names of one"
        )
        said = f"the columns have names of several levels, such as '{' / '.join(several)[:80]}'; {hint}"
        raise ProblemsError([Problem(said, name)])
    return ["".join(each) for each in parts]


def refuse_doubled(names: Sequence[str], name: str) -> None:
    """Raise ProblemsError where a column of a frame is there twice."""
    twice = [each for each, times in Counter(names).items() if times > 1]
    if twice:
        raise ProblemsError([Problem("the column is there twice", name, key=each) for each in twice])


def _as_polars(names: Sequence[str], columns: Sequence[Any], name: str, are_read: Meant) -> pl.DataFrame:
    """Columns of any library as one frame. One whose cells are of several types is text, as in a file."""
    import narwhals as nw

    refuse_doubled(names, name)
    made, problems = dict[str, pl.Series](), list[Problem]()
    for called, column, is_read in zip(names, columns, are_read(names), strict=True):
        series: Any = nw.from_native(column, series_only=True)
        try:
            made[called] = series.to_polars()
        except (Exception, PanicException):  # every library has errors of its own, and Polars panics
            texts = list(_texts(series, strictly=is_read))
            wrong = next((row for row, text in enumerate(texts, start=1) if isinstance(text, _Other)), None)
            if wrong is not None:
                said = f"row {wrong} holds neither text nor a number, nor a list of them"
                problems.append(Problem(said, name, key=called))
            else:
                made[called] = pl.Series(called, texts, dtype=pl.String)
    if problems:
        raise ProblemsError(problems)
    return pl.DataFrame(made)


class _Other:
    """A value that no cell of a file could hold."""


def _texts(series: Any, *, strictly: bool) -> Iterator[str | _Other | None]:
    """Each value as the text that a cell would hold; with `strictly` what none could hold is told apart."""
    for value, is_null in zip(series.to_list(), series.is_null().to_list(), strict=True):
        plain = value.item() if isinstance(value, np.generic) else value
        inside = list(plain) if isinstance(plain, _SEVERAL) else [plain]
        if is_null:
            yield None
        elif all(each is None or isinstance(each, (*_PLAIN, np.generic)) for each in inside):
            yield text_of([str(each) for each in inside] if isinstance(plain, _SEVERAL) else plain)
        else:
            yield _Other() if strictly else str(value)
