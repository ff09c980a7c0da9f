"""Interviews through `afterrun ask`, as a person at a terminal has them, or a script with a pipe."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.support.cli_runs import SAMPLE, run

NO_SAFETY_SIGN = ["41", "10", "1", "7", "6", "9", "16"]
TO_THE_END = ["1", "1", "2", "7", "2", "3", "10", "5", "15 km", "10", "8", "", "2", "2", "2", "2 4"]


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def drafts(home: Path) -> list[Path]:
    return sorted((home / "state" / "afterrun").glob("*"))


def answers(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_a_whole_interview_ends_in_the_result_that_its_saved_answers_give(tmp_path: Path) -> None:
    saved = tmp_path / "me.json"
    ran = run(
        "ask", "--save", saved, "--format", "json", stdin=typed(*NO_SAFETY_SIGN, *TO_THE_END), home=tmp_path
    )
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["triage"] == "self_care"
    assert run("assess", saved, "--format", "json").out == ran.out
    assert saved.stat().st_mode & 0o777 == 0o600
    assert drafts(tmp_path) == []


def test_fewer_and_fewer_questions_are_left(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed(*NO_SAFETY_SIGN, *TO_THE_END), home=tmp_path)
    left = [
        int(number) for number in re.findall(r"^Question \d+, at most (\d+) left$", ran.err, re.MULTILINE)
    ]
    assert left[0] == 29
    assert left[-1] == 1
    assert all(later < earlier for earlier, later in itertools.pairwise(left))


def test_stdout_holds_the_result_alone(tmp_path: Path) -> None:
    ran = run("ask", "--format", "markdown", stdin=typed(*NO_SAFETY_SIGN, *TO_THE_END), home=tmp_path)
    assert ran.out.startswith("# Self-care")
    assert "Question" not in ran.out
    assert "\x1b" not in ran.out + ran.err


def test_not_sure_of_an_emergency_sign_is_told_after_the_answer_before_the_result_and_first_in_it(
    tmp_path: Path,
) -> None:
    ran = run("ask", stdin=typed("41", "not sure", "1", "7", "6", "9", "16", ""), home=tmp_path)
    words = "If one of these may be true, call your emergency number now."
    assert ran.err.count(words) == 2
    at = [ran.err.index("Question 2,"), ran.err.index(words), ran.err.index("Question 3,")]
    assert at == sorted(at)
    assert ran.err.rindex(words) < ran.err.rindex("ends the questions")
    first = " ".join(ran.out.split())
    assert first.index(words) < first.index("Book an appointment")


def test_an_emergency_ends_the_interview_with_what_to_do(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("41", "7"), home=tmp_path)
    assert ran.code == 0
    assert ran.out.startswith("Emergency\n")
    assert "Call your emergency number now." in " ".join(ran.out.split())
    assert "tendon" not in ran.out.lower()


def test_a_red_flag_is_told_before_the_next_question(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("41", "3", "q"), home=tmp_path)
    asked = ran.err.partition("From what you said: Same-day care. Be seen today")
    assert asked[1]
    assert re.search(r"\d+ more questions? could make it more urgent\.", asked[2])
    assert "Question 3" in asked[2]


def test_a_sign_ticked_together_with_none_counts(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("41", "3 10", "q"), home=tmp_path)
    assert "The something else counts." in " ".join(ran.err.split())
    assert "From what you said: Same-day care." in ran.err


def test_a_long_line_is_one_answer(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("x" * 1000 + "41" + "y" * 2000, "x" * 999, "42", "q"), home=tmp_path)
    assert ran.err.count("Type a number, with digits only.") == 2
    assert answers(drafts(tmp_path)[0]) == {"age_years": 42}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("thirty", "Type a number, with digits only."),
        ("12.5", "Takes a whole number"),
        ("7", "7 is too small: from 10 to 100 years."),
        ("", "An answer is needed here."),
        ("u", "Type a number"),
        ("9" * 5000, "\nThat is too large. Type a number of at most 9 digits."),
    ],
)
def test_a_wrong_answer_is_told_at_once_and_asked_again(tmp_path: Path, line: str, told: str) -> None:
    ran = run("ask", stdin=typed(line, "41", "q"), home=tmp_path)
    assert told in ran.err
    assert answers(drafts(tmp_path)[0]) == {"age_years": 41}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("0", "Type a number from 1 to 5."),
        ("6", "Type a number from 1 to 5."),
        ("1 2", "Only one answer fits here."),
        ("no", "Type a number from 1 to 5."),
    ],
)
def test_only_the_numbers_of_the_options_are_taken(tmp_path: Path, line: str, told: str) -> None:
    assert told in run("ask", stdin=typed("41", "10", line, "q"), home=tmp_path).err


def test_at_most_as_many_options_as_allowed(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed(*NO_SAFETY_SIGN, "1,2,3", "2, 1", "q"), home=tmp_path)
    assert "Choose at most 2." in ran.err
    assert answers(drafts(tmp_path)[0])["pain_site"] == ["below_kneecap", "around_behind_kneecap"]


def test_the_unit_is_asked_once_and_then_kept(tmp_path: Path) -> None:
    before = [*NO_SAFETY_SIGN, *TO_THE_END[:8]]
    lines = [*before, "15", "15 furlongs", "15,5 miles", "90 min", "10 km", "8 mi", "q"]
    ran = run("ask", stdin=typed(*lines), home=tmp_path)
    for told in (
        "In which unit?",
        "'furlongs' is no unit",
        "Your other amounts are in mi",
        "10 km counts as 6.21 mi.",
    ):
        assert told in ran.err
    kept = answers(drafts(tmp_path)[0])
    assert (kept["volume_unit"], kept["volume_last_week"], kept["volume_before"]) == ("mi", 15.5, 6.21)


def test_i_do_not_know_is_an_answer_where_it_is_offered(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed(*NO_SAFETY_SIGN, "1", "u", "1", "u", "q"), home=tmp_path)
    assert "Type a number from 1 to 6." in ran.err
    assert answers(drafts(tmp_path)[0])["worst_pain"] == "unknown"


def test_back_keeps_the_answers_and_enter_keeps_one(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("41", "10", "1", "b", "b", "", "7", "q"), home=tmp_path)
    assert "Question 2, asked before" in ran.err
    assert "None of these [current]" in ran.err
    assert answers(drafts(tmp_path)[0]) == {
        "age_years": 41,
        "warning_signs": ["none"],
        "injury_onset": "no",
        "right_now": ["none"],
    }


def test_back_changes_one_answer_and_keeps_the_later_ones(tmp_path: Path) -> None:
    run("ask", stdin=typed("41", "10", "1", "b", "b", "b", "50", "q"), home=tmp_path)
    assert answers(drafts(tmp_path)[0]) == {"age_years": 50, "warning_signs": ["none"], "injury_onset": "no"}


def test_before_the_first_question_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("b", "41", "b", "b", "", "q"), home=tmp_path)
    assert ran.err.count("This is the first question.") == 2
    assert answers(drafts(tmp_path)[0]) == {"age_years": 41}


def test_a_question_mark_tells_what_is_meant_an_example_and_why(
    tmp_path: Path, rulebook: afterrun.Rulebook
) -> None:
    question = rulebook.questions["age_years"]
    said = " ".join(run("ask", stdin=typed("?", "41", "b", "?", "q"), home=tmp_path).err.split())
    help_on = (
        f"What is meant: {question.means} For example: {question.example} Why it is asked: {question.why} "
        "Your answer can still change: how soon to be seen; what it looks like; what to do about it; "
        "what your plan holds."
    )
    assert said.count(help_on) == 2


def test_help_speaks_of_nothing_that_was_not_said(tmp_path: Path, rulebook: afterrun.Rulebook) -> None:
    lines = [line for answer in (*NO_SAFETY_SIGN, *TO_THE_END) for line in ("?", answer)]
    ran = run("ask", stdin=typed(*lines), home=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.err.count("What is meant: ") == len(lines) // 2
    told = " ".join(ran.err.split())
    named = [each.called for each in rulebook.patterns.values()]
    named += [each.called for each in rulebook.interventions.values()]
    reasons = [" ".join(rule.because.split()) for rule in rulebook.rules.values() if rule.written]
    assert [words for words in (*named, *reasons) if words in told] == []


def test_a_long_list_stands_below_headings_and_its_numbers_run_through(
    tmp_path: Path, rulebook: afterrun.Rulebook
) -> None:
    ran = run("ask", stdin=typed(*NO_SAFETY_SIGN[:-1], "q"), home=tmp_path)
    shown = ran.err.partition(rulebook.questions["health_conditions"].ask)[2].splitlines()
    at = [shown.index(f"{group.title}:") for group in rulebook.questions["health_conditions"].groups]
    assert at == sorted(at)
    assert shown[at[0] + 1].startswith("  1. ")
    numbers = [int(match[1]) for line in shown if (match := re.match(r" *(\d+)\. ", line))]
    assert numbers == list(range(1, 18))


def test_q_says_where_the_answers_are_and_how_to_go_on(tmp_path: Path) -> None:
    ran = run("ask", stdin=typed("41", "10", "q"), home=tmp_path)
    (draft,) = drafts(tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert f"Go on with: afterrun ask --resume {draft}" in ran.err
    assert draft.stat().st_mode & 0o777 == 0o600
    assert draft.parent.stat().st_mode & 0o777 == 0o700

    again = run("ask", "--resume", draft, stdin=typed(*NO_SAFETY_SIGN[2:], *TO_THE_END), home=tmp_path)
    assert again.code == 0
    assert again.out.startswith("Self-care\n")
    (kept,) = drafts(tmp_path)
    assert kept.name.startswith("answers-")


def test_an_interview_left_behind_is_mentioned(tmp_path: Path) -> None:
    run("ask", stdin=typed("41", "q"), home=tmp_path)
    (draft,) = drafts(tmp_path)
    assert f"afterrun ask --resume {draft}" in run("ask", stdin=typed("q"), home=tmp_path).err


def test_a_finished_intake_resumed_gives_its_result_and_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "sample.yaml"
    file.write_bytes(SAMPLE.read_bytes())
    ran = run("ask", "--resume", file, home=tmp_path)
    assert ran.code == 0
    assert ran.out == run("assess", SAMPLE).out
    assert file.read_bytes() == SAMPLE.read_bytes()
    assert drafts(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"age_years": 41', "not JSON"),
        (
            '{"age_years": 41,\n "pain_timing": "sometimes"}',
            "me.json:2: pain_timing: has no option 'sometimes'",
        ),
        ('{"age_years": 41,\n "shoe_size": 44}', "me.json:2: shoe_size: no question has this name"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_resumed_is_told_before_any_question(
    tmp_path: Path, content: str, told: str
) -> None:
    file = tmp_path / "me.json"
    file.write_text(content)
    ran = run("ask", "--resume", file, stdin=typed("41"), home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Question" not in ran.err
    assert file.read_text() == content


def test_where_answers_cannot_be_saved_is_told_before_the_first_question(tmp_path: Path) -> None:
    taken = tmp_path / "taken.json"
    taken.write_text("{}")
    for save, code, told in (
        (taken, 2, "exists already"),
        (tmp_path / "no folder" / "me.json", 3, "cannot be written"),
        (tmp_path, 2, "exists already"),
    ):
        ran = run("ask", "--save", save, stdin=typed("41"), home=tmp_path)
        assert (ran.code, ran.out) == (code, "")
        assert told in ran.err
        assert "Question" not in ran.err
    assert taken.read_text() == "{}"


def test_without_a_place_for_drafts_the_interview_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    ran = run("ask", stdin=typed("41", "7"), home=tmp_path)
    assert ran.code == 0
    assert "warning:" in ran.err
    assert ran.out.startswith("Emergency\n")


def test_a_closed_input_gives_an_error_and_no_result(tmp_path: Path) -> None:
    ran = run("ask", "--format", "json", stdin=typed("41", "10"), home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "error: the input ended before the questions did" in ran.err
    (draft,) = drafts(tmp_path)
    assert answers(draft) == {"age_years": 41, "warning_signs": ["none"]}
    assert str(draft) in ran.err


def test_input_that_is_not_text_is_only_a_wrong_answer(tmp_path: Path) -> None:
    ran = run("ask", stdin=b"\xff\xfe\x1b[2J\n41\nq\n", home=tmp_path)
    assert ran.code == 0
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
