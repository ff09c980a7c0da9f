"""Workbooks in and out: every row by the number that people see, and nothing that looks blank and is not."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch import How
from afterrun.batch.foreign.marks import MOST_CELLS
from afterrun.batch.foreign.workbooks import TOO_LONG
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.readers import given_rows, read_chunk
from afterrun.errors import ProblemsError
from afterrun.storage import PARTIAL
from tests.support.batches.files import by_line, cells_of, expected, intakes, read_all, verdicts
from tests.support.batches.runs import batch, files_of, random_intakes, write_csv
from tests.support.batches.workbooks import ods, xlsx

pytest.importorskip("python_calamine", reason="the extra 'sheets' is not installed")
pytest.importorskip("xlsxwriter", reason="the extra 'sheets' is not installed")

HEAD = ["record_id", "age_years", "pain_site"]
ERROR, OF_ERROR = '<t="e"><v>#N/A</v>', '<t="e"><f>1/0</f><v>#DIV/0!</v>'
COMPUTED, NOT_COMPUTED = "<><f>30+4</f><v>34</v>", "<><f>30+4</f>"
NOTHING = '<t="str"><f>IF(A1="","","x")</f><v></v>'
_REPEATED = (
    f'table:table-cell office:value-type="float" office:value="1" '
    f'table:number-columns-repeated="{MOST_CELLS + 1}"/>'
)


def read(rulebook: Rulebook, path: Path) -> dict[int, Any]:
    return by_line(read_all(rulebook, path, path.parent / "spool"))


def refused(rulebook: Rulebook, path: Path, sheet: str = "") -> str:
    with pytest.raises(ProblemsError) as caught:
        find_inputs(rulebook, [path], path.parent / "spool", how=How(sheet=sheet))
    return str(caught.value)


def test_a_row_keeps_the_number_that_a_spreadsheet_shows(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = [
        ["Our form, 2027"],
        [],
        HEAD,
        [1001, 34, "muscle"],
        [],
        [None, None, "  "],
        ["007", "35", "muscle"],
        [2.5, 36.0, True],
    ]
    for path in (
        xlsx(tmp_path / "a.xlsx", {"A": rows}),
        ods(tmp_path / "a.ods", {"A": [each or [None] for each in rows]}),
    ):
        found = read(rulebook, path)
        assert list(found) == [4, 7, 8]
        assert [(found[at]["record_id"], found[at]["age_years"]) for at in (4, 7)] == [
            ("1001", 34_000_000),
            ("007", 35_000_000),
        ]
        assert (found[8].given.cells["record_id"], found[8].given.cells["pain_site"]) == ("2.5", "true")
        (source,) = find_inputs(rulebook, [path], tmp_path / "other")
        assert source.notes[0] == "passed over 2 rows above its header in row 3"
        assert read_all(rulebook, path, tmp_path / "spool").blank == 2


def test_what_looks_blank_to_a_reader_and_is_not_is_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    rows = [
        [*HEAD, "note"],
        ["a", ERROR, "muscle"],
        ["b", OF_ERROR, "muscle"],
        ["c", COMPUTED, "muscle"],
        ["d", NOT_COMPUTED, "muscle"],
        ["e", NOTHING, "muscle"],
        ["f", 34, "muscle", ERROR],
        ["g", 34, "muscle"],
        ["h", None, None],
        [1234567890123456789, 34, "muscle"],
    ]
    found = read(rulebook, xlsx(tmp_path / "a.xlsx", {"A": rows}, merged=["B8:C9"]))
    assert {line: each.reason for line, each in found.items() if not isinstance(each, dict)} == {
        2: "age_years: holds the error #N/A",
        3: "age_years: holds the error #DIV/0!",
        5: "age_years: holds a formula that no program has computed; open the file, save it, give it again",
        8: "pain_site: is part of a merged cell; split it",
        9: "age_years, pain_site: is part of a merged cell; split it",
        10: f"record_id: {TOO_LONG}",
    }
    assert {each.kind for each in found.values() if not isinstance(each, dict)} == {"cell"}
    assert [(found[line]["record_id"], found[line]["age_years"]) for line in (4, 6, 7)] == [
        ("c", 34_000_000),
        ("e", None),
        ("f", 34_000_000),
    ]


def test_the_same_in_the_open_format(rulebook: Rulebook, tmp_path: Path) -> None:
    error = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    )
    formula = '<table:table-cell table:formula="of:=30+4"'
    span = '<table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="34"/>'
    rows = [
        HEAD,
        ["a", error, "muscle"],
        ["b", f"{formula}/>", "muscle"],
        ["c", f'{formula} office:value-type="float" office:value="34"/>', "muscle"],
        [3],
        ["d", span, "muscle"],
        ["e", "<table:covered-table-cell/>", "muscle"],
        ["f", 34, "muscle"],
        [1_000_000],
    ]
    found = read(rulebook, ods(tmp_path / "a.ods", {"A": rows}))
    assert {line: each.question for line, each in found.items() if not isinstance(each, dict)} == {
        2: "age_years",
        3: "age_years",
        9: "age_years",
    }
    assert [line for line, each in found.items() if isinstance(each, dict)] == [4, 8, 10]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_random_intakes_are_read_as_from_csv(rulebook: Rulebook, tmp_path: Path, make: Any) -> None:
    rows, chance = intakes(rulebook, 100, 5), random.Random(6)
    cells = [cells_of(rulebook, each, chance, "redcap" if make is xlsx else "plain") for each in rows]
    table = [list(cells[0]), *([_typed(text) for text in each.values()] for each in cells)]
    found = read_all(rulebook, make(tmp_path / "a.book", {"A": table}), tmp_path / "spool", 70)
    assert [verdicts(found)[line] for line in sorted(verdicts(found))] == expected(rulebook, rows)


def _typed(text: str) -> Any:
    try:
        return float(text) if text.strip() == text and len(text) < 8 else text
    except ValueError:
        return text or None


def test_of_several_sheets_the_one_with_questions_is_read(rulebook: Rulebook, tmp_path: Path) -> None:
    sheets: dict[str, list[Any]] = {
        "About": [["Read this first"]],
        "Intakes": [HEAD, ["a", 34, None]],
        "Old": [HEAD, ["b", 35, None]],
    }
    path = xlsx(tmp_path / "a.xlsx", sheets, hidden=["Old"])
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    assert source.notes[0] == "its sheet 'Intakes' is read, not 'About', 'Old'"
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool2", how=How(sheet="Old"))
    assert read_chunk(rulebook, source, next(chunks(source, 9))).frame["record_id"].to_list() == ["b"]
    both = xlsx(tmp_path / "b.xlsx", sheets)
    assert "has 2 sheets of intakes, 'Intakes', 'Old'; say which with --sheet" in refused(rulebook, both)
    assert "has no sheet 'New'; there are 'About', 'Intakes', 'Old'" in refused(rulebook, both, "New")
    run = batch(both, tmp_path / "out.csv", "--sheet", "Old")
    assert run.code == 0
    assert "its sheet" not in run.err
    assert batch("view", tmp_path / "out.csv", "b").code == 0


def test_workbooks_that_are_none(rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    whole = xlsx(tmp_path / "whole.xlsx", {"A": [HEAD, ["a", 34, None]]}).read_bytes()
    for content, said in (
        (b"PK\x03\x04 nothing", "is damaged as a workbook"),
        (whole[: len(whole) // 2], "is damaged as a workbook"),
        (whole.replace(b"xl/worksheets/s1.xml", b"xl/worksheets/s9.xml"), "is damaged as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked by a password; save it as .xlsx"),
    ):
        path.write_bytes(content)
        assert said in refused(rulebook, path)
    from zipfile import ZipFile

    with ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "record_id\n")
    assert "is an archive and no workbook" in refused(rulebook, path)
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"")
    assert "in binary form (.xlsb); save it as .xlsx" in refused(rulebook, path)
    assert "is empty" in refused(rulebook, xlsx(path, {"A": []}))
    assert "no column is a question" in refused(rulebook, xlsx(path, {"A": [["name"], ["b"]]}))
    assert "twice" in refused(rulebook, xlsx(path, {"A": [["age_years", " Age_Years "], [1, 2]]}))
    far = xlsx(path, {"A": [HEAD, *([] for _ in range(MOST_CELLS // 3)), ["a", 34, None]]})
    assert f"has more than {MOST_CELLS:,} cells" in refused(rulebook, far)
    many = ods(path, {"A": [HEAD, [MOST_CELLS // 3], ["a", 34, None]]})
    assert f"has more than {MOST_CELLS:,} cells" in refused(rulebook, many)
    half = [["a", 1], [MOST_CELLS // 4], ["a", 1]]
    together = ods(path, {"A": [HEAD, ["a", 34, None]], "B": half, "C": half})
    assert f"has more than {MOST_CELLS:,} cells" in refused(rulebook, together)
    with pytest.raises(ProblemsError, match="holds more than 0 MB once it is unpacked"):
        find_inputs(rulebook, [far], tmp_path / "spool3", 1000)


def test_cells_that_are_repeated_are_counted_before_they_are_unpacked(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import python_calamine

    path = ods(tmp_path / "bomb.ods", {"A": [HEAD, [f"<{_REPEATED}"]], "B": [HEAD]})
    opened = list[object]()
    monkeypatch.setattr(python_calamine, "load_workbook", opened.append)
    assert f"has more than {MOST_CELLS:,} cells" in refused(rulebook, path)
    assert f"has more than {MOST_CELLS:,} cells" in refused(rulebook, path, "B")
    assert opened == []


def test_damage_anywhere_in_a_workbook_is_told_and_loses_no_row(rulebook: Rulebook, tmp_path: Path) -> None:
    chance, counts, told = random.Random(3), list[int](), list[str]()
    path = tmp_path / "damaged"
    rows = [HEAD, *([f"r{at}", 34, "muscle"] for at in range(40))]
    for make in (xlsx, ods):
        whole = make(tmp_path / "whole", {"A": rows}).read_bytes()
        for _ in range(40):
            data = bytearray(whole)
            for _ in range(chance.choice((1, 1, 3))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data if chance.random() < 0.8 else data[: chance.randrange(len(data))])
            try:
                counts.append(read_all(rulebook, path, tmp_path / "spool").rows_in)
            except ProblemsError as error:
                told.append(str(error))
    assert set(counts) == {40}
    assert all(str(path) in each for each in told)


def test_a_result_as_a_workbook_holds_what_csv_holds(rulebook: Rulebook, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

    given = random_intakes(rulebook, 40)
    for place, odd in ((3, "=1+1"), (4, "'=x"), (5, "00012")):
        given[place]["record_id"] = odd
    given[7]["age_years"], given[8]["age_years"] = 340, "=cmd|' /c calc'!A0"
    path = write_csv(tmp_path / "in.csv", rulebook, given)
    for name in ("o.xlsx", "o.csv"):
        assert batch(path, tmp_path / name, "--chunk-rows", 7, "--explain").code == 1
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert book.sheetnames == ["results", "rejects"]
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n", "inlineStr"}
    columns, *rows = ([cell.value for cell in row] for row in book["results"].rows)
    table = pl.read_csv(
        tmp_path / "o.csv", infer_schema_length=None, schema_overrides={"record_id": pl.String}
    )
    assert columns == table.columns
    for at, row in enumerate(table.rows()):
        assert [value or None for value in row] == [value or None for value in rows[at]]
    with (tmp_path / "o.csv.rejects.csv").open(encoding="utf-8", newline="") as stream:
        told = [[text or None for text in row] for row in csv.reader(stream)]
    assert [[cell.value for cell in row] for row in book["rejects"].rows] == told
    for each in ("=1+1", "'=x", "00012"):
        assert batch("view", tmp_path / "o.xlsx", each).code == 0
    before = files_of(tmp_path)
    assert batch(path, tmp_path / "o.xlsx", "--chunk-rows", 7, "--explain").code == 1
    (tmp_path / "o.xlsx").unlink()
    assert batch(path, tmp_path / "o.xlsx", "--chunk-rows", 7, "--explain").code == 1
    assert files_of(tmp_path) == before


def test_a_workbook_in_the_making_leaves_nothing_beside_the_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sheets lie in the batch's state, where the next run clears away what a kill left."""
    import xlsxwriter

    (tmp_path / "in.csv").write_text("record_id,age_years\nCANARY,34\n", encoding="utf-8")
    scratch = tmp_path / ".o.xlsx.job" / "scratch"
    beside, inside, close = list[set[str]](), list[Path](), xlsxwriter.Workbook.close

    def looked_at(book: Any) -> None:
        beside.append({each.name for each in tmp_path.iterdir() if each.suffix != PARTIAL})
        inside.extend(scratch.iterdir())
        close(book)

    monkeypatch.setattr(xlsxwriter.Workbook, "close", looked_at)
    assert batch(tmp_path / "in.csv", tmp_path / "o.xlsx").code == 0
    assert inside
    assert beside == [{"in.csv", ".o.xlsx.job"}]
    assert not scratch.exists()
    scratch.mkdir()
    (scratch / "tmp1").write_text("CANARY", encoding="utf-8")
    assert batch(tmp_path / "in.csv", tmp_path / "o.xlsx").code == 0
    assert not scratch.exists()


def test_a_workbook_takes_a_reject_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(f'{{"record_id": "a", "age_years": "{"9" * 200_000}"}}\n', encoding="utf-8")
    assert batch(path, tmp_path / "o.xlsx").code == 1
    assert (tmp_path / "o.xlsx").is_file()


def test_rejects_of_a_workbook_are_mended_there_and_fed_back(rulebook: Rulebook, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")

    path = write_csv(
        tmp_path / "in.csv", rulebook, [{"record_id": "=a", "age_years": 340}, {"record_id": "b"}]
    )
    assert batch(path, tmp_path / "o.xlsx").code == 1
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    sheet = book["rejects"]
    at = [cell.value for cell in sheet[1]].index("age_years") + 1
    sheet.cell(2, at).value = 34
    book.save(tmp_path / "mended.xlsx")
    assert batch(tmp_path / "mended.xlsx", tmp_path / "again.jsonl").code == 0
    assert pl.read_ndjson(tmp_path / "again.jsonl")["record_id"].to_list() == ["=a"]


def test_a_result_that_no_sheet_holds_is_refused_before_the_work(tmp_path: Path) -> None:
    pl.DataFrame({"age_years": pl.Series([34]).new_from_index(0, 2**20)}).write_parquet(
        tmp_path / "in.parquet"
    )
    (tmp_path / "in.csv").write_bytes(b"age_years\n" + b"34\n" * (2**20 + 1000))
    for name in ("in.parquet", "in.csv"):
        run = batch(tmp_path / name, tmp_path / "o.xlsx")
        assert run.code == 2
        assert "a sheet of an .xlsx holds 1,048,575 rows, and there are more; write .csv" in run.err
        assert {each.name for each in tmp_path.iterdir()} == {"in.parquet", "in.csv"}


def test_a_workbook_is_read_from_a_stream_and_not_written_to_one(tmp_path: Path) -> None:
    content = xlsx(tmp_path / "a.xlsx", {"A": [HEAD, ["a", 34, None], ["b", 340, None]]}).read_bytes()
    assert batch("-", tmp_path / "o.csv", stdin=content).code == 1
    assert batch("view", tmp_path / "o.csv", "a", "--file", "-", stdin=content).code == 0
    assert not (tmp_path / ".o.csv.job" / "input").exists()
    run = batch(tmp_path / "a.xlsx", "-", "--format", "xlsx")
    assert (run.code, "a workbook cannot be streamed" in run.err) == (2, True)


def test_a_row_refused_later_shows_what_was_given(rulebook: Rulebook, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"A": [HEAD, ["a", 34, "muscle"], [], ["a", 35, "muscle"]]})
    (source,) = find_inputs(rulebook, [path], tmp_path / "spool")
    (chunk,) = chunks(source, 100)
    assert given_rows(rulebook, source, chunk, [4])[4].cells == {
        "record_id": "a", "age_years": "35", "pain_site": "muscle",
    }  # fmt: skip
    assert batch(path, tmp_path / "o.csv").code == 1
    assert "'a' is already in line 2" in (tmp_path / "o.csv.rejects.csv").read_text(encoding="utf-8")


def test_a_title_that_mentions_a_question_is_no_header(rulebook: Rulebook, tmp_path: Path) -> None:
    title = ["Knee study: ages (age_years) and pain", "age_years: see below"]
    path = xlsx(tmp_path / "a.xlsx", {"A": [title, HEAD, ["a", 34, "muscle"]]})
    found = read(rulebook, path)
    assert list(found) == [3]
    assert (found[3]["record_id"], found[3]["age_years"]) == ("a", 34_000_000)


def test_a_header_in_a_workbook_may_have_groups_in_front(rulebook: Rulebook, tmp_path: Path) -> None:
    head = ["record_id", "g1/age_years", "g1/pain_site"]
    path = xlsx(tmp_path / "a.xlsx", {"A": [["A study"], head, ["a", 34, "muscle"]]})
    assert read(rulebook, path)[3]["age_years"] == 34_000_000
