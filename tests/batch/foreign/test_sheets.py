"""Sheets as people keep them: hidden rows and columns, dates that are none, three rows of header."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from afterrun import Rulebook
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import ProblemsError
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


def formatted(path: Path, head: Sequence[str], *rows: Sequence[tuple[object, str]]) -> Path:
    """A sheet of cells, each with how it is shown."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("A")
    sheet.write_row(0, 0, head)
    for at, row in enumerate(rows, 1):
        for place, (value, shown) in enumerate(row):
            kind = book.add_format({"num_format": shown})
            if isinstance(value, time):
                sheet.write_datetime(at, place, value, kind)
            else:
                sheet.write(at, place, value, kind)
    book.close()
    return path


def ods_cell(kind: str, value: object, text: str) -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


NOTE = "its ids are read as they are shown, with zeros in front, which are not stored"


def test_an_id_is_what_people_see(rulebook: Rulebook, tmp_path: Path) -> None:
    """Zeros in front, and what a format puts beside the digits; of answers the number counts."""
    shown = ["0000", '"P-"000', "[Red]00\\-00;@", "General", "0", "0.00", "000"]
    rows = [[(number, code), (34, "000"), (1, "0")] for number, code in enumerate(shown, 12)]
    path = formatted(tmp_path / "a.xlsx", HEAD, *rows, [("9", "000"), (34, "0"), ("", "000")])
    read = read_all(rulebook, path, tmp_path / "spool")
    assert read.rejects == []
    ids = ["0012", "P-013", "00-14", "15", "16", "17", "018", "9"]
    assert read.frame["record_id"].to_list() == ids
    assert set(read.frame["age_years"]) == {34_000_000}
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert source.notes[0] == NOTE
    assert NOTE not in batch(made(tmp_path / "b.xlsx", HEAD, [12, 34, 1]), tmp_path / "b.csv").err
    cells = [ods_cell("float", 12, "0012"), ods_cell("float", 0, "0.00"), ods_cell("float", 1234, "1,234")]
    path = ods(tmp_path / "a.ods", {"A": [HEAD, *([each, 34, 1] for each in cells)]})
    assert read_all(rulebook, path, tmp_path / "spool").frame["record_id"].to_list() == ["0012", "0", "1234"]
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert source.notes[0] == NOTE


def test_a_percentage_and_a_time_are_no_numbers_of_ours(rulebook: Rulebook, tmp_path: Path) -> None:
    path = formatted(
        tmp_path / "a.xlsx",
        [*HEAD, "note"],
        [("a", "0"), (34, "0"), (0.3, "0%"), (0.3, "0.0%")],
        [("b", "0"), (34, "0"), (3, '0" %"')],
        [("c", "0"), (34, "0"), (time(1, 30), "hh:mm")],
        [("d", "0"), (34, "0"), ("", "0%"), (0.3, "0.0%")],
    )
    book = ods(tmp_path / "a.ods", {"A": [HEAD, ["a", 34, ods_cell("percentage", 0.3, "30%")], ["d", 34, 3]]})
    for file, ids, lines in ((path, ["b", "d"], [2, 4]), (book, ["d"], [2])):
        read = read_all(rulebook, file, tmp_path / "spool")
        assert read.frame["record_id"].to_list() == ids
        assert [each.line for each in read.rejects] == lines
        assert read.rejects[0].reason.startswith("weeks_off: is a percentage there")
        assert all("weeks_off: is a time of day" in each.reason for each in read.rejects[1:])


def test_a_sheet_of_one_question_is_not_passed_over(rulebook: Rulebook, tmp_path: Path) -> None:
    one: list[Any] = [["code", "warning_signs"], ["x", "none"]]
    sheets: dict[str, list[Any]] = {"A": one, "B": [HEAD, ["a", 34, 1]]}
    with pytest.raises(ProblemsError, match="has 2 sheets of intakes, 'A', 'B'; say which with --sheet"):
        find_inputs(rulebook, [xlsx(tmp_path / "a.xlsx", sheets)], tmp_path / "spool")
