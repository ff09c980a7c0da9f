"""Rejects mended in a spreadsheet, which makes other ones of ids that look like numbers or dates."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from tests.support.batches.runs import batch


def refused(out: Path) -> list[dict[str, str]]:
    file = out / "_rejects.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def mended(target: Path, out: Path, ids: Mapping[str, str]) -> Path:
    """What a batch refused with the age mended, semicolons and other ids, as a spreadsheet saves it."""
    rows = [
        {**row, "age_years": "34", "record_id": ids.get(row["record_id"], row["record_id"])}
        for row in refused(out)
    ]
    pl.DataFrame(rows).write_csv(target, separator=";")
    return target


def given(path: Path, *rows: str) -> Path:
    text = "\n".join(["record_id,age_years,weeks_off,visit", *rows]) + "\n"
    if path.suffix == ".jsonl":
        pl.read_csv(text.encode(), infer_schema=False).with_columns(
            pl.col("age_years").cast(pl.Int64)
        ).write_ndjson(path)
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl"])
def test_zeros_that_were_taken_off_an_id_are_told_until_they_are_back(tmp_path: Path, name: str) -> None:
    """Though other cells of the row hold the same digits; fed back to its batch or to a new one."""
    out, shorter = tmp_path / "out", {"0012": "12", "0003": "3"}
    assert batch(given(tmp_path / name, "0012,340,12,", "0003,340,,", "7,340,7,07", "x,340,,"), out).code == 1
    first = mended(tmp_path / "first.csv", out, shorter)
    for place in (("alone",), ("out", "--append")):
        ran = batch(first, tmp_path / place[0], *place[1:])
        assert "2 rows out" in ran.out.splitlines()[0]
        assert [(row["record_id"], row["reject_question"]) for row in refused(tmp_path / place[0])] == [
            ("12", "record_id"),
            ("3", "record_id"),
        ]
        assert "'12' was '0012' where it was refused" in refused(tmp_path / place[0])[0]["reject_reason"]
    # Saved in the same way once more, it is still told.
    assert "2 rejected" in batch(mended(tmp_path / "second.csv", out, {}), out, "--append").out
    longer = {short: long for long, short in shorter.items()}
    ran = batch(mended(tmp_path / "third.csv", out, longer), out, "--append")
    assert ran.out.startswith("4 rows in = 4 rows out (4 mended) + 0 rejected")


@pytest.mark.parametrize("made", ["03. Mai", "05. Mrz", "3-févr", "mai-26", "12-ago", "3-May"])
def test_dates_that_a_spreadsheet_made_of_ids_are_told_in_the_words_of_its_country(
    tmp_path: Path, made: str
) -> None:
    out = tmp_path / "out"
    assert batch(given(tmp_path / "in.csv", "3-5,340,,"), out).code == 1
    ran = batch(mended(tmp_path / "mended.csv", out, {"3-5": made}), out, "--append")
    assert ran.out.startswith("1 rows in = 0 rows out + 1 rejected")
    assert f"'{made}' is a date, as a spreadsheet makes one of an id" in refused(out)[0]["reject_reason"]


@pytest.mark.parametrize("form", ["parquet", "xlsx"])
def test_so_they_are_of_a_table_that_has_no_lines(tmp_path: Path, form: str) -> None:
    """There the row itself tells what the id was."""
    table = pl.DataFrame({"record_id": ["0012", "0003", "7", "x"], "age_years": [340, 340, 340, 30]})
    path, out = tmp_path / f"in.{form}", tmp_path / "out"
    if form == "xlsx":
        pytest.importorskip("xlsxwriter", reason="the extra 'sheets' is not installed")
        table.write_excel(path)
    else:
        table.write_parquet(path)
    assert batch(path, out).code == 1
    shorter = {"0012": "12", "0003": "3"}
    ran = batch(mended(tmp_path / "first.csv", out, shorter), out, "--append")
    assert ran.out.startswith("4 rows in = 2 rows out (1 mended) + 2 rejected")
    assert [(row["record_id"], row["reject_question"]) for row in refused(out)] == [
        ("12", "record_id"),
        ("3", "record_id"),
    ]
    # What comes beside it changes nothing of that.
    (tmp_path / "more.csv").write_text("record_id,age_years\ny,40\n", encoding="utf-8")
    assert "+ 2 rejected" in batch(tmp_path / "more.csv", out, "--append").out
    assert "+ 2 rejected" in batch(mended(tmp_path / "again.csv", out, {}), out, "--append").out
    longer = {short: long for long, short in shorter.items()}
    ran = batch(mended(tmp_path / "second.csv", out, longer), out, "--append")
    assert ran.out.startswith("5 rows in = 5 rows out (3 mended) + 0 rejected")


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("of", ["open", "out"])
def test_where_ids_are_hidden_none_is_told_of_zeros_either(tmp_path: Path, form: str, of: str) -> None:
    """Neither of rejects that show their ids, nor of its own with ids put back by hand."""
    path, out, key = tmp_path / f"in.{form}", tmp_path / "out", ("--pseudonymise", tmp_path / "key")
    table = pl.DataFrame({"record_id": ["0091234567"], "age_years": [340]})
    if form == "parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path)
    assert batch(path, tmp_path / "open").code == 1
    assert batch(path, out, *key).code == 1
    shown = {row["record_id"]: "91234567" for row in refused(tmp_path / of)}
    ran = batch(mended(tmp_path / "mended.csv", tmp_path / of, shown), out, "--append", *key)
    assert "rows in =" in ran.out
    told = (out / "_rejects.csv").read_text(encoding="utf-8") if refused(out) else ""
    assert "91234567" not in told + ran.out + ran.err
