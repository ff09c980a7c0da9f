"""One large batch of inputs of every kind, with damage in each, and how many rows are to be refused."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

import afterrun
from tests.support.batches.runs import random_intakes
from tests.support.batches.workbooks import xlsx

SAMPLE = 20_000
DAMAGED_EACH, TWICE_EACH, TWICE_FROM = 33, 90, 100
"""Which rows are damaged, and which have the id of the row so many before."""
MOST_OF_A_SHEET = 60_000
"""Rows; a sheet of more cells than some 90,000 rows have is refused."""

Row = list[str]


class EveryKind(NamedTuple):
    """The inputs, and what has to become of their rows."""

    inputs: list[str]
    kinds: list[str]
    rows: int
    rejects: int


def every_kind(rulebook: afterrun.Rulebook, folder: Path, rows: int) -> EveryKind:
    """CSV, packed JSON lines, Parquet, a workbook, SQLite and DuckDB, as far as their libraries are there."""
    sample = random_intakes(rulebook, min(rows, SAMPLE))
    units = [quantity.unit_key for quantity in rulebook.quantities.values()]
    header = ["record_id", *units, *rulebook.questions]
    kinds: dict[str, Callable[[Path, list[str], Sequence[Row]], str]] = {
        "csv": _csv,
        "jsonl.gz": _json_lines,
        "parquet": _parquet,
    }
    if find_spec("python_calamine"):
        kinds["xlsx"] = _workbook
    if find_spec("sqlalchemy") and find_spec("duckdb_engine"):
        kinds |= {"sqlite": _sqlite, "duckdb": _duckdb}
    made, left = _rows(sample, header, rows), rows
    inputs = []
    for place, (kind, write) in enumerate(kinds.items()):
        share = left // (len(kinds) - place)
        count = min(share, MOST_OF_A_SHEET) if kind == "xlsx" else share
        inputs.append(write(folder / f"in.{kind}", header, list(islice(made, count))))
        left -= count
    return EveryKind(inputs, list(kinds), rows, _refused(rows))


def _refused(rows: int) -> int:
    damaged = set(range(0, rows, DAMAGED_EACH))
    twice = range(TWICE_FROM, rows, TWICE_EACH)
    return len(damaged) + sum(place not in damaged and place - TWICE_FROM not in damaged for place in twice)


def _rows(sample: Sequence[dict[str, Any]], header: Sequence[str], rows: int) -> Iterator[Row]:
    for place in range(rows):
        intake = sample[place % len(sample)]
        twice = place >= TWICE_FROM and (place - TWICE_FROM) % TWICE_EACH == 0
        named = {**intake, "record_id": f"P{place - TWICE_FROM if twice else place}"}
        if place % DAMAGED_EACH == 0:
            named["age_years"] = ("old", "340", "34.5", "-1")[place // DAMAGED_EACH % 4]
        yield [_cell(named.get(name)) for name in header]


def _cell(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else "" if value is None else str(value)


def _csv(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return str(path)


def _json_lines(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as stream:
        for row in rows:
            stream.write(json.dumps(dict(zip(header, row, strict=True))) + "\n")
    return str(path)


def _frame(header: list[str], rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, dict.fromkeys(header, pl.String), orient="row")


def _parquet(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    _frame(header, rows).write_parquet(path)
    return str(path)


def _workbook(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    return str(xlsx(path, {"intakes": [header, *rows]}))


def _sqlite(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    with closing(sqlite3.connect(path)) as opened:
        opened.execute(f"CREATE TABLE i ({', '.join(f'{name} TEXT' for name in header)})")
        opened.executemany(f"INSERT INTO i VALUES ({', '.join('?' * len(header))})", rows)
        opened.commit()
    return f"sqlite:///{path}?table=i"


def _duckdb(path: Path, header: list[str], rows: Sequence[Row]) -> str:
    import duckdb

    laid = path.with_suffix(".parquet-of-it")
    _frame(header, rows).write_parquet(laid)
    with duckdb.connect(str(path)) as opened:
        opened.execute(f"CREATE TABLE i AS SELECT * FROM read_parquet('{laid}')")
    return f"duckdb:///{path}?table=i"
