"""Forgetting: done when the bytes are gone, else said to be unfinished, and repeated until it is done."""

import sqlite3
from pathlib import Path

import pytest

import afterrun
from afterrun.diary import Diary, NotForgottenError, StorageError
from afterrun.diary.database import faults
from tests.attacks.corrupt.diaries import PEOPLE, sound_diary

pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path, checkin_part: afterrun.Rulebook) -> Path:
    sound_diary(tmp_path / "diary.sqlite", checkin_part)
    return tmp_path / "diary.sqlite"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE_SECONDS", 1)


def traces(file: Path, person: str) -> list[str]:
    """The files beside a diary in which something of a person stands."""
    words = (person.encode(), str(PEOPLE[person]).encode())
    beside = file.parent.glob(f"{file.name}*")
    return [each.name for each in beside if any(word in each.read_bytes() for word in words)]


def test_it_is_gone_from_the_file_and_from_what_lies_beside_it(file: Path) -> None:
    assert traces(file, "Ottilie") == [file.name]
    diary = Diary(str(file))
    assert diary.is_kept("Ottilie")
    assert diary.forget("Ottilie") == 1
    assert traces(file, "Ottilie") == []
    assert not diary.is_kept("Ottilie")
    assert len(diary.history("Ruth").check_ins) == 5
    diary.close()


def test_while_somebody_reads_it_is_not_finished_and_repeating_goes_on(file: Path, impatient: None) -> None:
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM enrolments").fetchone() == (3,)
    diary = Diary(str(file))
    for _ in range(2):
        with pytest.raises(NotForgottenError, match=r"still reads the diary as it was; waited 1 s\.\nRepeat"):
            diary.forget("Ottilie")
        assert traces(file, "Ottilie")
        assert diary.all_of("Ottilie") == []
        assert diary.is_kept("Ottilie")
    reader.close()
    assert diary.forget("Ottilie") == 0
    assert traces(file, "Ottilie") == []
    assert not diary.is_kept("Ottilie")
    diary.close()


def test_a_lock_that_somebody_holds_ends_with_a_word(file: Path, impatient: None) -> None:
    diary = Diary(str(file))
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="another program holds the diary; waited 1 s"):
        diary.forget("Ottilie")
    writer.close()
    assert len(diary.all_of("Ottilie")) == 1
    diary.close()


def test_whoever_was_never_there_is_not_kept(file: Path) -> None:
    diary = Diary(str(file))
    assert not diary.is_kept("Nora")
    diary.close()
