"""Rejects that came back mended: whose they are, what they take the place of, and which of them came before.

A row of mended rejects says in front where it was refused. It is this batch's own once that reject is met
again, with the same reason and the same line: from then on it takes its place. So each lot in which a reject
stood that came back more than once is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.foreign.laid import LINE
from afterrun.batch.input.form.cells import said_shortened
from afterrun.batch.input.form.columns import REASON
from afterrun.batch.input.form.names import RAW, folded
from afterrun.batch.input.form.words import LIST_SEPARATOR
from afterrun.batch.input.lots import Lot
from afterrun.batch.input.pseudonyms import WITHHELD
from afterrun.batch.input.rejects import Damage, Reject, cell
from afterrun.batch.input.sources import Chunk, Source, blocks_of
from afterrun.batch.read.csv_reader import fields_of
from afterrun.batch.read.duplicates import Later, keyed, later_rejects, said_mended_twice, without_place
from afterrun.batch.stored import read_parquet
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.spreadsheets import restored
from afterrun.visible import on_one_line

_FILE, _LINE = "reject_file", "reject_line"

Row = tuple[int, int]
"""An input's place among all, and a line there."""


class Told(NamedTuple):
    """What the quarantine says of a reject beside its place: another batch's may have the same place."""

    reason: str
    raw: str
    record_id: str


class Mended:
    """The rejects that came back, as the rows and the rejects of a batch are met in their order."""

    def __init__(self, sources: Sequence[Source], called: Mapping[str, int]) -> None:
        """`called` has the place of each input by the names that rejects tell."""
        self._sources = sources
        self._places = {source.name: source.index for source in sources}
        self._told: dict[Row, list[tuple[Told, Row]]] = {}
        self._shortened: dict[Row, str] = {}
        was: dict[Row, Row] = {}
        for source in filter(is_mended, sources):
            for number, (file, line, reason, raw, record_id) in _rejects_told(source):
                place = called.get(file)
                if place is not None and line.isdecimal() and sources[place].turn < source.turn:
                    refused, row = (place, int(line)), (source.index, number)
                    was[row] = refused
                    told = Told(without_place(reason), raw, record_id)
                    self._told.setdefault(refused, []).append((told, row))
        self._restore_zeros()
        self._contested = _contested(was)
        self._first: dict[Row, Row] = {}
        self._rows: dict[Row, set[Row]] = {}
        self._taken: dict[Row, tuple[Row, str | None]] = {}

    def is_made_again(self, lot: Lot, rows_per_chunk: int) -> bool:
        """Whether a reject stood in a lot of which must be known again whether it was this batch's own."""
        return any(
            self._sources[place].format == "cells" or 0 <= line - chunk.first_line < rows_per_chunk
            for place, chunk in lot.pieces
            for line in self._contested.get(place, ())
        )

    def came_back(self, reject: Reject) -> bool:
        """Whether a reject came back with a later run; from then on its rows are known to be it."""
        place = self._places[reject.file]
        row = place, reject.line
        # What was refused once more is still the same reject.
        first = self._first.get(row, row)
        for told, own in self._told.get(row, ()):
            if _is_told_of(told, self._sources[place], reject):
                self._first[own] = first
                self._rows.setdefault(first, set()).add(own)
        turn = self._sources[place].turn
        return any(self._sources[other].turn > turn for other, _ in self._rows.get(first, ()))

    def refuse(self, rulebook: Rulebook, lot: Lot, rows: pl.DataFrame) -> Later | None:
        """The rows of a lot that came back before under another id or none, if there are any.

        Those that came back under the same id are told by that.
        """
        taken, before = dict(self._taken), dict[Row, Row]()
        for row, first, record_id in self._own(rows):
            other, id_before = taken.setdefault(first, (row, record_id))
            if other != row and (record_id is None or id_before != record_id):
                before[row] = other
        if not (before or self._shortened):
            return None
        places = list(rows.select("source", "line").iter_rows())
        shortened = self._shortened.keys() & set(places)
        if not (before or shortened):
            return None
        stays = pl.Series(
            [place not in before and place not in shortened for place in places], dtype=pl.Boolean
        )
        rejects = list[Reject]()
        for place, chunk in lot.pieces:
            reasons = {
                line: said_mended_twice(self._sources, place, other)
                for (source, line), other in before.items()
                if source == place and (source, line) not in shortened
            }
            rejects += later_rejects(rulebook, self._sources[place], chunk, "", reasons)
            zeros = {line: self._shortened[source, line] for source, line in shortened if source == place}
            later = later_rejects(rulebook, self._sources[place], chunk, RECORD_ID, zeros)
            rejects += [each._replace(kind="answer") for each in later]
        return Later(stays, rejects)

    def _restore_zeros(self) -> None:
        """Know ids again that lost their zeros in a spreadsheet, by the rows that they came from, where
        rejects show no line: each is told with the reason against it."""
        wanted: dict[int, list[int]] = {}
        for place, line in self._told:
            wanted.setdefault(place, []).append(line)
        given = {(place, line): was for place in wanted for line, was in self._ids_in(place, wanted[place])}
        for row, came in self._told.items():
            if (was := given.get(row)) is None:
                continue
            for at, (told, own) in enumerate(came):
                if told.record_id == was.lstrip("0") != "" and told.record_id != was:
                    self._shortened[own] = f"{RECORD_ID}: {said_shortened(told.record_id, was)}"
                    # Refused for that it may come back so again.
                    given[own] = was
                    came[at] = (told._replace(record_id=was), own)

    def _ids_in(self, place: int, lines: Sequence[int]) -> Iterator[tuple[int, str]]:
        """The record ids in some rows of a table that has no lines to show."""
        source = self._sources[place]
        ids = [at for at, column in enumerate(source.columns) if column.role == "record_id"]
        # Where ids are hidden none may be told.
        if not ids or source.format not in ("cells", "parquet") or source.pseudonyms is not None:
            return
        numbered = source.format == "cells"
        name = str(ids[0]) if numbered else source.columns[ids[0]].name
        rows = read_parquet(source.path, [LINE, name] if numbered else [name])
        rows = rows if numbered else rows.with_row_index(LINE, offset=1)
        found = rows.filter(pl.col(LINE).is_in(lines)).select(LINE, pl.col(name).cast(pl.String))
        yield from ((line, text.strip()) for line, text in found.iter_rows() if text is not None)

    def remember(self, places: pl.DataFrame) -> None:
        """Take note of accepted rows: their `record_id`, `occasion`, `source` and `line`."""
        for row, first, record_id in self._own(places):
            self._taken.setdefault(first, (row, record_id))

    def _own(self, places: pl.DataFrame) -> Iterator[tuple[Row, Row, str | None]]:
        """Each row that is a reject of this batch come back, where it was refused first, and its id."""
        if not self._first:
            return
        mended = places.filter(pl.col("source").is_in({place for place, _ in self._first}))
        rows = keyed(mended).sort("source", "line").select("source", "line", RECORD_ID)
        for place, line, record_id in rows.iter_rows():
            if (first := self._first.get((place, line))) is not None:
                yield (place, line), first, record_id


def is_mended(source: Source) -> bool:
    """Whether an appended file holds rejects of this batch, or of another."""
    names = {folded(column.name) for column in source.columns}
    return source.turn > 0 and source.format != "jsonl" and {_FILE, _LINE} <= names


def names_called(sources: Sequence[Source], earlier: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """What each input may be called in rejects: as it was given in any run, and by its whole path."""
    called = {on_one_line(source.name): source.index for source in sources}
    for place, each in enumerate(earlier):
        called |= {on_one_line(name): place for name in (each["path"], *names_of(each))}
    return called


def names_of(told: Mapping[str, Any]) -> list[str]:
    """What an input was called so far, by the frozen plan."""
    names: list[str] = told.get("names", [told.get("name", told["path"])])
    return names


def _contested(was: Mapping[Row, Row]) -> dict[int, set[int]]:
    """By input the lines of rejects that came back more than once, also by way of one that came back."""
    together: dict[Row, list[Row]] = {}
    for refused in was.values():
        first = refused
        while first in was:
            first = was[first]
        together.setdefault(first, []).append(refused)
    lines: dict[int, set[int]] = {}
    for each in together.values():
        for place, line in each if len(each) > 1 else ():
            lines.setdefault(place, set()).add(line)
    return lines


def _is_told_of(told: Told, source: Source, reject: Reject) -> bool:
    """Whether what came back is this reject of a source."""
    own = {column.name for column in source.columns if column.role == "record_id"} or {RECORD_ID}
    cells = {folded(name): cell(value).strip() for name, value in reject.given.cells.items()}
    record_id = next((cells[folded(name)] for name in own if folded(name) in cells), "")
    reason, raw = without_place(on_one_line(reject.reason)).strip(), cell(reject.given.raw).strip()
    # Where no line is shown, the id tells whose it was, unless that is what was mended.
    by_id = raw in ("", WITHHELD) and RECORD_ID not in reject.question.split(LIST_SEPARATOR)
    return (reason, raw) == told[:2] and (not by_id or record_id == told.record_id)


def _rejects_told(source: Source) -> Iterator[tuple[int, list[str]]]:
    """For the line of each row of mended rejects its file, line, reason, raw line and id; none of damaged
    rows."""
    names = [column.name for column in source.columns]
    known = list(map(folded, names))
    if not {REASON, RAW} <= set(known):
        return
    ids = [place for place, column in enumerate(source.columns) if column.role == "record_id"]
    places = [*map(known.index, (_FILE, _LINE, REASON, RAW)), *ids]
    for line, cells in _cells(source, names, places):
        yield line, [*(each.strip() for each in cells), *([] if ids else [""])]


def _cells(source: Source, names: Sequence[str], places: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    if source.format == "csv":
        whole = Chunk(source.begins, source.path.stat().st_size - source.begins, source.first_line)
        for block in blocks_of(source, whole):
            for number, raw in enumerate(block.data.split(b"\n")[:-1], block.first_line):
                fields = fields_of(source, raw)
                if not isinstance(fields, Damage):
                    yield number, [fields[place] for place in places]
        return
    numbered = source.format == "cells"
    wanted = [LINE, *map(str, places)] if numbered else [names[place] for place in places]
    rows = read_parquet(source.path, wanted).cast(pl.String).fill_null("").iter_rows()
    for number, row in enumerate(rows, 1):
        line, cells = (int(row[0]), row[1:]) if numbered else (number, row)
        yield line, list(map(restored, cells))
