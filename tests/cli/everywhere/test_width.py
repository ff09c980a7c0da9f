"""What is said and shown is as wide as what it is read on, and no word is cut."""

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterrun.telling import Bar, Chart, Day, Page, Point, Section
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.layout.lines import filled, folded, width_of
from afterrun_cli.terminal.layout.text import as_text

LONG = "error: give an intake FILE, or --db for a diary, not both at the same time, for that is unclear"


@contextmanager
def terminal(columns: int) -> Iterator[tuple[TextIO, int]]:
    """A stream that is a terminal so many columns wide, and the side from which it is read."""
    near, far = pty.openpty()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(far, "w", encoding="utf-8") as stream:
        yield stream, near
    os.close(near)


@pytest.mark.parametrize(("columns", "width"), [(60, 60), (80, 80), (200, 100), (7, 20), (0, 80)])
def test_a_terminal_is_as_wide_as_it_says_within_what_can_be_read(
    monkeypatch: pytest.MonkeyPatch, columns: int, width: int
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    with terminal(columns) as (stream, _):
        assert width_of(stream) == width


@pytest.mark.parametrize(("given", "width"), [("50", 50), ("wide", 60), ("-1", 60), ("", 60), ("9", 20)])
def test_who_says_columns_is_believed(monkeypatch: pytest.MonkeyPatch, given: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", given)
    with terminal(60) as (stream, _):
        assert width_of(stream) == width
    assert width_of(io.StringIO()) == 80


def test_what_is_said_is_folded_on_a_terminal_and_whole_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    with terminal(60) as (stream, near):
        with redirect_stderr(stream):
            say(f"  - {LONG}")
        first, *rest = os.read(near, 4096).decode().splitlines()
    assert first.startswith("  - error: give")
    assert rest
    assert all(each.startswith("    ") and each[4] != " " for each in rest)
    assert " ".join([first.strip(" -"), *map(str.strip, rest)]) == LONG
    with redirect_stderr(io.StringIO()) as whole:
        say(LONG)
    assert whole.getvalue() == f"{LONG}\n"


@given(st.lists(st.text("abc-", min_size=1, max_size=30), max_size=40), st.integers(20, 100))
def test_no_word_is_cut_and_none_lost(words: list[str], width: int) -> None:
    for lines in (filled(" ".join(words), width, "  "), folded(" ".join(words), width)):
        assert lines.split() == words
        for line in lines.splitlines():
            assert len(line) <= width or len(line.split()) == 1 or line.startswith("- ")


def bars() -> Chart:
    cells = [("1-4", "1 Mar", "8", ""), ("5", "29 Mar", "8.8", "10.4"), ("6", "5 Apr", "", "")]
    return Chart(
        ("weeks", "from", "amount", "at most"),
        (Bar(cells[0], 0.5), Bar(cells[1], 1.0, 1.0), Bar(cells[2], 0, words="not known yet")),
        "| is the most that the week may hold",
        "  {:>6}  {:>6}  {:>7}  {:>7}   ",
    )


PAGE = Page(
    "The plan goes on: four weeks of the same amount",
    LONG,
    (
        Section("In numbers", (Point("Most that any week may exceed the week before", "30 %"),), table=True),
        Section("Running in a week, km", chart=bars()),
        Section("Week 1", days=(Day("Tue 2 Mar", "18:00", "Run 2.7 km, easy, on flat ground", (LONG,)),)),
    ),
    "Rulebook",
)


@pytest.mark.parametrize("width", [20, 34, 46, 60, 80, 100])
def test_a_page_in_text_fits_and_says_the_same_at_any_width(width: int) -> None:
    text = as_text(PAGE, width)
    assert max(map(len, text.splitlines())) <= width
    said = text.replace("#", " ").split()
    for word in f"{PAGE.title} {LONG} 10.4 {bars().bars[2].words} Run 2.7 km, easy, on flat ground".split():
        assert word in said


def test_bars_shrink_until_their_numbers_are_all_that_fits() -> None:
    def longest(width: int) -> int:
        return max(line.count("#") for line in as_text(PAGE, width).splitlines())

    assert longest(80) == 40
    assert 0 < longest(60) < 40
    assert longest(30) == 0
    assert "weeks 5: from 29" in as_text(PAGE, 30)
