"""Inputs cut into lots: what is read and decided together, and makes one part of the result.

A large file is cut into chunks, each a lot. Small files that follow each other share one: what it costs to
make a part is the same for one row as for thousands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from afterrun.batch.input.sources import Chunk, Source, chunks

SMALL = 256 << 10
"""Bytes up to which a file may share a lot."""
MOST_TOGETHER = 16 << 20
"""Bytes of the files of one lot."""


class Piece(NamedTuple):
    """A part of one source."""

    source: int
    """Its place among the job's files."""
    chunk: Chunk


class Lot(NamedTuple):
    """Pieces that make one part of the result, in their order."""

    number: int
    pieces: tuple[Piece, ...]
    share: float
    """Of all input, what ends with this lot."""


def lots(sources: Sequence[Source], rows_per_chunk: int) -> Iterator[Lot]:
    """Every piece of every source in order; the same files always give the same lots."""
    sizes = [source.path.stat().st_size for source in sources]
    whole, done, number = max(sum(sizes), 1), 0, 0
    held: list[Piece] = []
    rows = size_held = 0
    for source, size in zip(sources, sizes, strict=True):
        most = _rows_at_most(source, size)
        fits = most is not None and rows + most <= rows_per_chunk and size_held + size <= MOST_TOGETHER
        # What was finished by an earlier run stays as it is.
        fits = fits and not (held and sources[held[-1].source].turn != source.turn)
        if held and not fits:
            yield Lot(number, tuple(held), done / whole)
            held, rows, size_held, number = [], 0, 0, number + 1
        for chunk in chunks(source, rows_per_chunk):
            if most is not None and most <= rows_per_chunk:
                held.append(Piece(source.index, chunk))
                rows, size_held = rows + most, size_held + size
                continue
            end = chunk.offset + chunk.length
            part = end / size if source.rows is None else end / source.rows
            yield Lot(number, (Piece(source.index, chunk),), min(1.0, (done + part * size) / whole))
            number += 1
        done += size
    if held:
        yield Lot(number, tuple(held), 1.0)


def _rows_at_most(source: Source, size: int) -> int | None:
    """A bound on the rows of a small file; None for one that is not small."""
    if size > SMALL:
        return None
    if source.rows is not None:
        return source.rows
    data = source.path.read_bytes()[source.begins :]
    ends = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    return ends + (not data.endswith((b"\n", b"\r")))
