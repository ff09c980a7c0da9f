"""What can still be read of a damaged diary: row by row, and where a row fails, column by column."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, text
from sqlalchemy.exc import DBAPIError

from afterrun.diary.database.addresses import read_address
from afterrun.diary.database.faults import PATIENCE_SECONDS, WRONG_CONTENT, storage_error
from afterrun.diary.database.opening import engine_of
from afterrun.diary.database.rows import begun, check_ins_of, history_of
from afterrun.diary.database.tables import Base, CheckInRow, Enrolment
from afterrun.diary.errors import DamagedError
from afterrun.diary.history import KeptCheckIn

_UNREADABLE = (sqlite3.Error, DBAPIError)
_PROBED = 10_000
"""How many rows are looked for one by one behind a broken page."""
_LONGEST = 10_000_000
"""Bytes of a cell, which a damaged page may call gigabytes; a whole one has some thousands."""
Ask = Callable[[str], list[Any]]
"""A query in, its rows out."""
Cells = Mapping[str, Any]


class Damage(NamedTuple):
    """Something that cannot be read as what it was, with all that stands there still."""

    what: str
    why: str
    columns: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"what": self.what, "why": self.why, "columns": dict(self.columns)}


class Salvaged(NamedTuple):
    """All that can be read of one person."""

    enrolments: tuple[Mapping[str, Any], ...]
    """As `History.to_dict` gives them, with the check-ins that are whole."""
    damaged: tuple[Damage, ...]
    ownerless: int
    """Rows of which it cannot be told whose they are."""


def salvage(address: str, person: str) -> Salvaged:
    """Read without changing anything, or looking at the whole first. Raises StorageError."""
    place = read_address(address)
    if place.url.get_backend_name() == "sqlite":
        file = Path(place.url.database or "").absolute()
        # A log that is damaged can keep the file itself from being opened.
        for how in ("mode=ro", "immutable=1"):
            try:
                uri = f"{file.as_uri()}?{how}"
                with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE_SECONDS)) as connection:
                    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
                    connection.text_factory = lambda data: data.decode(errors="backslashreplace")
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    return _salvaged(partial(_fetched, connection), person)
            except sqlite3.Error as error:
                why = str(error)
        raise DamagedError(str(file), f"nothing of it can be read ({why})")
    engine = engine_of(place)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
            return _salvaged(lambda query: [tuple(row) for row in server.execute(text(query))], person)
    except DBAPIError as error:
        raise storage_error(error, place) from None
    finally:
        engine.dispose()


def _fetched(connection: sqlite3.Connection, query: str) -> list[Any]:
    return connection.execute(query).fetchall()


def _salvaged(ask: Ask, person: str) -> Salvaged:
    plans = list(_rows(ask, Enrolment.__tablename__))
    check_ins = list(_rows(ask, CheckInRow.__tablename__))
    theirs = [cells for cells in plans if cells.get("person") == person]
    enrolments, damaged, owned = list[Mapping[str, Any]](), list[Damage](), {each.get("id") for each in plans}
    for cells in sorted(theirs, key=lambda each: str(each.get("number")).zfill(20)):
        own = [each for each in check_ins if each.get("enrolment_id") == cells.get("id")]
        own.sort(key=lambda each: str(each.get("number")).zfill(20))
        told, found = _plan(cells, own)
        damaged += found
        enrolments += [told] if told else []
    ownerless = sum(not isinstance(each.get("person"), str) for each in plans)
    ownerless += sum(each.get("enrolment_id") not in owned for each in check_ins)
    return Salvaged(tuple(enrolments), tuple(damaged), ownerless)


def _plan(cells: Cells, own: list[Cells]) -> tuple[Mapping[str, Any] | None, list[Damage]]:
    """One enrolment, as far as it is whole, and what is not."""
    damaged = list[Damage]()
    rows = list(_typed_check_ins(own, f"plan {cells.get('number')}", damaged))
    try:
        row = _typed(Enrolment, cells)
        try:
            row.check_ins = [each for each, _ in rows]
            told = history_of(row).to_dict()
        except DamagedError as error:
            # Where the person stands follows from all check-ins, so it is told only when all are there.
            told = begun(row).to_dict() | {"check_ins": [kept.to_dict() for _, kept in rows]}
            del told["standing"]
            if not damaged:
                damaged.append(_damage(f"plan {cells.get('number')}", error, {}))
    except (*WRONG_CONTENT, DamagedError) as error:
        damaged.insert(0, _damage(f"plan {cells.get('number')}", error, cells))
        return ({"check_ins": [kept.to_dict() for _, kept in rows]} if rows else None), damaged
    return told, damaged


def _typed_check_ins(
    own: Iterable[Cells], plan: str, damaged: list[Damage]
) -> Iterator[tuple[CheckInRow, KeptCheckIn]]:
    for cells in own:
        try:
            row = _typed(CheckInRow, cells)
            kept = next(check_ins_of([row]))
            kept.to_dict()
        except (*WRONG_CONTENT, DamagedError) as error:
            damaged.append(_damage(f"check-in {cells.get('number')} of {plan}", error, cells))
        else:
            yield row, kept


def _damage(what: str, error: Exception, cells: Cells) -> Damage:
    why = error.why if isinstance(error, DamagedError) else "it cannot be read"
    return Damage(what, why, {name: str(value) for name, value in cells.items() if value is not None})


def _rows(ask: Ask, table: str) -> Iterator[Cells]:
    """The rows of a table, of which nothing may be whole."""
    try:
        present = {each.name for each in Base.metadata.tables[table].columns if _has(ask, table, each.name)}
        last, most = -(2**62), _last_id(ask, table)
    except _UNREADABLE:
        return
    columns, probed = sorted(present), 0
    while last < most and probed < _PROBED:
        try:
            found = ask(f"SELECT id FROM {table} WHERE id > {last} ORDER BY id LIMIT 1")
        except _UNREADABLE:
            last, probed = max(last + 1, 0), probed + 1
            if not _is_there(ask, table, last):
                continue
        else:
            if not found:
                return
            # Pages that are out of order can lead back to where one was.
            last, probed = (found[0][0], probed) if found[0][0] > last else (last + 1, probed + 1)
        if cells := _cells(ask, table, columns, last):
            yield cells


def _cells(ask: Ask, table: str, columns: list[str], row: int) -> Cells:
    where = f"FROM {table} WHERE id = {row}"
    try:
        return dict(zip(columns, ask(f"SELECT {', '.join(columns)} {where}")[0], strict=True))
    except (*_UNREADABLE, IndexError):
        cells = {}
        for name in columns:
            try:
                cells[name] = ask(f"SELECT {name} {where}")[0][0]
            except (*_UNREADABLE, IndexError):
                continue
        return cells if set(cells) - {"id"} else {}


def _has(ask: Ask, table: str, column: str) -> bool:
    try:
        ask(f"SELECT {column} FROM {table} LIMIT 0")
    except _UNREADABLE:
        return False
    return True


def _is_there(ask: Ask, table: str, row: int) -> bool:
    try:
        return bool(ask(f"SELECT id FROM {table} WHERE id = {row}"))
    except _UNREADABLE:
        return False


def _last_id(ask: Ask, table: str) -> int:
    """The largest number of a row; where the last page is broken, one that no diary reaches."""
    try:
        return ask(f"SELECT max(id) FROM {table}")[0][0] or 0
    except _UNREADABLE:
        return _PROBED


def _typed(kind: type[Any], cells: Cells) -> Any:
    """A row with the values that the columns mean."""
    values = {}
    for column in kind.__table__.columns:
        value = cells[column.name] if column.name in cells or column.name == "id" else None
        if isinstance(value, str) and isinstance(column.type, JSON):
            value = json.loads(value)
        elif isinstance(value, str) and isinstance(column.type, Date | DateTime):
            value = column.type.python_type.fromisoformat(value)
        elif isinstance(column.type, Boolean) and value in (0, 1, "true", "false"):
            value = value in (1, "true")
        elif isinstance(value, str) and isinstance(column.type, Integer):
            value = int(value)
        values[column.name] = value
    return kind(**values)
