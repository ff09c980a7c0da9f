"""More files for a finished batch: its inputs in front of the new ones, and rejects that were mended.

What was finished stays. Only parts that hold rejects are made again, without those that came back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.folders import Input
from afterrun.batch.input.form.names import RAW, folded
from afterrun.batch.input.form.words import LIST_SEPARATOR
from afterrun.batch.input.pseudonyms import WITHHELD
from afterrun.batch.input.rejects import Damage, Reject, cell
from afterrun.batch.input.sources import Chunk, Source, blocks_of, input_of
from afterrun.batch.places import Place, PlaceError, state_of
from afterrun.batch.read.csv_reader import fields_of
from afterrun.batch.read.duplicates import without_place
from afterrun.batch.request import Request
from afterrun.batch.stored import read_parquet
from afterrun.intake import RECORD_ID
from afterrun.spreadsheets import restored
from afterrun.visible import on_one_line

_FILE, _LINE, _REASON = "reject_file", "reject_line", "reject_reason"


class Told(NamedTuple):
    """What the quarantine says of a reject beside its place: another batch's may have the same place."""

    reason: str
    raw: str
    record_id: str


Superseded = Mapping[tuple[int, int], Collection[Told]]
"""Rejects that came back: for the place of an input and a line there what was told of it."""


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
    found: dict[tuple[int, int], set[Told]] = {}
    for source in filter(is_mended, sources):
        for file, line, reason, raw, record_id in _rejects_told(source):
            place = called.get(file)
            if place is not None and line.isdigit() and sources[place].turn < source.turn:
                told = Told(without_place(reason), raw, record_id)
                found.setdefault((place, int(line)), set()).add(told)
    return found


def is_among(told: Collection[Told], source: Source, reject: Reject) -> bool:
    """Whether a reject of a source is one of those that came back from its line."""
    own = {column.name for column in source.columns if column.role == "record_id"} or {RECORD_ID}
    cells = {folded(name): cell(value).strip() for name, value in reject.given.cells.items()}
    record_id = next((cells[folded(name)] for name in own if folded(name) in cells), "")
    reason, raw = without_place(on_one_line(reject.reason)).strip(), cell(reject.given.raw).strip()
    # Where no line is shown, the id tells whose it was, unless that is what was mended.
    by_id = raw in ("", WITHHELD) and RECORD_ID not in reject.question.split(LIST_SEPARATOR)
    return any((reason, raw) == each[:2] and (not by_id or record_id == each.record_id) for each in told)


def _rejects_told(source: Source) -> Iterator[list[str]]:
    """File, line, reason, raw line and id of each row of mended rejects; none of damaged rows."""
    names = [column.name for column in source.columns]
    known = list(map(folded, names))
    if not {_REASON, RAW} <= set(known):
        return
    ids = [place for place, column in enumerate(source.columns) if column.role == "record_id"]
    places = [*map(known.index, (_FILE, _LINE, _REASON, RAW)), *ids]
    for cells in _cells(source, names, places):
        yield [*(each.strip() for each in cells), *([] if ids else [""])]


def _cells(source: Source, names: Sequence[str], places: Sequence[int]) -> Iterator[list[str]]:
    if source.format == "csv":
        whole = Chunk(source.begins, source.path.stat().st_size - source.begins, source.first_line)
        for block in blocks_of(source, whole):
            for line in block.data.split(b"\n"):
                fields = fields_of(source, line)
                if not isinstance(fields, Damage):
                    yield [fields[place] for place in places]
        return
    wanted = [str(place) if source.format == "cells" else names[place] for place in places]
    for row in read_parquet(source.path, wanted).cast(pl.String).fill_null("").iter_rows():
        yield list(map(restored, row))


def names_called(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What each input may be called in rejects: as it was given once, and by its whole path."""
    called = {on_one_line(source.name): source.index for source in sources}
    for place, each in enumerate(earlier):
        called |= {on_one_line(name): place for name in (each["path"], each.get("name", each["path"]))}
    return called
