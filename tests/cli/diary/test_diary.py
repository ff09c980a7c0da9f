"""`afterrun start`, `checkin` and `diary` as a person uses them."""

import json
import os
import re
import shlex
import stat
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.schedule import day_words
from tests.cli.interview.test_checkin import number_of, typed
from tests.support.cli_runs import COMMAND, SAMPLE, Ran, environment, run
from tests.support.diaries.weeks import runner
from tests.support.paths import EXAMPLES, ROOT
from tests.support.servers.postgres import POSTGRES

pytestmark = pytest.mark.slow

START = date.today() - timedelta(days=40)
WEEK: dict[str, Any] = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "session_pain": 3, "reps_in_reserve": 2,
    "next_morning": "same", "sessions_done": 3, "sessions_planned": 3, "volume_done": 0,
}  # fmt: skip


FIRST_WEEK = ("--date", str(START + timedelta(days=6)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    ran = run("start", SAMPLE, "--start", str(START), "--past", home=tmp_path)
    assert ran.code == 0, ran.err
    assert "Tendon training" in ran.out
    return tmp_path


def test_the_week_that_runs_is_told_as_the_one_of_now(tmp_path: Path) -> None:
    begun = date.today() - timedelta(days=2)
    assert run("start", SAMPLE, "--start", str(begun), "--past", home=tmp_path).code == 0
    assert "Now: week 1, " in run("diary", home=tmp_path).out


def report(home: Path, week: int, *words: str, **answers: Any) -> Ran:
    given = json.dumps({**WEEK, **answers})
    day = START + timedelta(days=7 * week - 1)
    return run("checkin", "--answers", "-", "--full", "--date", str(day), *words, stdin=given, home=home)


def test_a_check_in_says_what_comes_next_and_why(home: Path) -> None:
    ran = report(home, 1)
    assert ran.code == 0, ran.err
    for words in ("Go on to the next week", "The plan goes on: week 2, ", "Why", "3x12"):
        assert words in ran.out
    assert "Week 1 is written down." in ran.err
    said = json.loads(report(home, 2, "--format", "json").out)
    assert (said["before"]["week"], said["after"]["week"], said["calendar_week"]) == (2, 3, 2)
    assert said["because"]["progress"]["value"] is True


def test_it_asks_about_the_week_only(home: Path, checkin_part: afterrun.Rulebook) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    asked = typed(none, "0", "3", "2", "2", "0", "2", "", "")
    ran = run("checkin", "--full", *FIRST_WEEK, stdin=asked, home=home)
    assert ran.code == 0, ran.err
    assert "looks back on week 1" in ran.err
    assert ran.err.count("Weekly check-in") == 1
    assert "Which part of your plan" not in ran.err
    assert "The plan goes on: week 2, " in ran.out


def test_weeks_without_a_check_in_are_told_before_anything_is_asked(
    home: Path, checkin_part: afterrun.Rulebook
) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run("checkin", stdin=typed(none, "0", "4", "3", "2", "2", "0", "2"), home=home)
    assert ran.err.index("Weeks 1 to 4 have no check-in") < ran.err.index("Question 1")
    # The number that does not add up is refused where it is typed.
    assert " ".join(ran.err.split()).count("count 4 as missed") == 2
    assert "Start again at week 1" in ran.out, ran.err


def test_before_a_week_is_over_a_new_sign_is_asked_for_and_nothing_else(
    home: Path, checkin_part: afterrun.Rulebook
) -> None:
    report(home, 5, weeks_missed=4)
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run("checkin", stdin=typed(none), home=home)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("Question ") == 1
    assert "Nothing was written down." in ran.err
    calf = number_of(checkin_part, "new_warning_signs", "calf_swollen")
    ran = run("checkin", stdin=typed(calf), home=home)
    assert ran.out.startswith("Same-day care")
    # What was planned for this week is over, too, from today on.
    calendar = run("plan", "--format", "ics", home=home).out
    assert f"DTSTART:{date.today() + timedelta(days=1):%Y%m%d}" in calendar or "CANCELLED" in calendar
    assert "CONFIRMED" not in calendar


def test_a_sign_that_was_not_meant_is_taken_back_before_it_is_written(
    home: Path, checkin_part: afterrun.Rulebook
) -> None:
    calf, none = (number_of(checkin_part, "new_warning_signs", each) for each in ("calf_swollen", "none"))
    ran = run("checkin", *FIRST_WEEK, stdin=typed(calf, "b", none, "3", "2", "2", "0", "2", ""), home=home)
    assert ran.code == 0, ran.err
    # No week lies before the first, so none can have been missed.
    assert "How many whole weeks did you miss" not in ran.err
    assert "You report: One calf or leg is clearly more swollen" in ran.err
    assert "Go on to the next week" in ran.out
    history = json.loads(run("diary", "--format", "json", home=home).out)
    assert [each["answers"]["new_warning_signs"] for each in history["check_ins"]] == [["none"]]


def test_pain_that_stops_the_plan_is_told_before_it_is_written(
    home: Path, checkin_part: afterrun.Rulebook
) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run(
        "checkin", *FIRST_WEEK, stdin=typed(none, "0", "9", "9", "9", "2", "2", "0", "2", "", ""), home=home
    )
    assert ran.code == 0, ran.err
    assert "Stop and get assessed" in ran.out
    assert "With these answers the plan stops." in ran.err
    assert "Enter writes the week down" not in ran.err


def test_the_days_of_the_week_stand_beside_questions_about_it_alone(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    run("start", EXAMPLES / "readme.yaml", "--start", "2026-01-05", "--past", home=tmp_path)
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run("checkin", "--date", "2026-01-12", stdin=typed(none, "8", "2", "1", ""), home=tmp_path)
    blocks = ran.err.split("Question ")
    (ahead,) = [each for each in blocks if "How much would you like to run in the week ahead?" in each]
    assert "That is week 1" not in ahead
    (back,) = [each for each in blocks if "How much did you run in that week?" in each]
    assert "That is week 1, 5 Jan to 11 Jan 2026." in back


@pytest.mark.slow
def test_whoever_was_seen_goes_on_at_once(home: Path, checkin_part: afterrun.Rulebook) -> None:
    report(home, 5, weeks_missed=4)
    calf, none = (number_of(checkin_part, "new_warning_signs", each) for each in ("calf_swollen", "none"))
    ran = run("checkin", stdin=typed(calf, ""), home=home)
    assert "afterrun checkin --seen" in ran.err
    assert "CONFIRMED" not in run("plan", "--format", "ics", home=home).out
    ran = run("checkin", stdin=typed(none), home=home)
    assert (ran.code, ran.out) == (2, "")
    assert "afterrun checkin --seen" in ran.err
    worse = run("checkin", "--answers", "-", stdin='{"new_warning_signs": ["chest_breath"]}', home=home)
    assert worse.out.startswith("Emergency"), worse.err
    assert run("plan", home=home).out.startswith("Emergency")
    ran = run("checkin", "--seen", stdin=typed(calf), home=home)
    assert (ran.code, ran.out) == (2, "")
    assert "stays stopped" in ran.err
    ran = run("checkin", "--seen", stdin=typed(none), home=home)
    assert ran.code == 0, ran.err
    assert "Next check-in: from" in ran.err
    assert "CONFIRMED" in run("plan", "--format", "ics", home=home).out
    shown = run("diary", home=home).out
    assert f"Seen on {day_words(date.today(), year=True)}" in shown


def test_a_week_that_is_done_again_has_its_reason(home: Path) -> None:
    ran = report(home, 1, sessions_done=1)
    assert "is not done within the ceiling, so it is done again" in " ".join(ran.out.split())
    assert "Its days:" in ran.out


def test_a_draft_of_before_the_last_check_in_is_not_taken_up(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    """Found by an attack: a week that was reported meanwhile counted as missed."""
    begun = run("start", "-", "--start", str(START), "--past", stdin=json.dumps(runner()), home=tmp_path)
    assert begun.code == 0, begun.err
    none = number_of(checkin_part, "new_warning_signs", "none")
    second = ("--date", str(START + timedelta(days=13)))
    left = run("checkin", *second, stdin=typed(none, "1", "q"), home=tmp_path)
    assert f"go on with  afterrun checkin --date {second[1]}" in left.err
    assert "taken up" in run("checkin", *second, stdin=typed("q"), home=tmp_path).err
    report(tmp_path, 1, volume_done=16, run_pain=0)
    assert "taken up" not in run("checkin", *second, stdin=typed("q"), home=tmp_path).err


def test_what_is_forgotten_leaves_no_draft(home: Path, checkin_part: afterrun.Rulebook) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    left = run("checkin", *FIRST_WEEK, stdin=typed(none, "0", "q"), home=home)
    assert f"--date {FIRST_WEEK[1]}" in left.err
    assert list(home.rglob("checkin-*.json"))
    assert run("diary", "delete", "--yes", home=home).code == 0
    assert not list(home.rglob("checkin-*.json"))


def test_the_person_named_last_counts(home: Path) -> None:
    assert run("start", SAMPLE, "--person", "you", "--start", str(START), "--past", home=home).code == 0
    ran = run("diary", "--person", "you", "delete", "--person", "me", "--yes", home=home)
    assert "Deleted: 1 plan of me" in ran.out
    assert run("diary", "--person", "you", home=home).code == 0


def test_weeks_without_a_check_in_are_seen_in_the_history(home: Path) -> None:
    report(home, 1)
    report(home, 4, weeks_missed=2)
    shown = run("diary", "--svg", home / "w.svg", home=home).out
    assert [line.split()[0] for line in shown.splitlines() if line.endswith("missed")] == ["2", "3"]
    assert "(2 missed): " in " ".join(shown.split())
    picture = (home / "w.svg").read_text(encoding="utf-8")
    assert picture.count("Tendon training: missed.") == 2
    assert "Running" not in picture


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(("redirect", "code"), [(">/dev/full", 3), (">&-", 0)])
def test_a_week_is_kept_though_the_result_cannot_be_shown(home: Path, redirect: str, code: int) -> None:
    answers = home / "week.json"
    answers.write_text(json.dumps(WEEK), encoding="utf-8")
    words = shlex.join([str(COMMAND), "checkin", "--answers", str(answers), *FIRST_WEEK])
    ran = subprocess.run(
        f"{words} {redirect}", shell=True, capture_output=True, text=True, env=environment(home), cwd=ROOT
    )
    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr
    assert "Week 1 is written down." in ran.stderr
    assert len(json.loads(run("diary", "--format", "json", home=home).out)["check_ins"]) == 1


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (("checkin", "--answers", "-"), '{"volume_done": Infinity}'),
        (("checkin", "--answers", "-", "--date", "20261115"), "{}"),
        (("checkin", "--answers", "-", "--date", "2026-W47-7"), "{}"),
        (("diary", "--person", ""), ""),
        (("diary", "--person", "a\nb"), ""),
        (("diary", "--db", ":memory:"), ""),
        (("plan", "-o", "plan.docx"), ""),
    ],
)
def test_nonsense_is_told_without_a_traceback(home: Path, words: tuple[str, ...], given: str) -> None:
    ran = run(*words, stdin=given, home=home)
    assert ran.code in (2, 3)
    assert ran.err
    assert "Traceback" not in ran.err


def test_the_last_check_in_can_be_corrected(home: Path, checkin_part: afterrun.Rulebook) -> None:
    assert report(home, 1, session_pain=7, session_pain_less_depth=2).code == 0
    ran = run("checkin", "--correct", "--full", "--answers", "-", stdin=json.dumps(WEEK), home=home)
    assert ran.code == 0, ran.err
    assert "The plan goes on: week 2, " in ran.out
    assert "Week 1 is corrected." in ran.err
    shown = run("diary", home=home).out
    assert "(corrected): Go on to the next week" in " ".join(shown.split())
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run("checkin", "--correct", stdin=typed(none, "", "6", "4", "", "0", ""), home=home)
    assert ran.code == 0, ran.err
    history = json.loads(run("diary", "--format", "json", home=home).out)
    assert [each["answers"]["session_pain"] for each in history["check_ins"][0]["corrected"]] == [7, 3]
    for words in (("--date", "2027-01-01"), ("--seen",)):
        ran = run("checkin", "--correct", *words, home=home)
        assert (ran.code, ran.out) == (2, "")
        assert "--correct" in ran.err


def test_a_stopped_plan_is_begun_anew_by_those_who_were_seen(home: Path, tmp_path: Path) -> None:
    calendar = tmp_path / "plan.ics"
    run("plan", "-o", calendar, home=home)
    report(home, 1, new_warning_signs=["calf_swollen"])
    ran = run("start", SAMPLE, "--again", home=home)
    assert ran.code == 2
    assert "--again --seen" in ran.err
    assert run("start", SAMPLE, "--again", "--seen", home=home).code == 0
    old = {line for line in calendar.read_text().splitlines() if line.startswith("UID")}
    run("plan", "-o", calendar, home=home)
    events = calendar.read_text().split("BEGIN:VEVENT")[1:]
    gone = [each for each in events if "STATUS:CANCELLED" in each]
    assert gone
    assert all(any(uid in each for uid in old) for each in gone)
    assert not any(uid in each for each in events if each not in gone for uid in old)


def test_a_sign_ticked_by_mistake_is_taken_back_by_who_says_so(home: Path) -> None:
    stop = run("checkin", "--answers", "-", stdin='{"new_warning_signs": ["chest_breath"]}', home=home)
    assert stop.out.startswith("Emergency\n")
    refused = run("checkin", "--correct", "--answers", "-", stdin="{}", home=home)
    assert (refused.code, refused.out) == (2, "")
    for line in ("", "y\n", "no\n"):
        kept = run("checkin", "--correct", stdin=line, home=home)
        assert kept.code == 0
        assert "New chest pain" in " ".join(kept.err.split())
        assert "The stop stands. Nothing was changed." in kept.err
    taken = run("checkin", "--correct", stdin="mistake\n", home=home)
    assert taken.code == 0
    assert "it was a mistake, and the plan goes on" in taken.err
    history = run("diary", home=home).out
    assert "the plan stopped" in history
    assert f"Ticked by mistake, said on {day_words(date.today(), year=True)}" in history
    again = run("checkin", "--correct", stdin="mistake\n", home=home)
    assert again.code == 2
    assert "a stop is not corrected" in again.err


def test_of_two_stops_the_last_is_asked_about_first_and_the_other_by_itself(home: Path) -> None:
    for sign in ("gives_way", "chest_breath"):
        run("checkin", "--answers", "-", stdin=json.dumps({"new_warning_signs": [sign]}), home=home)
    first = run("checkin", "--correct", stdin="mistake\n", home=home)
    assert "New chest pain" in " ".join(first.err.split())
    assert "The plan stays stopped by what you reported before" in " ".join(first.err.split())
    second = run("checkin", "--correct", stdin="mistake\n", home=home)
    assert "New chest pain" not in " ".join(second.err.split())
    assert "the plan goes on" in second.err


def test_severe_pain_that_was_mistyped_is_corrected_like_any_week(home: Path) -> None:
    stop = json.loads(report(home, 1, "--format", "json", session_pain=9).out)
    assert (stop["status"], stop["calendar_week"]) == ("stopped", 1)
    assert "pain 9 of 10" in run("checkin", "--answers", "-", stdin=json.dumps(WEEK), home=home).err
    answers = json.dumps({**WEEK, "session_pain": 2})
    ran = run("checkin", "--correct", "--answers", "-", stdin=answers, home=home)
    assert ran.code == 0, ran.err
    assert "Week 1 is corrected." in ran.err


def test_what_cannot_be_is_refused_and_nothing_is_lost(home: Path) -> None:
    assert report(home, 1).code == 0
    for ran, words in (
        (report(home, 1), "week 1 has its check-in already"),
        (report(home, 99), "has not come"),
        (report(home, 2, session_pain=-1), "session_pain"),
        (run("checkin", "--date", "soon", home=home), "is no date"),
        (run("checkin", "--person", "nobody", home=home), "nobody is not enrolled"),
        (run("start", SAMPLE, home=home), "--again"),
    ):
        assert ran.code == 2
        assert words in ran.err
    history = json.loads(run("diary", "--format", "json", home=home).out)
    assert [each["week"] for each in history["check_ins"]] == [1]


def test_days_are_told_as_people_say_them_and_typed_as_options_take_them(tmp_path: Path) -> None:
    home, first = tmp_path, START + timedelta(days=6)
    told = run("start", SAMPLE, "--start", str(START), "--past", home=home).out
    assert f"from {day_words(START, year=True)} on." in told
    assert f"First check-in: on {day_words(first, year=True)} or later" in told
    settled = run("diary", "settings", "--not", "sun", home=home)
    said = [told, settled.out, settled.err, run("diary", home=home).out]
    report(home, 1)
    tomorrow = str(date.today() + timedelta(days=1))
    for ran, words in (
        (report(home, 1), f"can be reported from {day_words(START + timedelta(days=13), year=True)} on"),
        (
            run("checkin", "--answers", "-", "--date", tomorrow, stdin="{}", home=home),
            "has not come (today is ",
        ),
        (report(home, 0), "lies before the plan"),
        (report(home, 3), "report week 2 first:  afterrun checkin --date "),
        (run("start", SAMPLE, home=home), f"enrolled already, since {day_words(START, year=True)}."),
    ):
        assert words in " ".join(ran.err.split("\n")), ran.err
        said.append(ran.err)
    said += [run("diary", home=home).out, run("checkin", stdin="", home=home).err]
    assert [found for each in said for found in re.findall(r"(?<!--date )\d{4}-\d{2}-\d{2}", each)] == []


def test_an_interview_that_is_left_writes_nothing(home: Path) -> None:
    ran = run("checkin", stdin=typed("q"), home=home)
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was saved." in ran.err
    assert json.loads(run("diary", "--format", "json", home=home).out)["check_ins"] == []


def test_an_interview_that_is_left_can_be_taken_up_again(home: Path, checkin_part: afterrun.Rulebook) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    left = run("checkin", *FIRST_WEEK, stdin=typed(none, "3", "q"), home=home)
    assert left.code == 0
    assert "Your answers are kept" in left.err
    draft = next(home.rglob("checkin-*.json"))
    assert stat.S_IMODE(draft.stat().st_mode) == 0o600
    assert json.loads(run("diary", "--format", "json", home=home).out)["check_ins"] == []
    # Warning signs are asked again, for one may be new since; the rest is taken up.
    ran = run("checkin", *FIRST_WEEK, stdin=typed(none, "2", "2", "0", "2"), home=home)
    assert ran.code == 0, ran.err
    assert "taken up" in ran.err
    history = json.loads(run("diary", "--format", "json", home=home).out)
    assert history["check_ins"][0]["answers"] == {
        "new_warning_signs": ["none"], "weeks_missed": 0, "sessions_done": 3,
        "session_pain": 2, "reps_in_reserve": 2, "volume_done": 0, "next_morning": "same",
    }  # fmt: skip
    assert not draft.exists()


def test_a_draft_that_is_damaged_is_passed_over(home: Path, checkin_part: afterrun.Rulebook) -> None:
    none = number_of(checkin_part, "new_warning_signs", "none")
    run("checkin", stdin=typed(none, "0", "q"), home=home)
    draft = next(home.rglob("checkin-*.json"))
    for text in ("{", '{"weeks_missed": "many"}', "[]"):
        draft.write_text(text, encoding="utf-8")
        ran = run("checkin", stdin=typed("q"), home=home)
        assert ran.code == 0, ran.err
        assert "taken up" not in ran.err


def test_the_history_is_drawn_exported_and_forgotten(home: Path) -> None:
    report(home, 1)
    picture, copy = home / "weeks.svg", home / "diary.json"
    shown = run("diary", "--svg", picture, home=home)
    assert "3 ###" in shown.out
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
    assert run("diary", "export", "-o", copy, home=home).code == 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    exported = json.loads(copy.read_text(encoding="utf-8"))
    assert exported["enrolments"][0]["check_ins"][0]["answers"] == WEEK
    assert run("diary", "delete", home=home).code == 2
    assert run("diary", "delete", "--yes", home=home).code == 0
    assert "is not enrolled" in run("diary", home=home).err


def test_the_file_is_the_owners_alone(home: Path) -> None:
    file = next(home.rglob("diary.sqlite"))
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


def test_without_a_diary_check_ins_are_asked_as_ever(tmp_path: Path) -> None:
    ran = run("checkin", stdin=typed("q"), home=tmp_path)
    assert "Which part of your plan are you in?" in ran.err
    assert run("diary", home=tmp_path).code == 2
    assert not list(tmp_path.rglob("diary.sqlite"))


def test_no_plan_is_refused(tmp_path: Path) -> None:
    ran = run("start", "-", stdin='{"warning_signs": ["calf_swollen"]}', home=tmp_path)
    assert ran.code == 2
    assert "no plan follows" in ran.err


def test_whoever_knows_no_amount_walks_until_they_do(tmp_path: Path, checkin_part: afterrun.Rulebook) -> None:
    intake = {key: value for key, value in runner().items() if key != "volume_sustainable"}
    given = json.dumps({**intake, "volume_sustainable": "unknown"})
    assert run("start", "-", "--start", str(START), "--past", stdin=given, home=tmp_path).code == 0
    none = number_of(checkin_part, "new_warning_signs", "none")
    day = str(START + timedelta(days=6))
    answers = typed(none, "0", "0", "2", "u")
    ran = run("checkin", "--date", day, "--format", "json", stdin=answers, home=tmp_path)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert (said["before"]["programme"], said["before"]["amount"]) == ("find_pain_free_volume", None)
    assert said["actions"] == ["progress"]
    assert "next_volume" not in said["plan"]
    day = str(START + timedelta(days=13))
    answers = typed(none, "4", "0", "2", "6")
    ran = run("checkin", "--date", day, "--format", "json", stdin=answers, home=tmp_path)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["actions"] == ["start_running_baseline"]
    assert (said["after"]["programme"], said["after"]["amount"]) == ("running_baseline", 3.2)


def test_the_plan_follows_the_check_ins(home: Path, tmp_path: Path) -> None:
    first = run("plan", "-o", tmp_path / "plan.ics", home=home)
    assert (first.code, first.out) == (0, "")
    assert "Week 1 has had no check-in yet" in first.err
    ran = report(home, 1, session_pain=6, session_pain_less_depth=4)
    assert "Your weeks, before and after" in ran.out
    assert "Tendon training 3x12 → Tendon training 3x15" in ran.out
    assert "afterrun plan" in ran.err
    plan = json.loads(run("plan", "--format", "json", home=home).out)
    assert (plan["weeks"][0]["week"], plan["weeks"][0]["plan_week"]) == (2, 1)
    assert plan["weeks"][0]["sessions"][0]["title"] == "Tendon training 3x15"
    again = run("plan", "--format", "ics", "--at", "07:00", home=home).out
    begun = {line for line in (tmp_path / "plan.ics").read_text().splitlines() if line.startswith("UID")}
    assert len(begun & set(again.splitlines())) > 30
    assert "T070000" in again


def test_a_stop_empties_the_calendar(home: Path, tmp_path: Path) -> None:
    report(home, 1, new_warning_signs=["calf_swollen"])
    for shape in ("text", "html"):
        shown = run("plan", "--format", shape, home=home)
        assert shown.code == 0
        assert "There is no plan by the week." in shown.out
    calendar = run("plan", "--format", "ics", home=home)
    assert "STATUS:CANCELLED" in calendar.out
    assert "STATUS:CONFIRMED" not in calendar.out
    assert "takes back" in calendar.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "--start", "2027-03-01"), "without a FILE"),
        (("plan", SAMPLE, "--db", "x.sqlite"), "not both"),
        (("plan", "--person", "nobody"), "nobody is not enrolled"),
    ],
)
def test_a_plan_of_two_things_at_once_is_refused(home: Path, words: tuple[str, ...], said: str) -> None:
    ran = run(*words, home=home)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_number_with_decimals_is_kept_as_it_was_given(tmp_path: Path) -> None:
    begun = run("start", "-", "--start", str(START), "--past", stdin=json.dumps(runner()), home=tmp_path)
    assert begun.code == 0, begun.err
    week = {**WEEK, "volume_done": 18.5, "run_pain": 0}
    day = str(START + timedelta(days=6))
    ran = run("checkin", "--full", "--answers", "-", "--date", day, stdin=json.dumps(week), home=tmp_path)
    assert ran.code == 0, ran.err
    history = json.loads(run("diary", "--format", "json", home=tmp_path).out)
    assert history["check_ins"][0]["answers"]["volume_done"] == 18.5


def test_without_a_diary_the_plan_says_how_to_begin(tmp_path: Path) -> None:
    ran = run("plan", home=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "afterrun start FILE" in ran.err


def test_what_the_next_programme_needs_is_asked_at_once(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    given = json.dumps(runner())
    assert run("start", "-", "--start", str(START), "--past", stdin=given, home=tmp_path).code == 0
    none = number_of(checkin_part, "new_warning_signs", "none")
    ran = run("checkin", "--format", "json", stdin=typed(none, "4", "10", "0", "2", "10", ""), home=tmp_path)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["actions"] == ["restart_baseline"]
    assert said["after"]["amount"] == said["after"]["facts"]["baseline_volume"] == 8


@pytest.mark.skipif(not POSTGRES or os.name != "posix", reason="no PostgreSQL here")
def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = run("diary", "--db", "postgresql://me:s3cret@127.0.0.1:1/x", home=tmp_path)
    assert ran.code == 3
    assert "s3cret" not in ran.err
