"""Logs for tests: made by the writer itself, of a few results that are worked out once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import afterrun
from afterrun.log import Log, Recorder
from tests.support.rulebooks.shipped import shipped

WHEN = datetime(2027, 3, 1, 8, tzinfo=UTC)
INTAKES: tuple[dict[str, Any], ...] = (
    {"record_id": "P-1", "age_years": 34, "warning_signs": ["calf_swollen"]},
    {"record_id": "P-2", "age_years": 51, "warning_signs": ["none"], "worst_pain": 3},
    {
        "record_id": "P-3",
        "age_years": 28,
        "pain_site": ["below_kneecap"],
        "pain_timing": "after_within_hours",
    },
)

ENTRY: dict[str, Any] = {
    "kind": "assess",
    "time": "2027-03-01T08:00:00.000+00:00",
    "engine": "0",
    "schema": "1",
    "rulebook": {"name": "knee", "version": "1", "digest": "d"},
    "intake": "1" * 64,
    "decision": "2" * 64,
    "result": "3" * 64,
}
"""What a log is told of a result of nobody."""


@cache
def results() -> tuple[afterrun.Result, ...]:
    """What the shipped rulebook says of INTAKES."""
    return tuple(afterrun.assess(shipped(), each) for each in INTAKES)


def written(
    path: Path, count: int = 3, *, answers: bool = False, results: Iterable[afterrun.Result] | None = None
) -> bytes:
    """A log of so many entries; its bytes."""
    given = list(results or globals()["results"]())
    with Log(path, said_nothing) as log:
        recorder = Recorder(log, lambda: WHEN, answers=answers)
        for number in range(count):
            recorder.result("assess", given[number % len(given)])
    return path.read_bytes()


def said_nothing(line: str) -> None:
    """A log that is whole has nothing to tell."""
    raise AssertionError(line)
