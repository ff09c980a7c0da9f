"""What every peer offers, and how each is checked and measured in a process of its own."""

from __future__ import annotations

import gc
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from benchmarks.peers.book import Book, read_book

FEW = 2_000
AT_ONCE = 200
"""Rows whose results are held at once, so that memory is the engine's and not theirs."""
MOST_RUNS = 7
LEAST_RUNS = 3
MOST_SECONDS = 12.0
LEAST_SECONDS_A_RUN = 0.2


class Rows(NamedTuple):
    """Rows as cells; the same as intakes lie beside them, as `NAME.jsonl` and `NAME.parquet`."""

    cells: np.ndarray
    folder: Path
    name: str


class Peer:
    """An engine with the rulebook in its own language. Rows are given to it in its own form."""

    name: ClassVar[str]
    version_of: ClassVar[str] = ""
    """The distribution whose version is printed."""
    kind: ClassVar[str]
    """How it works: forward chaining, compiled, columns, …"""
    explains: ClassVar[str]
    missing: ClassVar[str]
    """What a missing answer means to it."""
    three_valued: ClassVar[bool] = False
    copies: ClassVar[int] = 0
    """How often all rows are repeated for an engine that works on whole columns; 0: one row at a time."""

    def load(self, book: Book) -> None:
        """Translate and compile; timed as loading."""
        raise NotImplementedError

    def prepare(self, rows: Rows) -> Any:
        """The rows in the engine's own form, a list unless `copies`; not timed."""
        raise NotImplementedError

    def assess(self, inputs: Any) -> Any:
        """Every row's propositions, in the engine's own form; timed."""
        raise NotImplementedError

    def truths(self, results: Any) -> np.ndarray:
        """Rows by propositions: 1 proved, 0 not, -1 open (if it knows); not timed."""
        raise NotImplementedError


def measure(peer: Peer, folder: Path) -> dict[str, Any]:
    """Check the peer against the reference, then time it."""
    book = read_book(folder)
    began = time.process_time()
    peer.load(book)
    loading = time.process_time() - began
    differs = check(peer, folder, "rows", "truths")
    partial = check(peer, folder, "partial", "partial_truths") if peer.three_valued else None
    cells = np.load(folder / "rows.npy")
    cells = np.tile(cells, (peer.copies, 1)) if peer.copies else cells[:FEW]
    inputs = peer.prepare(Rows(cells, folder, "rows"))
    # The rows are not the engine's: its garbage collections need not walk through them.
    gc.collect()
    gc.freeze()
    spent = _timed(peer, _chunks(peer, inputs))
    one_by_one = not peer.copies and len(inputs) == len(cells)
    return {
        "load_s": loading,
        "row_us": spent / len(cells) * 1e6,
        "median_us": _median_of_one(peer, inputs) * 1e6 if one_by_one else None,
        "differs": differs,
        "partial_differs": partial,
        "checked": FEW,
        "rows": len(cells),
        "peak_mb": peak_mb(),
    }


def check(peer: Peer, folder: Path, rows_name: str, truths_name: str) -> int:
    """Rows on which the peer and the reference differ."""
    cells = np.load(folder / f"{rows_name}.npy")[:FEW]
    expected = np.load(folder / f"{truths_name}.npy")
    chunks = _chunks(peer, peer.prepare(Rows(cells, folder, rows_name)))
    found = np.vstack([peer.truths(peer.assess(chunk)) for chunk in chunks])
    return int((found.astype(np.int8) != expected).any(axis=1).sum())


def peak_mb() -> float:
    """The most memory that this process held at once."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    except OSError:
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _chunks(peer: Peer, inputs: Any) -> list[Any]:
    """What is assessed in one call."""
    return [inputs] if peer.copies else [inputs[at : at + AT_ONCE] for at in range(0, len(inputs), AT_ONCE)]


def _timed(peer: Peer, chunks: list[Any]) -> float:
    """Median CPU seconds of one pass over all chunks, all threads counted."""
    once = _pass(peer, chunks)
    passes = max(1, int(LEAST_SECONDS_A_RUN / max(once, 1e-6)))
    spent: list[float] = []
    while len(spent) < LEAST_RUNS or (len(spent) < MOST_RUNS and sum(spent) * passes < MOST_SECONDS):
        spent.append(sum(_pass(peer, chunks) for _ in range(passes)) / passes)
    return statistics.median(spent)


def _median_of_one(peer: Peer, inputs: list[Any]) -> float:
    """Median CPU seconds of a single call."""
    spent = []
    for each in inputs:
        began = time.process_time()
        peer.assess([each])
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def _pass(peer: Peer, chunks: list[Any]) -> float:
    began = time.process_time()
    for chunk in chunks:
        peer.assess(chunk)
    return time.process_time() - began
