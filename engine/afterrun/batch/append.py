"""More files for a finished batch: its inputs in front of the new ones, and rejects that were mended.

What was finished stays. Only parts that hold rejects are made again, without those that came back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from afterrun.batch.input.folders import Input
from afterrun.batch.input.form.names import folded
from afterrun.batch.input.sources import Source, input_of
from afterrun.batch.places import Place, PlaceError, state_of
from afterrun.batch.request import Request
from afterrun.batch.stored import read_parquet
from afterrun.spreadsheets import restored
from afterrun.visible import on_one_line

_FILE, _LINE = "reject_file", "reject_line"
Superseded = frozenset[tuple[int, int]]
"""Rejects that came back: each the place of its input and its line there."""


def earlier_inputs(place: Place) -> list[dict[str, Any]]:
    """The inputs of a batch that was begun, none of a new one. Raises PlaceError where they are gone."""
    if not place.plan.is_file():
        return []
    inputs: list[dict[str, Any]] = state_of(place.plan)["inputs"]
    if any(not isinstance(input_of(each["path"]), Path) for each in inputs):
        said = "was made of what was piped in or of a table, which are not kept: it cannot be appended to"
        raise PlaceError(f"{place.result} {said}")
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
    before: list[Input] = [Path(each["path"]) for each in earlier]
    return request._replace(inputs=[*before, *request.inputs])


def in_turns(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> list[Source]:
    """The sources, each with the run that brought it."""
    turn = 1 + max((each.get("turn", 0) for each in earlier), default=-1)
    turns = [*(each.get("turn", 0) for each in earlier), *[turn] * (len(sources) - len(earlier))]
    return [replace(source, turn=each) for source, each in zip(sources, turns, strict=True)]


def is_mended(source: Source) -> bool:
    """Whether an appended file holds rejects of this batch, or of another."""
    names = {folded(column.name) for column in source.columns}
    return source.turn > 0 and source.format != "jsonl" and {_FILE, _LINE} <= names


def superseded_by(sources: Sequence[Source], called: Mapping[str, int]) -> Superseded:
    """The rejects that came back with a later run; `called` has the inputs by the names told in rejects."""
    found: set[tuple[int, int]] = set()
    for source in filter(is_mended, sources):
        for file, line in _places_told(source):
            place = called.get(restored(file.strip()))
            if place is not None and line.strip().isdigit() and sources[place].turn < source.turn:
                found.add((place, int(line)))
    return frozenset(found)


def _places_told(source: Source) -> Iterator[tuple[str, str]]:
    """The file and line that each row of mended rejects was refused in; none of damaged rows."""
    names = [column.name for column in source.columns]
    places = [list(map(folded, names)).index(each) for each in (_FILE, _LINE)]
    if source.format != "csv":
        wanted = [str(place) if source.format == "cells" else names[place] for place in places]
        yield from read_parquet(source.path, wanted).cast(pl.String).fill_null("").iter_rows()
        return
    with source.path.open(encoding="utf-8", errors="replace", newline="") as stream:
        stream.seek(source.begins)
        for row in csv.reader(stream, delimiter=source.dialect.separator):
            if len(row) == len(names):
                yield row[places[0]], row[places[1]]


def names_called(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What each input may be called in rejects: as it was given once, and by its whole path."""
    called = {on_one_line(source.name): source.index for source in sources}
    for place, each in enumerate(earlier):
        called |= {on_one_line(name): place for name in (each["path"], each.get("name", each["path"]))}
    return called
