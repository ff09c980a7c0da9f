"""One chunk of an input in, decided rows and rejects out, and every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.layout import schema_of
from afterrun.batch.input.rejects import Reject
from afterrun.batch.input.sources import Chunk, Source, chunks
from afterrun.batch.read.duplicates import DuplicateFinder
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, tally_of
from afterrun.errors import EngineFault


class Unaccounted(EngineFault):
    """Rows in are not rows out and rejects; the result cannot be trusted."""


class Made(NamedTuple):
    """One chunk, decided, before it is written."""

    kept: pl.DataFrame
    rejects: Sequence[Reject]
    tally: Tally


class ChunkWork:
    """Reading, refusing duplicates, deciding. Chunks come in their order, for the first of equals stays."""

    def __init__(self, columns: Columns, output: Output, sources: Sequence[Source], spill: Path) -> None:
        self._rulebook = columns.rulebook
        self._columns = columns
        self._output = output
        self._duplicates = DuplicateFinder(spill, [source.name for source in sources])

    def make(self, source: Source, chunk: Chunk) -> Made:
        """Read and decide one chunk."""
        read = read_chunk(self._rulebook, source, chunk)
        read = self._duplicates.refuse(self._rulebook, source, chunk, read)
        made = self._decided(read.frame, read.rejects, read.rows_in)
        if not made.tally.complete or made.kept.height != read.frame.height:
            raise Unaccounted(
                f"{source.name}: {read.rows_in} rows in, {made.tally.rows} rows out, "
                f"{made.tally.rejects} rejects in one chunk"
            )
        return made

    def nothing(self) -> Made:
        """The chunk of inputs that hold no row: a table with columns all the same."""
        return self._decided(pl.DataFrame(schema=schema_of(self._rulebook)), (), 0)

    def remember(self, places: pl.DataFrame) -> None:
        """Take note of the record ids of a chunk that an earlier run finished."""
        self._duplicates.remember(places)

    def _decided(self, frame: pl.DataFrame, rejects: Sequence[Reject], rows_in: int) -> Made:
        decided = self._columns.decide(frame)
        tally = tally_of(self._rulebook, decided, rows_in, (reason_of(each) for each in rejects))
        return Made(self._output.keep(decided), rejects, tally)


def all_chunks(sources: Sequence[Source], rows_per_chunk: int) -> Iterator[tuple[Source, Chunk, float]]:
    """Every chunk of every source in order, each with the share of all input that ends with it."""
    sizes = [source.path.stat().st_size for source in sources]
    whole, done = max(sum(sizes), 1), 0
    for source, size in zip(sources, sizes, strict=True):
        for chunk in chunks(source, rows_per_chunk):
            end = chunk.offset + chunk.length
            part = end / size if source.rows is None else end / source.rows
            yield source, chunk, min(1.0, (done + part * size) / whole)
        done += size


def reason_of(reject: Reject) -> str:
    """What rejects are counted by: the kind of damage, or the questions answered wrongly."""
    return f"{reject.kind}: {reject.question}" if reject.question else reject.kind


def first_words(rejects: Sequence[Reject]) -> str:
    """The first reject, with its place."""
    return f"{rejects[0].file}:{rejects[0].line}: {rejects[0].reason}" if rejects else ""
