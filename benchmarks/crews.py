"""Many hands and many files: small files, processes side by side, frames in memory, a Spark cluster."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from afterrun import Rulebook, assess_frame, load_rulebook
from benchmarks.batch import COMMAND, RUNS, TEXT_ROWS, medians, write_parquet
from benchmarks.machine import print_table
from benchmarks.rows import as_text, pieces, sample, typed, write_csv
from tests.support.spark_clusters import lacking

FILES = 1500


def main() -> None:
    """Print what each way costs beside one process alone."""
    rulebook = load_rulebook()
    checked = sample(rulebook)
    with tempfile.TemporaryDirectory(dir=os.environ.get("AFTERRUN_BENCH_DIR")) as name:
        folder = Path(name)
        cells = as_text(rulebook, checked)
        small_files(folder, cells)
        write_csv(folder / "in.csv", cells, TEXT_ROWS)
        side_by_side(folder)
        write_parquet(folder / "in.parquet", typed(rulebook, checked), TEXT_ROWS)
        frames(rulebook, folder)


def small_files(folder: Path, cells: pl.DataFrame) -> None:
    """A folder of files of one row each."""
    many = folder / "many"
    many.mkdir()
    for number, row in enumerate(next(pieces(cells, FILES)).iter_slices(1)):
        row.write_csv(many / f"{number:05}.csv")
    spent = medians([COMMAND, "batch", str(many), str(folder / "out")], folder / "out")
    print(f"{FILES:,} files of one row: {spent.cpu_s:.2f} CPU s, peak {spent.peak_mb:.0f} MB.\n")


def side_by_side(folder: Path) -> None:
    """One process, two, and Spark with as many; CPU is that of all of them together."""
    print(f"### Who does the work: CSV, {TEXT_ROWS:,} rows\n")
    ways: dict[str, tuple[str, ...]] = {"one process": (), "--jobs 2": ("--jobs", "2")}
    if not lacking():
        ways["--engine spark, local[2]"] = ("--engine", "spark", "--master", "local[2]")
    rows: list[tuple[object, ...]] = []
    for way, words in ways.items():
        command = [COMMAND, "batch", str(folder / "in.csv"), str(folder / "out"), *words]
        spent = medians(command, folder / "out")
        first = rows[0][2] if rows else spent.wall_s
        assert isinstance(first, float)
        rows.append((way, spent.cpu_s, spent.wall_s, first / spent.wall_s))
    print_table(("way", "CPU s", "wall s", "times faster"), rows)


def frames(rulebook: Rulebook, folder: Path) -> None:
    """A frame in memory, against a batch of the same rows less what its files cost."""
    frame = pl.read_parquet(folder / "in.parquet")
    assess_frame(frame.head(1000), rulebook)
    spent = []
    for _ in range(RUNS):
        began = time.process_time()
        assess_frame(frame, rulebook)
        spent.append(time.process_time() - began)
    path, copy, out = folder / "in.parquet", folder / "copy.parquet", folder / "out"
    whole = medians([COMMAND, "batch", str(path), str(out)], out)
    parts = [str(folder / "part.parquet"), str(path)]
    files = medians(
        [sys.executable, "-c", FILES_ALONE, *parts, str(out / "**" / "part-*.parquet"), str(copy)]
    )
    ours, rest = statistics.median(spent), whole.cpu_s - files.cpu_s
    print(f"### A frame of {TEXT_ROWS:,} rows\n")
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
