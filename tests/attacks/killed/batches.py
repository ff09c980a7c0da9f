"""Batches that are killed at moments of chance and begun anew: they end in the same, byte for byte."""

from __future__ import annotations

import contextlib
import csv
import gzip
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import afterrun
from tests.support.batches.runs import files_of, random_intakes, write_csv, write_jsonl

CHUNKS = 12
ROWS = 1500
BLANK = 3

WARM = """
import os, sys
import afterrun_cli.batch.run  # with columns and all, before they begin a thread
from afterrun_cli.main import run
for line in sys.stdin:
    folder, *words = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        try:
            os.dup2(os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(1, 2)
            os.chdir(folder)
            sys.argv = ["afterrun", *words]
            run()
        except SystemExit as left:
            sys.stdout.flush()
            os._exit(left.code)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Warm:
    """Starts the command in processes that have loaded all they need: a kill hits the work, not the start."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "said.txt"
        self._process = subprocess.Popen(
            [sys.executable, "-c", WARM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def start(self, folder: Path, *words: object) -> int:
        """Begin; the process id. One at a time."""
        assert self._process.stdin is not None
        print(folder, *words, sep="\t", file=self._process.stdin, flush=True)
        return self._answer()

    def end(self) -> tuple[int, str]:
        """Wait for what was begun: its exit code, and all that it said."""
        return self._answer(), self._said.read_text(encoding="utf-8")

    def close(self) -> None:
        """Nothing more is begun."""
        self._process.communicate()

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


class KilledBatches(NamedTuple):
    """What came of the kills."""

    kills: int
    faults: tuple[str, ...]


def damaged_inputs(rulebook: afterrun.Rulebook, folder: Path) -> list[Path]:
    """Three files with damaged rows in each, ids that come twice across files, one file packed, one as
    Excel writes it: in UTF-16, with semicolons, cells of several lines, and BLANK rows."""
    intakes = random_intakes(rulebook, ROWS)
    for place in range(0, ROWS, 17):
        intakes[place]["age_years"] = "old"
    for place in range(100, ROWS, 90):
        intakes[place]["record_id"] = intakes[place - 100]["record_id"]
    third = ROWS // 3
    packed = folder / "c.csv.gz"
    packed.write_bytes(gzip.compress(write_csv(folder / "c", rulebook, intakes[2 * third :]).read_bytes()))
    return [
        _as_excel(write_csv(folder / "a.csv", rulebook, intakes[: third - BLANK])),
        write_jsonl(folder / "b.jsonl", intakes[third : 2 * third]),
        packed,
    ]


def _as_excel(path: Path) -> Path:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    noted = [[*row, "two\nlines" if place % 7 == 0 else ""] for place, row in enumerate(rows)]
    with path.open("w", encoding="utf-16", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerows([[*header, "note"], *noted, *[[""] * (len(header) + 1)] * BLANK])
    return path


Content = Callable[[Path], dict[str, bytes]]
"""What a batch left below a folder, by name."""


def rows_of_databases(folder: Path) -> dict[str, bytes]:
    """The rows of every table of the databases in a folder, whatever their order."""
    found = _rows_of_duckdb(folder) if list(folder.glob("*.duckdb")) else {}
    for path in folder.glob("*.sqlite"):
        with closing(sqlite3.connect(path)) as opened:
            for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                rows = sorted(map(repr, opened.execute(f'SELECT * FROM "{name}"')))
                found[f"{path.name} {name}"] = "\n".join(rows).encode()
    return found


def _rows_of_duckdb(folder: Path) -> dict[str, bytes]:
    import duckdb

    found = {}
    for path in folder.glob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as opened:
            for (name,) in opened.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                rows = sorted(map(repr, opened.execute(f'SELECT * FROM "{name}"').fetchall()))
                found[f"{path.name} {name}"] = "\n".join(rows).encode()
    return found


def kill_batches(
    inputs: Sequence[Path | str],
    folder: Path,
    name: str,
    kills: int,
    content: Content = files_of,
    said: tuple[int, str] = (ROWS, f"{ROWS:,} rows in = "),
) -> KilledBatches:
    """Kill a batch so often; each time that it ends all the same what it left is compared.

    `said` are its rows, and what has to be said of them at its end.
    """
    warm = Warm(folder)
    try:
        return _killed(warm, inputs, folder, name, kills, content, said)
    finally:
        warm.close()


def _killed(
    warm: Warm,
    inputs: Sequence[Path | str],
    folder: Path,
    name: str,
    kills: int,
    content: Content,
    to_say: tuple[int, str],
) -> KilledBatches:
    rows, accounted = to_say
    chance, faults, done = random.Random(name), list[str](), 0
    whole, killed = folder / "whole", folder / "killed"
    whole.mkdir()
    killed.mkdir()
    command = ["batch", *inputs, name, "--chunk-rows", rows // CHUNKS, "--explain"]
    warm.start(whole, *command)
    began = time.monotonic()
    code, said = warm.end()
    lasts = time.monotonic() - began
    wanted = content(whole)
    if code != 1 or accounted not in said:
        return KilledBatches(0, (f"unharmed it ends with {code}: {said[-300:]}",))
    while True:
        process = warm.start(killed, *command)
        if done < kills:
            left = 1 - len(list(killed.rglob("part-*"))) / CHUNKS
            time.sleep(chance.uniform(0, 1) * lasts * max(left, 0.1))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        code, said = warm.end()
        if code == -signal.SIGKILL:
            done += 1
            continue
        found = content(killed)
        if code != 1 or accounted not in said:
            faults.append(f"after kill {done} it ends with {code}: {said[-300:]}")
        faults += [f"after kill {done} {file} differs" for file in wanted if found.get(file) != wanted[file]]
        faults += [f"after kill {done} {file} is left over" for file in found if file not in wanted]
        if done >= kills:
            return KilledBatches(done, tuple(faults))
        shutil.rmtree(killed)
        killed.mkdir()
