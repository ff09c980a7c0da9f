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
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from afterrun import Result, Rulebook, assess, load_rulebook
from afterrun.batch import Options, Request, decisions_in_columns, run_to_stream
from afterrun.canonical import canonical
from afterrun.intake import RECORD_ID, as_intake
from afterrun.log import Log, Recorder, Rulebooks, replay, verify
from benchmarks.assessments.one_assessment import cases
from benchmarks.batches.rows import SEED, mixed_intake
from benchmarks.machine import print_table

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
        cases_again = _entries(Path(folder, "cases"), results, answers=True)
        apart = _apart(rulebook, cases_again[0])
        print_table(
            ("run again", "CPU s", "one batch, CPU s", "ratio"),
            [
                _replayed(Path(folder, "apart"), apart, rulebook, "each of other answers"),
                _replayed(Path(folder, "again"), cases_again, rulebook, f"of {len(results)} intakes"),
            ],
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
    _write(path, results, ENTRIES)
    spent = []
    for _ in range(3):
        spent.append(_cpu(lambda: verify(path)))
    found = verify(path)
    assert found.whole, found
    return path.name, found.entries, path.stat().st_size // 1_000_000, statistics.median(spent)


def _replayed(path: Path, entries: list[dict[str, Any]], rulebook: Rulebook, what: str) -> tuple[object, ...]:
    """Entries with answers run again, beside a batch of the same answers as JSON lines."""
    lines, spool = path.with_suffix(".jsonl"), path.with_suffix(".spool")
    spool.mkdir()
    with Log(path, print) as log, lines.open("w", encoding="utf-8") as file:
        for said in islice(cycle(entries), REPLAYED):
            log.append(said)
            answers = {key: value for key, value in said["answers"].items() if key != RECORD_ID}
            file.write(f"{json.dumps(answers)}\n")
    rulebooks, ratios, spent = Rulebooks(rulebook, None, False), [], []

    def again() -> None:
        found = replay(path, rulebooks, {})
        assert found.same == REPLAYED, found

    def batch() -> None:
        nothing: Any = lambda *_: None  # noqa: E731
        run_to_stream(
            Request(rulebook, [lines], Options("arrow")), io.BytesIO(), spool, nothing, nothing, nothing
        )

    for _ in range(TURNS):
        spent.append((_cpu(again), _cpu(batch)))
        ratios.append(spent[-1][0] / spent[-1][1])
    many, one = (statistics.median(each) for each in zip(*spent, strict=True))
    path.unlink()
    return f"{REPLAYED:,} entries, {what}", many, one, statistics.median(ratios)


def _apart(rulebook: Rulebook, entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of sampled intakes, each at five ages: what is decided of them comes out of the columns."""
    chance, intakes = random.Random(SEED), list[dict[str, Any]]()
    while len(intakes) < REPLAYED:
        intake = as_intake(rulebook, mixed_intake(rulebook, chance))
        intake.pop(RECORD_ID, None)
        intakes += [{**intake, "age_years": age} for age in chance.sample(range(18, 80), 5)]
    told = []
    texts = decisions_in_columns(rulebook, map(canonical, intakes))
    for intake, text in zip(intakes, texts, strict=True):
        assert text is not None
        shown = {"answers": intake, "decided": json.loads(text)}
        told.append({**entry, **shown, "decision": sha256(text.encode()).hexdigest()})
    return told


def _write(path: Path, results: list[Result], count: int) -> None:
    """The entries of some results, again and again, each sealed by the one before it."""
    said = _entries(path, results, answers=False)
    random.Random(SEED).shuffle(said)
    with Log(path, print) as log:
        for entry in islice(cycle(said), count):
            log.append(entry)


def _entries(path: Path, results: list[Result], *, answers: bool) -> list[dict[str, Any]]:
    """What a log is told of some results."""
    said: list[dict[str, Any]] = []

    class Kept(Log):
        def append(self, entry: Any) -> str:
            said.append(entry)
            return ""

    with Kept(path, print) as kept:
        recorder = Recorder(kept, lambda: datetime.now(UTC), answers=answers)
        for each in results:
            recorder.result("assess", each)
    return said
