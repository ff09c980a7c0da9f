"""What a measurement ran on."""

from __future__ import annotations

import datetime
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import TypeVar

T = TypeVar("T")

PACKAGES = ("afterrun", "durable-rules", "pydantic", "typer", "polars", "numpy")


def describe() -> None:
    """Print date, machine and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"## {datetime.date.today()}\n")
    print(
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.machine()}, Python {platform.python_version()}",
        end="; ",
    )
    print(", ".join(f"{name} {version(name)}" for name in PACKAGES) + ".")
    print("Shared machine: trust the ratios. CPU time, medians.\n")


def median_cpu_ms(function: Callable[[T], object], inputs: Iterable[T], repeats: int = 20) -> float:
    """Median CPU milliseconds of one call, over all inputs and repeats."""
    inputs = list(inputs)
    spent = []
    for _ in range(repeats):
        for each in inputs:
            began = time.process_time()
            function(each)
            spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000


def print_table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A Markdown table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print(
            "| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row) + " |"
        )
    print()
