"""What the commands that try the rules share: cases from files, and how far a run is."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from afterrun.rulebook import Rulebook
from afterrun.verify.cases import CaseError, WrittenCase, form_of, read_cases
from afterrun.verify.mutation import Watch
from afterrun_cli.terminal.exits import UNUSABLE, leave, told


def cases_from(files: Sequence[Path], rulebook: Rulebook) -> list[WrittenCase]:
    """The cases of the files, in the form of this part; whatever is wrong with them is told, all at once."""
    texts = []
    for file in files:
        try:
            texts.append((str(file), file.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            leave(UNUSABLE, f"error: {file} cannot be read: {error}")
    try:
        return read_cases(texts, form_of(rulebook))
    except CaseError as error:
        leave(UNUSABLE, *told(error.problems))


@contextmanager
def watching() -> Iterator[Watch]:
    """A bar on stderr where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        # It would refresh from a thread, and workers are forked meanwhile.
        auto_refresh=False,
    )
    with bar:
        task = bar.add_task("")

        def watch(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)
            if what == "proofs" or done % 20 == 0 or done == total:
                bar.refresh()

        yield watch
