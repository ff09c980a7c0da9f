"""`afterrun checkin --history`: the week that is reported, out of the files of a watch, in a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.interview.test_checkin import typed
from tests.support.cli_runs import SAMPLE, Ran, run
from tests.support.diaries.weeks import runner
from tests.support.history.activity_files import Recorded, gpx_of
from tests.support.history.exports import plain_of
from tests.support.terminals import Terminal

pytestmark = pytest.mark.slow

START = date.today() - timedelta(days=30)
WEEK: dict[str, Any] = {
    "new_warning_signs": ["none"], "weeks_missed": 0, "next_morning": "same", "run_pain": 0,
}  # fmt: skip
EVE = {-3: 5000}
FIRST = {0: 5300, 2: 5400, 5: 5000}
SECOND = {7: 5200, 10: 5200, 12: 5300}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Someone whose weeks are to hold 16 km."""
    (tmp_path / "me.json").write_text(json.dumps(runner()), encoding="utf-8")
    ran = run("start", tmp_path / "me.json", "--start", str(START), "--past", home=tmp_path)
    assert ran.code == 0, ran.err
    return tmp_path


def recorded(metres: Mapping[int, int]) -> list[Recorded]:
    """Runs by the day of the plan."""
    return [
        Recorded(datetime.combine(START + timedelta(day), time(12)), each, each * 36 // 100)
        for day, each in metres.items()
    ]


def table(home: Path, metres: Mapping[int, int], name: str = "runs.csv") -> Path:
    (home / name).write_bytes(plain_of(recorded(metres)))
    return home / name


def end_of(week: int) -> str:
    return str(START + timedelta(days=7 * week - 1))


def asked(home: Path, files: Path, week: int, *answers: str, also: tuple[str, ...] = ()) -> Ran:
    """A check-in on a week, from the question about what was run on."""
    words = ("checkin", "--date", end_of(week)) if "--correct" not in also else ("checkin",)
    return run(*words, *also, "--history", files, "--full", stdin=typed("n", *answers), home=home)


def export(home: Path) -> Any:
    return json.loads(run("diary", "export", home=home).out)["enrolments"][0]["check_ins"]


def test_enter_takes_the_very_week_and_its_page_says_where_from(home: Path) -> None:
    folder = home / "watch"
    folder.mkdir()
    for number, each in enumerate(recorded(EVE | FIRST | SECOND)):
        (folder / f"{number}.gpx").write_bytes(gpx_of(each))
    ran = asked(home, folder, 1, "", "0", "2", "", "")
    assert ran.code == 0, ran.err
    assert "Enter takes what your files say: 15.7 km" in ran.err
    assert "Your runs, planned and done" in ran.out
    assert "From your files: 3 runs, " in ran.out
    (kept,) = export(home)
    assert kept["answers"]["volume_done"] == 15.7
    assert [each["metres"] for each in kept["answers"]["from_files"]["volume_done"]["runs"]] == [
        *FIRST.values()
    ]
    assert "from_files" in json.dumps(kept["said"]["because"])
    assert str(folder) not in json.dumps(kept)
    told = " ".join(run("diary", home=home).out.split())
    assert re.search(r"From your files: 3 runs, [^;]*; 3 of 3 planned runs done\.", told)


def test_another_answer_has_no_files_and_a_later_import_leaves_it_alone(home: Path) -> None:
    files = table(home, EVE | FIRST | SECOND)
    assert asked(home, files, 1, "12", "0", "2", "", "").code == 0
    (first,) = export(home)
    assert "from_files" not in first["answers"]
    ran = asked(home, files, 2, "", "0", "2", "", "")
    assert ran.code == 0, ran.err
    assert ran.err.count("Your files now say 15.7 km for week 1, ") == 1
    assert "You confirmed 12 km, and that stays.\nTo change it:  afterrun checkin --correct" in ran.err
    assert export(home)[0] == first


def test_a_correction_is_offered_what_was_confirmed_and_not_what_files_say_now(home: Path) -> None:
    assert asked(home, table(home, EVE | FIRST | {8: 1000}), 1, "", "0", "2", "", "").code == 0
    more = table(home, EVE | FIRST | {3: 2000, 8: 1000}, "more.csv")
    ran = asked(home, more, 1, "", "", "", "", "", also=("--correct",))
    assert ran.code == 0, ran.err
    assert "You confirmed 15.7 km. Your files now say 17.7 km." in ran.err
    assert "Enter takes what you said before: 15.7 km" in ran.err
    (kept,) = export(home)
    assert kept["answers"]["volume_done"] == 15.7
    assert len(kept["answers"]["from_files"]["volume_done"]["runs"]) == 3


def test_answers_of_a_file_stand_and_what_they_lack_is_not_filled_in(home: Path) -> None:
    files = table(home, EVE | FIRST | {8: 1000})

    def report(**answers: Any) -> Ran:
        given = json.dumps({**WEEK, **answers})
        words = ("--answers", "-", "--date", end_of(1), "--history", files, "--format", "json")
        return run("checkin", *words, stdin=given, home=home)

    lacks = report()
    assert lacks.code == 2
    assert "would offer 1 number that these answers lack, and nothing is filled in" in lacks.err
    assert "How much did you run in that week? 15.7 km" in lacks.err
    assert "lacks answers: volume_done; nothing was written" in lacks.err
    said = report(volume_done=9)
    assert said.code == 0, said.err
    assert "would offer" not in said.err
    assert "planned_and_done" not in json.loads(said.out)
    assert export(home)[0]["answers"]["volume_done"] == 9


def test_json_tells_planned_and_done_where_the_answers_name_their_runs(home: Path) -> None:
    entry = {
        "since": str(START),
        "until": end_of(1),
        "runs": [{"day": str(START + timedelta(1)), "metres": 16_000, "file": "0123456789ab"}],
    }
    given = {**WEEK, "volume_done": 16, "from_files": {"volume_done": entry}}
    words = ("checkin", "--answers", "-", "--date", end_of(1), "--format", "json")
    ran = run(*words, stdin=json.dumps(given), home=home)
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said["from_files"] == {"volume_done": entry}
    assert [each["run"] for each in said["planned_and_done"] if each["run"]] == entry["runs"]
    assert len(said["planned_and_done"]) == 3
    wrong = json.dumps({**given, "volume_done": 12})
    refused = run(*words, "--correct", stdin=wrong, home=home)
    assert refused.code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--history", "nowhere.csv"), "nowhere.csv"),
        (("--history", "empty.csv"), "nothing could be read of these files"),
        (("--history", "empty.csv", "--tz", "Mars/Crater"), "there is no time zone 'Mars/Crater'"),
        (("--tz", "Europe/Berlin"), "--tz is about the files of --history, and none is named"),
        (("week.json", "--history", "empty.csv"), "a check-in FILE stands alone"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_written(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    (home / "empty.csv").write_text("", encoding="utf-8")
    (home / "week.json").write_text("{}", encoding="utf-8")
    ran = run("checkin", *words, home=home, cwd=home)
    assert ran.code == 2
    assert said in ran.err
    assert export(home) == []


def test_without_a_diary_files_are_no_week(tmp_path: Path) -> None:
    ran = run("checkin", "--history", table(tmp_path, FIRST), home=tmp_path)
    assert ran.code == 2
    assert "there is no diary yet: begin with  afterrun start FILE" in ran.err


def test_files_are_not_read_where_no_week_is_reported(home: Path) -> None:
    ran = run("checkin", "--date", str(START), "--history", "nowhere", stdin=typed("n"), home=home)
    assert "No week is reported now, so your files are not read." in ran.err
    assert ran.code == 0


@pytest.mark.process
def test_a_run_in_the_weeks_without_running_is_asked_about_on_a_narrow_screen(tmp_path: Path) -> None:
    ran = run("start", SAMPLE, "--start", str(START), "--past", home=tmp_path)
    assert ran.code == 0, ran.err
    files = table(tmp_path, EVE | {2: 6000, 9: 1000})
    words = ("checkin", "--date", end_of(1), "--history", str(files), "--tz", "Europe/Berlin")
    with Terminal(*words, home=tmp_path, columns=60, rows=60) as terminal:
        for line in ("n", "3", "2", "2"):
            terminal.answer(line)
        terminal.wait_for("in a week without running. Did you run then? If not, type 0.")
        terminal.wait_for("Enter takes what your files say: 6 km")
        terminal.answer("q")
        terminal.wait_for("--history")
        assert terminal.end() == 0
    again = terminal.command("checkin --date")
    assert again[again.index("--tz") + 1] == "Europe/Berlin"
    with Terminal(*again[1:], home=tmp_path, columns=60, rows=60) as terminal:
        terminal.answer("n")
        terminal.answer("0")
        while terminal.asks():
            terminal.type("" if "Enter" in terminal.new else "2")
        assert terminal.end() == 0
    (kept,) = export(tmp_path)
    assert kept["answers"]["volume_done"] == 0
    assert "from_files" not in kept["answers"]
