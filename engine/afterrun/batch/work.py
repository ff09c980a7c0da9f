"""Chunks of inputs in, decided rows and rejects out, and every row accounted for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.headers import named
from afterrun.batch.input.layout import schema_of
from afterrun.batch.input.rejects import Reject
from afterrun.batch.input.sources import Chunk, Source, chunks, find_inputs
from afterrun.batch.read.duplicates import DuplicateFinder
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.read.reading import ChunkRead
from afterrun.batch.request import Options, Progress, Request, Tell, Watch
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, added, tally_of
from afterrun.errors import EngineFault
from afterrun.rulebook import Rulebook, engine_of


class Unaccounted(EngineFault):
    """Rows in are not rows out and rejects; the result cannot be trusted."""


class ChunkResult(NamedTuple):
    """One chunk, decided, before it is written."""

    rows: pl.DataFrame
    rejects: Sequence[Reject]
    tally: Tally


class Work:
    """Reading, refusing duplicates, deciding. Chunks come in their order, for the first of equals stays."""

    def __init__(
        self, request: Request, output: Output, sources: Sequence[Source], ids: Path, watch: Watch
    ) -> None:
        """`ids` is a folder for the record ids met so far."""
        self.total = Tally()
        self._request, self._output, self._sources, self._watch = request, output, sources, watch
        self._duplicates = DuplicateFinder(ids, [source.name for source in sources])

    def chunks(self) -> Iterator[tuple[Source, Chunk, float]]:
        """Every chunk of every source in order, each with the share of all input that ends with it."""
        sizes = [source.path.stat().st_size for source in self._sources]
        whole, done = max(sum(sizes), 1), 0
        for source, size in zip(self._sources, sizes, strict=True):
            for chunk in chunks(source, self._request.options.rows_per_chunk):
                end = chunk.offset + chunk.length
                part = end / size if source.rows is None else end / source.rows
                yield source, chunk, min(1.0, (done + part * size) / whole)
            done += size

    def decide(self, source: Source, chunk: Chunk) -> ChunkResult:
        """Read and decide one chunk. Raises TooManyRejects where not even one is borne."""
        rulebook = self._request.rulebook
        read = read_chunk(rulebook, source, chunk)
        read = self._duplicates.refuse(rulebook, source, chunk, read)
        result = self._decided(read)
        if not result.tally.complete or result.rows.height != read.frame.height:
            raise Unaccounted(
                f"{source.name}: {read.rows_in} rows in, {result.tally.rows} rows out, "
                f"{result.tally.rejects} rejects, {result.tally.blank} blank in one chunk"
            )
        if self._request.limits.strict:
            self._request.limits.check(result.tally, "".join(map(str, read.rejects[:1])))
        return result

    def nothing(self) -> ChunkResult:
        """The chunk of inputs that hold no row: a table with columns all the same."""
        return self._decided(ChunkRead(pl.DataFrame(schema=schema_of(self._request.rulebook)), [], 0))

    def remember(self, places: pl.DataFrame) -> None:
        """Take note of the record ids of a chunk that an earlier run finished."""
        self._duplicates.remember(places)

    def count(self, tally: Tally, share: float) -> None:
        """Add a chunk to the total. Raises TooManyRows and TooManyRejects."""
        self.total = added([self.total, tally])
        self._watch(Progress(self.total.rows_in, self.total.rejects, share))
        self._request.limits.check(self.total)

    def _decided(self, read: ChunkRead) -> ChunkResult:
        rulebook = self._request.rulebook
        decided = engine_of(rulebook, Columns).decide(read.frame)
        known = named(rulebook) if read.rejects else ()
        reasons = [each.counted_as(known) for each in read.rejects]
        tally = tally_of(rulebook, decided, read.rows_in, reasons, read.blank)
        return ChunkResult(self._output.keep(decided), read.rejects, tally)


def output_of(rulebook: Rulebook, options: Options) -> Output:
    """The shape of the result. Raises UnknownNameError and NoReasons."""
    return Output(engine_of(rulebook, Columns), explain=options.explain, chosen=options.columns)


def sources_of(request: Request, spool: Path, tell: Tell) -> list[Source]:
    """The inputs, found; `tell` is given what is passed over in them."""
    sources = find_inputs(request.rulebook, request.inputs, spool, request.limits.max_unpacked, request.how)
    for source in sources:
        for note in source.notes:
            tell(f"{source.name}: {note}")
    return sources
