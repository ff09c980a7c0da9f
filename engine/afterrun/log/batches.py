"""What a log says of a batch: its files by their digests, and its counts; no name of a file or a row."""

from __future__ import annotations

import io
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from afterrun import batch
from afterrun.errors import Problem, ProblemsError
from afterrun.log.recording import files_as_told


class Counted(io.BytesIO):
    """A stream whose bytes are digested on their way."""

    def __init__(self, sink: BinaryIO) -> None:
        super().__init__()
        self._sink = sink
        self._digest, self._bytes = sha256(), 0

    def write(self, content: Any) -> int:
        """Hand them on."""
        self._digest.update(content)
        self._bytes += len(content)
        return self._sink.write(content)

    def flush(self) -> None:
        """As the stream does."""
        self._sink.flush()

    def as_told(self) -> dict[str, Any]:
        """As `files_as_told` tells a file."""
        return {"bytes": self._bytes, "sha256": self._digest.hexdigest()}


def inputs_of(request: batch.Request) -> list[dict[str, Any]]:
    """The files given, in order; what is piped in or stands in a table has no digest.

    Raises ProblemsError for an input that is not there.
    """
    told: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for each in list(batch.found_in(request.inputs, problems)):
        if isinstance(each.at, Path):
            told += files_as_told([each.at])
        else:
            told.append({"from": "stdin" if each.at is None else "table"})
    if problems:
        raise ProblemsError(problems)
    return told


def outputs_of(place: batch.Place) -> list[dict[str, Any]]:
    """The rows, as one file or in the order of their parts, and the rejects where there are any."""
    rows = sorted(place.parts.glob("part-*.parquet")) if place.folder else [place.result]
    return files_as_told([*rows, *([place.rejects] if place.rejects.is_file() else [])])


def counts_of(tally: batch.Tally) -> dict[str, int]:
    """Rows in are rows out, rejects and blank rows."""
    return {name: getattr(tally, name) for name in ("rows_in", "rows", "rejects", "blank")}
