"""Days, times, runs a week and the goal on the command line: of a plan, at the start, and changed later."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.support.cli_runs import Ran, run
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.slow

README = EXAMPLES / "readme.yaml"
MONDAY = date.today() + timedelta(days=-date.today().weekday() % 7 + 7)


def plan(*words: str, file: Path = README) -> Ran:
    return run("plan", file, "--start", str(MONDAY), *words)


def sessions(ran: Ran) -> list[dict[str, str]]:
    assert ran.code == 0, ran.err
    return [row for row in csv.DictReader(ran.out.splitlines()) if row["kind"] != "check_in"]


def start(home: Path, *words: str) -> Ran:
    return run("start", README, "--start", str(MONDAY), *words, home=home)


def settings(home: Path, *words: str) -> Ran:
    return run("diary", "settings", *words, home=home)


def kept(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(settings(home, "--format", "json").out)
    return found


def test_a_plan_takes_days_times_runs_and_the_day_of_the_long_run() -> None:
    words = ("--days", "Monday, thu", "--days", "run=mon,wed,fri,sun", "--not", "wed", "--at", "run=6:30")
    found = sessions(plan(*words, "--runs", "3", "--long-run", "sunday", "--format", "csv"))
    week = [row for row in found if row["week"] == "1"]
    assert [(row["weekday"], row["time"]) for row in week] == [
        ("Mon", "06:30"), ("Fri", "06:30"), ("Sun", "06:30"),
    ]  # fmt: skip
    assert max(float(row["amount"]) for row in week) == float(week[-1]["amount"])


def test_what_a_week_away_takes_is_said_in_the_week_and_before_all_weeks() -> None:
    away = f"{MONDAY + timedelta(7)}..{MONDAY + timedelta(11)}"
    ran = plan("--away", away, "--full")
    out = " ".join(ran.out.split())
    assert out.count("Run: 2 of 3 this week, for you are away.") == 2
    assert "What does not fit" in out
    for shape in ("html", "markdown"):
        assert "Run: 2 of 3 this week" in plan("--away", away, "--format", shape).out
    found = json.loads(plan("--away", away, "--format", "json").out)
    assert found["weeks"][1]["conflicts"][0]["why"] == "away"
    whole = plan("--away", f"{MONDAY + timedelta(7)}..{MONDAY + timedelta(13)}").out
    assert "No running from" in " ".join(whole.split())


def test_the_calendar_has_the_check_in_before_the_session() -> None:
    events = icalendar.Calendar.from_ical(
        plan("--at", "06:30", "--days", "mon,wed,fri", "--format", "ics").out
    )
    by_day: dict[date, list[Any]] = {}
    for event in events.walk("VEVENT"):
        by_day.setdefault(event.decoded("dtstart").date(), []).append(event)
    second = sorted(by_day[MONDAY + timedelta(7)], key=lambda event: event.decoded("dtstart"))
    assert [str(each["summary"]) for each in second] == ["Check-in for week 1", "Run 2.7 km"]
    assert str(second[0]["description"]).startswith("Answer the weekly check-in.")
    assert second[0].decoded("dtstart") + second[0].decoded("duration") <= second[1].decoded("dtstart")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "someday"), "--days: 'someday' is no day of the week"),
        (("--days", "runn=mon"), "Did you mean 'run'"),
        (("--days", "mon,wed", "--runs", "3"), "--runs: 3 are more than the days"),
        (("--runs", "6"), "--runs: 6 is not 1 to 5"),
        (("--runs", "many"), "--runs: 'many' is no number"),
        (("--at", "run=25:00"), "--at: '25:00' is no time of day"),
        (("--not", "mon,tue,wed,thu,fri,sat,sun"), "--not: no day of the week is left\n"),
        (("--days", "strength=mon", "--not", "mon"), "--not: no day of the week is left for leg strength\n"),
        (("--away", "2027-04-17..2027-04-10"), "--away: 2027-04-17 to 2027-04-10 ends before it begins"),
        (("--away", "soon"), "--away: 'soon' is no range; write it as in 2027-04-10..2027-04-17"),
        (("--away", "2027-04-10..2027-04-11..2027-04-12"), "is no range"),
        (("--long-run", "sun", "--not", "sun"), "--long-run: sun is no day for a run"),
        (("--long-run", "sat,sun"), "takes one day"),
        (("--days", ""), "--days: '' is no value"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = plan(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    begun = start(tmp_path, *words)
    assert begun.code == 2
    assert said in begun.err
    assert not list(tmp_path.rglob("diary.sqlite"))


def test_several_mistakes_are_told_at_once() -> None:
    ran = plan("--days", "x", "--at", "y", "--runs", "z", "--long-run", "w")
    assert ran.err.count("error: --") == 4


def test_the_start_keeps_them_and_says_what_does_not_fit(tmp_path: Path) -> None:
    ran = start(tmp_path, "--days", "sat,sun", "--at", "run=07:00")
    assert ran.code == 0, ran.err
    assert "Run: 2 a week hold less than the plan would." in " ".join(ran.out.split())
    assert kept(tmp_path)["preferences"] == {"days": {"all": ["sat", "sun"]}, "at": {"run": "07:00"}}
    rows = sessions(run("plan", "--format", "csv", home=tmp_path))
    assert {(row["weekday"], row["time"]) for row in rows} == {("Sat", "07:00"), ("Sun", "07:00")}
    shown = settings(tmp_path)
    assert "Days: Sat, Sun" in shown.out
    assert "Goal: 30 km a week" in shown.out


def test_each_option_replaces_what_it_was_and_a_blank_takes_it_back(tmp_path: Path) -> None:
    start(tmp_path, "--days", "mon,wed,fri", "--at", "07:00", "--not", "sun")
    ran = settings(tmp_path, "--days", "tue,thu,sat")
    assert ran.code == 0, ran.err
    out = " ".join(ran.out.split())
    assert "Days: Mon, Wed, Fri → Tue, Thu, Sat" in out
    assert "Run Mon, Wed, Fri at 07:00 → Tue, Thu, Sat at 07:00" in out
    assert "afterrun plan (-o plan.ics updates your calendar)" in " ".join(ran.err.split())
    settings(tmp_path, "--not", "", "--clear", "at")
    assert kept(tmp_path)["preferences"] == {"days": {"all": ["tue", "thu", "sat"]}}
    again = settings(tmp_path, "--days", "tue,thu,sat")
    assert "nothing was changed" in again.err
    assert len(kept(tmp_path)["settings"]) == 2
    shown = run("diary", home=tmp_path).out
    assert shown.count("settings: ") == 2
    exported = json.loads(run("diary", "export", home=tmp_path).out)
    assert len(exported["enrolments"][0]["settings"]) == 2
    assert exported["enrolments"][0]["preferences"]["not"] == ["sun"]
    wrong = settings(tmp_path, "--clear", "day")
    assert (wrong.code, wrong.out) == (2, "")
    assert "these are: days, runs, at, not, away, long-run, goal" in wrong.err


def test_a_calendar_that_is_exported_again_moves_its_events_and_takes_back_the_rest(tmp_path: Path) -> None:
    start(tmp_path)
    first = run("plan", "--format", "ics", home=tmp_path).out
    settings(tmp_path, "--days", "run=wed,sat", "--at", "06:00")
    second = icalendar.Calendar.from_ical(run("plan", "--format", "ics", home=tmp_path).out).walk("VEVENT")
    assert {str(each["uid"]) for each in icalendar.Calendar.from_ical(first).walk("VEVENT")} <= {
        str(each["uid"]) for each in second
    }
    standing = [each for each in second if each["status"] == "CONFIRMED" and "Run" in str(each["summary"])]
    assert {each.decoded("dtstart").weekday() for each in standing} == {2, 5}
    assert any(each["status"] == "CANCELLED" for each in second)


def test_the_goal_is_changed_with_what_that_changes(tmp_path: Path) -> None:
    start(tmp_path)
    ran = settings(tmp_path, "--goal", "40 km")
    assert ran.code == 0, ran.err
    out = " ".join(ran.out.split())
    assert "Goal: 30 km a week → 40 km a week" in out
    weeks = (f"week {number}, from {MONDAY + timedelta(weeks=number - 1):%-d %b %Y}" for number in (18, 21))
    assert f"Goal reached: {' → '.join(weeks)}" in out
    low = " ".join(settings(tmp_path, "--goal", "5 km").out.split())
    assert " → already: your amount is not below it" in low
    settings(tmp_path, "--goal", "40 km")
    assert "Week 21" in run("plan", "--full", home=tmp_path).out
    assert kept(tmp_path)["facts"]["volume_goal"] == 40
    assert "goal" not in settings(tmp_path, "--goal", "").err
    assert "volume_goal" not in kept(tmp_path)["facts"]
    assert settings(tmp_path, "--clear", "goal").code == 0
    for typed, said in (("lots", "--goal: "), ("9999 km", "--goal: "), ("-3", "--goal: ")):
        wrong = settings(tmp_path, "--goal", typed)
        assert (wrong.code, wrong.out) == (2, "")
        assert said in wrong.err


def test_a_correction_loses_no_settings(tmp_path: Path) -> None:
    begin = date.today() - timedelta(days=8)
    run("start", README, "--start", str(begin), "--past", home=tmp_path)
    week = json.dumps(
        {
            "new_warning_signs": ["none"],
            "weeks_missed": 0,
            "volume_done": 8,
            "run_pain": 0,
            "next_morning": "same",
        }
    )
    reported = run("checkin", "--answers", "-", stdin=week, home=tmp_path)
    assert reported.code == 0, reported.err
    settings(tmp_path, "--runs", "4")
    words = ("checkin", "--correct", "--answers", "-", "--format", "json")
    corrected = run(*words, stdin=week, home=tmp_path)
    assert corrected.code == 0, corrected.err
    assert [each["week"] for each in json.loads(corrected.out)["weeks"] if each["week"] > 3] == []
    assert kept(tmp_path)["preferences"] == {"runs": 4}


def test_a_plan_of_the_diary_goes_by_its_settings(tmp_path: Path) -> None:
    start(tmp_path)
    for words in (("--days", "mon"), ("--at", "run=07:00"), ("--away", "2027-01-01")):
        ran = run("plan", *words, home=tmp_path)
        assert (ran.code, ran.out) == (2, "")
        assert "afterrun diary settings" in ran.err


def test_without_a_diary_there_is_nothing_to_set(tmp_path: Path) -> None:
    ran = settings(tmp_path, "--days", "mon")
    assert (ran.code, ran.out) == (2, "")
    assert "afterrun start FILE" in ran.err
    assert not os.listdir(tmp_path)
