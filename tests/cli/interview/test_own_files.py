"""`afterrun ask --history`: an offer stands beside its question; Enter takes it, any other corrects it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from afterrun.intake import FROM_FILES
from tests.support.cli_runs import Ran, run
from tests.support.paths import EXAMPLES

RUNNING = ("running_status", "weeks_off", "volume_", "longest_run")


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The README's answers without those about running."""
    lines = (EXAMPLES / "readme.yaml").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "part.yaml"
    file.write_text("\n".join(line for line in lines if not line.startswith(RUNNING)), encoding="utf-8")
    return file


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Runs up to today, of 5 km but for the last three."""
    kilometres = {0: 5, 2: 4.1, 5: 6.5} | dict.fromkeys(range(8, 190, 4), 5.0)
    rows = [f"{date.today() - timedelta(days)},{km},{int(km * 6)}:00" for days, km in kilometres.items()]
    file = tmp_path / "runs.csv"
    file.write_text("\n".join(["date,distance_km,duration", *rows]) + "\n", encoding="utf-8")
    return file


def ask(part: Path, runs: Path, typed: str, home: Path) -> tuple[Ran, dict[str, Any]]:
    save = home / "me.json"
    ran = run("ask", "--resume", part, "--save", save, "--history", runs, stdin=typed, home=home)
    return ran, json.loads(save.read_text(encoding="utf-8")) if save.exists() else {}


def test_what_was_assumed_and_what_may_be_missing_is_told_beside_the_offer(
    part: Path, runs: Path, tmp_path: Path
) -> None:
    with runs.open("a", encoding="utf-8") as table:
        table.write(f"{date.today() - timedelta(50)},42.2,1:05:00\nsoon,5,30:00\n")
    ran, _ = ask(part, runs, "1\n\n\n\n\n\n\n\n", tmp_path)
    shown = " ".join(ran.err.split())
    assert "No time zone was given: times are on this machine's clock." in shown
    assert "Your files offer nothing here. 1 of what was left out may be a run of these days." in shown
    assert "1 of what was left out may be a run of these days, and then the number is too low." in shown


def test_enter_takes_an_offer_with_its_runs(part: Path, runs: Path, tmp_path: Path) -> None:
    ran, intake = ask(part, runs, "\n\n\n8 km\n\n\n\n\n", tmp_path)
    assert ran.code == 0, ran.err
    assert "Enter takes what your files say: 15.6 km" in ran.err
    assert "From your files: 3 runs, " in ran.err
    assert ran.err.count("16 weeks up to") == 1
    assert (intake["running_status"], intake["volume_last_week"]) == ("regular_same", 15.6)
    assert intake[FROM_FILES].keys() == {
        "running_status",
        "volume_last_week",
        "volume_before",
        "longest_run_30_days",
    }
    assert [each["metres"] for each in intake[FROM_FILES]["volume_last_week"]["runs"]] == [6500, 4100, 5000]
    assert str(runs.name) not in json.dumps(intake)
    explained = run("explain", tmp_path / "me.json", "training_load", "--full").out
    assert "from your files: 3 runs" in explained
    assert re.search(r"File [0-9a-f]{12}: .* 6\.5 km; ", " ".join(explained.split()))


def test_another_answer_corrects_it_and_came_from_no_file(part: Path, runs: Path, tmp_path: Path) -> None:
    ran, intake = ask(part, runs, "\n12 mi\n\n8 mi\n\n\n\n\n", tmp_path)
    assert ran.code == 0, ran.err
    assert (intake["volume_unit"], intake["volume_last_week"]) == ("mi", 12)
    assert "volume_last_week" not in intake[FROM_FILES]
    # What comes after is offered in the unit that was chosen.
    assert "volume_before" in intake[FROM_FILES]
    assert f"Enter takes what your files say: {intake['volume_before']:g} mi" in ran.err


def test_nothing_is_answered_unasked(part: Path, runs: Path, tmp_path: Path) -> None:
    _, intake = ask(part, runs, "\nq\n", tmp_path)
    assert "running_status" in intake
    assert not {"volume_last_week", "volume_before", "longest_run_30_days", "weeks_off"} & intake.keys()
    assert intake[FROM_FILES].keys() == {"running_status"}


def test_without_an_offer_the_reason_stands_beside_the_question(part: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text(f"date,distance_km\n{date.today()},5\n", encoding="utf-8")
    ran, intake = ask(part, short, "1\n20 km\n18\n8\n\n\n\n\n", tmp_path)
    assert ran.code == 0, ran.err
    assert "Your files offer nothing here. Your files begin on" in ran.err
    assert FROM_FILES not in intake


def test_a_changed_answer_loses_its_runs(part: Path, runs: Path, tmp_path: Path) -> None:
    ask(part, runs, "\n\n\n8 km\n\n\n\n\n", tmp_path)
    file = tmp_path / "me.json"
    ran = run("change", file, "volume_last_week", stdin="20\n\n\n\n", home=tmp_path)
    assert ran.code == 0, ran.err
    after = json.loads(file.read_text(encoding="utf-8"))
    assert after["volume_last_week"] == 20
    assert "volume_last_week" not in after[FROM_FILES]
    assert "volume_before" in after[FROM_FILES]
    kept = run("change", file, "volume_before", stdin="\n\n", home=tmp_path)
    assert "The answer is the same as before" in kept.err
    assert json.loads(file.read_text(encoding="utf-8")) == after


def test_a_zone_without_files_is_told(tmp_path: Path) -> None:
    ran = run("ask", "--tz", "Europe/Berlin", home=tmp_path)
    assert (ran.code, "none is named" in ran.err) == (2, True)


def test_files_that_hold_nothing_end_it_before_the_first_question(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing here", encoding="utf-8")
    ran = run("ask", "--history", file, home=tmp_path)
    assert ran.code == 2
    assert "nothing could be read of these files" in ran.err
    assert "Question 1" not in ran.err


def test_a_diary_and_migration_take_an_intake_with_its_runs(part: Path, runs: Path, tmp_path: Path) -> None:
    _, intake = ask(part, runs, "\n\n\n8 km\n\n\n\n\n", tmp_path)
    file = tmp_path / "me.json"
    assert json.loads(run("migrate", file).out) == intake
    assert run("start", file, home=tmp_path).code == 0
    assert '"from_files"' in run("diary", "export", home=tmp_path).out


def test_leaving_names_the_files_in_what_goes_on(part: Path, runs: Path, tmp_path: Path) -> None:
    ran, _ = ask(part, runs, "\nq\n", tmp_path)
    assert f"--resume {tmp_path / 'me.json'} --history {runs}" in " ".join(ran.err.split())


def test_going_back_shows_again_what_the_files_say(part: Path, runs: Path, tmp_path: Path) -> None:
    ran, intake = ask(part, runs, "\n20 km\nb\n15.6 km\nq\n", tmp_path)
    assert ran.err.count("From your files: 3 runs, ") == 2
    assert "Your files say: 15.6 km" in ran.err
    assert "Enter keeps your answer: 20 km" in ran.err
    assert intake["volume_last_week"] == 15.6


def test_what_was_read_and_assumed_is_said_before_the_first_question(part: Path, tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    file.write_text(f"date,distance\n{date.today()},5\n", encoding="utf-8")
    ran, _ = ask(part, file, "q\n", tmp_path)
    before = " ".join(ran.err[: ran.err.index("Knee pain after running")].split())
    assert "Your files hold 1 run, " in before
    assert "Whether its distances are kilometres or miles is told nowhere in it" in before
    assert "--table-unit km" in before


def test_a_list_of_answers_says_which_came_from_files(part: Path, runs: Path, tmp_path: Path) -> None:
    ask(part, runs, "\n\n10 km\n8 km\n\n\n\n\n", tmp_path)
    listed = run("change", tmp_path / "me.json", stdin="q\n", home=tmp_path)
    assert "15.6 km, from your files" in listed.out + listed.err
    assert "10 km, from your files" not in listed.out + listed.err
    page = tmp_path / "page.html"
    assert run("report", tmp_path / "me.json", "--summary", "-o", page).code == 0
    assert "15.6 km (from files of a watch or an app)" in page.read_text(encoding="utf-8")
