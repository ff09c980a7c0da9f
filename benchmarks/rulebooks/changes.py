"""What it costs to tell a change of the shipped rulebook: by the solver, and on a file beside one batch."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from afterrun import Rulebook, load_rulebook
from afterrun.batch import Progress, Request, flipped_rows, input_of, place_of, run
from afterrun.verify.prove import flips
from benchmarks.batches.rows import as_text, sample, write_csv
from benchmarks.machine import print_table
from tests.support.rulebooks.changed import CHANGES, changed_copy

T = TypeVar("T")
ROWS = int(os.environ.get("AFTERRUN_BENCH_ROWS", "1_000_000"))
TURNS = int(os.environ.get("AFTERRUN_BENCH_TURNS", "3"))
TOLD = ("a plan's number", "threshold of an answer", "any becomes all", "a formula")


def main() -> None:
    """Print seconds by the solver, then `--on` beside one batch, turns side by side."""
    on_a_file()
    by_the_solver()


def on_a_file() -> None:
    """Print CPU seconds of all threads of one batch and of two that are compared."""
    old = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        print(f"### A change told on {ROWS:,} intakes, CSV (CPU s of all threads)\n")
        print_table(("one batch", "both compared", "ratio", "flipped"), _on(old, Path(folder)))


def by_the_solver() -> None:
    """Print CPU and wall seconds of some changes, from small to large."""
    old = load_rulebook()
    with tempfile.TemporaryDirectory() as folder:
        print("### A change told by the solver, the shipped rulebook (s)\n")
        head = ("change", "what flips, findings too", "CPU s", "s by the wall")
        print_table(head, [(name, *_told(old, name, Path(folder))) for name in TOLD])


def _told(old: Rulebook, name: str, folder: Path) -> tuple[object, ...]:
    new = load_rulebook(changed_copy(folder / name.replace(" ", "-"), CHANGES[name].edit))
    began = time.perf_counter()
    spent, found = _cpu(lambda: flips(old, new))
    return len(found.flips), spent, time.perf_counter() - began


def _on(old: Rulebook, folder: Path) -> Iterator[tuple[object, ...]]:
    new = load_rulebook(changed_copy(folder / "new", CHANGES["threshold of an answer"].edit))
    path = folder / "intakes.csv"
    write_csv(path, as_text(old, sample(old)), ROWS)
    for turn in range(TURNS):
        own = folder / str(turn)
        (own / "both").mkdir(parents=True)
        yield _turn(old, new, path, own)


def _turn(old: Rulebook, new: Rulebook, path: Path, own: Path) -> tuple[object, ...]:
    inputs = [input_of(str(path))]
    batch, _ = _cpu(lambda: run(Request(old, inputs), place_of(str(own / "one"), None), _unseen, _unheard))
    both, found = _cpu(lambda: flipped_rows(old, new, inputs, own / "both"))
    return batch, both, both / batch, found.flipped


def _unseen(progress: Progress) -> None:
    pass


def _unheard(note: str) -> None:
    pass


def _cpu(work: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    done = work()
    return time.process_time() - began, done
