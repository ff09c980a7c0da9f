"""Batch against reading and writing alone: CPU, peak memory, growth in rows and in rules."""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from afterrun import Rulebook, load_rulebook
from afterrun.batch import Columns
from benchmarks.assessments.one_assessment import grown_rulebook
from benchmarks.batches.rows import ROWS, as_objects, as_text, pieces, sample, typed, write_csv
from benchmarks.machine import print_table

COMMAND = str(Path(sys.executable).with_name("afterrun"))
TEXT_ROWS = max(1, ROWS // 5)
"""Text takes some ten times the room of Parquet; its cost a row is the same."""
RUNS = 3


class Spent(NamedTuple):
    """What one process used."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def main() -> None:
    """Print every ratio that the batch promises."""
    rulebook = load_rulebook()
    checked = sample(rulebook)
    room = os.environ.get("AFTERRUN_BENCH_DIR")
    with tempfile.TemporaryDirectory(dir=room) as name:
        folder = Path(name)
        parquet(folder, typed(rulebook, checked))
        spread_sheet = as_text(rulebook, checked)
        text(folder, spread_sheet, as_objects(rulebook, spread_sheet))
        first_row(folder, spread_sheet)
    rules(checked)


def parquet(folder: Path, frame: pl.DataFrame) -> None:
    """Parquet in, Parquet out; the same with a tenth of the rows, and once with three times as many."""
    print(f"### Parquet, {ROWS:,} rows, {frame.width} columns\n")
    path = folder / "in.parquet"
    rows = []
    for count, runs in ((ROWS // 10, RUNS), (ROWS, RUNS), (3 * ROWS, 1)):
        write_parquet(path, frame, count)
        bare = medians([sys.executable, "-c", COPY, str(path), str(folder / "copy.parquet")], runs=runs)
        out = folder / "out"
        ours = medians([COMMAND, "batch", str(path), str(out)], out, runs)
        rows.append(
            (f"{count:,}", bare.cpu_s, ours.cpu_s, ours.cpu_s / bare.cpu_s, ours.wall_s, ours.peak_mb)
        )
    path.unlink()
    print_table(("rows", "read and write, CPU s", "batch, CPU s", "ratio", "batch, wall s", "peak MB"), rows)


def text(folder: Path, cells: pl.DataFrame, objects: pl.DataFrame) -> None:
    """CSV, bare and quoted, and JSON lines, to Parquet, against polars and DuckDB doing no more than that."""
    print(f"### Text to Parquet, {TEXT_ROWS:,} rows\n")
    rows = []
    for kind in ("csv", "quoted csv", "jsonl"):
        path = folder / ("in.jsonl" if kind == "jsonl" else "in.csv")
        if kind == "jsonl":
            with path.open("wb") as file:
                for piece in pieces(objects, TEXT_ROWS):
                    piece.write_ndjson(file)
        else:
            write_csv(path, cells, TEXT_ROWS, quoted=kind == "quoted csv")
        frame = objects if kind == "jsonl" else cells
        schema = {name: dtype.to_python().__name__ for name, dtype in frame.schema.items()}
        program, typed_by = (DUCKDB_COPY, "") if kind == "jsonl" else (TEXT_COPY, json.dumps(schema))
        bare = medians([sys.executable, "-c", program, str(path), str(folder / "copy.parquet"), typed_by])
        out = folder / "out"
        ours = medians([COMMAND, "batch", str(path), str(out)], out)
        rows.append((kind, *compared(bare, ours)))
        path.unlink()
    print_table(
        ("format", "read and write, CPU s", "batch, CPU s", "ratio", "batch, wall s", "peak MB"), rows
    )


def first_row(folder: Path, frame: pl.DataFrame) -> None:
    """From the command to the whole result of a small file."""
    path, out = folder / "small.csv", folder / "small"
    write_csv(path, frame, 100)
    spent = medians([COMMAND, "batch", str(path), str(out)], out)
    print(f"100 rows of CSV, from the command to its end: {spent.wall_s:.2f} s.\n")


def rules(checked: pl.DataFrame) -> None:
    """The decisions alone, for rulebooks of growing size."""
    print("### Growth in rules: decisions alone, CPU s per million rows\n")
    piece = next(pieces(checked, 250_000))
    rows = []
    for count in (127, 160, 320, 640):
        with tempfile.TemporaryDirectory() as name:
            rulebook = load_rulebook() if count == 127 else grown_rulebook(Path(name), count)
        rows.append((count, decisions(rulebook, piece)))
    print_table(("rules", "CPU s per million rows", "per rule, us"), [(n, s, s / n * 1e3) for n, s in rows])


def decisions(rulebook: Rulebook, piece: pl.DataFrame) -> float:
    """Median CPU seconds per million rows."""
    columns = Columns(rulebook)
    columns.decide(piece)
    spent = []
    for _ in range(7):
        began = time.process_time()
        columns.decide(piece)
        spent.append((time.process_time() - began) * 1_000_000 / piece.height)
    return statistics.median(spent)


def compared(bare: Spent, ours: Spent) -> tuple[float, ...]:
    """One row of a table of ratios."""
    return bare.cpu_s, ours.cpu_s, ours.cpu_s / bare.cpu_s, ours.wall_s, ours.peak_mb


def write_parquet(path: Path, frame: pl.DataFrame, rows: int) -> None:
    """A Parquet file, piece by piece, so that memory stays small."""
    parts = path.with_suffix(".parts")
    parts.mkdir()
    for place, piece in enumerate(pieces(frame, rows)):
        piece.write_parquet(parts / f"{place:05}.parquet")
    pl.scan_parquet(parts / "*.parquet").sink_parquet(path, row_group_size=250_000)
    shutil.rmtree(parts)


def medians(command: Sequence[str], out: Path | None = None, runs: int = RUNS) -> Spent:
    """Median cost of a process, run anew each time."""
    spent = []
    for _ in range(runs):
        if out is not None:
            shutil.rmtree(out, ignore_errors=True)
        spent.append(cost(command))
    return median_of(spent)


def median_of(spent: Sequence[Spent]) -> Spent:
    """Of each figure the median."""
    return Spent(*(statistics.median(each) for each in zip(*spent, strict=True)))


def cost(command: Sequence[str]) -> Spent:
    """CPU and wall seconds and peak memory of one process and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    # A process of its own in between, so that its peak memory is that of this command alone.
    watched = subprocess.run(
        [sys.executable, "-c", WATCH, *command], check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, time.perf_counter() - began, int(watched.stdout.splitlines()[-1]) / 1024)


WATCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""
COPY = """
import sys, polars as pl
pl.scan_parquet(sys.argv[1]).sink_parquet(sys.argv[2], row_group_size=250_000)
"""
TEXT_COPY = """
import json, sys, polars as pl
kinds = {"str": pl.String, "int": pl.Int64, "float": pl.Float64}
types = {name: kinds[kind] for name, kind in json.loads(sys.argv[3]).items()}
pl.scan_csv(sys.argv[1], schema=types).sink_parquet(sys.argv[2])
"""
DUCKDB_COPY = """
import duckdb, sys
lines = f"read_json('{sys.argv[1]}', format='newline_delimited')"
duckdb.sql(f"copy (from {lines}) to '{sys.argv[2]}' (format parquet)")
"""
