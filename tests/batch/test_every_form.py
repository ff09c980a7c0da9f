"""Whatever form intakes come in, each row is what `assess` says of its intake: files, tables and frames."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

import afterrun
from afterrun.batch import Columns, names_in
from afterrun.rulebook import engine_of
from tests.support.batches.runs import (
    batch,
    differences,
    expected_row,
    random_intakes,
    rows_of,
    write_csv,
    write_jsonl,
    write_parquet,
)
from tests.support.batches.workbooks import ods, xlsx
from tests.support.random_input.intakes import as_many

pytestmark = pytest.mark.slow

ROWS = 20_000 if settings.get_current_profile_name() == "long" else as_many(400)
"""`make attack` tries many more."""
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def intakes(rulebook: afterrun.Rulebook) -> Rows:
    return random_intakes(rulebook, ROWS, seed=16)


@pytest.fixture(scope="module")
def wanted(rulebook: afterrun.Rulebook, intakes: Rows) -> Rows:
    return [expected_row(rulebook, intake) for intake in intakes]


@pytest.fixture(scope="module")
def table(
    rulebook: afterrun.Rulebook, intakes: Rows, tmp_path_factory: pytest.TempPathFactory
) -> list[list[str]]:
    """The intakes as rows of texts, below their header."""
    path = write_csv(tmp_path_factory.mktemp("forms") / "a.csv", rulebook, intakes)
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def told(rulebook: afterrun.Rulebook, given: Path | str, out: Path, *options: str) -> Rows:
    """What a batch makes of them; none is refused."""
    ran = batch(given, out, *options)
    assert ran.code == 0, ran.err
    return rows_of(rulebook, out)


def equal(found: Sequence[Mapping[str, Any]], wanted: Rows) -> None:
    """Every row the same, in order."""
    assert len(found) == len(wanted)
    for row, each in zip(found, wanted, strict=True):
        assert each.keys() <= row.keys()
        assert differences(each, dict(row)) == {}, each["record_id"]


def written_csv(table: list[list[str]], separator: str, decimal: str, encoding: str, quoting: Any) -> bytes:
    stream = io.StringIO()
    numbers = [[_with(decimal, cell) for cell in row] for row in table[1:]]
    csv.writer(stream, delimiter=separator, quoting=quoting).writerows([table[0], *numbers])
    return stream.getvalue().encode(encoding)


def _with(decimal: str, cell: str) -> str:
    return cell.replace(".", decimal) if cell.replace(".", "", 1).isdigit() else cell


@pytest.mark.parametrize(
    ("separator", "decimal", "encoding", "quoting", "out"),
    [
        (",", ".", "utf-8", csv.QUOTE_MINIMAL, "out"),
        (",", ".", "utf-8-sig", csv.QUOTE_ALL, "out.csv"),
        (";", ",", "cp1252", csv.QUOTE_MINIMAL, "out.jsonl"),
        (";", ".", "utf-8", csv.QUOTE_ALL, "out.arrow"),
        ("\t", ",", "utf-16", csv.QUOTE_MINIMAL, "out.parquet"),
        ("|", ".", "utf-8", csv.QUOTE_MINIMAL, "out"),
    ],
)
def test_csv(
    rulebook: afterrun.Rulebook,
    table: list[list[str]],
    wanted: Rows,
    tmp_path: Path,
    separator: str,
    decimal: str,
    encoding: str,
    quoting: int,
    out: str,
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(written_csv(table, separator, decimal, encoding, quoting))
    options = ("--decimal", decimal) if decimal == "," else ()
    equal(told(rulebook, path, tmp_path / out, *options), wanted)


def test_json_lines(rulebook: afterrun.Rulebook, intakes: Rows, wanted: Rows, tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "in.jsonl", intakes)
    equal(told(rulebook, path, tmp_path / "out"), wanted)


def test_parquet(rulebook: afterrun.Rulebook, intakes: Rows, wanted: Rows, tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "in.parquet", rulebook, intakes)
    equal(told(rulebook, path, tmp_path / "out"), wanted)


@pytest.mark.parametrize("make", [xlsx, ods])
def test_workbooks(
    rulebook: afterrun.Rulebook, table: list[list[str]], wanted: Rows, tmp_path: Path, make: Any
) -> None:
    pytest.importorskip("python_calamine", reason="the extra 'sheets' is not installed")
    cells = [[_cell(text) for text in row] for row in table]
    path = make(tmp_path / f"in.{make.__name__}", {"Intakes": cells})
    equal(told(rulebook, path, tmp_path / "out"), wanted)


def _cell(text: str) -> Any:
    return float(text) if text.replace(".", "", 1).isdigit() else text or None


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_tables_of_databases(
    rulebook: afterrun.Rulebook, table: list[list[str]], wanted: Rows, tmp_path: Path, kind: str
) -> None:
    for module in ("sqlalchemy", "duckdb_engine", "psycopg"):
        pytest.importorskip(module, reason="the extra 'db' is not installed")
    path, columns = tmp_path / "a.db", ", ".join(f'"{name}" TEXT' for name in table[0])
    if kind == "sqlite":
        with sqlite3.connect(path) as opened:
            opened.execute(f"CREATE TABLE t ({columns})")
            opened.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(table[0]))})", table[1:])
        opened.close()
    else:
        import duckdb

        frame = pl.DataFrame(table[1:], schema=table[0], orient="row")
        frame.write_parquet(tmp_path / "t.parquet")
        with duckdb.connect(str(path)) as held:
            held.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{tmp_path}/t.parquet')")
    found = told(rulebook, f"{kind}:///{path}?table=t", tmp_path / "out")
    # Its rows have no order of their own.
    equal(_sorted(found), _sorted(wanted))
    assert batch(f"{kind}:///{path}?table=t", f"{kind}:///{path}?table=found").code == 0
    with _driver(kind)(str(path)) as opened:
        rows = opened.execute('SELECT "record_id", "triage" FROM found').fetchall()
    opened.close()
    assert sorted(rows) == sorted((row["record_id"], row["triage"]) for row in wanted)


def _driver(kind: str) -> Callable[[str], Any]:
    if kind == "sqlite":
        return sqlite3.connect
    import duckdb

    return duckdb.connect


def _sorted(rows: Rows) -> Rows:
    return sorted(rows, key=lambda each: str(each["record_id"]))


@pytest.mark.parametrize("kind", ["eager", "lazy", "pandas", "pyarrow", "duckdb"])
def test_frames(rulebook: afterrun.Rulebook, intakes: Rows, wanted: Rows, tmp_path: Path, kind: str) -> None:
    if kind not in ("eager", "lazy"):
        for module in ("narwhals", "pandas", "pyarrow", "duckdb"):
            pytest.importorskip(module, reason="the extra 'frames', pandas or DuckDB is not installed")
    path = write_parquet(tmp_path / "in.parquet", rulebook, intakes)
    given, back = _of_kind(kind, path)
    found = back(afterrun.assess_frame(given, rulebook))
    assert found["reject_reason"].is_null().all()
    rules = engine_of(rulebook, Columns).rules
    rows = [
        {**row, "fired": set(names_in(rules, row["fired"]))}
        for row in found.sort("line").iter_rows(named=True)
    ]
    equal([_without_nan(row) for row in rows], wanted)


def _of_kind(kind: str, path: Path) -> tuple[Any, Callable[[Any], pl.DataFrame]]:
    """A frame of a library, and the way back from what comes of it."""
    frame = pl.read_parquet(path)
    if kind == "eager":
        return frame, lambda found: found
    if kind == "lazy":
        return frame.lazy(), lambda found: found.collect()
    if kind == "pandas":
        return frame.to_pandas(), pl.from_pandas
    if kind == "pyarrow":
        return frame.to_arrow(), lambda found: pl.DataFrame(pl.from_arrow(found))
    import duckdb

    return duckdb.read_parquet(str(path)), lambda found: found.pl()


def _without_nan(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(each, float) and each != each else each for name, each in row.items()}
