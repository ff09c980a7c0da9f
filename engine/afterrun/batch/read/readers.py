"""A chunk of any source in, checked columns and rejects out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from afterrun.batch.input.lots import Lot
from afterrun.batch.input.rejects import GivenRow
from afterrun.batch.input.sources import Chunk, Source, blocks_of
from afterrun.batch.read import cells_reader, csv_reader, parquet_reader
from afterrun.batch.read.hidden import hidden_row
from afterrun.batch.read.jsonl import json_given, jsonl_reader
from afterrun.batch.read.reading import ChunkRead, Reading
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook

_READERS = {
    "csv": csv_reader.read_csv,
    "jsonl": jsonl_reader.read_json_lines,
    "parquet": parquet_reader.read_parquet,
    "cells": cells_reader.read_cells,
}


def read_chunk(rulebook: Rulebook, source: Source, chunk: Chunk) -> ChunkRead:
    """Read one chunk. What stands in it decides the result alone: any process may do it, in any order."""
    reading = Reading(rulebook, source)
    _READERS[source.format](reading, chunk)
    return reading.finish()


def read_lot(rulebook: Rulebook, sources: Sequence[Source], lot: Lot) -> Iterator[ChunkRead]:
    """Read all pieces of a lot; small files that follow each other and are alike are read as one."""
    together: list[tuple[Source, Chunk]] = []
    for place, chunk in lot.pieces:
        source = sources[place]
        if together and not (source.format == "csv" and csv_reader.read_alike(together[0][0], source)):
            yield _read_together(rulebook, together)
            together = []
        together.append((source, chunk))
        if source.format != "csv":
            yield _read_together(rulebook, together)
            together = []
    if together:
        yield _read_together(rulebook, together)


def _read_together(rulebook: Rulebook, parts: list[tuple[Source, Chunk]]) -> ChunkRead:
    source, chunk = parts[0]
    if len(parts) == 1:
        return read_chunk(rulebook, source, chunk)
    reading = Reading(rulebook, source)
    csv_reader.read_together(reading, parts)
    return reading.finish()


def given_columns(rulebook: Rulebook, source: Source) -> list[str]:
    """The columns in which a refused row of a source is shown."""
    if source.format == "jsonl":
        return json_given.given_columns(rulebook, source)
    has_id = any(column.role == "record_id" for column in source.columns)
    return [*([] if has_id else [RECORD_ID]), *(column.name for column in source.columns)]


def given_rows(
    rulebook: Rulebook, source: Source, chunk: Chunk, lines: Collection[int]
) -> dict[int, GivenRow]:
    """Some rows of a chunk as they were given, for whoever refuses them later."""
    if source.format == "parquet":
        found = parquet_reader.given_rows(source, chunk, lines)
        return {line: hidden_row(rulebook, source, given) for line, given in found.items()}
    if source.format == "cells":
        found = cells_reader.given_rows(source, chunk, lines)
        return {line: hidden_row(rulebook, source, given) for line, given in found.items()}
    given_row = csv_reader.given_row if source.format == "csv" else json_given.given_row
    return {
        number: hidden_row(rulebook, source, given_row(rulebook, source, raw))
        for block in blocks_of(source, chunk)
        for number, raw in enumerate(block.data.split(b"\n")[:-1], block.first_line)
        if number in lines
    }
