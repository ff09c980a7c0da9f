"""More files for a finished batch: its inputs in front of the new ones, and rejects that were mended.

What was finished stays. Only parts that hold rejects are made again, without those that came back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from afterrun.batch.foreign.laid import DAMAGE, LINE
from afterrun.batch.input.folders import STDIN, Input
from afterrun.batch.input.form.names import folded
from afterrun.batch.input.sources import Source, input_of
from afterrun.batch.places import Place, PlaceError, state_of
from afterrun.batch.request import Request
from afterrun.batch.stored import scan_parquet
from afterrun.spreadsheets import restored
from afterrun.visible import on_one_line

Superseded = frozenset[tuple[int, int]]
"""Rejects that came back: each the place of its input and its line there."""


def earlier_inputs(place: Place) -> list[dict[str, Any]]:
    """The inputs of a batch that was begun, none of a new one. Raises PlaceError where they are gone."""
    if not place.plan.is_file():
        return []
    inputs: list[dict[str, Any]] = state_of(place.plan)["inputs"]
    if any(each["path"] == STDIN for each in inputs):
        raise PlaceError(
            f"{place.result} was made of what was piped in, which is not kept: it cannot be appended to"
        )
    return inputs


def refuse_own_rejects(request: Request, place: Place) -> None:
    """Never read what is about to be written anew. Raises PlaceError."""
    own = place.rejects.resolve()
    if any(isinstance(each, Path) and each.resolve() == own for each in request.inputs):
        raise PlaceError(
            f"{place.rejects} is written anew by this run: move it to another name, and give that"
        )


def with_earlier(request: Request, earlier: Sequence[Mapping[str, Any]]) -> Request:
    """The request with the inputs of earlier runs in front."""
    before: list[Input] = [input_of(each["path"]) for each in earlier]
    return request._replace(inputs=[*before, *request.inputs])


def in_turns(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> list[Source]:
    """The sources, each with the run that brought it."""
    turn = 1 + max((each.get("turn", 0) for each in earlier), default=-1)
    turns = [*(each.get("turn", 0) for each in earlier), *[turn] * (len(sources) - len(earlier))]
    return [replace(source, turn=each) for source, each in zip(sources, turns, strict=True)]


def is_mended(source: Source) -> bool:
    """Whether an appended file holds rejects of this batch, or of another."""
    by_columns = source.format in ("csv", "cells")
    return source.turn > 0 and by_columns and {"reject_file", "reject_line"} <= _names(source)


def superseded_by(sources: Sequence[Source], called: Mapping[str, int]) -> Superseded:
    """The rejects that came back with a later run; `called` has the inputs by the names told in rejects."""
    found: set[tuple[int, int]] = set()
    for source in filter(is_mended, sources):
        names = [folded(column.name) for column in source.columns]
        file, line = names.index("reject_file"), names.index("reject_line")
        for row in _rows(source):
            if len(row) == len(names) and row[line].strip().isdigit():
                place = called.get(restored(row[file].strip()))
                if place is not None and sources[place].turn < source.turn:
                    found.add((place, int(row[line])))
    return frozenset(found)


def _rows(source: Source) -> Iterator[list[str]]:
    if source.format == "cells":
        texts = scan_parquet(source.path).drop(LINE, DAMAGE).fill_null("").collect()
        yield from map(list, texts.iter_rows())
        return
    with source.path.open(encoding="utf-8", errors="replace", newline="") as stream:
        stream.seek(source.begins)
        yield from csv.reader(stream, delimiter=source.dialect.separator)


def names_called(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What each input may be called in rejects: as it was given once, and by its whole path."""
    called = {on_one_line(source.name): source.index for source in sources}
    for place, each in enumerate(earlier):
        called |= {on_one_line(name): place for name in (each["path"], each.get("name", each["path"]))}
    return called


def _names(source: Source) -> set[str]:
    return {folded(column.name) for column in source.columns}
