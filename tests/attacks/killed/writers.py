"""Writers that are killed while they check in, begin anew and delete: nothing confirmed may be lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import afterrun
from afterrun.diary import Diary
from tests.support.diaries.replay import replay
from tests.support.diaries.weeks import GOOD, at, end_of, enrol
from tests.support.paths import ROOT

WEEKS = 4
STATES = (*range(WEEKS + 1), None)
"""How many check-ins there are after each step in turn; none, once all is deleted."""
AMOUNT = 17.391
"""Told by nobody but the one who is killed."""
WRITER = """
import sys
import afterrun
from afterrun.diary import Diary
from tests.support.diaries.weeks import GOOD, at, end_of, enrol
from tests.attacks.killed.writers import AMOUNT, WEEKS
part = afterrun.load_rulebook(part="checkin")
diary = Diary(sys.argv[1])
print("ready", flush=True)
while True:
    enrol(diary, part, "Ottilie")
    print("done", flush=True)
    for week in range(1, WEEKS + 1):
        history = diary.history("Ottilie")
        answers = {**GOOD, "volume_done": AMOUNT}
        diary.check_in(part, history, answers, end_of(week), at(end_of(week)))
        print("done", flush=True)
    diary.forget("Ottilie")
    print("done", flush=True)
"""


class Killed(NamedTuple):
    """What came of the kills."""

    kills: int
    steps: int
    """Steps that were confirmed before one of them."""
    faults: tuple[str, ...]


def kill_writers(file: Path, part: afterrun.Rulebook, rounds: int, seed: int = 0) -> Killed:
    """Kill a writer as often as there are rounds, each time at a moment of chance, and look what is left."""
    chance, faults, steps = random.Random(seed), list[str](), 0
    diary = Diary(str(file))
    history = enrol(diary, part, "Ruth")
    diary.check_in(part, history, {**GOOD, "volume_done": 16}, end_of(1), at(end_of(1)))
    others = diary.history("Ruth")
    diary.close()
    for number in range(rounds):
        confirmed = _killed(file, chance.uniform(0, 0.5))
        steps += confirmed
        faults += [f"kill {number}: {fault}" for fault in _faults(file, part, confirmed)]
        diary = Diary(str(file))
        if diary.history("Ruth") != others:
            faults.append(f"kill {number}: somebody else's weeks are not as they were")
        if diary.is_kept("Ottilie"):
            diary.forget("Ottilie")
        diary.close()
        words = (b"Ottilie", str(AMOUNT).encode())
        if any(word in each.read_bytes() for word in words for each in file.parent.glob(f"{file.name}*")):
            faults.append(f"kill {number}: what was deleted is still in the file")
    return Killed(rounds, steps, tuple(faults))


def _killed(file: Path, after: float) -> int:
    """The number of steps that a writer confirmed before it was killed."""
    words = [sys.executable, "-c", WRITER, str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        time.sleep(after)
        running.send_signal(signal.SIGKILL)
        return running.stdout.read().count("done\n")


def _faults(file: Path, part: afterrun.Rulebook, confirmed: int) -> list[str]:
    """What is not as the last confirmed step left it, or the one after it."""
    # Before the first step there is nobody.
    allowed = {(None, *STATES * (confirmed // len(STATES) + 2))[each] for each in (confirmed, confirmed + 1)}
    diary = Diary(str(file))
    found = diary.all_of("Ottilie")
    diary.close()
    there = len(found[0].check_ins) if found else None
    if len(found) > 1 or there not in allowed:
        return [f"{there} check-ins where {sorted(map(str, allowed))} were confirmed"]
    if found and replay(part, found[0])[-1] != found[0].standing:
        return ["the standing does not follow from the check-ins"]
    return []
