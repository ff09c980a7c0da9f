"""`afterrun diary delete` on a disk without room, with drafts that stay, and while others read."""

import json
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

import afterrun
from afterrun.diary import Diary
from tests.attacks.corrupt.diaries import sound_diary
from tests.attacks.full_disks import CAN_MOUNT, fill, make_room, small_disk
from tests.cli.interview.test_checkin import number_of, typed
from tests.diary.test_forgetting import traces
from tests.support.cli_runs import SAMPLE, run
from tests.support.diaries.weeks import enrol

pytestmark = [pytest.mark.slow, pytest.mark.process]
DELETE = ("diary", "delete", "--yes", "--person", "Ottilie")


@pytest.mark.skipif(not CAN_MOUNT, reason="no disk of its own can be mounted")
@pytest.mark.parametrize("room", [0, 36, 60, 100, 160, 240, 360, 600])
def test_on_a_full_disk_it_is_finished_or_said_to_be_unfinished(
    tmp_path: Path, checkin_part: afterrun.Rulebook, room: int
) -> None:
    with small_disk(tmp_path / "disk", 2048) as disk:
        file = disk / "diary.sqlite"
        sound_diary(file, checkin_part)
        fill(disk, room * 1024)
        ran = run(*DELETE, "--db", file, home=tmp_path)
        assert "Traceback" not in ran.err
        assert ran.code in (0, 3), ran.err
        assert ("Deleted" in ran.out) == (ran.code == 0)
        if ran.code:
            assert "the disk is full" in ran.err
            assert "Repeat:  afterrun diary delete --person Ottilie" in ran.err.replace(f" --db {file}", "")
            make_room(disk)
            again = run(*DELETE, "--db", file, home=tmp_path)
            assert (again.code, "Deleted" in again.out) == (0, True), again.err
        make_room(disk)
        assert traces(file, "Ottilie") == []
        for other in ("me", "Ruth"):
            shown = run("diary", "export", "--person", other, "--db", file, home=tmp_path)
            assert len(json.loads(shown.out)["enrolments"][0]["check_ins"]) == 5
        assert run(*DELETE, "--db", file, home=tmp_path).code == 2


def test_a_draft_that_cannot_be_deleted_is_named(tmp_path: Path, checkin_part: afterrun.Rulebook) -> None:
    start = date.today() - timedelta(days=40)
    assert run("start", SAMPLE, "--start", str(start), "--past", home=tmp_path).code == 0
    none = number_of(checkin_part, "new_warning_signs", "none")
    week = ("checkin", "--date", str(start + timedelta(days=6)))
    run(*week, stdin=typed(none, "0", "q"), home=tmp_path)
    draft = next(tmp_path.rglob("checkin-*.json"))
    draft.unlink()
    (draft / "in the way").mkdir(parents=True)
    ran = run("diary", "delete", "--yes", home=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert f"not finished: these answers cannot be deleted:\n{draft}" in ran.err
    (draft / "in the way").rmdir()
    draft.rmdir()
    draft.write_text("{}", encoding="utf-8")
    half = draft.with_name(f".{draft.name}-x.partial")
    half.write_text("{", encoding="utf-8")
    ran = run("diary", "delete", "--yes", home=tmp_path)
    assert (ran.code, ran.out) == (0, "Deleted: what was left of me.\n")
    assert not draft.exists()
    assert not half.exists()


def test_drafts_are_found_however_the_diary_was_named(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    start = date.today() - timedelta(days=40)
    begin = ("start", SAMPLE, "--start", str(start), "--past")
    assert run(*begin, "--db", "my.sqlite", home=tmp_path, cwd=tmp_path).code == 0
    none = number_of(checkin_part, "new_warning_signs", "none")
    week = ("checkin", "--date", str(start + timedelta(days=6)))
    run(*week, "--db", "my.sqlite", stdin=typed(none, "0", "q"), home=tmp_path, cwd=tmp_path)
    assert list(tmp_path.rglob("checkin-*.json"))
    absolute = f"sqlite:///{tmp_path / 'my.sqlite'}"
    assert run("diary", "delete", "--yes", "--db", absolute, home=tmp_path).code == 0
    assert not list(tmp_path.rglob("checkin-*.json"))


def test_a_plan_is_shown_or_refused_while_it_is_deleted(
    tmp_path: Path, checkin_part: afterrun.Rulebook
) -> None:
    file, done = tmp_path / "diary.sqlite", threading.Event()
    Diary(str(file)).close()

    def come_and_go() -> None:
        diary = Diary(str(file))
        while not done.is_set():
            enrol(diary, checkin_part)
            diary.forget("me")
        diary.close()

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for words in (("plan",), ("plan",), ("plan",), ("diary", "export"), ("diary",)) * 10:
            ran = run(*words, "--db", file, home=tmp_path)
            assert "Traceback" not in ran.err, ran.err
            assert ran.code == 0 or "me is not enrolled" in ran.err, ran.err
    finally:
        done.set()
        other.join()
