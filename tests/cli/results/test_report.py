"""`afterrun report` as a clinician uses it: the whole, the one page, of an intake and of a diary."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.support.cli_runs import SAMPLE, run
from tests.support.readers.pdfs import page_count, page_width

pytestmark = pytest.mark.slow

START = date.today() - timedelta(days=20)
WEEK = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "session_pain": 3, "reps_in_reserve": 2,
    "next_morning": "same", "sessions_done": 3, "volume_done": 0,
}  # fmt: skip


def test_the_one_page_of_an_intake(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ran = run("report", SAMPLE, "--summary", "-o", page)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    html = page.read_text(encoding="utf-8")
    assert "one page for whoever treats it" in html
    assert "@page { size: a4; }" in html
    assert "@page { size: letter; }" in run("report", SAMPLE, "--summary", "--paper", "letter").out


@pytest.mark.process
@pytest.mark.filterwarnings("default")
def test_pdfs_are_of_the_paper_that_was_named(tmp_path: Path) -> None:
    pytest.importorskip("weasyprint", reason="the extra 'pdf' is not installed", exc_type=ImportError)
    for words, least, most in (((), 2, 30), (("--summary",), 1, 1)):
        pdf = tmp_path / "page.pdf"
        ran = run("report", SAMPLE, *words, "--paper", "letter", "-o", pdf)
        if ran.code == 3 and "pango" in ran.err:
            pytest.skip("no pango here: the PDF was not made")
        assert ran.code == 0, ran.err
        assert page_width(pdf.read_bytes()) == 612
        assert least <= page_count(pdf.read_bytes()) <= most


def test_the_one_page_of_a_diary(tmp_path: Path) -> None:
    assert run("start", SAMPLE, "--start", str(START), "--past", home=tmp_path).code == 0
    day = str(START + timedelta(days=6))
    assert run("checkin", "--answers", "-", "--date", day, stdin=json.dumps(WEEK), home=tmp_path).code == 0
    ran = run("report", "--summary", home=tmp_path)
    assert ran.code == 0, ran.err
    for words in (
        "1 week reported",
        "Advised, and since when",
        "Where things stand",
        "Next, week 2, ",
        "<svg ",
    ):
        assert words in ran.out
    other = run("report", "--summary", "--person", "ann", home=tmp_path)
    assert (other.code, other.out) == (2, "")
    assert "ann is not enrolled" in other.err


def test_a_file_and_a_diary_are_two_things(tmp_path: Path) -> None:
    for words, said in (
        ((), "name a FILE"),
        ((str(SAMPLE), "--person", "ann"), "a FILE stands alone"),
        ((str(SAMPLE), "--summary", "--db", "x.sqlite"), "a FILE stands alone"),
        (("--summary",), "there is no diary yet"),
    ):
        ran = run("report", *words, home=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
