"""`afterrun checkin`: files in and answers out, or asked in the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.support.cli_runs import run
from tests.support.paths import ROOT

LOADING: dict[str, Any] = {
    "enrolled": {"programme": "tendon_loading", "week": 5},
    "checkin": {
        "session_pain": 7, "session_pain_less_depth": 4, "reps_in_reserve": 5, "next_morning": "same",
        "new_warning_signs": ["none"], "weeks_missed": 0, "sessions_done": 3, "sessions_planned": 3,
        "volume_done": 0,
    },
}  # fmt: skip
SIGN: dict[str, Any] = {"enrolled": LOADING["enrolled"], "checkin": {"new_warning_signs": ["calf_swollen"]}}


def lines(*values: Any) -> str:
    return "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in values)


def typed(*answers: str) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def number_of(part: afterrun.Rulebook, question: str, option: str) -> str:
    """What to type to choose an option."""
    return str([each.id for each in part.questions[question].options].index(option) + 1)


class TestFiles:
    def test_one_file_gives_one_object(self, tmp_path: Path) -> None:
        file = tmp_path / "week.json"
        file.write_text(json.dumps(LOADING, indent=2), encoding="utf-8")
        ran = run("checkin", file, "--format", "json")
        said = json.loads(ran.out)
        assert (ran.code, ran.err) == (0, "")
        assert said["actions"] == ["reduce_depth"]
        assert said["plan"]["sets_x_reps"] == "4x10"
        assert "triage" not in said
        assert said["because"]["reduce_depth"]["steps"][0]["rule"] == "too-much-pain-less-depth"

    def test_yaml_will_do(self, tmp_path: Path) -> None:
        file = tmp_path / "week.yaml"
        file.write_text(
            "enrolled: {programme: tendon_watch, week: 1}\n"
            "checkin: {new_warning_signs: [none], weeks_missed: 0, run_pain: 0}\n",
            encoding="utf-8",
        )
        assert json.loads(run("checkin", file, "--format", "json").out)["actions"] == ["keep"]

    def test_text_says_what_to_do_the_next_week_and_why(self) -> None:
        ran = run("checkin", "-", "--full", stdin=json.dumps(LOADING))
        assert ran.code == 0
        out = " ".join(ran.out.split())
        for words in (
            "The plan goes on: Tendon training, week 5",
            "Go less deep",
            "Sets x repetitions of that week: 4x10",
            "The session hurt more than your programme allows. You bend less deep first.",
            "not certified as a medical device",
        ):
            assert words in out
        first = run("checkin", "-", stdin=json.dumps(LOADING)).out
        assert "Go less deep" in first
        assert "Why" not in first

    def test_a_sign_is_told_with_how_soon_and_without_a_plan(self) -> None:
        ran = run("checkin", "-", stdin=json.dumps(SIGN))
        assert ran.out.startswith("Same-day care\n")
        assert "Stop and get assessed" in ran.out
        assert "Your first answers were not at hand" in ran.out
        assert "Your next week" not in ran.out
        whole = {**SIGN, "enrolled": {**SIGN["enrolled"], "answers": {"age_years": 34}}}
        assert "not at hand" not in run("checkin", "-", stdin=json.dumps(whole)).out

    def test_a_finished_programme_without_a_plan_is_not_called_unfinished(self) -> None:
        last = {**LOADING["checkin"], "session_pain": 5}
        record = {
            "enrolled": {"programme": "tendon_loading", "week": 12, "pain_at_start": 5},
            "checkin": last,
        }
        ran = run("checkin", "-", stdin=json.dumps(record))
        assert ran.out.startswith("The plan goes on: ")
        assert "Ordinary appointment" in ran.out

    def test_good_lines_give_theirs_and_bad_ones_are_told_with_their_line(self, tmp_path: Path) -> None:
        file = tmp_path / "weeks.jsonl"
        bad = {"enrolled": {"week": 0}, "checkin": {"weeks_mised": 1}}
        file.write_text(lines(LOADING, bad, "", "{not json", "[1]", SIGN), encoding="utf-8")
        ran = run("checkin", file, "--format", "json")
        assert ran.code == 1
        said = [json.loads(line) for line in ran.out.splitlines()]
        assert [(each["line"], each["actions"]) for each in said] == [
            (1, ["reduce_depth"]),
            (6, ["stop_and_get_assessed"]),
        ]
        assert f"{file}:2: enrolled.week: 0 is too small" in ran.err
        assert "checkin.weeks_mised: no question has this name. Did you mean 'weeks_missed'?" in ran.err
        assert f"{file}:4: not JSON" in ran.err
        assert f"{file}:5:" in ran.err

    def test_the_line_of_a_key_is_that_of_its_half(self, tmp_path: Path) -> None:
        file = tmp_path / "week.json"
        file.write_text('{"enrolled": {},\n "checkin":\n {"weeks_missed": 99}}', encoding="utf-8")
        ran = run("checkin", file)
        assert ran.code == 2
        assert f"{file}:2: checkin.weeks_missed: 99 is too large" in ran.err

    def test_a_key_written_twice_is_refused(self) -> None:
        ran = run("checkin", "-", stdin='{"enrolled": {"week": 1, "week": 2}, "checkin": {}}')
        assert ran.code == 2
        assert "written twice" in ran.err

    def test_several_files_in_order_and_one_that_is_not_there(self, tmp_path: Path) -> None:
        one, two = tmp_path / "one.json", tmp_path / "two.json"
        one.write_text(json.dumps(LOADING), encoding="utf-8")
        two.write_text(json.dumps(SIGN), encoding="utf-8")
        ran = run("checkin", one, tmp_path / "none.json", two, "--format", "json")
        assert ran.code == 1
        assert [json.loads(line)["file"] for line in ran.out.splitlines()] == [str(one), str(two)]
        assert "there is no such file" in ran.err

    def test_nothing_usable_is_2_and_a_broken_rulebook_3(self, tmp_path: Path) -> None:
        assert run("checkin", tmp_path / "none.json").code == 2
        assert run("checkin", "-", stdin="").code == 2
        assert run("checkin", "-", "-", stdin="{}").code == 2
        assert run("checkin", "-", "--rulebook", tmp_path / "none", stdin="{}").code == 2
        assert run("checkin", "-", "--rulebook", tmp_path, stdin="{}").code == 3

    def test_it_prints_what_the_library_returns(self, checkin_part: afterrun.Rulebook) -> None:
        printed = json.loads(
            run("checkin", "-", "--format", "json", "--input-format", "json", stdin=json.dumps(LOADING)).out
        )
        assert printed == json.loads(json.dumps(afterrun.check_in(checkin_part, LOADING).to_dict()))


class TestAsking:
    def test_only_what_can_still_change_something_is_asked(self, checkin_part: afterrun.Rulebook) -> None:
        none = number_of(checkin_part, "new_warning_signs", "none")
        ran = run("checkin", stdin=typed("2", "1", none, "0"), cwd=ROOT)
        assert ran.code == 0
        assert ran.err.count("Question ") == 4
        assert "Keep going as you are" in ran.out

    def test_a_sign_ends_the_questions(self, checkin_part: afterrun.Rulebook) -> None:
        calf = number_of(checkin_part, "new_warning_signs", "calf_swollen")
        ran = run("checkin", "--format", "json", stdin=typed("5", "6", calf))
        said = json.loads(ran.out)
        assert (said["actions"], said["triage"]) == (["stop_and_get_assessed"], "urgent")
        assert ran.err.count("Question ") == 3

    def test_a_whole_week_of_the_ramp(self, checkin_part: afterrun.Rulebook) -> None:
        none = number_of(checkin_part, "new_warning_signs", "none")
        answers = typed("5", "7", none, "0", "20 km", "0", "2", "27", "16", "", "", "", "", "20", "0")
        ran = run("checkin", "--format", "json", stdin=answers)
        assert ran.code == 0, ran.err
        said = json.loads(ran.out)
        assert said["actions"] == ["progress", "refuse_above_cap"]
        assert (said["plan"]["next_volume"], said["plan"]["volume_unit"]) == (24.0, "km")

    def test_a_whole_week_of_loading_with_each_step_of_the_ladder(
        self, checkin_part: afterrun.Rulebook
    ) -> None:
        none = number_of(checkin_part, "new_warning_signs", "none")
        answers = typed("1", "3", none, "0", "2", "3", "7", "7", "6", "0", "0")
        said = json.loads(run("checkin", "--format", "json", stdin=answers + typed(*"22222")).out)
        assert said["actions"] == ["stop_session", "reduce_depth", "reduce_weight", "repeat_week"]

    @pytest.mark.slow
    def test_a_number_far_above_the_plan_is_asked_again(self, checkin_part: afterrun.Rulebook) -> None:
        none = number_of(checkin_part, "new_warning_signs", "none")
        week = ("5", "7", none, "0", "66.1 km", "0", "2", "", "16", "20", "22", "26", "")
        ran = run("checkin", "--format", "json", stdin=typed(*week, ""))
        assert "66.1 is more than 3 times what was planned, 22. Is that right?" in ran.err
        said = json.loads(ran.out)
        assert said["actions"] == ["hold", "advise_against"]
        left = run("checkin", "--format", "json", stdin=typed(*week))
        assert (left.code, left.out) == (2, "")
        assert "error: the input ended before the questions did" in left.err
        ran = run("checkin", "--format", "json", stdin=typed(*week, "b", "26.1", "10", "0"))
        assert json.loads(ran.out)["actions"] == ["progress"]

    def test_a_doubt_is_not_settled_by_the_end_of_the_input(self, checkin_part: afterrun.Rulebook) -> None:
        none = number_of(checkin_part, "new_warning_signs", "none")
        week = ("5", "7", none, "0", "66.1 km", "0", "2", "", "16", "20", "22", "26", "")
        ran = run("checkin", "--format", "json", stdin=typed(*week))
        assert "Is that right?" in ran.err
        assert (ran.code, ran.out) == (2, "")
        assert "the input ended before the questions did" in ran.err

    def test_a_number_far_above_the_plan_is_an_error_in_a_file(self) -> None:
        ramp = {"programme": "gradual_ramp", "week": 6, "baseline_volume": 18, "ramp_pct": 10,
                "volume_unit": "km", "planned_volume": 22, "planned_volume_max": 26}  # fmt: skip
        week = {"new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0,
                "volume_done": 66.1}  # fmt: skip
        ran = run("checkin", "-", stdin=json.dumps({"enrolled": ramp, "checkin": week}))
        assert ran.code == 2
        assert "checkin.volume_done: 66.1 is more than 3 times what was planned, 22; " in ran.err
        for sure, code in ((False, 2), ("yes", 2), (True, 0)):
            said = {**week, "volume_done_confirmed": sure}
            assert run("checkin", "-", stdin=json.dumps({"enrolled": ramp, "checkin": said})).code == code

    def test_back_why_and_leave(self) -> None:
        ran = run("checkin", stdin=typed("1", "b", "4", "?", "q"))
        assert (ran.code, ran.out) == (0, "")
        assert "Your answer can still change: " in ran.err
        assert "q leaves" in ran.err
        assert "Nothing was saved." in ran.err

    def test_an_input_that_ends_too_soon_gives_no_result(self) -> None:
        ran = run("checkin", stdin=typed("1", "0", "999", "5"))
        assert (ran.code, ran.out) == (2, "")
        assert "0 is too small: from 1 to 520" in ran.err
        assert "the input ended before the questions did" in ran.err


def test_the_file_that_the_readme_names_is_answered() -> None:
    ran = run("checkin", "examples/ramp_week.yaml", "--format", "json", cwd=ROOT)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["actions"] == ["step_back", "refuse_above_cap"]
