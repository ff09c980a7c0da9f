"""Workers end with whoever started them, and say nothing of it."""

import os
import signal
import subprocess
import sys

import pytest

from afterrun.verify.mutation.workers import map_in_order

SCRIPT = """
import sys, time
from afterrun.verify.mutation.workers import map_in_order
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
        _, said = group.communicate()
    assert (group.returncode, said) == (130, b"")
