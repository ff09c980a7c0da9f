"""Two who write at once, and a writer that is killed: nothing that was confirmed is lost."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.diary import Diary, DiaryError
from tests.attacks.killed.writers import kill_writers
from tests.support.diaries.replay import replay
from tests.support.diaries.weeks import START, at, enrol
from tests.support.paths import ROOT

WRITER = """
import sys
from datetime import timedelta
import afterrun
from afterrun.diary.keeping import Diary
from tests.support.diaries.weeks import GOOD, at, end_of
part = afterrun.load_rulebook(part="checkin")
diary = Diary(sys.argv[1])
print("ready", flush=True)
for week in range(1, int(sys.argv[2]) + 1):
    try:
        diary.check_in(part, diary.history("me"), {**GOOD, "volume_done": 16}, end_of(week), at(end_of(week)))
        print(week, flush=True)
    except afterrun.AfterrunError:
        pass
"""


def writer(address: str, weeks: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, address, str(weeks)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


@pytest.mark.process
@pytest.mark.slow
class TestCrowdsAndKills:
    def test_two_at_once_neither_lose_nor_double(
        self, diary: Diary, address: str, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        both = [writer(address, 12), writer(address, 12)]
        confirmed = [line for each in both for line in each.communicate(timeout=100)[0].split()]
        weeks = sorted(int(line) for line in confirmed if line != "ready")
        history = diary.history("me")
        assert weeks == [each.week for each in history.check_ins]
        assert replay(checkin_part, history)[-1] == history.standing

    def test_a_kill_loses_nothing_that_was_confirmed(
        self, diary: Diary, address: str, checkin_part: afterrun.Rulebook
    ) -> None:
        enrol(diary, checkin_part)
        confirmed: set[int] = set()
        for pause in (0.0, 0.03, 0.07):
            running = writer(address, 400)
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            confirmed.add(int(running.stdout.readline()))
            time.sleep(pause)
            running.send_signal(signal.SIGKILL)
            confirmed |= {int(line) for line in running.communicate()[0].split() if line.isdigit()}
            kept = [each.week for each in diary.history("me").check_ins]
            assert confirmed <= set(kept)
            assert kept == sorted(set(kept))
        history = diary.history("me")
        assert replay(checkin_part, history)[-1] == history.standing

    def test_kills_at_any_moment_lose_nothing_and_leave_nothing(
        self, tmp_path: Path, checkin_part: afterrun.Rulebook
    ) -> None:
        """A few of the many that a harness makes."""
        killed = kill_writers(tmp_path / "diary.sqlite", checkin_part, 6)
        assert killed.faults == ()
        assert killed.steps > 0


@pytest.mark.slow
def test_a_stop_that_is_being_written_is_not_overtaken_by_a_new_plan(
    diary: Diary, address: str, checkin_part: afterrun.Rulebook
) -> None:
    """Found by a review on a server: whoever began anew did not wait for the stop."""
    import threading

    enrol(diary, checkin_part)
    held, other, outcome = threading.Event(), Diary(address), list[str]()

    def begin_anew() -> None:
        try:
            held.wait(20)
            enrol(other, checkin_part, again=True)
            outcome.append("begun")
        except DiaryError as error:
            outcome.append(str(error))

    waiting = threading.Thread(target=begin_anew)
    waiting.start()
    from afterrun.diary import keeping

    columns = keeping._columns

    def slowly(*kept: Any) -> dict[str, Any]:
        held.set()
        time.sleep(1)
        return columns(*kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "_columns", slowly)
        diary.check_in(
            checkin_part, diary.history("me"), {"new_warning_signs": ["calf_swollen"]}, START, at(START)
        )
    waiting.join(60)
    other.close()
    assert outcome
    assert "--again --seen" in outcome[0]
