"""Rows of one record, how they are found again, and rejects that somebody mends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from afterrun import Rulebook
from tests.support.batches.forms import CLINIC, table, written
from tests.support.batches.runs import batch


def test_rows_of_one_record_are_told_apart_and_its_other_forms_are_nobody(tmp_path: Path) -> None:
    ran = batch(CLINIC / "b04_redcap_repeating.csv", tmp_path / "out.csv")
    assert ran.code == 0
    assert "6 rows in = 3 rows out + 0 rejected + 3 blank" in ran.out
    assert "tells the rows of one record_id apart by 'redcap_event_name'" in ran.err
    rows = table(tmp_path / "out.csv")
    assert [(row["record_id"], row["occasion"]) for row in rows] == [
        (f"P{each}", "visit_1_arm_1/knee_intake/1") for each in (1, 2, 3)
    ]
    assert batch("view", tmp_path / "out.csv", "P2").code == 0


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_only_the_same_row_of_a_record_comes_twice(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    keys = ["record_id", "redcap_event_name", "redcap_repeat_instance", "visit", "age_years"]
    rows = [
        ["P1", "a", "1", "x", "34"],
        ["P1", "a", "2", "x", "34"],
        ["P1", "b", "1", "y", "34"],
        ["P1", "a", "1", "z", "34"],
        ["P1", "a/1", "", "x", "34"],
        ["P1", "", "", "", ""],
    ]
    path = tmp_path / f"in.{form}"
    if form == "csv":
        written(path, ",".join(keys), *(",".join(row) for row in rows))
    else:
        written(path, *(json.dumps(dict(zip(keys, row, strict=True))) for row in rows))
    first = 2 if form == "csv" else 1
    for told, refused in (((), [3]), (("--key", "visit"), [1, 4])):
        out = tmp_path / f"out{len(told)}"
        ran = batch(path, out, *told)
        assert f"{6 - 1 - len(refused)} rows out + {len(refused)} rejected + 1 blank" in ran.out
        rejects = table(out / "_rejects.csv")
        assert [int(row["reject_line"]) - first for row in rejects] == refused
        twice = batch("view", out, "P1").err
        assert "rows of" in twice
        assert f"line {first} (" in twice
    assert "so --key cannot tell rows apart" in batch(path, tmp_path / "o", "--key", "age_years").err
    assert "there is no such column for --key" in batch(path, tmp_path / "o", "--key", "visits").err


def test_a_row_is_found_by_its_record_first(tmp_path: Path) -> None:
    given, out = CLINIC / "d06_numeric_ids.csv", tmp_path / "out"
    assert batch(given, out).code == 1
    refused = batch("view", out, "3")
    assert refused.code == 2
    assert "the record '3' was refused:" in refused.err
    assert "340 is too large" in refused.err
    assert (
        batch("view", out, "1")
        .out.splitlines()[0]
        .endswith("line 3: the stored row is what the rulebook says.")
    )
    assert "no record is called '4': this is line 4" in batch("view", out, "4").out
    assert batch("view", out, "3", "--file", given).code == 0
    told = json.loads(batch("view", out, "4", "--format", "json").out)
    assert told["notes"] == ["no record is called '4': this is line 4"]


def test_rejects_that_were_mended_in_place_are_not_written_over(tmp_path: Path) -> None:
    given, out = CLINIC / "d06_numeric_ids.csv", tmp_path / "out"
    batch(given, out)
    mended = (out / "_rejects.csv").read_text(encoding="utf-8").replace("3,340", "3,34")
    (out / "_rejects.csv").write_text(mended, encoding="utf-8")
    assert batch(given, out).code == 1
    next(out.rglob("part-*.parquet")).unlink()
    refused = batch(given, out)
    assert refused.code == 2
    assert "was changed since it was written, and would be written over: move it" in refused.err
    assert (out / "_rejects.csv").read_text(encoding="utf-8") == mended
    (out / "_rejects.csv").rename(tmp_path / "mended.csv")
    assert batch(given, out).code == 1
    assert batch(tmp_path / "mended.csv", tmp_path / "more").code == 0


def test_a_line_that_was_refused_is_told_with_what_it_held_and_the_way_to_mend_it(tmp_path: Path) -> None:
    one, two, out = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "out"
    one.write_text("record_id,age_years\na,34\nb,340\n", encoding="utf-8")
    two.write_text("record_id,age_years\nc,35\nd,36\ne,5\n", encoding="utf-8")
    assert batch(one, two, out).code == 1
    run = batch("view", out, "4")
    assert (run.code, run.out) == (2, "")
    assert run.err.split("\n")[:3] == [
        "error: line 4 was refused:",
        f"  - {two}, line 4: age_years: 5 is too small: from 10 to 100 years",
        "    The line reads: e,5",
    ]
    assert "mended.csv" in run.err
    assert "--append" in run.err
    of_one = batch("view", out, "3", "--file", one).err
    assert f"{one}, line 3: age_years: 340" in of_one
    assert f"Note: another input's was refused: {one}, line 3: age_years: 340" in batch("view", out, "3").out
    assert "another input's" not in batch("view", out, "3", "--file", two).out
    assert "b,340" in batch("view", out, "b").err
    assert "no row of" in batch("view", out, "5").err
    mended = (out / "_rejects.csv").read_text(encoding="utf-8").replace(",340", ",34").replace("e,5", "e,50")
    (tmp_path / "mended.csv").write_text(mended, encoding="utf-8")
    batch(tmp_path / "mended.csv", out, "--append")
    assert batch("view", out, "b").code == 0


def test_what_a_refused_line_held_is_not_told_where_ids_are_hidden(tmp_path: Path) -> None:
    given, key = tmp_path / "a.csv", tmp_path / "key"
    given.write_text("record_id,age_years\nCANARY,340\n", encoding="utf-8")
    assert batch(given, tmp_path / "out", "--pseudonymise", key).code == 1
    told = batch("view", tmp_path / "out", "2", "--pseudonymise", key)
    assert "line 2: age_years: 340" in told.err
    assert "CANARY" not in told.err
