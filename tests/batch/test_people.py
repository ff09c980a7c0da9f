"""A table of people out of their own files: a row each, nothing of one in another's, joined to intakes."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from tests.support.cli_runs import run
from tests.support.paths import ROOT

TODAY = date(2026, 3, 8)
AS_OF = ("--as-of", "2026-03-08", "--tz", "Europe/Berlin")
NUMBERS = ["running_status", "weeks_off", "volume_unit", "volume_last_week", "longest_run_30_days"]


def table_of(kilometres: float, unit: str = "km") -> str:
    """Half a year of a run every other day, as a table."""
    days = (TODAY - timedelta(back) for back in range(0, 190, 2))
    rows = (f"{day},{kilometres},{round(kilometres * 7)}:30" for day in days)
    return "\n".join([f"date,distance_{unit},duration", *rows]) + "\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """One in kilometres, one in miles with an archive, one whose only file is broken, one without any."""
    folder = tmp_path / "athletes"
    for name in ("007", "0042", "none"):
        (folder / name).mkdir(parents=True)
    (folder / "007" / "runs.csv").write_text(table_of(5), encoding="utf-8")
    (folder / "0042" / "Anna Miller.gpx").write_text("<gpx>", encoding="utf-8")
    with zipfile.ZipFile(folder / "M-1.zip", "w") as archive:
        archive.writestr("runs.csv", table_of(3, "mi"))
    (folder / ".DS_Store").write_bytes(b"?")
    return folder


def rows_of(file: Path) -> dict[str, dict[str, object]]:
    return {row["record_id"]: row for row in pl.read_parquet(file).to_dicts()}


def test_each_folder_is_a_person_with_a_row(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "history.parquet"
    ran = run("history", people, *AS_OF, "-o", out)
    assert ran.code == 1  # 0042's file cannot be read
    assert ran.out.strip().endswith("history.parquet: 4 people, as of 2026-03-08")
    assert "Anna Miller.gpx: it is no whole XML" in ran.err
    assert "none: no file of theirs holds an activity" in ran.err
    found = rows_of(out)
    assert list(found) == ["0042", "007", "M-1", "none"]
    assert [found["007"][name] for name in NUMBERS] == ["regular_same", None, "km", 20.0, 5.0]
    assert [found["M-1"][name] for name in NUMBERS] == ["regular_same", None, "mi", 12.0, 3.0]
    assert found["007"]["weeks_off_note"] == "your files show no break that you are in, or just back from"
    assert (found["007"]["runs"], found["007"]["first_day"], found["007"]["last_day"]) == (
        95, TODAY - timedelta(188), TODAY,
    )  # fmt: skip
    assert {row["as_of"] for row in found.values()} == {TODAY}
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_person_whose_files_cannot_be_read_has_nulls_and_reasons(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "history.parquet"
    run("history", people, *AS_OF, "-o", out)
    broken = rows_of(out)["0042"]
    assert [broken[name] for name in [*NUMBERS, "first_day", "last_day"]] == [None] * 7
    assert (broken["runs"], broken["left_out"]) == (0, 1)
    assert broken["left_out_why"] == "1 × it is no whole XML: line 1 cannot be read"
    assert broken["volume_last_week_note"] == "your files hold no activity"


def test_a_number_that_may_lack_a_run_is_blank_since_nobody_confirms_it(people: Path, tmp_path: Path) -> None:
    (people / "007" / "broken.gpx").write_text("<gpx>", encoding="utf-8")
    out = tmp_path / "history.parquet"
    run("history", people, *AS_OF, "-o", out)
    row = rows_of(out)["007"]
    assert [row[name] for name in ("running_status", "volume_last_week", "longest_run_30_days")] == [None] * 3
    assert row["volume_last_week_note"] == (
        "1 of what was left out may be a run of these days, and then the number is too low"
    )
    assert (row["runs"], row["left_out"]) == (95, 1)


def test_nothing_of_one_is_in_the_row_of_another(people: Path, tmp_path: Path) -> None:
    def rows(*given: Path) -> dict[str, dict[str, object]]:
        run("history", *given, *AS_OF, "-o", tmp_path / "some.parquet")
        return rows_of(tmp_path / "some.parquet")

    everyone = rows(people)
    for one, other in (("007", "M-1.zip"), ("0042", "007"), ("none", "007")):
        alone = rows(people / one, people / other)
        assert alone[one] == everyone[one]
    # The very same file with another person is that person's run as well.
    (people / "none" / "runs.csv").write_text(table_of(5), encoding="utf-8")
    both = rows(people)
    assert {**both["none"], "record_id": "007"} == both["007"] == everyone["007"]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "arrow"])
def test_all_kinds_of_tables_say_the_same(people: Path, tmp_path: Path, ending: str) -> None:
    for each in ("parquet", ending):
        assert run("history", people, *AS_OF, "-o", tmp_path / f"h.{each}").code == 1
    file, whole = tmp_path / f"h.{ending}", pl.read_parquet(tmp_path / "h.parquet")
    match ending:
        case "csv":
            found = pl.read_csv(file, schema_overrides=whole.schema)
        case "jsonl":
            found = pl.DataFrame(list(map(json.loads, file.read_text().splitlines())))
        case "arrow":
            found = pl.read_ipc(file)
        case _:
            header, *rows = load_workbook(file).active.values
            found = pl.DataFrame(rows, schema=list(header), orient="row", infer_schema_length=None)
    assert found.columns == whole.columns
    kept = ["record_id", "volume_unit", "volume_last_week", "runs", "left_out_why"]
    assert found.select(kept).rows() == whole.select(kept).rows()
    assert {str(day) for day in found["as_of"]} == {"2026-03-08"}


def test_an_id_that_looks_like_a_formula_is_marked_where_spreadsheets_read_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "=1+1").mkdir(parents=True)
    (tmp_path / "a" / "=1+1" / "runs.csv").write_text(table_of(5), encoding="utf-8")
    assert run("history", tmp_path / "a", *AS_OF, "-o", tmp_path / "h.csv").code == 0
    assert (tmp_path / "h.csv").read_text(encoding="utf-8").splitlines()[1].startswith("'=1+1,")


def test_as_of_another_day_gives_what_was_known_then(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "h.parquet"
    ran = run("history", people / "007", people / "M-1.zip", "--as-of", "2026-02-01", "-o", out)
    assert (ran.code, [row["left_out"] for row in rows_of(out).values()]) == (0, [0, 0])
    assert {row["as_of"] for row in rows_of(out).values()} == {date(2026, 2, 1)}
    assert max(str(row["last_day"]) for row in rows_of(out).values()) <= "2026-02-02"


def test_whose_files_are_whose_is_never_guessed(people: Path, tmp_path: Path) -> None:
    def refused(*given: Path, output: Path = tmp_path / "h.parquet") -> str:
        ran = run("history", *given, *AS_OF, "-o", output)
        assert (ran.code, output.exists()) == (2, False)
        return ran.err

    assert "007 holds files beside folders, such as runs.csv" in refused(people / "007")
    (tmp_path / "b" / "007").mkdir(parents=True)
    assert "would both be record_id '007'" in refused(people / "007", tmp_path / "b" / "007")
    assert "lies within" in refused(tmp_path, people)
    assert "there is no such folder" in refused(people / "gone", people / "007")
    assert "neither a folder nor a ZIP" in refused(people / "007" / "runs.csv", people / "none")
    assert "would lie among the files" in refused(people, output=people / "007" / "h.parquet")
    (tmp_path / "empty").mkdir()
    assert "is empty" in refused(tmp_path / "empty")
    (people / "up").symlink_to(people)
    assert "is a link" in refused(people)


def test_a_name_that_is_no_text_is_no_id(tmp_path: Path) -> None:
    import os

    os.makedirs(os.fsencode(tmp_path) + b"/a/\xff1")
    ran = run("history", tmp_path / "a", *AS_OF, "-o", tmp_path / "h.parquet")
    assert ran.code == 2
    assert "is no UTF-8" in ran.err


def test_the_table_names_no_file(people: Path, tmp_path: Path) -> None:
    for ending in ("csv", "jsonl"):
        run("history", people, *AS_OF, "-o", tmp_path / f"h.{ending}")
        told = (tmp_path / f"h.{ending}").read_text(encoding="utf-8")
        assert not re.search("Anna|runs.csv|athletes", told)


@pytest.mark.process
def test_it_is_joined_to_intakes_as_the_document_says(people: Path, tmp_path: Path) -> None:
    run("history", people, *AS_OF, "-o", tmp_path / "history.parquet")
    asked = "record_id,age_years,volume_unit,volume_last_week\n007,34,km,99\nM-1,51,km,99\nelse,28,km,12\n"
    (tmp_path / "intakes.csv").write_text(asked, encoding="utf-8")
    text = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import polars.*?)```", text, re.DOTALL)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)
    joined = pl.read_csv(tmp_path / "joined.csv", infer_schema=False)
    # M-1's numbers are miles: under an intake's kilometres they would be too few.
    assert joined.select("record_id", "age_years", "volume_unit", "volume_last_week").rows() == [
        ("007", "34", "km", "20.0"), ("M-1", "51", "km", None), ("else", "28", "km", None),
    ]  # fmt: skip
    assert run("batch", tmp_path / "joined.csv", tmp_path / "out.csv").code == 0
    decided = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert decided["record_id"].to_list() == ["007", "M-1", "else"]
