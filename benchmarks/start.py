"""How long the command takes to say anything at all."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.machine import print_table

COMMAND = Path(sys.executable).with_name("afterrun")
SAMPLE = Path(__file__).parents[1] / "examples/sample.yaml"


def main() -> None:
    """Print CPU time of a bare start of the given packages, of help, and of one assessment."""
    print("### Start (s of CPU, one process)\n")
    runs = {
        "python -c 'import typer, pydantic'": [sys.executable, "-c", "import typer, pydantic"],
        "afterrun --help": [str(COMMAND), "--help"],
        "afterrun assess, one intake": [str(COMMAND), "assess", str(SAMPLE)],
    }
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(11):
        for name, command in runs.items():
            spent[name].append(cpu_of(command))
    medians = {name: statistics.median(times) for name, times in spent.items()}
    bare = next(iter(medians.values()))
    print_table(
        ("what", "median", "times bare"), [(name, each, each / bare) for name, each in medians.items()]
    )


def cpu_of(command: list[str]) -> float:
    """User and system seconds of one child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, capture_output=True, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
