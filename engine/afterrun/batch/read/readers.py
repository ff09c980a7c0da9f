"""A chunk of any source in, checked columns and rejects out."""

from __future__ import annotations

from collections.abc import Collection

from afterrun.batch.input.sources import Chunk, Source
from afterrun.batch.read import csv_reader, jsonl_reader, parquet_reader
from afterrun.batch.read.reading import ChunkRead
from afterrun.rulebook import Rulebook

__all__ = ["ChunkRead", "given_rows", "read_chunk"]


def read_chunk(rulebook: Rulebook, source: Source, chunk: Chunk) -> ChunkRead:
    """Read one chunk. What stands in it decides the result alone: any process may do it, in any order."""
    if source.format == "csv":
        return csv_reader.read_csv(rulebook, source, chunk)
    if source.format == "jsonl":
        return jsonl_reader.read_json_lines(rulebook, source, chunk)
    return parquet_reader.read_parquet(rulebook, source, chunk)


def given_rows(
    rulebook: Rulebook, source: Source, chunk: Chunk, lines: Collection[int]
) -> dict[int, tuple[str, dict[str, str]]]:
    """The raw text and the cells of some rows of a chunk, for whoever refuses them later."""
    if source.format == "csv":
        return csv_reader.given_rows(source, chunk, lines)
    if source.format == "jsonl":
        return jsonl_reader.given_rows(rulebook, source, chunk, lines)
    return parquet_reader.given_rows(source, chunk, lines)
