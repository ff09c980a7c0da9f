"""Attack at length, and print what was tried and what was found, as Markdown: `python -m tests.attacks`."""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import afterrun
from afterrun.batch.write.workbook import MOST_ROWS
from benchmarks import machine
from tests.attacks.corrupt.checks import COMMANDS, faults_of, faults_of_addresses, sound
from tests.attacks.corrupt.diaries import ADDRESSES, corruptions
from tests.attacks.every_kind import every_kind
from tests.attacks.fuzz import TARGETS
from tests.attacks.killed.batches import Content, damaged_inputs, kill_batches, rows_of_databases
from tests.attacks.killed.logs import kill_log_writers
from tests.attacks.killed.writers import kill_writers
from tests.attacks.malformed_input.commands import attack_all, attacks
from tests.support.batches.runs import files_of
from tests.support.batches.workbooks import xlsx
from tests.support.paths import ROOT
from tests.support.rulebooks.changed import CHANGES, both_of, mistold


class Outcome(NamedTuple):
    """What came of one kind of attack."""

    kind: str
    tried: str
    faults: Sequence[str]


class Length(NamedTuple):
    """How long it may take."""

    kills: int
    rounds: int
    """Times that damage of chance is done anew."""
    seconds: int
    """For each target of the fuzzer."""
    seed: int
    rows: int
    """Of the large batch of every kind."""
    into: Sequence[str]
    """The outputs of it that are tried, by how their names begin; all without one."""


def on_commands(length: Length, folder: Path) -> Iterator[Outcome]:
    """Every malformed file on every command that reads its kind."""
    came = attack_all(attacks(length.seed, each_on_all=True), folder)
    yield Outcome(
        "malformed input, on every command", f"{came.tried:,} runs, {came.refused:,} refused", came.faults
    )


def on_diaries(length: Length, folder: Path) -> Iterator[Outcome]:
    """Every damage to a diary, with every command; and addresses that lead to none."""
    before, faults, tried = sound(folder, afterrun.load_rulebook(part="checkin")), list[str](), 0
    for tried, case in enumerate(corruptions(length.seed, length.rounds), 1):
        own = folder / str(tried)
        own.mkdir()
        faults += faults_of(case, before, own, COMMANDS)
    yield Outcome("damaged diaries, with every command", f"{tried:,} damages", faults)
    yield Outcome("addresses of no diary", f"{len(ADDRESSES)}", faults_of_addresses(folder))


def on_writers(length: Length, folder: Path) -> Iterator[Outcome]:
    """A diary's writer, killed."""
    part = afterrun.load_rulebook(part="checkin")
    came = kill_writers(folder / "diary.sqlite", part, length.kills, length.seed)
    yield Outcome(
        "kills of a diary's writer", f"{came.kills} kills, {came.steps:,} steps confirmed", came.faults
    )


def on_logs(length: Length, folder: Path) -> Iterator[Outcome]:
    """Eight writers of one log, killed at once."""
    came = kill_log_writers(folder, length.kills, length.seed)
    tried = f"{came.kills} kills, {came.confirmed:,} entries confirmed, torn {came.torn} times"
    yield Outcome("kills of eight writers of one log", tried, came.faults)


def on_batches(length: Length, folder: Path) -> Iterator[Outcome]:
    """A batch, killed and begun anew."""
    inputs = damaged_inputs(afterrun.load_rulebook(), folder)
    names = ["out", "out.csv", "out.csv.zst"]
    if find_spec("python_calamine") and find_spec("xlsxwriter"):
        with gzip.open(inputs[-1], "rt", encoding="utf-8", newline="") as stream:
            inputs[-1] = xlsx(folder / "c.xlsx", {"intakes": list(csv.reader(stream))})
        names.append("out.xlsx")
    for name in names:
        own = folder / name
        own.mkdir()
        came = kill_batches(inputs, own, name, length.kills)
        yield Outcome(f"kills of a batch into {name}", f"{came.kills} kills", came.faults)
    if find_spec("sqlalchemy") and find_spec("duckdb_engine"):
        table = "sqlite:///out.sqlite?table=out"
        came = kill_batches(inputs, folder, table, length.kills, rows_of_databases)
        yield Outcome("kills of a batch into a database", f"{came.kills} kills", came.faults)


def on_kinds(length: Length, folder: Path) -> Iterator[Outcome]:
    """A batch of inputs of every kind into outputs of every kind: each row accounted for, and killed."""
    made = every_kind(afterrun.load_rulebook(), folder, length.rows)
    said = (
        made.rows,
        f"{made.rows:,} rows in = {made.rows - made.rejects:,} rows out + {made.rejects:,} rejected",
    )
    outs: dict[str, Content] = dict.fromkeys(("out", "out.csv", "out.jsonl.zst", "out.arrow"), files_of)
    if find_spec("xlsxwriter") and length.rows <= MOST_ROWS:
        outs["out.xlsx"] = files_of
    if "duckdb" in made.kinds:
        tables = ("sqlite:///out.sqlite?table=out", "duckdb:///out.duckdb?table=out")
        outs |= dict.fromkeys(tables, rows_of_databases)
    tried_outs = [out for out in outs if not length.into or out.startswith(tuple(length.into))]
    if not tried_outs:
        yield Outcome(
            "inputs of every kind", "nothing", [f"no output is named so; there are {', '.join(outs)}"]
        )
    for place, out in enumerate(tried_outs):
        own = folder / str(place)
        own.mkdir()
        came = kill_batches(made.inputs, own, out, -(-length.kills // len(outs)), outs[out], said)
        tried = f"{made.rows:,} rows, {made.rejects:,} refused, {came.kills} kills"
        yield Outcome(f"{', '.join(made.kinds)} into {out.partition('?')[0]}", tried, came.faults)
        shutil.rmtree(own)


def by_fuzzer(length: Length, folder: Path) -> Iterator[Outcome]:
    """The fuzzer, each target in a process of its own."""
    if not find_spec("atheris"):
        yield Outcome("fuzzer", "left out: atheris is not installed (make attack installs it)", ())
        return
    for target in TARGETS:
        words = [sys.executable, "-m", "tests.attacks.fuzz", target, "--seconds", str(length.seconds)]
        found = folder / target
        ran = subprocess.run(
            [*words, "--findings", found],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd=ROOT,
        )
        counts = re.findall(r"#(\d+)\s.* cov: (\d+)", ran.stderr)
        runs, covered = counts[-1] if counts else ("0", "0")
        kept = [each for each in found.glob("*") if each.is_file()]
        faults = [f"{each.name}: {_last_error(ran.stdout + ran.stderr)}" for each in kept]
        if ran.returncode and not kept:
            faults.append(f"ended with {ran.returncode}: {(ran.stdout + ran.stderr)[-300:]}")
        yield Outcome(f"fuzzer: {target}", f"{int(runs):,} inputs, {int(covered):,} branches", faults)


def on_laws(_: Length, folder: Path) -> Iterator[Outcome]:
    """What holds of any input, on five times as many as `make test` tries."""
    scaled = re.compile(r"\b(LAW|as_many)\b")
    files = [
        each for each in sorted((ROOT / "tests").rglob("test_*.py")) if scaled.search(each.read_text("utf-8"))
    ]
    words = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", "-rfE", "--tb=short"]
    ran = subprocess.run(
        [*words, "--hypothesis-profile", "long", "--basetemp", folder / "laws", *files],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd=ROOT,
    )
    counts = (ran.stdout.strip().splitlines() or [""])[-1]
    faults = [line for line in ran.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if ran.returncode and not faults:
        faults.append(f"ended with {ran.returncode}: {(ran.stdout + ran.stderr)[-300:]}")
    yield Outcome("laws, at length", counts.strip("= "), faults)


def on_changes(_: Length, folder: Path) -> Iterator[Outcome]:
    """Every change of the shipped rulebook on purpose, told whole."""
    faults: list[str] = []
    for place, change in enumerate(CHANGES.values()):
        faults += mistold(change, *both_of(change, folder / str(place)))
    yield Outcome("changes of the rulebook on purpose", f"{len(CHANGES)} changes", faults)


KINDS: dict[str, Callable[[Length, Path], Iterator[Outcome]]] = {
    "commands": on_commands,
    "diaries": on_diaries,
    "writers": on_writers,
    "logs": on_logs,
    "batches": on_batches,
    "kinds": on_kinds,
    "changes": on_changes,
    "laws": on_laws,
    "fuzzer": by_fuzzer,
}


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.attacks", description=(__doc__ or "").split(":")[0])
    words.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}; all without one")
    words.add_argument("--kills", type=int, default=100)
    words.add_argument("--rounds", type=int, default=200, help="of damage by chance")
    words.add_argument("--seconds", type=int, default=120, help="for each target of the fuzzer")
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--rows", type=int, default=20_000, help="of the batch of every kind of input")
    words.add_argument(
        "--into", action="append", default=[], metavar="OUT", help="of that batch, as duckdb: or out.csv"
    )
    given = words.parse_args()
    if unknown := [kind for kind in given.kinds if kind not in KINDS]:
        words.error(f"no kind {', '.join(unknown)}; there are {', '.join(KINDS)}")
    machine.describe()
    length = Length(given.kills, given.rounds, given.seconds, given.seed, given.rows, given.into)
    print("\n| attack | tried | found | s |\n|---|---|---|---|", flush=True)
    faults: list[str] = []
    for kind in given.kinds or KINDS:
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            for kind_of, tried, found in KINDS[kind](length, Path(folder)):
                took, began = time.perf_counter() - began, time.perf_counter()
                print(f"| {kind_of} | {tried} | {len(found)} | {took:.0f} |", flush=True)
                faults += [f"{kind_of}: {each}" for each in found]
    if faults:
        print("", *(f"- {each}" for each in faults), sep="\n")
        sys.exit(1)


def _last_error(said: str) -> str:
    lines = [line for line in said.splitlines() if re.match(r"[\w.]+(Error|Exception)\b", line)]
    return lines[-1][:300] if lines else "see the file"


if __name__ == "__main__":
    main()
