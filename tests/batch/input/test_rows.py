"""A quoted cell may hold line breaks; a quote that is never closed costs its own row alone."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.batch.input import lines
from tests.support.batches.files import read_all
from tests.support.batches.runs import batch
from tests.support.random_input.intakes import LAW, as_many

HEAD = b"record_id,age_years,comment\n"
CASES: dict[str, tuple[bytes, list[tuple[int, str | None]], list[int]]] = {
    "a cell of four lines": (HEAD + b'a,34,"1\n2, x\n\n4 ""y"""\nb,35,x\n', [(2, "a"), (6, "b")], []),
    "line ends of every kind": (
        HEAD + b'a,34,"x\r\ny"\r\nb,35,"p\rq"\rc,36,"u\nv"',
        [(2, "a"), (4, "b"), (6, "c")],
        [],
    ),
    "two cells of several lines": (
        b'record_id,c1,age_years,c2\na,"x\ny",34,"z\nw"\nb,"x",35,"y\nz"\n',
        [(2, "a"), (5, "b")],
        [],
    ),
    "the first cell": (b'comment,record_id,age_years\n"see\nbelow",a,34\nx,b,35\n', [(2, "a"), (4, "b")], []),
    "the header": (b'record_id,"age_years\n","com\r\nment"\na,34,x\nb,35,y\n', [(4, "a"), (5, "b")], []),
    "a number with a break behind it": (b'record_id,age_years\na,"34\n"\n', [(2, "a")], []),
    "an id with a break in it": (b'record_id,age_years\n"a\nb",34\n', [(2, "a\nb")], []),
    "never closed": (HEAD + b'a,34,"open\nb,35,x\nc,36,y\n', [(3, "b"), (4, "c")], [2]),
    "two never closed": (HEAD + b'a,34,"open\nb,35,x\nc,36,"open\nd,37,y\n', [(3, "b"), (5, "d")], [2, 4]),
    "never closed before quoted rows": (
        HEAD + b'a,34,"open\n"b","35","x"\n"c","36",""\n',
        [(3, "b"), (4, "c")],
        [2],
    ),
    "never closed at the end": (HEAD + b'b,35,x\na,34,"open', [(2, "b")], [3]),
    "never closed, then a cell of lines": (
        HEAD + b'a,34,"open\nb,35,"x\ny"\nc,36,z\n',
        [(3, "b"), (5, "c")],
        [2],
    ),
    "never closed, then an inch": (
        HEAD + b'a,34,"open\nb,35,x\nc,36,5"\nd,37,y\n',
        [(3, "b"), (5, "d")],
        [2, 4],
    ),
    "never closed, then an inch at once": (HEAD + b'a,34,"open\nc,36,5"\nd,37,y\n', [(4, "d")], [2, 3]),
    "inches": (HEAD + b'a,34,5" tall\nb,35,6"\nc,36,"7" tall"\nd,37,x\n', [(5, "d")], [2, 3, 4]),
    "lines that are no row of this width": (HEAD + b'a,34,"x\ny",more\nb,35,z\n', [(4, "b")], [2, 3]),
    "a cell that would hold a row": (HEAD + b'a,34,"x\nb,35,y\nz"\nc,36,\n', [(3, "b"), (5, "c")], [2, 4]),
    "a cell that would hold a row in the file's own way of writing": (
        b'record_id;weeks_since_onset;note\na;1,5;x\nb;2,5;"y\nc;3,5;z"\nd;4,5;\n',
        [(2, "a"), (5, "d")],
        [3, 4],
    ),
    "a cell that would hold a row without answers": (
        HEAD + b'a,34,"x\nb,,y"\nc,36,\n',
        [(4, "c")],
        [2, 3],
    ),
    "a cell that would hold a row that cannot be used": (
        b'age_years,note\n34,"x\n340,y"\n36,\n',
        [(4, None)],
        [2, 3],
    ),
    "a cell that would hold a row with a doubtful number": (
        b'weeks_since_onset;note\n4;"x\n1,234;y"\n36;\n',
        [(4, None)],
        [2, 3],
    ),
    "an empty cell is no end": (HEAD + b'a,34,"""\n\n"""\nb,35,""\n', [(2, "a"), (5, "b")], []),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_of_several_lines_and_quotes_left_open(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    content, accepted, refused = CASES[name]
    (tmp_path / "in.csv").write_bytes(content)
    for rows in (1, 2, 100):
        read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", rows)
        assert read.frame.select("line", "record_id").rows() == accepted
        assert [each.line for each in read.rejects] == refused
        assert all(each.kind == "quote" for each in read.rejects if "fields" not in each.reason)


def test_a_cell_of_more_than_a_row_may_hold_costs_no_row_behind_it(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    content = HEAD + b'a,34,"' + (b"x" * 9999 + b"\n") * 101 + b'"\nb,35,y\n'
    (tmp_path / "in.csv").write_bytes(content)
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", 1000)
    assert read.frame.select("line", "record_id").rows() == [(104, "b")]
    assert [each.line for each in read.rejects] == [*range(2, 104)]


def test_the_words_name_the_field_and_the_line(rulebook: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(HEAD + b'a,34,"open\nb,3"5,x\n')
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool")
    assert [(each.line, each.reason) for each in read.rejects] == [
        (2, "a quote is opened in field 3 and never closed"),
        (3, "a stray quote in field 2"),
    ]


def _is_no_row(text: str) -> bool:
    """Whether no line of it has as many cells as the narrowest of the files below."""
    return all(line.count(",") < 6 for line in text.splitlines())


NOTES = st.text(st.sampled_from('ab"\n\r, ;'), max_size=12).filter(_is_no_row)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [3, 60])
def test_any_notes_are_read_as_other_programs_read_them(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """In blocks and chunks of any size, in wide files too: the rows of Python's own reader."""

    @settings(LAW, max_examples=as_many(40))
    @given(
        st.lists(st.tuples(NOTES, NOTES), min_size=1, max_size=8),
        st.integers(1, 5),
        st.integers(1, 200),
        st.sampled_from(["\n", "\r\n"]),
    )
    def law(notes: list[tuple[str, str]], size: int, block: int, end: str) -> None:
        monkeypatch.setattr(lines, "BLOCK", block)
        more = [f"c{number}" for number in range(columns)]
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator=end)
        writer.writerow(["note", "record_id", *more, "age_years", "last"])
        wanted, line = [], 2
        for number, pair in enumerate(notes):
            first, last = (text.replace("\r", "") for text in pair)
            writer.writerow([first, f"r{number}", *more, "34", last])
            wanted.append((line, f"r{number}"))
            line += 1 + first.count("\n") + last.count("\n")
        (tmp_path / "in.csv").write_bytes(stream.getvalue().encode())
        read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", size)
        assert read.frame.select("line", "record_id").rows() == wanted
        assert read.rejects == []

    law()


def test_rejects_with_line_breaks_are_a_table_and_work_when_fed_back(
    rulebook: Rulebook, tmp_path: Path
) -> None:
    rows = b'a,340,"one\ntwo, ""three"""\n"b\nb",350,"x\r\ny"\nc,34,"open\nd,34,fine\n'
    (tmp_path / "in.csv").write_bytes(HEAD + rows)
    assert batch(tmp_path / "in.csv", tmp_path / "out", "--chunk-rows", 2).code == 1
    rejects = tmp_path / "out" / "_rejects.csv"
    with rejects.open(encoding="utf-8", newline="") as stream:
        table = list(csv.DictReader(stream))
    assert [(row["reject_line"], row["record_id"], row["comment"]) for row in table] == [
        ("2", "a", 'one\ntwo, "three"'),
        ("4", "b\nb", "x\ny"),
        ("7", "", ""),
    ]
    assert table[0]["reject_raw"] == 'a,340,"one\\x0atwo, ""three"""'
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.read_text(encoding="utf-8").replace(",340,", ",34,"), encoding="utf-8")
    read = read_all(rulebook, mended, tmp_path / "spool")
    assert read.frame.select("line", "record_id").rows() == [(2, "a")]
    assert [each.line for each in read.rejects] == [4, 7]


def test_of_many_quotes_left_open_each_costs_its_line(rulebook: Rulebook, tmp_path: Path) -> None:
    """Each looks no further than the next one, so that a file full of them is soon read, too."""
    chance = random.Random(5)
    text = "".join(f'r{n},34,"{"x" * chance.randint(1, 9)}\n' for n in range(3000))
    (tmp_path / "in.csv").write_bytes(HEAD + text.encode())
    read = read_all(rulebook, tmp_path / "in.csv", tmp_path / "spool", 3000)
    assert len(read.rejects) == 3000
