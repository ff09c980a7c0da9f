"""Sheets as people keep them: hidden rows and columns, dates that are none, three rows of header."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from afterrun import Rulebook
from afterrun.batch.input.sources import find_inputs
from tests.support.batches.files import expected, intakes, read_all
from tests.support.batches.runs import batch
from tests.support.batches.survey_exports import exported
from tests.support.batches.workbooks import ods, xlsx

xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra 'sheets' is not installed")
pytest.importorskip("python_calamine", reason="the extra 'sheets' is not installed")

HEAD = ["record_id", "age_years", "weeks_off"]


def made(path: Path, *rows: Sequence[object], hidden: tuple[int, ...] = (), columns: str = "") -> Path:
    """A sheet with hidden rows, from 0, and hidden columns, as B:C."""
    book = xlsxwriter.Workbook(str(path))
    sheet, dated = book.add_worksheet("A"), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value, dated)
            else:
                sheet.write(at, place, value)
    for at in hidden:
        sheet.set_row(at, None, None, {"hidden": True})
    if columns:
        sheet.set_column(columns, None, None, {"hidden": True})
    book.close()
    return path


def test_hidden_rows_and_columns_are_read_and_told(rulebook: Rulebook, tmp_path: Path) -> None:
    rows: list[list[object]] = [[*HEAD], ["a", 34, 1], ["b", 35, 2], [], ["c", 36, 3]]
    path = made(tmp_path / "a.xlsx", *rows, hidden=(2, 3, 4), columns="B:C")
    run = batch(path, tmp_path / "out.csv")
    assert run.code == 0
    assert "2 hidden rows are read like the others: 3, 5; delete there what is not meant" in run.err
    assert "2 hidden columns are read like the others: 'age_years', 'weeks_off'" in run.err
    assert "4 rows in = 3 rows out + 0 rejected + 1 blank" in run.out
    assert "like the others" not in batch(made(tmp_path / "b.xlsx", *rows), tmp_path / "b.csv").err
    many = made(
        tmp_path / "c.xlsx", HEAD, *([f"r{at}", 34, 1] for at in range(9)), hidden=tuple(range(1, 10))
    )
    assert (
        "9 hidden rows are read like the others: 2, 3, 4, 5 and 5 more" in batch(many, tmp_path / "c.csv").err
    )


def test_so_they_are_in_the_open_format(rulebook: Rulebook, tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", {"A": [HEAD, ["a", 34, 1], ["b", 35, 2]]})
    with ZipFile(path) as archive:
        content = {each: archive.read(each) for each in archive.namelist()}
    rows = content["content.xml"].split(b"<table:table-row>")
    rows[0] += b'<table:table-column/><table:table-column table:visibility="collapse"/>'
    content["content.xml"] = (
        b"<table:table-row>".join(rows[:3]) + b'<table:table-row table:visibility="filter">' + rows[3]
    )
    with ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert source.notes[:2] == (
        "1 hidden row is read like the others: 3; delete there what is not meant",
        "1 hidden column is read like the others: 'age_years'; delete there what is not meant",
    )


def test_a_date_is_no_id_and_no_number(rulebook: Rulebook, tmp_path: Path) -> None:
    day = date(2026, 3, 5)
    path = made(
        tmp_path / "a.xlsx", [*HEAD, "visit"], [day, 34, 1, day], ["b", 35, day, day], ["c", 36, 3, day]
    )
    read = read_all(rulebook, path, tmp_path / "spool")
    assert read.frame["record_id"].to_list() == ["c"]
    assert [(each.line, each.question) for each in read.rejects] == [(2, "record_id"), (3, "weeks_off")]
    assert all("is a date there, as a spreadsheet makes" in each.reason for each in read.rejects)
    kept = batch(path, tmp_path / "out.jsonl", "--key", "visit")
    assert '"occasion":"2026-03-05"' in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert "1 rows out" in kept.out or "1 row out" in kept.out


@pytest.mark.parametrize("titles", [0, 2])
@pytest.mark.parametrize("tags", [True, False])
def test_three_rows_of_header_are_known_in_a_workbook(
    rulebook: Rulebook, tmp_path: Path, titles: int, tags: bool
) -> None:
    rows = intakes(rulebook, 30, 5)
    table = list(csv.reader(io.StringIO(exported(rulebook, rows, "qualtrics").decode())))
    if tags:
        table[0][table[1].index(rulebook.questions["age_years"].ask)] = "age_years"
    path = xlsx(tmp_path / "a.xlsx", {"A": [*[["Our study"]] * titles, *table]})
    read = read_all(rulebook, path, tmp_path / "spool", 7)
    assert read.rejects == []
    assert list(read.frame.iter_rows(named=True)) == expected(rulebook, rows, 4 + titles)
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert any("passed over 2 rows above" in note for note in source.notes) == bool(titles)


@pytest.mark.parametrize("first", [["Variable", "Meaning"], ["age_years", "How old are you?"]])
def test_a_codebook_beside_the_intakes_is_none(rulebook: Rulebook, tmp_path: Path, first: list[str]) -> None:
    """Each of its rows speaks of one question, by name and by words."""
    codebook = [first, ["weeks_off", rulebook.questions["weeks_off"].ask]]
    path = xlsx(tmp_path / "a.xlsx", {"Codebook": codebook, "Data": [HEAD, ["a", 34, 1]]})
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert source.notes[0] == "its sheet 'Data' is read, not 'Codebook'"
