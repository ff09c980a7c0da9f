"""How far a batch is, on stderr: a bar on a terminal, JSON lines for machines, else nothing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from afterrun.batch import Progress, Watch
from afterrun_cli.terminal.progress import progress_bar

SECONDS_BETWEEN_LINES = 1.0
_WORDS = (
    "{task.percentage:>3.0f}%",
    "{task.fields[rows]:,} rows",
    "{task.fields[pace]:,.0f} rows/s",
    "{task.fields[rejects]:,} rejects",
)


@contextmanager
def show_progress(json_lines: bool) -> Iterator[Watch]:
    """What to call with each step."""
    if json_lines:
        yield _JsonLines()
        return
    began = time.monotonic()
    with progress_bar(*_WORDS, total=1.0, rows=0, rejects=0, pace=0.0) as update:

        def watch(progress: Progress) -> None:
            pace = progress.rows_in / max(time.monotonic() - began, 1e-3)
            update(completed=progress.share, rows=progress.rows_in, rejects=progress.rejects, pace=pace)

        yield watch


class _JsonLines:
    """One object a second, and the last one whatever its time."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told < SECONDS_BETWEEN_LINES and progress.share < 1:
            return
        self._told = now
        seconds = now - self._began
        left = seconds * (1 - progress.share) / progress.share if progress.share else None
        line = {
            "event": "progress",
            "rows_in": progress.rows_in,
            "rejects": progress.rejects,
            "share": round(progress.share, 4),
            "seconds": round(seconds, 3),
            "rows_per_second": round(progress.rows_in / seconds) if seconds else None,
            "seconds_left": None if left is None else round(left, 1),
        }
        print(json.dumps(line), file=sys.stderr, flush=True)
