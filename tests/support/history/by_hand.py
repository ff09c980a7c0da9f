"""Running histories that tests make by hand: runs on given days, of given lengths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from afterrun.history import Found, Kind, Run, RunningHistory

TODAY = date(2026, 3, 8)
"""A Sunday."""


def run_on(
    day: date, metres: int | None = 5000, seconds: int | None = 1800, kind: Kind = "run", file: str = "a.gpx"
) -> Run:
    """A run of a morning."""
    digest = hashlib.sha256(file.encode()).hexdigest()
    return Run(
        datetime(day.year, day.month, day.day, 7, 30, tzinfo=UTC),
        metres,
        seconds,
        kind,
        (Found(file, digest),),
    )


def history_of(
    runs: Iterable[Run],
    first: date | None = None,
    last: date | None = None,
    *,
    others: Mapping[str, int] | None = None,
    miles: bool = False,
    **more: Any,
) -> RunningHistory:
    """These runs; the files speak of the days from the first to the last of them, or as given."""
    runs = tuple(sorted(runs, key=lambda each: each.began))
    begins, ends = first or runs[0].day, last or runs[-1].day
    return RunningHistory(
        runs,
        others or {},
        more.pop("left_out", ()),
        datetime(begins.year, begins.month, begins.day, 7, tzinfo=UTC),
        datetime(ends.year, ends.month, ends.day, 20, tzinfo=UTC),
        miles,
        **more,
    )


def every(days: int, begins: date, ends: date, metres: int = 5000) -> list[Run]:
    """A run on every so many days, both ends counted."""
    count = (ends - begins).days // days + 1
    return [run_on(begins + timedelta(days * place), metres) for place in range(count)]


def half_a_year(metres: int = 5000, weekly: int = 3) -> RunningHistory:
    """Three runs a week for half a year, the last of them today."""
    gaps = {3: (0, 2, 4)}[weekly]
    days = [TODAY - timedelta(7 * week + gap) for week in range(26) for gap in gaps]
    return history_of([run_on(day, metres) for day in days])
