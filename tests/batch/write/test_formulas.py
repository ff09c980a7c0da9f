"""Tables that a spreadsheet opens: no cell is run, and what comes back is what was given."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given

from afterrun import Rulebook
from afterrun.batch import write_template
from afterrun.batch.formula_marks import marked, unmarked
from afterrun.spreadsheets import neutral, restored
from tests.support.batches.files import read_all
from tests.support.batches.runs import batch, rows_of, write_jsonl
from tests.support.random_input.intakes import LAW
from tests.test_spreadsheets import SIGNS, TEXTS

IDS = ["=1+1", "+4915112345678", "-5", "@SUM(A1)", "'=x", "''+y", "'tis", "plain", "=a,b", '-"q"', "\uff1d1"]


def by_csv(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.reader(stream)


def by_polars(path: Path) -> Iterator[list[str]]:
    frame = pl.read_csv(path, has_header=False, infer_schema=False)
    yield from ([cell or "" for cell in row] for row in frame.iter_rows())


def by_duckdb(path: Path) -> Iterator[list[str]]:
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.read_csv(str(path), header=False, all_varchar=True, delimiter=",", quotechar='"')
    yield from ([cell or "" for cell in row] for row in found.fetchall())


READERS = pytest.mark.parametrize("read", [by_csv, by_polars, by_duckdb])
Read = Callable[[Path], Iterator[list[str]]]


@pytest.fixture
def given_ids(tmp_path: Path) -> Path:
    """Intakes whose ids look like formulas, in a file that does as well, with some to be refused."""
    path = tmp_path / "=in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["record_id", "age_years", "warning_signs", "=note()"])
        writer.writerows([each, "34", "none", "+1"] for each in IDS)
        writer.writerows([f"{each}!", "-340", "none", "=cmd|' /C calc'!A0"] for each in IDS)
        writer.writerow(["=broken"])
    return path


def formulas(rows: Iterator[list[str]]) -> list[str]:
    return [cell for row in rows for cell in row if cell.startswith(SIGNS)]


@pytest.mark.slow
@READERS
def test_no_cell_of_a_result_begins_like_a_formula(given_ids: Path, tmp_path: Path, read: Read) -> None:
    out = tmp_path / "out.csv"
    assert batch(given_ids.name, out, "--explain", cwd=tmp_path).code == 1
    rows = list(read(out))
    assert formulas(iter(rows)) == []
    assert [restored(row[0]) for row in rows[1:]] == IDS
    assert {restored(row[rows[0].index("source")]) for row in rows[1:]} == {"=in.csv"}


@READERS
def test_in_the_quarantine_only_numbers_of_questions_begin_with_a_sign(
    given_ids: Path, tmp_path: Path, read: Read
) -> None:
    assert batch(given_ids.name, "out.csv", cwd=tmp_path).code == 1
    rows = list(read(tmp_path / "out.csv.rejects.csv"))
    assert rows[0][-1] == "'=note()"
    assert formulas(iter(rows)) == ["-340"] * len(IDS)
    assert rows[-1][4] == "'=broken"


@pytest.mark.parametrize("name", ["out.jsonl", "out.arrow", "out.parquet", "out"])
def test_formats_that_no_spreadsheet_opens_hold_the_ids_as_given(
    rulebook: Rulebook, given_ids: Path, tmp_path: Path, name: str
) -> None:
    assert batch(given_ids, tmp_path / name).code == 1
    assert [row["record_id"] for row in rows_of(rulebook, tmp_path / name)] == IDS


def test_the_stream_is_as_the_file(given_ids: Path, tmp_path: Path) -> None:
    assert batch(given_ids, tmp_path / "out.csv").code == 1
    assert batch(given_ids, "-").out == (tmp_path / "out.csv").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("record_id", IDS)
def test_view_finds_a_row_by_the_id_as_given(given_ids: Path, tmp_path: Path, record_id: str) -> None:
    out = tmp_path / "out.csv"
    assert batch(given_ids, out).code == 1
    run = batch("view", out, "--format", "json", "--", record_id)
    assert run.code == 0, run.err
    assert json.loads(run.out)["record_id"] == record_id


def test_view_finds_a_row_of_standard_input_in_csv(given_ids: Path, tmp_path: Path) -> None:
    piped = given_ids.read_bytes()
    assert batch("-", tmp_path / "out.csv", stdin=piped).code == 1
    run = batch("view", tmp_path / "out.csv", "3", "--format", "json", "--file", "-", stdin=piped)
    assert run.code == 0, run.err


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_mended_rejects_come_back_as_they_were(given_ids: Path, tmp_path: Path, form: str) -> None:
    assert batch(given_ids, tmp_path / "out").code == 1
    rejects = pl.read_csv(tmp_path / "out" / "_rejects.csv", infer_schema=False)
    mended = rejects.filter(pl.col("age_years").is_not_null()).with_columns(age_years=pl.lit("34"))
    back = tmp_path / f"back.{form}"
    mended.write_csv(back) if form == "csv" else mended.write_parquet(back)
    assert batch(back, tmp_path / "again.jsonl").code == 0
    assert pl.read_ndjson(tmp_path / "again.jsonl")["record_id"].to_list() == [f"{each}!" for each in IDS]


def test_rejects_that_are_not_mended_stay_as_they_are_however_often_they_come(
    given_ids: Path, tmp_path: Path
) -> None:
    path, seen = given_ids, []
    for turn in range(3):
        assert batch(path, tmp_path / f"{turn}").code == 1
        path = tmp_path / f"{turn}" / "_rejects.csv"
        table = list(by_csv(path))
        seen.append([row[5:] for row in table])
    assert seen[0] == seen[1] == seen[2]


def test_ids_that_are_read_with_care_are_the_same_as_those_read_in_bulk(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    cells = ["'=a", ' "\'=b"', "'=c\x01", "  '=d", "' =e"]
    path = tmp_path / "back.csv"
    text = "".join(f"x,{each},34\n" for each in cells)
    path.write_text("reject_line,record_id,age_years\n" + text, encoding="utf-8")
    found = read_all(rulebook, path, tmp_path).frame["record_id"].to_list()
    assert found == ["=a", "=b", "=c\x01", "'=d", "=e"]


def test_a_foreign_file_means_what_it_says(tmp_path: Path) -> None:
    ids = ["=x", "'=x", "''=x", "'tis"]
    (tmp_path / "in.csv").write_text("record_id,age_years\n" + "".join(f"{each},34\n" for each in ids))
    write_jsonl(tmp_path / "in.jsonl", [{"record_id": f"{each}."} for each in ids])
    assert batch(tmp_path / "in.csv", tmp_path / "in.jsonl", tmp_path / "out").code == 0
    found = pl.read_parquet(tmp_path / "out" / "data" / "part-*")["record_id"].to_list()
    assert found == [*ids, *(f"{each}." for each in ids)]


@LAW
@given(TEXTS)
def test_columns_are_marked_as_texts_are(text: str) -> None:
    frame = pl.DataFrame({"a": [text, None, "x"], "b": [restored(neutral(text)), "'=", ""]})
    shown = frame.with_columns(marked(["a", "b"]))
    assert shown["a"].to_list() == [neutral(text), None, "x"]
    assert shown.with_columns(unmarked(["a", "b"])).equals(frame)
    assert frame.with_columns(unmarked(["a"]))["a"][0] == restored(text)


def test_an_empty_table_to_fill_in_holds_no_formula(rulebook: Rulebook, tmp_path: Path) -> None:
    table, _ = write_template(rulebook, tmp_path, "csv")
    assert formulas(by_csv(table)) == []
