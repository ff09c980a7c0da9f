"""Files of columns, each by its exact path.

To polars a name with `[`, `*` or `?` is a pattern that may meet the files beside it, and `key=value` in a
path is a column. Here a path is a path; nothing else in this room reads files of columns.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from afterrun.errors import Problem, ProblemsError

DAMAGES = (PolarsError, PanicException, OSError)
"""What polars says of a file that is damaged."""


def scan_parquet(*paths: Path) -> pl.LazyFrame:
    """Parquet files, one after the other."""
    return pl.scan_parquet([each.absolute() for each in paths], glob=False, hive_partitioning=False)


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """A Parquet file that we wrote, or some of its columns."""
    rows = scan_parquet(path)
    return (rows if columns is None else rows.select(columns)).collect()


def height_of(path: Path) -> int | None:
    """The rows of a Parquet file by its footer; None where there is no whole file."""
    try:
        rows: int = scan_parquet(path).select(pl.len()).collect().item()
    except DAMAGES:
        return None
    return rows


def scan_csv(path: Path, separator: str = ",") -> pl.LazyFrame:
    """A CSV file as columns of text."""
    return pl.scan_csv(path.absolute(), infer_schema=False, glob=False, separator=separator)


def scan_json_lines(path: Path) -> pl.LazyFrame:
    """A file of JSON lines, with every column that any line has."""
    return pl.scan_ndjson(glob.escape(str(path.absolute())), infer_schema_length=None)


def scan_arrow(path: Path) -> pl.LazyFrame:
    """An Arrow file."""
    return pl.scan_ipc(path.absolute(), glob=False, hive_partitioning=False)


def damaged_parquet(error: BaseException, name: str, line: int | None = None) -> ProblemsError:
    """What to say of a Parquet file of somebody's that cannot be read."""
    return ProblemsError([Problem(f"cannot be read as a Parquet file: {str(error)[:200]}", name, line)])
