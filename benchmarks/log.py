"""What a log costs: to add to it beside an assessment, to verify it, and to run it again beside one batch."""

from __future__ import annotations

import io
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from afterrun import Result, assess, load_rulebook
from afterrun.batch import Options, Request, run_to_stream
from afterrun.log import Log, Recorder, Rulebooks, replay, verify
from benchmarks.machine import print_table
from benchmarks.one_assessment import cases

ENTRIES, REPLAYED, TURNS = 1_000_000, 100_000, 5


def main() -> None:
    """Print all three; CPU time of one process, turns side by side, the median of their ratios."""
    print(f"### A log: {ENTRIES:,} entries verified, {REPLAYED:,} run again\n")
    rulebook = load_rulebook()
    results = [assess(rulebook, each) for each in cases()]
    with tempfile.TemporaryDirectory() as folder:
        print_table(
            ("what", "CPU s", "beside", "CPU s", "ratio"),
            [_appended(Path(folder, "one"), results, answers=answers) for answers in (False, True)],
        )
        print_table(("verified", "entries", "MB", "CPU s"), [_verified(Path(folder, "many"), results)])
        print_table(
            ("run again", "CPU s", "one batch, CPU s", "ratio"), [_replayed(Path(folder, "again"), results)]
        )


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _appended(path: Path, results: list[Result], *, answers: bool) -> tuple[object, ...]:
    """Entries of all worked cases, beside the assessments that they are of."""
    inputs, rulebook = cases(), results[0].made_by
    spent, ratios = [], []
    with Log(path, print) as log:
        recorder = Recorder(log, lambda: datetime.now(UTC), answers=answers)
        recorder.result("assess", results[0])
        for _ in range(TURNS):
            bare = _cpu(lambda: [assess(rulebook, each) for each in inputs])
            added = _cpu(lambda: _record(recorder, results))
            spent.append((added, bare))
            ratios.append(added / bare)
    path.unlink()
    added, bare = (statistics.median(each) for each in zip(*spent, strict=True))
    what = f"{len(results)} entries{' with answers' if answers else ''}"
    return what, added, f"{len(results)} assessments", bare, statistics.median(ratios)


def _record(recorder: Recorder, results: list[Result]) -> None:
    for each in results:
        recorder.result("assess", each)


def _verified(path: Path, results: list[Result]) -> tuple[object, ...]:
    """A log of many entries, written by the writer itself out of those of the worked cases."""
    _write(path, results, ENTRIES, answers=False)
    spent = []
    for _ in range(3):
        spent.append(_cpu(lambda: verify(path)))
    found = verify(path)
    assert found.whole, found
    return path.name, found.entries, path.stat().st_size // 1_000_000, statistics.median(spent)


def _replayed(path: Path, results: list[Result]) -> tuple[object, ...]:
    """Entries with answers run again, beside a batch of the same answers as JSON lines."""
    rulebook = results[0].made_by
    _write(path, results, REPLAYED, answers=True)
    lines = path.with_suffix(".jsonl")
    with lines.open("w", encoding="utf-8") as file:
        for each in islice(cycle(results), REPLAYED):
            file.write(json.dumps({key: value for key, value in each.answers.items() if key != "record_id"}))
            file.write("\n")
    rulebooks, ratios, spent = Rulebooks(rulebook, None, False), [], []

    def batch() -> None:
        nothing: Any = lambda *_: None  # noqa: E731
        request = Request(rulebook, [lines], Options("arrow"))
        run_to_stream(request, io.BytesIO(), lines.parent / "spool", nothing, nothing, nothing)

    (lines.parent / "spool").mkdir()
    for _ in range(TURNS):
        again = _cpu(lambda: replay(path, rulebooks, {}))
        bare = _cpu(batch)
        spent.append((again, bare))
        ratios.append(again / bare)
    again, bare = (statistics.median(each) for each in zip(*spent, strict=True))
    return f"{REPLAYED:,} entries", again, bare, statistics.median(ratios)


def _write(path: Path, results: list[Result], count: int, *, answers: bool) -> None:
    """The entries of some results, again and again, each sealed by the one before it."""
    said: list[Any] = []

    class Kept(Log):
        def append(self, entry: Any) -> str:
            said.append(entry)
            return ""

    with Kept(path, print) as kept:
        recorder = Recorder(kept, lambda: datetime.now(UTC), answers=answers)
        for each in results:
            recorder.result("assess", each)
    random.Random(19).shuffle(said)
    with Log(path, print) as log:
        for entry in islice(cycle(said), count):
            log.append(entry)
