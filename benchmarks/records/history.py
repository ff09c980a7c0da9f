"""What the runner's own files cost: a bulk export of FIT files, and XML recordings, beside bare parses."""

from __future__ import annotations

import gzip
import io
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from xml.parsers import expat

import fitdecode
from fastcrc.crc16 import arc

from afterrun.history import read_history
from benchmarks.machine import print_table
from tests.support.history.activity_files import BERLIN, TWELVE_WEEKS, Recorded, fit_of, gpx_of, tcx_of

MANY, MINUTES = 5_000, 45
TODAY = date(2046, 1, 1)
RUN = Recorded(TWELVE_WEEKS[0].began, 8_000, MINUTES * 60)
FIT_BEGIN = 631_065_600
"""FIT's first second, in Unix time."""
PAUSE = timedelta(hours=31)


def main() -> None:
    """Print CPU seconds of many activities, and how they compare to a bare parse of the same bytes."""
    print(f"### History ({MINUTES} minutes a run, a point a second)\n")
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder, "export.zip")
        one = bulk_export(export)
        took = cpu(lambda: read_history([export], BERLIN, today=TODAY))
        print(f"{MANY:,} .fit.gz of {len(one) / 1000:.0f} kB in a ZIP: {took:.1f} s of CPU", end=", ")
        print(f"{peak_of(export):.0f} MB at most.\n")
        print_table(("file", "ours, ms", "bare, ms", "times bare"), side_by_side(Path(folder), one))


def bulk_export(path: Path) -> bytes:
    """Write an archive of runs, each of the same points at another time; give the bytes of one."""
    model = fit_of(RUN, every=1)
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(MANY):
            moved = later(model, round((at * PAUSE).total_seconds()))
            archive.writestr(f"activities/{at}.fit.gz", gzip.compress(moved, 6))
    return model


def later(content: bytes, seconds: int) -> bytes:
    """A FIT file that began so much later; records keep their times, which nobody asks for."""
    began = round(RUN.began.timestamp()) - FIT_BEGIN
    moved = content[:-2].replace(struct.pack("<I", began), struct.pack("<I", began + seconds))
    return moved + struct.pack("<H", arc(moved))


def side_by_side(folder: Path, fit: bytes) -> list[tuple[object, ...]]:
    """A row for each format: medians of turns that follow each other."""
    files: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
        "FIT": (fit, lambda content: list(fitdecode.FitReader(content, check_crc=True))),
        "GPX": (gpx_of(RUN, every=1), bare_xml),
        "TCX": (tcx_of(RUN, every=1), bare_xml),
    }
    rows: list[tuple[object, ...]] = []
    for name, (content, bare) in files.items():
        path = folder / f"one.{name.lower()}"
        path.write_bytes(content)
        ours, theirs = [], []
        for _ in range(9):
            ours.append(cpu(lambda path=path: read_history([path], BERLIN, today=TODAY)))  # type: ignore[misc]
            theirs.append(cpu(lambda content=content, bare=bare: bare(content)))  # type: ignore[misc]
        mine, its = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
        rows.append((f"{name}, {len(content) / 1000:.0f} kB", mine, its, mine / its))
    return rows


def bare_xml(content: bytes) -> None:
    """Expat with somebody who keeps each element's attributes, of which a position is two, and no text."""
    kept: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: kept.append(attributes)
    parser.ParseFile(io.BytesIO(content))


def cpu(function: Callable[[], object]) -> float:
    began = time.process_time()
    function()
    return time.process_time() - began


READING = """
import datetime, pathlib, sys, zoneinfo
from afterrun.history import read_history
read_history([pathlib.Path(sys.argv[1])], zoneinfo.ZoneInfo("Europe/Berlin"), today=datetime.date(2046, 1, 1))
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def peak_of(export: Path) -> float:
    """Megabytes of a process that reads an export and does nothing else."""
    command = [sys.executable, "-c", READING, str(export)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / 1024
