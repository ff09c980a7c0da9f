"""A diary on a server that is held, cut off, or read by others: told in words, and looked at again."""

import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, NotForgottenError, StorageError
from afterrun.diary.database import faults
from tests.attacks.corrupt.diaries import PEOPLE
from tests.attacks.cut_servers import CutServer
from tests.support.diaries.weeks import GOOD, at, end_of, enrol, report

pytestmark = [pytest.mark.slow, pytest.mark.process]


@pytest.fixture
def server(postgres: str) -> Iterator[Any]:
    import psycopg

    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


@pytest.fixture
def cut(postgres: str, server: Any) -> Iterator[CutServer]:
    there = CutServer(postgres)
    yield there
    there.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "PATIENCE_SECONDS", 1)


def test_a_lock_ends_with_a_word(
    postgres: str, server: Any, checkin_part: afterrun.Rulebook, impatient: None
) -> None:
    diary = Diary(postgres)
    enrol(diary, checkin_part)
    with server.transaction():
        server.execute("LOCK TABLE enrolments")
        for held in (lambda: diary.history("me"), lambda: diary.forget("me")):
            with pytest.raises(StorageError, match="another program holds the diary; waited 1 s"):
                held()
    with server.transaction():
        server.execute("SELECT pg_advisory_xact_lock(%s)", (0x61667472,))
        with pytest.raises(StorageError, match=r"another program holds postgresql.*; waited 1 s"):
            Diary(postgres)
    assert diary.forget("me") == 1
    diary.close()


def test_what_somebody_still_reads_is_not_forgotten_yet(
    postgres: str, server: Any, checkin_part: afterrun.Rulebook, impatient: None
) -> None:
    diary = Diary(postgres)
    enrol(diary, checkin_part, "Ottilie")
    enrol(diary, checkin_part)
    data = Path(server.execute("SHOW data_directory").fetchone()[0])
    # One sees all as it was when it began, though it locks nothing of ours; one holds the table.
    for isolation, table in (("REPEATABLE READ", "alembic_version"), ("READ COMMITTED", "enrolments")):
        with server.transaction():
            server.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
            server.execute(f"SELECT count(*) FROM {table}")
            with pytest.raises(NotForgottenError, match="another program"):
                diary.forget("Ottilie")
        assert diary.is_kept("Ottilie")
    assert diary.forget("Ottilie") == 0
    assert not diary.is_kept("Ottilie")
    server.execute("CHECKPOINT")
    for table in ("enrolments", "check_ins"):
        file = data / server.execute("SELECT pg_relation_filepath(%s)", (table,)).fetchone()[0]
        assert b"Ottilie" not in file.read_bytes()
    assert diary.history("me").person == "me"
    diary.close()


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_deletion_whose_end_was_not_heard_of_is_looked_at_again(
    cut: CutServer, checkin_part: afterrun.Rulebook, how: Any
) -> None:
    diary = Diary(cut.address)
    enrol(diary, checkin_part)
    cut.cut = how
    if how == "after":
        assert diary.forget("me") == 1
    else:
        with pytest.raises(StorageError, match="nothing was written"):
            diary.forget("me")
        assert len(diary.all_of("me")) == 1
        assert diary.forget("me") == 1
    assert cut.cuts == 1
    assert not diary.is_kept("me")
    diary.close()


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_check_in_whose_end_was_not_heard_of_is_looked_at_again(
    cut: CutServer, checkin_part: afterrun.Rulebook, how: Any
) -> None:
    diary = Diary(cut.address)
    history = enrol(diary, checkin_part)
    answers = {**GOOD, "volume_done": 16}
    cut.cut = how
    if how == "after":
        diary.check_in(checkin_part, history, answers, end_of(1), at(end_of(1)))
    else:
        with pytest.raises(StorageError, match="nothing was written"):
            diary.check_in(checkin_part, history, answers, end_of(1), at(end_of(1)))
        report(diary, checkin_part, 1, volume_done=16)
    assert cut.cuts == 1
    assert len(diary.history("me").check_ins) == 1
    diary.close()


def test_a_server_that_is_gone_leaves_no_doubt_unsaid(
    cut: CutServer, checkin_part: afterrun.Rulebook
) -> None:
    diary = Diary(cut.address)
    enrol(diary, checkin_part)
    cut.cut = "after"
    cut.close()
    with pytest.raises(NotForgottenError, match="not known whether the rows are deleted"):
        diary.forget("me")
    diary.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3cret@127.0.0.1:1/x",
        "postgresql://127.0.0.1:1/x?user=u&password=s3cret&sslpassword=s3cret",
        "postgresql://u:s3cret@127.0.0.1:99999/x",
        "postgresql://u:s3cret@127.0.0.1:1/x?connect_timeout=s3cret",
    ],
)
def test_no_password_is_told_not_even_in_what_the_driver_raised(address: str) -> None:
    with pytest.raises(StorageError) as told:
        Diary(address)
    assert "s3cret" not in "".join(traceback.format_exception(told.value))


def test_a_password_is_in_nothing_that_shows_the_diary(
    postgres: str, server: Any, checkin_part: afterrun.Rulebook
) -> None:
    diary = Diary(f"{postgres}?password=s3cret&sslpassword=s3cret")
    assert enrol(diary, checkin_part).person == "me"
    assert "s3cret" not in repr(diary._engine) + str(diary._engine.url) + str(diary._address)
    diary.close()


def test_rows_of_the_server_that_are_damaged_are_told_and_the_rest_exported(
    postgres: str, server: Any, checkin_part: afterrun.Rulebook
) -> None:
    from afterrun.diary import DamagedError, salvage

    diary = Diary(postgres)
    for person in PEOPLE:
        enrol(diary, checkin_part, person)
    report(diary, checkin_part, 1, volume_done=16)
    whole = diary.history("Ruth").to_dict()
    server.execute("""UPDATE check_ins SET answers = '[1]'""")
    with pytest.raises(DamagedError):
        diary.history("me")
    diary.close()
    assert salvage(postgres, "Ruth").enrolments == (whole,)
    read = salvage(postgres, "me")
    assert [each.what for each in read.damaged] == ["check-in 1 of plan 1"]
    assert read.enrolments[0]["check_ins"] == []
