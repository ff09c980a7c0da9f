"""Eight writers of one log, killed at once: no entry that was confirmed may be lost, and none broken."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.log import Log, verify
from tests.support.logs import ENTRY

WRITERS = 8
AGAIN = 2
"""Rounds with the same log."""
_HASH = 64
"""Characters of a hash, which is how an entry is confirmed."""


class Killed(NamedTuple):
    """What came of the kills."""

    kills: int
    confirmed: int
    """Entries that a writer was told of before it was killed."""
    torn: int
    """Times that a kill left a last entry that was never finished."""
    faults: tuple[str, ...]


def kill_log_writers(folder: Path, rounds: int, seed: int = 0) -> Killed:
    """Kill all writers as often as there are rounds, at moments of chance, and look what is left each time.

    A log is gone on with as often as it is begun.
    """
    chance, faults, torn, total, confirmed = random.Random(seed), list[str](), 0, 0, set[str]()
    for number in range(rounds):
        log = folder / f"log-{number // AGAIN}"
        if number % AGAIN == 0:
            confirmed = set()
        more = _killed(log, chance)
        total += len(more)
        confirmed |= more
        found = verify(log)
        torn += found.torn > 0
        faults += [f"round {number}: {each}" for each in found.faults]
        with Log(log, lambda line: None):
            # Whoever comes next mends what was torn.
            pass
        if not verify(log).whole:
            faults.append(f"round {number}: the log is not mended")
        heads = {line[-_HASH - 2 : -2].decode() for line in log.read_bytes().splitlines()}
        if lost := confirmed - heads:
            faults.append(f"round {number}: {len(lost)} entries that were confirmed are lost")
    return Killed(rounds * WRITERS, total, torn, tuple(faults))


def _killed(log: Path, chance: random.Random) -> set[str]:
    """The hashes that writers confirmed before they were killed, each of them one at least."""
    fork = multiprocessing.get_context("fork")
    confirmed = set[str]()
    with ExitStack() as pipes:
        running: list[tuple[Any, int]] = []
        for number in range(WRITERS):
            out, into = os.pipe()
            pipes.callback(os.close, out)
            child = fork.Process(target=_write_on, args=(log, into, number))
            child.start()
            os.close(into)
            running.append((child, out))
        firsts = [os.read(out, _HASH) for _, out in running]
        time.sleep(chance.uniform(0, 0.02))
        for child, _ in running:
            child.kill()
        for (child, out), first in zip(running, firsts, strict=True):
            child.join()
            said = first
            while more := os.read(out, 65536):
                said += more
            whole = len(said) // _HASH * _HASH
            confirmed |= {said[at : at + _HASH].decode() for at in range(0, whole, _HASH)}
    return confirmed


def _write_on(path: Path, into: int, number: int) -> None:
    """Add entries of very different lengths, and confirm each."""
    with Log(path, lambda line: None) as log:
        for count in range(10**9):
            padded = {**ENTRY, "answers": {"record_id": "x" * (count * 977 % 6_000)}, "engine": f"{number}"}
            os.write(into, log.append(padded).encode())
