"""Damaged and tampered diaries: told, never a traceback, and exported as far as they can be read."""

import json
import sqlite3
from pathlib import Path

import pytest

import afterrun
from tests.attacks.corrupt.checks import COMMANDS, Sound, faults_of, faults_of_addresses, sound
from tests.attacks.corrupt.diaries import corruptions
from tests.support.cli_runs import run

pytestmark = pytest.mark.slow

PARTS = 6


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, checkin_part: afterrun.Rulebook) -> Sound:
    return sound(tmp_path_factory.mktemp("sound"), checkin_part)


@pytest.mark.parametrize("part", range(PARTS))
def test_damage_is_told_and_nothing_of_others_is_lost(before: Sound, tmp_path: Path, part: int) -> None:
    """Each case with one other command in turn; more rounds and all commands are for a harness."""
    cases = list(corruptions())
    assert len(cases) > 400
    faults = []
    for place in range(part, len(cases), PARTS * 2):
        folder = tmp_path / str(place)
        folder.mkdir()
        faults += faults_of(cases[place], before, folder, (COMMANDS[place // PARTS % len(COMMANDS)],))
    assert faults == []


def test_an_address_that_leads_nowhere_is_told_without_a_password(tmp_path: Path) -> None:
    assert faults_of_addresses(tmp_path) == []


def test_what_can_be_read_is_exported_and_what_not_is_named(before: Sound, tmp_path: Path) -> None:
    file = tmp_path / "diary.sqlite"
    file.write_bytes(before.file.read_bytes())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE check_ins SET answers = '{' WHERE number = 2 AND enrolment_id = 1")
        connection.execute("UPDATE check_ins SET day = '2027-03-22' WHERE number = 3 AND enrolment_id = 1")
    told = run("diary", "--db", file, home=tmp_path)
    assert (told.code, told.out) == (3, "")
    assert "is damaged" in told.err
    assert f"afterrun diary export --db {file}" in told.err
    ran = run("diary", "export", "--db", file, home=tmp_path)
    assert ran.code == 1
    assert "check-in 2 of plan 1: it cannot be read" in ran.err
    read = json.loads(ran.out)
    assert [each["number"] for each in read["enrolments"][0]["check_ins"]] == [1, 4, 5]
    assert "standing" not in read["enrolments"][0]
    assert [each["why"] for each in read["damaged"]] == [
        "it cannot be read",
        "check-in 3 is not as it was written",
    ]
    assert read["damaged"][0]["columns"]["answers"] == "{"
    other = run("diary", "--person", "Ottilie", "--db", file, home=tmp_path)
    assert other.code == 0, other.err


def test_rows_that_are_damaged_can_be_deleted(before: Sound, tmp_path: Path) -> None:
    file = tmp_path / "diary.sqlite"
    file.write_bytes(before.file.read_bytes())
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE enrolments SET intake = '{' WHERE person = 'me'")
    ran = run("diary", "delete", "--yes", "--db", file, home=tmp_path)
    assert (ran.code, ran.out) == (0, "Deleted: 1 plan of me, with each check-in.\n")
    assert run("diary", "export", "--person", "Ruth", "--db", file, home=tmp_path).code == 0


def test_a_file_whose_pages_are_damaged_says_how_all_of_it_goes(before: Sound, tmp_path: Path) -> None:
    file = tmp_path / "diary.sqlite"
    file.write_bytes(before.file.read_bytes())
    next(case for case in corruptions() if case.name == "page 5 zeros 0").spoil(file)
    ran = run("diary", "delete", "--yes", "--db", file, home=tmp_path)
    assert ran.code == 3
    assert "Deleted" not in ran.out
    assert "remove the file" in ran.err


def test_pages_that_lead_back_to_where_one_was_end_all_the_same(before: Sound, tmp_path: Path) -> None:
    case = next(case for case in corruptions(rounds=3) if case.name == "page 2 swapped 2")
    assert faults_of(case, before, tmp_path, ()) == []


def test_whoever_is_lost_from_an_index_is_not_said_to_be_unknown(before: Sound, tmp_path: Path) -> None:
    file = tmp_path / "diary.sqlite"
    data = bytearray(before.file.read_bytes())
    with sqlite3.connect(before.file) as connection:
        index = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_enrolments_1'"
        page = 4096 * (connection.execute(index).fetchone()[0] - 1)
    data[page + 3 : page + 5] = bytes(2)
    file.write_bytes(data)
    ran = run("diary", "--db", file, home=tmp_path)
    assert ran.code == 3
    assert "is damaged" in ran.err
    read = run("diary", "export", "--db", file, home=tmp_path)
    assert json.loads(read.out)["enrolments"] == before.exported["me"]
