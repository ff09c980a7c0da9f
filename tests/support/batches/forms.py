"""Small files of a form, written and read whole."""

from __future__ import annotations

import csv
from pathlib import Path

from afterrun import Rulebook
from afterrun.batch import How
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.read.reading import ChunkRead
from tests.support.paths import ROOT

CLINIC = ROOT / "tests" / "data" / "clinic"


def read(rulebook: Rulebook, path: Path, how: How = How()) -> ChunkRead:  # noqa: B008
    """A small file, read whole."""
    (source,) = find_inputs(rulebook, [path], path.parent / "spool", how=how)
    (chunk,) = chunks(source, 100_000)
    return read_chunk(rulebook, source, chunk)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def written(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
