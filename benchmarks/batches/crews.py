"""Many hands and many files: small files, processes side by side, frames in memory, a Spark cluster."""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from afterrun import Rulebook, assess_frame, load_rulebook
from benchmarks.batches.batch import COMMAND, RUNS, TEXT_ROWS, Spent, cost, median_of, medians, write_parquet
from benchmarks.batches.rows import SAMPLE, as_text, pieces, sample, typed, write_csv
from benchmarks.machine import print_table
from tests.support.batches.spark_clusters import lacking

FILES = 1500
QUICK_ROWS, QUICK_SAMPLE = 600_000, 4000
"""Enough for four lots, and done in minutes."""


def main(rows: int = QUICK_ROWS, different: int = QUICK_SAMPLE, runs: int = 1) -> None:
    """Print what each way costs beside one process alone."""
    rulebook = load_rulebook()
    checked = sample(rulebook, different)
    with tempfile.TemporaryDirectory(dir=os.environ.get("AFTERRUN_BENCH_DIR")) as name:
        folder = Path(name)
        cells = as_text(rulebook, checked)
        small_files(folder, cells, runs)
        write_csv(folder / "in.csv", cells, rows)
        side_by_side(folder, rows, runs)
        write_parquet(folder / "in.parquet", typed(rulebook, checked), rows)
        frames(rulebook, folder, rows, runs)


def full() -> None:
    """The same with as many rows as text has in the other benchmarks, medians of several runs."""
    main(TEXT_ROWS, SAMPLE, RUNS)


def small_files(folder: Path, cells: pl.DataFrame, runs: int) -> None:
    """A folder of files of one row each."""
    many = folder / "many"
    many.mkdir()
    for number, row in enumerate(next(pieces(cells, FILES)).iter_slices(1)):
        row.write_csv(many / f"{number:05}.csv")
    spent = medians([COMMAND, "batch", str(many), str(folder / "out")], folder / "out", runs)
    print(f"{FILES:,} files of one row: {spent.cpu_s:.2f} CPU s, peak {spent.peak_mb:.0f} MB.\n")


def side_by_side(folder: Path, count: int, runs: int) -> None:
    """One process, two, and Spark with as many, in turns; CPU is that of all of them together."""
    print(f"### Who does the work: CSV, {count:,} rows\n")
    ways: dict[str, tuple[str, ...]] = {"one process": (), "--jobs 2": ("--jobs", "2")}
    if not lacking():
        ways["--engine spark, local[2]"] = ("--engine", "spark", "--master", "local[2]")
    out, spent = folder / "out", dict[str, list[Spent]]()
    for _ in range(runs):
        for way, words in ways.items():
            shutil.rmtree(out, ignore_errors=True)
            spent.setdefault(way, []).append(
                cost([COMMAND, "batch", str(folder / "in.csv"), str(out), *words])
            )
    middle = {way: median_of(each) for way, each in spent.items()}
    first = middle["one process"].wall_s
    print_table(
        ("way", "CPU s", "wall s", "times faster", "peak MB of the largest process"),
        [(way, each.cpu_s, each.wall_s, first / each.wall_s, each.peak_mb) for way, each in middle.items()],
    )
    print(f"Load: {os.getloadavg()[0]:.1f} at the end; with other work beside it the wall tells nothing.\n")


def frames(rulebook: Rulebook, folder: Path, count: int, runs: int) -> None:
    """A frame in memory, against a batch of the same rows less what its files cost."""
    frame = pl.read_parquet(folder / "in.parquet")
    assess_frame(frame.head(1000), rulebook)
    spent = []
    for _ in range(max(runs, 3)):
        began = time.process_time()
        assess_frame(frame, rulebook)
        spent.append(time.process_time() - began)
    path, copy, out = folder / "in.parquet", folder / "copy.parquet", folder / "out"
    whole = medians([COMMAND, "batch", str(path), str(out)], out, runs)
    parts = [str(folder / "part.parquet"), str(path)]
    alone = [sys.executable, "-c", FILES_ALONE, *parts, str(out / "**" / "part-*.parquet"), str(copy)]
    files = medians(alone, runs=runs)
    ours, rest = statistics.median(spent), whole.cpu_s - files.cpu_s
    print(f"### A frame of {count:,} rows\n")
    print_table(
        ("assess_frame, CPU s", "batch, CPU s", "its files alone, CPU s", "ratio to the rest"),
        [(ours, whole.cpu_s, files.cpu_s, ours / rest)],
    )


FILES_ALONE = """
import sys, polars as pl
import afterrun
afterrun.load_rulebook()
pl.read_parquet(sys.argv[2])
pl.read_parquet(sys.argv[3]).write_parquet(sys.argv[4], compression_level=1, statistics=False)
"""
