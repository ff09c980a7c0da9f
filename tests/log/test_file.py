"""A log is added to whole entry by whole entry, whoever writes and whatever ends them."""

import multiprocessing
import os
import random
import resource
import signal
import stat
import tempfile
from pathlib import Path
from threading import Thread

import pytest

from afterrun.errors import AfterrunError
from afterrun.log import Log, LogError, Recorder, verify
from afterrun.storage import StorageFault
from tests.attacks.killed.logs import kill_log_writers
from tests.support.logs import ENTRY, WHEN, results, said_nothing, written

KILLS = 50
WRITERS = 8


def lengthened(log: Path, extra: bytes) -> int:
    """A log with something behind its last entry; its size before."""
    size = log.stat().st_size
    with log.open("ab") as file:
        file.write(extra)
    return size


def test_a_log_is_its_owners_alone(tmp_path: Path) -> None:
    log = tmp_path / "log"
    before = os.umask(0)
    try:
        written(log)
    finally:
        os.umask(before)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    log.chmod(0o644)
    written(log)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["log"]


@pytest.mark.parametrize("content", [b"", b"root:x:0:0\n", b'{"entry":'])
def test_nothing_of_a_file_that_is_no_log_is_changed(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(content)
    other.chmod(0o644)
    with pytest.raises(LogError):
        written(other)
    assert other.read_bytes() == content
    assert stat.S_IMODE(other.stat().st_mode) == 0o644


@pytest.mark.parametrize("answers", [False, True])
def test_answers_stand_in_it_only_where_they_are_wanted(tmp_path: Path, answers: bool) -> None:
    content = written(tmp_path / "log", answers=answers)
    for private in (b"P-1", b"calf_swollen", b"below_kneecap", b"urgent", b"age_years"):
        assert (private in content) == answers


@pytest.mark.slow
def test_a_last_entry_torn_at_any_byte_is_told_and_mended(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole", 3)
    begin = whole[:-1].rindex(b"\n") + 1
    for end in range(begin + 1, len(whole)):
        log, told = tmp_path / "log", list[str]()
        log.write_bytes(whole[:end])
        assert not verify(log).whole
        with Log(log, told.append) as opened:
            kept = verify(log)
            opened.append(ENTRY)
        assert len(told) == 1
        assert kept.whole
        # All but the end of the line is a whole entry, and none of these is lost.
        assert kept.entries == (3 if end == len(whole) - 1 else 2)
        assert verify(log).whole


def test_what_is_whole_and_does_not_follow_is_no_torn_entry(tmp_path: Path) -> None:
    log = tmp_path / "log"
    lines = written(log, 3).splitlines(keepends=True)
    size = lengthened(log, lines[1].rstrip(b"\n"))
    with pytest.raises(LogError, match="is no entry"):
        Log(log, said_nothing)
    assert log.stat().st_size == size + len(lines[1]) - 1


@pytest.mark.parametrize("content", [b"", b"{}\n", b"notes\n", b'{"entry":{"afterrun_log":1,'])
def test_nothing_is_written_to_what_is_no_log(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(LogError):
        Log(file, said_nothing)
    assert file.read_bytes() == content


def test_nothing_is_added_to_a_last_entry_that_was_changed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    content = written(log).replace(b'"sequence":3', b'"sequence":4')
    log.write_bytes(content)
    with pytest.raises(LogError, match="the last entry was changed"):
        Log(log, said_nothing)
    assert log.read_bytes() == content


def test_nothing_is_added_to_another_rulebooks_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    content = written(log)
    Log(log, said_nothing, "afterrun-knee").close()
    with pytest.raises(LogError, match="is the log of the rulebook 'afterrun-knee', and this is 'hip'"):
        Log(log, said_nothing, "hip")
    assert log.read_bytes() == content


def test_a_place_that_cannot_hold_a_log_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="is a folder"):
        Log(tmp_path, said_nothing)
    with pytest.raises(LogError, match="is no file"):
        Log(Path(os.devnull), said_nothing)
    with pytest.raises(LogError, match="there is no folder"):
        Log(tmp_path / "nowhere" / "log", said_nothing)


def test_a_log_that_may_not_be_written_is_refused_and_stays_as_it_is() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        log = Path(folder, "log")
        content = written(log)
        log.chmod(0o400)
        # Root may write anywhere, and is somebody else for a moment.
        before = os.geteuid()
        os.seteuid(before or 65534)
        try:
            with pytest.raises(StorageFault, match="may not be written"):
                Log(log, said_nothing)
            with pytest.raises(StorageFault, match="may not be written"):
                Log(Path(folder, "new") if before == 0 else log, said_nothing)
        finally:
            os.seteuid(before)
        assert log.read_bytes() == content
        assert os.listdir(folder) == ["log"]


def test_a_log_that_is_moved_away_gets_nothing_more(tmp_path: Path) -> None:
    log = tmp_path / "log"
    written(log)
    with Log(log, said_nothing) as opened:
        opened.append(ENTRY)
        log.rename(tmp_path / "moved")
        with pytest.raises(AfterrunError, match="was moved or replaced"):
            opened.append(ENTRY)
    assert verify(tmp_path / "moved").entries == 4


def test_no_log_begins_in_the_place_of_one_that_was_moved_after_its_first_entry(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Log(log, said_nothing) as opened:
        opened.append(ENTRY)
        log.rename(tmp_path / "moved")
        with pytest.raises(AfterrunError, match="was moved or replaced"):
            opened.append(ENTRY)
    assert not log.exists()
    assert verify(tmp_path / "moved").entries == 1


def test_an_entry_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log"
    whole = written(log)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Log(log, said_nothing) as opened:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 100, before[1]))
        try:
            with pytest.raises(StorageFault, match="may not grow any further"):
                opened.append(ENTRY)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert log.read_bytes() == whole
        opened.append(ENTRY)
    assert verify(log).entries == 4


def _write_until(path: Path, room: int) -> None:
    """Add entries until the system ends this process in the middle of a write."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with Log(path, lambda line: None) as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        while True:
            log.append(ENTRY)


@pytest.mark.slow
@pytest.mark.process
def test_a_process_killed_in_the_middle_of_a_write_costs_no_whole_entry(tmp_path: Path) -> None:
    log, chance, torn = tmp_path / "log", random.Random(19), 0
    written(log)
    for _ in range(KILLS):
        size = log.stat().st_size
        room = size + chance.randrange(1, 3000)
        child = multiprocessing.get_context("fork").Process(target=_write_until, args=(log, room))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGXFSZ
        assert log.stat().st_size == room
        whole = log.read_bytes().count(b"\n")
        torn += verify(log).torn > 0
        with Log(log, lambda line: None):
            pass
        verified = verify(log)
        assert verified.whole
        assert verified.entries in (whole, whole + 1)
    assert torn > KILLS * 0.8


@pytest.mark.slow
@pytest.mark.process
def test_writers_killed_at_any_moment_leave_a_log_that_verifies(tmp_path: Path) -> None:
    came = kill_log_writers(tmp_path, 3)
    assert came.faults == ()
    assert came.confirmed >= came.kills >= 24


def _write_some(path: Path, count: int) -> None:
    with Log(path, said_nothing) as log:
        recorder = Recorder(log, lambda: WHEN)
        for number in range(count):
            recorder.result("ask", results()[number % 3])


@pytest.mark.slow
@pytest.mark.process
def test_eight_processes_write_one_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    results()
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_some, args=(log, 40)) for _ in range(WRITERS)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert [each.exitcode for each in writers] == [0] * WRITERS
    verified = verify(log)
    assert verified.whole
    assert verified.entries == WRITERS * 40


def test_eight_threads_write_one_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Log(log, said_nothing) as opened:

        def write() -> None:
            for _ in range(25):
                opened.append(ENTRY)

        threads = [Thread(target=write) for _ in range(WRITERS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert verify(log).entries == WRITERS * 25
    assert verify(log).whole
