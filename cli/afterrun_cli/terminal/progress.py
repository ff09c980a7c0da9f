"""How far a long run is, as a bar on stderr where that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SECONDS_BETWEEN_DRAWINGS = 0.1


@contextmanager
def progress_bar(*words: str, **fields: Any) -> Iterator[Callable[..., None]]:
    """What to call with each step: `completed`, `total`, `description`, and the fields that the words name.

    The words stand behind the bar, as formats of a task of rich.
    """
    if not sys.stderr.isatty():
        yield lambda **step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *map(TextColumn, words),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        # It would refresh from a thread, and workers are forked meanwhile.
        auto_refresh=False,
    )
    with bar:
        task, drawn = bar.add_task("", **fields), 0.0

        def update(**step: Any) -> None:
            nonlocal drawn
            due = time.monotonic() - drawn > SECONDS_BETWEEN_DRAWINGS
            drawn = time.monotonic() if due else drawn
            bar.update(task, refresh=due, **step)

        yield update


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Show that something goes on whose length nobody knows, on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(pulse_style="cyan"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        bar.add_task(words, total=None)
        yield
