"""Measure every peer and print the table: `make bench-peers`, or `python -m benchmarks.peers [NAME…]`.

A NAME picks the peers whose name holds it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import machine
from benchmarks.peers import (
    by_hand,
    clingo_asp,
    clips,
    durable_bare,
    openfisca,
    ours,
    outside,
    rule_engine,
    zen,
)
from benchmarks.peers.export import FEW, ROWS, export
from benchmarks.peers.outside import Outside
from benchmarks.peers.peer import Peer
from benchmarks.peers.table import Entry, load_average, show
from tests.support.paths import ROOT

CACHE = ROOT / ".cache/peers"
MODULES = (ours, openfisca, by_hand, clips, durable_bare, zen, rule_engine, clingo_asp)
LONGEST_SECONDS = 900


def main() -> None:
    peers = [peer for module in (*MODULES, outside) for peer in module.PEERS]
    chosen = [peer for peer in peers if not sys.argv[1:] or any(name in peer.name for name in sys.argv[1:])]
    machine.describe()
    print(f"{_runtimes()}; {load_average()} at the start.\n")
    with tempfile.TemporaryDirectory() as folder:
        rulebook = export(Path(folder))
        entries = [_run(peer, Path(folder)) for peer in chosen]
    print(
        f"The shipped rulebook: {len(rulebook.rules)} rules for {len(rulebook.propositions)} propositions "
        f"over {len(rulebook.variables)} variables. Seeded rows, each variable's cell ready in the engine's "
        "own form; putting them in and reading every proposition out is timed. One at a time: "
        f"{FEW:,} complete rows. Columns: {ROWS:,} rows repeated tenfold. Each engine has a process of its "
        "own; CPU time of all its threads, medians; load is translating and compiling, for afterrun reading "
        "the YAML too. Columns 'from answers' start earlier than their peers: at checked answers.\n"
    )
    show(entries, "Side by side: the same rules, the same rows, the same answers")


def _run(peer: type[Peer] | Outside, folder: Path) -> Entry:
    """Measure one peer in a process of its own."""
    print(f"{peer.name} …", file=sys.stderr)
    if isinstance(peer, Outside):
        command = [each.format(folder=folder, cache=CACHE) for each in peer.command]
    else:
        module = peer.__module__.rpartition(".")[2]
        python = sys.executable if module == "ours" else str(CACHE / "venv/bin/python")
        command = [python, "-m", "benchmarks.peers.child", module, peer.__name__, str(folder)]
    measured, trouble = None, ""
    try:
        ran = subprocess.run(
            command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=LONGEST_SECONDS
        )
        measured = json.loads(next(line for line in ran.stdout.splitlines() if line.startswith("{")))
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        trouble = f"did not run: {said[-1] if said else f'exit {error.returncode}'}"
    except (OSError, subprocess.TimeoutExpired) as error:
        trouble = f"did not run: {type(error).__name__}"
    return Entry(peer.name, peer.kind, peer.explains, peer.missing, measured, trouble)


def _runtimes() -> str:
    """The versions of what runs outside Python."""
    found = []
    for command in (["node", "--version"], ["java", "--version"]):
        try:
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[0]
        except (OSError, subprocess.CalledProcessError):
            said = "not there"
        found.append(f"{command[0]} {said}" if command[0] == "node" else said)
    return ", ".join(found)


if __name__ == "__main__":
    main()
