"""How long the command takes to say anything at all."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import print_table
from tests.support.paths import EXAMPLES

COMMAND = Path(sys.executable).with_name("afterrun")
SAMPLE = EXAMPLES / "sample.yaml"


def main() -> None:
    """Print CPU time of a bare start of the given packages, of help, of one assessment, of one question."""
    print("### Start (s of CPU, one process)\n")
    runs = {
        "python -c 'import typer, pydantic'": [sys.executable, "-c", "import typer, pydantic"],
        "afterrun --help": [str(COMMAND), "--help"],
        "afterrun assess, one intake": [str(COMMAND), "assess", str(SAMPLE)],
        "afterrun ask, the first question": [str(COMMAND), "ask"],
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    with tempfile.TemporaryDirectory() as home:
        for turn in range(12):
            for name, command in runs.items():
                took = cpu_of(command, Path(home))
                spent[name] += [took] if turn else []  # the first fills the caches
    medians = {name: statistics.median(times) for name, times in spent.items()}
    bare = next(iter(medians.values()))
    print_table(
        ("what", "median", "times bare"), [(name, each, each / bare) for name, each in medians.items()]
    )


def cpu_of(command: list[str], home: Path) -> float:
    """User and system seconds of one child process, which leaves the interview at once."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings |= {"XDG_STATE_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    subprocess.run(command, input=b"q\n", check=True, capture_output=True, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
