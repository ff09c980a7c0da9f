"""Inputs as they were when a batch began, held against what they are when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from afterrun.batch.input.sources import Source
from afterrun.errors import AfterrunError
from afterrun.storage import storage_faults


class InputChanged(AfterrunError):
    """An input was changed while it was read; nothing made from it can be trusted."""


class Unchanged:
    """What is remembered of some sources."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._before = [_seen(source) for source in sources]

    def check(self) -> None:
        """Raise InputChanged where one is another by now."""
        for source, before in zip(self._sources, self._before, strict=True):
            if _seen(source) != before:
                raise InputChanged(
                    f"{source.name} was changed while it was read; run the batch again, into a new place"
                )


def _seen(source: Source) -> tuple[int, int]:
    path = source.given or source.path
    with storage_faults(path):
        status = path.stat()
    return status.st_size, status.st_mtime_ns
