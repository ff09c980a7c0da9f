"""A result that somebody changed since it was written, and rejects mended where they stand in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.batches.runs import batch

openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
pytest.importorskip("xlsxwriter", reason="the extra 'sheets' is not installed")


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """Two rows of which one is refused; the result of the other names a question that is open."""
    path = tmp_path / "in.csv"
    path.write_text("record_id,age_years,pain_timing\nP1,34,1\nP2,340,1\n", encoding="utf-8")
    return path


def mend(path: Path) -> None:
    """Mend the one reject in the second sheet."""
    book = openpyxl.load_workbook(path)
    (cell,) = [each for row in book["rejects"].iter_rows() for each in row if str(each.value) == "340"]
    cell.value = 34
    book.save(path)


def test_rejects_in_the_second_sheet_are_mended_and_added(tmp_path: Path, given: Path) -> None:
    out, mended = tmp_path / "o.xlsx", tmp_path / "mended.xlsx"
    assert batch(given, out).code == 1
    shutil.copy(out, mended)
    mend(mended)
    ran = batch(mended, out, "--append")
    assert ran.out.startswith("2 rows in = 2 rows out (1 mended) + 0 rejected")
    assert "its sheet 'rejects' is read, not 'results'" in ran.err


def test_a_result_that_was_changed_is_not_written_over(tmp_path: Path, given: Path) -> None:
    for name in ("o.xlsx", "o.csv"):
        out = tmp_path / name
        assert batch(given, out).code == 1
        if name == "o.xlsx":
            mend(out)
        else:
            out.write_bytes(out.read_bytes() + b"seen,\n")
        changed = out.read_bytes()
        (tmp_path / "more.csv").write_text("record_id,age_years,pain_timing\nP3,34,1\n", encoding="utf-8")
        for again in ((given, out), (tmp_path / "more.csv", out, "--append")):
            ran = batch(*again)
            assert ran.code == 2
            assert f"{out} was changed since it was written" in ran.err
            assert out.read_bytes() == changed
    workbook, mended = tmp_path / "o.xlsx", tmp_path / "mended.xlsx"
    assert "is written anew by this run" in batch(workbook, workbook, "--append").err
    workbook.rename(mended)
    ran = batch(mended, workbook, "--append")
    assert ran.out.startswith("2 rows in = 2 rows out (1 mended) + 0 rejected")


def test_one_digit_is_a_change_of_a_workbook(tmp_path: Path, given: Path) -> None:
    out = tmp_path / "o.xlsx"
    assert batch(given, out).code == 1
    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(content)
    assert f"{out} was changed since it was written" in batch(given, out, "--append").err
