"""The program on real terminals of several sizes, and what is left when one of them goes."""

import json
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.cli.interview.test_ask import NO_SAFETY_SIGN, TO_THE_END, answers, drafts
from tests.support.cli_runs import run
from tests.support.paths import EXAMPLES
from tests.support.terminals import Terminal, words_cut

pytestmark = [pytest.mark.process, pytest.mark.slow]

WIDE = 200
TALL = 100
"""Rows in which no list needs a second page; a page's end falls elsewhere in each width."""
EVERY_DAY = ("--start", "2026-01-05", "--past")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home whose paths are as long as a person's."""
    folder = Path(tempfile.mkdtemp(prefix="anna-katharina-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


def ask(home: Path, columns: int) -> str:
    with Terminal("ask", home=home, columns=columns, rows=TALL) as terminal:
        terminal.answer("?")
        for line in (*NO_SAFETY_SIGN, "99", *TO_THE_END, ""):
            terminal.answer(line)
        terminal.wait_for("Enter shows the rest")
        terminal.press("enter")
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


def to_an_emergency(terminal: Terminal) -> None:
    """To a result that ends the questions early."""
    for line in ("41", "7", ""):
        terminal.answer(line)
    terminal.wait_for("Enter shows the rest")


def emergency(home: Path, columns: int) -> str:
    with Terminal("ask", home=home, columns=columns, rows=TALL) as terminal:
        to_an_emergency(terminal)
        terminal.type("q")
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


WEEK = {
    "Type n for none": "l",
    "any of this new": "n",
    "did you miss": "0",
    "How much did you run": "8",
    "the worst knee pain": "2",
    "On the mornings after": "1",
    "would you like to run": "",
    "writes the week down": "",
}


def checkin(home: Path, columns: int) -> str:
    run("start", EXAMPLES / "readme.yaml", "--person", "anna", *EVERY_DAY, home=home)
    words = ("checkin", "--person", "anna", "--date", "2026-01-12", "--full")
    with Terminal(*words, home=home, columns=columns, rows=TALL) as terminal:
        for _ in WEEK:
            if terminal.asks():
                terminal.type(next(line for asked, line in WEEK.items() if asked in terminal.new))
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


def change(home: Path, columns: int) -> str:
    me = home / "me.yaml"
    me.write_bytes((EXAMPLES / "readme.yaml").read_bytes())
    with Terminal("change", me, home=home, columns=columns, rows=TALL) as terminal:
        for line in ("19", "12", ""):
            terminal.answer(line)
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


def result(home: Path, columns: int) -> str:
    with Terminal("assess", EXAMPLES / "readme.yaml", "--full", home=home, columns=columns) as terminal:
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


def plan(home: Path, columns: int) -> str:
    words = ("plan", EXAMPLES / "readme.yaml", "--full", *EVERY_DAY)
    with Terminal(*words, home=home, columns=columns, rows=50) as terminal:
        assert terminal.end() == 0
        return "\n".join(terminal.conversation)


def error(home: Path, columns: int) -> str:
    with Terminal("plan", "--person", "anna", home=home, columns=columns) as terminal:
        assert terminal.end() == 2
        return "\n".join(terminal.conversation)


@cache
def wide(conversation: Callable[[Path, int], str]) -> str:
    folder = Path(tempfile.mkdtemp(prefix="anna-katharina-", dir="/tmp"))
    try:
        return told(conversation(folder, WIDE), folder)
    finally:
        shutil.rmtree(folder)


def told(conversation: str, home: Path) -> str:
    """A conversation without what is another in each."""
    return conversation.replace("\\\n/", "/").replace("~/", f"{home}/").replace(str(home), "HOME")


@pytest.mark.parametrize("columns", [60, 80])
@pytest.mark.parametrize("conversation", [ask, emergency, checkin, change, result, plan, error])
def test_no_word_is_cut_and_no_heading_is_lost(
    home: Path, conversation: Callable[[Path, int], str], columns: int
) -> None:
    narrow = told(conversation(home, columns), home)
    assert words_cut(narrow, wide(conversation)) == ([], [])
    # A line that fills the widest of all would be cut, too.
    assert max(map(len, wide(conversation).splitlines())) < WIDE


def test_a_cut_word_would_be_noticed() -> None:
    wide = "Run a fifth less this week.\n---\nafterrun plan /a/folder/me.json"
    assert words_cut("Run a fifth\nless this week.\n-\nafterrun plan \\\n  /a/folder/me.json", wide) == (
        [],
        [],
    )
    assert words_cut("Run a fif\nth less this week.\nafterrun plan /a/folder/me.json", wide) == (
        ["fifth"],
        ["fif", "th"],
    )
    assert words_cut("Run a fifth less\nafterrun plan /a/folder/me.json", wide) == (["this", "week."], [])


def test_a_window_that_is_dragged_narrower_gets_narrower_lines(home: Path) -> None:
    with Terminal("ask", home=home, columns=WIDE, rows=TALL) as terminal:
        terminal.wait_for_prompt()
        terminal.resize(40, TALL)
        terminal.answer("41")
        terminal.wait_for_prompt()
        shown = [line for line in terminal.conversation if line][-30:]
        assert any(len(line) > 30 for line in shown)
        assert all(len(line.split("  ")[-1]) <= 40 for line in shown)
        assert "Type one number or several, as in: 1 3." in terminal.new


def test_where_colours_are_not_wanted_there_are_none(home: Path) -> None:
    words = ("assess", EXAMPLES / "readme.yaml")
    with Terminal(*words, home=home) as coloured:
        assert coloured.end() == 0
    with Terminal(*words, home=home, variables={"NO_COLOR": "1"}) as plain:
        assert plain.end() == 0
    assert plain.conversation == coloured.conversation
    assert "╭" in plain.said
    colours = re.compile(rb"\x1b\[[0-9;]*3[0-9]")
    assert not colours.search(plain.raw)


@pytest.mark.parametrize("columns", [60, 80])
def test_a_terminal_that_can_do_little_gets_plain_lines_of_its_width(home: Path, columns: int) -> None:
    words = ("plan", EXAMPLES / "readme.yaml", "--full", *EVERY_DAY)
    with Terminal(*words, home=home, columns=columns, variables={"TERM": "dumb"}) as terminal:
        assert terminal.end() == 0
    assert b"\x1b" not in terminal.raw
    assert max(map(len, terminal.conversation)) <= columns
    assert words_cut(terminal.said, run(*words).out) == ([], [])
    assert max(line.count("#") for line in terminal.conversation) == {60: 22, 80: 40}[columns]


def test_a_line_is_edited_and_the_lines_before_come_back(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.wait_for_prompt()
        for key in ("4", "9", "left", "backspace"):
            terminal.press(key)
        terminal.type("3")
        terminal.wait_for("Question 2")
        terminal.wait_for_prompt()
        for key in ("b", "enter"):
            terminal.press(key)
        terminal.wait_for("Question 1, asked before")
        terminal.wait_for_prompt()
        for key in ("up", "up", "enter"):
            terminal.press(key)
        terminal.wait_for("Question 2")
    assert answers(*drafts(home)) == {"age_years": 39}
    assert "^[[" not in terminal.said


def test_what_was_typed_before_a_stop_is_still_there(home: Path) -> None:
    with Terminal.shell(home=home) as terminal:
        terminal.answer("afterrun ask", "$")
        terminal.wait_for_prompt()
        terminal.press("4")
        # A terminal drops at a stop what the program has not read yet.
        terminal.wait_for("> 4")
        terminal.press("ctrl-z")
        terminal.wait_for("Stopped")
        terminal.answer("fg", "$")
        terminal.wait_for("How old are you?")
        terminal.type("1")
        terminal.wait_for("have you had any of these?")
    assert answers(*drafts(home)) == {"age_years": 41}


def test_a_list_longer_than_the_screen_comes_in_pages(home: Path) -> None:
    run("start", EXAMPLES / "readme.yaml", *EVERY_DAY, home=home)
    with Terminal("checkin", "--date", "2026-01-12", home=home, columns=60) as terminal:
        terminal.wait_for("is anything worrying new")
        terminal.answer("l")
        pages = 1
        terminal.wait_for_prompt()
        while "More follow." in terminal.new:
            terminal.type("")
            terminal.wait_for_prompt()
            pages += 1
        assert pages > 2
        terminal.wait_for("Type one number or several")
        found = [re.match(r" *(\d+)\. ", line) for line in terminal.conversation]
    numbers = [int(each[1]) for each in found if each]
    assert numbers == list(range(1, max(numbers) + 1))


def test_the_first_page_of_a_gate_says_what_can_be_typed(home: Path) -> None:
    run("start", EXAMPLES / "readme.yaml", *EVERY_DAY, home=home)
    with Terminal("checkin", "--date", "2026-01-12", home=home, columns=60) as terminal:
        terminal.wait_for_prompt()
        assert "Enter shows them. Type n for none of these, or l to see the list." in terminal.said
        terminal.type("n")
        terminal.wait_for("Question 2")


def test_questions_move_no_cursor(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.answer("?")
        terminal.wait_for("Your answer can still change")
        terminal.answer("41")
        terminal.wait_for("have you had any of these?")
    assert b"\x1b" not in terminal.raw


def test_a_result_that_goes_into_a_file_leaves_the_questions_on_the_terminal(home: Path) -> None:
    file = home / "result.txt"
    with Terminal("ask", home=home, columns=60, output=file) as terminal:
        to_an_emergency(terminal)
        terminal.type("q")
        assert terminal.end() == 0
    assert file.read_text(encoding="utf-8") == run("assess", *drafts(home)).out
    assert "Stop and get assessed" not in terminal.said
    assert max(map(len, terminal.conversation)) <= 60


def test_ctrl_c_exits_130_and_keeps_the_answers(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.answer("41")
        terminal.wait_for_prompt()
        terminal.press("ctrl-c")
        assert terminal.end() == 130
    assert "Traceback" not in terminal.said
    (draft,) = drafts(home)
    assert answers(draft) == {"age_years": 41}
    program, *words = terminal.command("ask")
    assert (program, words) == ("afterrun", ["ask", "--resume", str(draft)])
    with Terminal(*words, home=home) as again:
        again.wait_for("have you had any of these?")


def test_ctrl_c_over_the_result_tells_where_the_answers_are(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        to_an_emergency(terminal)
        terminal.press("ctrl-c")
        assert terminal.end() == 130
    (kept,) = drafts(home)
    assert terminal.command("change") == ["afterrun", "change", str(kept)]


def test_ctrl_d_is_a_closed_input(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.answer("41")
        terminal.wait_for_prompt()
        terminal.press("ctrl-d")
        assert terminal.end() == 2
    assert "error: the input ended" in terminal.said
    assert answers(*drafts(home)) == {"age_years": 41}


def test_ctrl_d_before_the_result_agrees_to_nothing(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.answer("41")
        terminal.answer("7")
        terminal.wait_for("Enter shows the result.")
        terminal.wait_for_prompt()
        terminal.press("ctrl-d")
        assert terminal.end() == 2
    assert "Emergency. Call your emergency number now. Your" not in terminal.said
    assert "error: the input ended" in terminal.said
    (draft,) = drafts(home)
    assert draft.name.startswith("interview-")


def test_ctrl_d_at_a_doubt_writes_no_week(home: Path) -> None:
    run("start", EXAMPLES / "readme.yaml", *EVERY_DAY, home=home)
    week = {**WEEK, "How much did you run": "80"}
    with Terminal("checkin", "--date", "2026-01-12", home=home, rows=TALL) as terminal:
        terminal.wait_for_prompt()
        while "Is that right?" not in terminal.new:
            # It is asked at once, not after all the others.
            assert "the worst knee pain" not in terminal.new
            terminal.type(next(line for asked, line in week.items() if asked in terminal.new))
            terminal.wait_for_prompt()
        terminal.press("ctrl-d")
        assert terminal.end() == 2
    assert "Your answers are kept" in terminal.said
    assert json.loads(run("diary", "--format", "json", home=home).out)["check_ins"] == []


def test_ctrl_z_stops_an_interview_and_fg_goes_on_with_it(home: Path) -> None:
    with Terminal.shell(home=home) as terminal:
        terminal.answer("afterrun ask", "$")
        terminal.answer("41")
        terminal.wait_for_prompt()
        terminal.press("ctrl-z")
        terminal.wait_for("Stopped")
        terminal.answer("fg", "$")
        # What is asked is shown again, for other things stand on the screen now.
        terminal.wait_for("have you had any of these?")
        terminal.answer("7")
        terminal.answer("")
        terminal.wait_for("Enter shows the rest")
        terminal.type("q")
        terminal.answer("exit", "$")
        assert terminal.end() == 0
    assert answers(*drafts(home)) == {"age_years": 41, "warning_signs": ["saddle_bladder"]}


def test_a_window_closed_in_the_middle_loses_nothing(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        terminal.answer("41")
        terminal.wait_for_prompt()
        assert terminal.close_window() == -signal.SIGHUP
    assert answers(*drafts(home)) == {"age_years": 41}


def test_a_window_closed_over_the_result_loses_nothing(home: Path) -> None:
    with Terminal("ask", home=home) as terminal:
        to_an_emergency(terminal)
        assert terminal.close_window() == -signal.SIGHUP
    (kept,) = drafts(home)
    assert kept.name.startswith("answers-")
    assert answers(kept) == {"age_years": 41, "warning_signs": ["saddle_bladder"]}


def test_where_answers_can_be_kept_nowhere_a_file_is_asked_for(home: Path) -> None:
    (home / "state").write_text("in the way")
    taken, mine = home / "taken.json", home / "me.json"
    taken.write_text("mine")
    with Terminal("ask", home=home) as terminal:
        to_an_emergency(terminal)
        terminal.type("q")
        terminal.wait_for("Type a file to write them to")
        terminal.type(str(taken))
        terminal.wait_for("already. Type another name.")
        terminal.type(str(home / "nowhere" / "me.json"))
        terminal.wait_for("cannot be written")
        terminal.type(str(mine))
        assert terminal.end() == 0
    assert taken.read_text() == "mine"
    assert answers(mine) == {"age_years": 41, "warning_signs": ["saddle_bladder"]}
    assert "Your answers are saved in ~/me.json" in terminal.said


def test_what_the_screen_says_to_type_works(home: Path) -> None:
    with Terminal.shell(home=home, columns=60) as terminal:
        terminal.answer("afterrun ask", "$")
        for line in (*NO_SAFETY_SIGN, *TO_THE_END, ""):
            terminal.answer(line)
        terminal.wait_for("Enter shows the rest")
        terminal.type("q")
        terminal.wait_for_prompt("$")
        for name in ("plan", "start"):
            words = terminal.command(name)
            assert run(*words[1:], home=home).code == 0, words
        assert json.loads(run("plan", "--format", "json", home=home).out)["weeks"]
