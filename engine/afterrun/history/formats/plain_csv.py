"""A table that somebody keeps: date, distance, duration, in any order and under the usual names.

Units stand in the header or in the cells. What is written in two ways (a decimal comma or a thousand, a day
or a month, minutes or hours) is read as the other rows show it; where none does, the row is left out with
both readings.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Literal, NamedTuple

from afterrun.history.formats.activity import Activity, Entry, Format, Note, Sport
from afterrun.history.formats.tables.columns import (
    KILOMETRE,
    MILE,
    TIMES,
    UNITS,
    Columns,
    columns_of,
    folded,
    time_in,
    unit_in,
    ways,
    without_unit,
)
from afterrun.history.formats.tables.dates import clock_of, day_of, moment, order_of
from afterrun.history.formats.tables.numbers import (
    NOTHING,
    Doubt,
    Numbers,
    decimal_mark,
    mark_before_three,
    seconds_of,
)
from afterrun.history.formats.tables.rows import Row, header_of, read_table
from afterrun.history.formats.tables.scale import unit_by_records
from afterrun.history.formats.tables.sports import named_sport
from afterrun.history.formats.tables.together import entries_of
from afterrun.history.records import is_too_fast

_NAMES = {
    "date": ways(
        "Date|Day|Datetime|Date time|Timestamp|Start date|Run date|Datum|Tag|Jour|Fecha|Día|Data",
        "Giorno|Dia",
    ),
    "distance": ways(
        "Distance|Dist|Length|Total distance|Distanz|Strecke|Entfernung|Distancia|Distanza|Distância",
        "Afstand",
        "|".join(UNITS.keys() - {"m"}),
    ),
    "duration": ways(
        "Duration|Moving time|Elapsed time|Total time|Run time|Dauer|Laufzeit|Durée|Duración|Durata",
        "Duração|Duur",
        "|".join(TIMES.keys() - {"s", "h"}),
    ),
    "time": ways("Time|Zeit|Temps|Tiempo|Tempo|Tijd"),
    "clock": ways(
        "Start|Start time|Started|Started at|Begin|Began|Time of day|Clock|Uhrzeit|Startzeit|Beginn",
        "Heure|Hora|Ora",
    ),
    "type": ways(
        "Type|Sport|Activity|Activity type|Kind|Workout|Art|Sportart|Aktivität|Typ|Discipline|Tipo",
        "Attività|Activité",
    ),
}
_FAR = re.compile(r"([0-9.,'\s\u00a0\u202f]*[0-9])\s*([^\W\d_]+)\.?")
_HOURS_AND_MINUTES = re.compile(r"\bh+ m+$")
_CLOCK = re.compile(r"([0-9]{1,2}):[0-9]{2}(?::[0-9]{2})?", re.ASCII)
_TWO_PARTS = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_SLOWEST = 0.3
"""Metres a second that nobody who calls it a run stays below."""
_EARLIEST = 3
"""The hour before which no runs of a whole table begin, and longer than which few last."""
_BARE = re.compile(r"[0-9.,]+", re.ASCII)


class _Entry(NamedTuple):
    place: str
    date: str
    clock: str
    far: str
    duration: str
    type: str | None


class _Header(NamedTuple):
    columns: Columns
    unit: float | None
    """Metres in the unit of distances, where the header tells it."""
    minute: float
    """Seconds in the unit of a duration that is a bare number."""
    hours_first: bool
    """Whether 1:05 is an hour and five minutes."""
    only_time: bool
    """Whether the duration stands in a column that is called no more than time."""

    def place(self, use: str) -> int | None:
        columns = self.columns
        timed = columns.first("duration") is not None
        if use == "duration":
            return columns.first("duration") if timed else columns.first("time")
        if use == "clock" and timed and columns.first("clock") is None:
            return columns.first("time")
        if use == "date" and columns.first("date") is None:
            return columns.first("clock")
        if use == "clock" and columns.first("date") is None:
            return None
        return columns.first(use)


def _columns(names: Sequence[str]) -> Columns:
    return columns_of([without_unit(name) for name in names], _NAMES)


def _known(names: list[str]) -> int:
    return len(_columns(names).places)


def _begins(head: bytes) -> bool:
    found = _columns(header_of(head, _known)).places.keys()
    return bool(found & {"date", "clock"}) and bool(found & {"distance", "duration"})


def _read(stream: io.BufferedReader, miles: bool | None = None) -> Iterator[Entry]:
    table = read_table(stream, _known)
    header = _header(table.names)
    return entries_of(table, lambda row: _entry(header, row), lambda rows: _Kept(header, rows, miles))


def _header(names: Sequence[str]) -> _Header:
    columns = _columns(names)
    header = _Header(columns, None, 60.0, False, False)
    far, lasted = header.place("distance"), header.place("duration")
    called = "" if lasted is None else folded(names[lasted])
    return header._replace(
        unit=None if far is None else unit_in(names[far]),
        minute=time_in(called) or 60.0,
        hours_first=_HOURS_AND_MINUTES.search(called) is not None,
        only_time=columns.first("duration") is None and lasted is not None,
    )


def _entry(header: _Header, row: Row) -> _Entry:
    def cell(use: str) -> str:
        place = header.place(use)
        return "" if place is None else row.cells[place].strip()

    kind = cell("type") if header.place("type") is not None else None
    return _Entry(row.place, cell("date"), cell("clock"), cell("distance"), cell("duration"), kind)


class _Kept:
    """What all rows say together: how numbers and dates are written, and which unit they can be in."""

    def __init__(self, header: _Header, entries: Sequence[_Entry], miles: bool | None) -> None:
        self._header = header
        self._far = Numbers(_mark_of_distances([each.far for each in entries], header, miles))
        self._lasted = Numbers(decimal_mark(each.duration for each in entries))
        self.order = order_of(each.date for each in entries)
        self.notes = list[Note]()
        self._may_be_clock = header.only_time and _like_clocks([each.duration for each in entries])
        if self._may_be_clock:
            self.notes.append(
                Note(
                    "Its column of times may tell the time of day or how long a run was, so that no duration "
                    "is taken from it: call it 'start' or 'duration'."
                )
            )
        self._unit = header.unit or self._unit_of(entries, miles)

    @staticmethod
    def sport(entry: _Entry) -> Sport | None:
        """A table without a column for it is one of runs; None where no known word says it."""
        if entry.type is None:
            return "run"
        return named_sport(entry.type) if _is_told(entry) else None

    def activity(self, entry: _Entry) -> Activity:
        sport = self.sport(entry)
        if sport is None and _is_told(entry):
            raise Doubt("what was done is a word that is unknown here")
        day, clock = self.order.read(day_of(entry.date))
        clock = clock or clock_of(entry.clock)
        metres, miles = self._metres(entry.far)
        seconds = self._seconds(entry.duration, metres)
        if metres is None and seconds is None and not entry.far:
            raise Doubt("it has neither a distance nor a duration")
        began = moment(day, clock or time())
        return Activity(began, metres, seconds, sport, entry.place, miles=miles, only_day=clock is None)

    def _metres(self, cell: str) -> tuple[float | None, bool | None]:
        number, unit = _parted(cell)
        far = self._far.read(number)
        if unit and unit not in UNITS:
            raise Doubt("its distance has a unit that is unknown here")
        metres = UNITS[unit] if unit else self._unit
        if far is None or metres is None:
            return None, None
        return far * metres, {KILOMETRE: False, MILE: True}.get(metres)

    def _seconds(self, cell: str, metres: float | None) -> float | None:
        if self._may_be_clock:
            return None
        if _BARE.fullmatch(cell):
            number = self._lasted.read(cell)
            seconds = None if number is None else number * self._header.minute
            if seconds and metres and metres / seconds < _SLOWEST:
                raise Doubt("its duration is too long for its distance: name its unit, as in 'duration_s'")
            return seconds
        two = _TWO_PARTS.fullmatch(cell)
        if two and self._header.hours_first:
            return int(two[1]) * 3600.0 + int(two[2]) * 60
        seconds = seconds_of(cell)
        if two and seconds is not None and metres and is_too_fast(metres, seconds):
            raise Doubt("its minutes and seconds are too few for its distance; write hours as h:mm:ss")
        return seconds

    def _unit_of(self, entries: Sequence[_Entry], miles: bool | None) -> float | None:
        bare = [each for each in entries if each.far.casefold() not in NOTHING and not _parted(each.far)[1]]
        if not bare or miles is not None:
            return MILE if miles else KILOMETRE if bare else None
        if unit_by_records(self._pairs(bare)):
            said = "Its distances are kilometres: as miles, some would be faster than anybody ran."
            self.notes.append(Note(said))
            return KILOMETRE
        self.notes.append(
            Note(
                "Whether its distances are kilometres or miles is told nowhere in it, so that these runs "
                "have none. Write 'distance_km' or 'distance_mi' into its header, "
                "or on the command line say which: --table-unit km."
            )
        )
        return None

    def _pairs(self, entries: Sequence[_Entry]) -> Iterator[tuple[float, float]]:
        for each in entries:
            try:
                far, seconds = self._far.read(each.far), self._seconds(each.duration, None)
            except Doubt:
                continue
            if (
                far
                and seconds
                and (each.type is None or named_sport(each.type) in ("run", "treadmill", "trail"))
            ):
                yield far, seconds


def _is_told(entry: _Entry) -> bool:
    """Whether something stands where the sport should."""
    return bool(entry.type) and str(entry.type).casefold() not in NOTHING


def _mark_of_distances(cells: Sequence[str], header: _Header, miles: bool | None) -> Literal["", ".", ","]:
    """The mark before their fractions. Thousands of kilometres or of miles are no run's."""
    parted = [_parted(cell) for cell in cells]
    unit = header.unit or (None if miles is None else KILOMETRE)
    far = all((UNITS.get(own, 0) if own else unit or 0) >= KILOMETRE for number, own in parted if number)
    numbers = [number for number, _ in parted]
    return decimal_mark(numbers) or (mark_before_three(numbers) if far else "")


def _like_clocks(cells: Sequence[str]) -> bool:
    """Whether all could be times of the day: 18:30 is half past six, or what three kilometres take."""
    told = [cell for cell in cells if cell.casefold() not in NOTHING]
    hours = [int(found[1]) for cell in told if (found := _CLOCK.fullmatch(cell))]
    return bool(hours) and len(hours) == len(told) and min(hours) >= _EARLIEST and max(hours) < 24


def _parted(cell: str) -> tuple[str, str]:
    """A distance's number and its unit in small letters, if it has one."""
    found = _FAR.fullmatch(cell)
    return (found[1], found[2].casefold()) if found else (cell, "")


FORMAT = Format("a table", _begins, _read, _read)
