"""Workers end with whoever started them, and say nothing of it."""

import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

import pytest

from afterrun.workers import map_in_order

SCRIPT = """
import sys, time
from afterrun.workers import map_in_order
try:
    for each in map_in_order(lambda n: n if n < 8 else time.sleep(60), range(100), 4, chunk=1):
        if each == 7:
            print("ready", flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_one_process_and_several_do_the_same() -> None:
    assert list(map_in_order(abs, range(-9, 0), 1, chunk=2)) == list(range(9, 0, -1))


@pytest.mark.process
def test_several_processes_keep_the_order() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert list(map_in_order(abs, range(-9, 0), 2, chunk=2)) == list(range(9, 0, -1))
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


def test_who_could_start_no_process_hears_of_interruptions_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OSError("no more processes")

    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    monkeypatch.setattr(multiprocessing, "get_context", fail)
    with pytest.raises(OSError, match="no more processes"):
        list(map_in_order(abs, range(9), 2, chunk=2))
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


@pytest.mark.process
def test_an_interruption_of_all_is_told_by_the_first_alone() -> None:
    """A terminal interrupts every process of the command at once."""
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as group:
        assert group.stdout is not None
        assert group.stdout.readline() == b"ready\n"
        os.killpg(group.pid, signal.SIGINT)
        try:
            _, said = group.communicate(timeout=60)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(group.pid, signal.SIGKILL)
    assert (group.returncode, said) == (130, b"")
