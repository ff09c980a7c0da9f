"""Strava's bulk export: its activities.csv, the index of a folder of recordings.

Columns have the names of the account's language, and some have them twice: of two distances the first is the
one that was shown, in the account's unit, and the second is in metres; that it is, each row proves by the
ratio of both. Dates are UTC.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from statistics import median
from typing import NamedTuple

from afterrun.history.formats.activity import Activity, Entry, Format, Note, Sport
from afterrun.history.formats.tables.columns import KILOMETRE, MILE, Columns, columns_of, ways
from afterrun.history.formats.tables.dates import day_of, moment, order_of
from afterrun.history.formats.tables.numbers import Doubt, Numbers, decimal_mark
from afterrun.history.formats.tables.rows import Row, header_of, read_table
from afterrun.history.formats.tables.sports import named_sport
from afterrun.history.formats.tables.together import entries_of

_NAMES = {
    "date": ways(
        "Activity Date|Aktivitätsdatum|Date de l'activité|Fecha de la actividad|Fecha de actividad",
        "Data dell'attività|Data attività|Datum van activiteit|Data da atividade",
    ),
    "type": ways(
        "Activity Type|Aktivitätsart|Aktivitätstyp|Type d'activité|Tipo de actividad|Tipo di attività",
        "Tipo attività|Activiteitstype|Tipo de atividade",
    ),
    "file": ways(
        "Filename|Dateiname|Nom du fichier|Nombre del archivo|Nombre de archivo|Nombre del fichero",
        "Nome file|Nome del file|Bestandsnaam|Nome do arquivo|Nome do ficheiro",
    ),
    "elapsed": ways(
        "Elapsed Time|Verstrichene Zeit|Temps écoulé|Tiempo transcurrido|Tempo trascorso",
        "Verstreken tijd|Tempo decorrido|Tempo transcorrido",
    ),
    "moving": ways(
        "Moving Time|Bewegungszeit|Durée de déplacement|Temps de déplacement|Tiempo en movimiento",
        "Tempo in movimento|Beweegtijd|Tempo em movimento|Tempo de movimentação",
    ),
    "distance": ways("Distance|Distanz|Distancia|Distanza|Afstand|Distância"),
}
_NEAR = 0.02
_SLOWEST, _FASTEST = 0.3, 40.0
"""Metres a second that any activity keeps within, from a stroll to a descent on a bicycle."""


class _Entry(NamedTuple):
    place: str
    date: str
    type: str
    file: str
    elapsed: str
    moving: str
    shown: str
    metres: str


def _columns(names: Sequence[str]) -> Columns:
    return columns_of(names, _NAMES)


def _known(names: list[str]) -> int:
    return len(_columns(names).places)


def _begins(head: bytes) -> bool:
    return _columns(header_of(head, _known)).places.keys() >= {"date", "type", "file", "elapsed", "distance"}


def _read(stream: io.BufferedReader) -> Iterator[Entry]:
    table = read_table(stream, _known)
    columns = _columns(table.names)
    return entries_of(table, lambda row: _entry(columns, row), _Index, UTC)


def _entry(columns: Columns, row: Row) -> _Entry:
    def cell(place: int | None) -> str:
        return "" if place is None else row.cells[place].strip()

    places = columns.places["distance"]
    return _Entry(
        row.place,
        cell(columns.first("date")),
        cell(columns.first("type")),
        cell(columns.first("file")),
        cell(columns.last("elapsed")),
        cell(columns.first("moving")),
        cell(places[0]),
        cell(places[1]) if len(places) > 1 else "",
    )


class _Index:
    """What all rows say together: how numbers and dates are written, and the unit of the account."""

    def __init__(self, entries: Sequence[_Entry]) -> None:
        self._shown = Numbers(decimal_mark(each.shown for each in entries))
        self._metres = Numbers(decimal_mark(each.metres for each in entries) or ".")
        self.order = order_of(each.date for each in entries)
        self._unit = self._unit_of_account(entries)
        self._in_metres = self._shown_are_metres(entries)
        self.notes = list[Note]()
        if self._unit is None and not self._in_metres:
            said = "Its distances have no unit that can be told, so that only the runs' own files tell them."
            self.notes.append(Note(said))

    @staticmethod
    def sport(entry: _Entry) -> Sport | None:
        return named_sport(entry.type)

    def activity(self, entry: _Entry) -> Activity:
        sport = self.sport(entry)
        if sport is None:
            raise Doubt("what was done is a word that is unknown here; its own file, if it is here, is read")
        day, clock = self.order.read(day_of(entry.date))
        if clock is None:
            raise Doubt("its date has no time of day")
        began = moment(day, clock)
        began = began if began.tzinfo else began.replace(tzinfo=UTC)
        moving = _amount(Numbers("."), entry.moving)
        seconds = moving or _amount(Numbers("."), entry.elapsed)
        metres = self._far(entry, seconds)
        miles = None if self._unit is None else self._unit == MILE
        # Where this row says less than the recording does, the recording is opened.
        stands_for = entry.file if metres is not None else ""
        return Activity(
            began, metres, seconds, sport, entry.place, bool(moving), miles=miles, stands_for=stands_for
        )

    def _far(self, entry: _Entry, seconds: float | None) -> float | None:
        shown, metres = _amount(self._shown, entry.shown), _amount(self._metres, entry.metres)
        if metres is not None and (not shown or _unit_between(shown, metres)):
            return metres
        if metres is not None and seconds and _SLOWEST <= metres / seconds <= _FASTEST:
            return metres
        if shown is None:
            return None
        if self._in_metres:
            return shown
        return shown * self._unit if self._unit else None

    def _unit_of_account(self, entries: Sequence[_Entry]) -> float | None:
        found = [
            unit
            for each in entries
            if (shown := _amount(self._shown, each.shown)) and (metres := _amount(self._metres, each.metres))
            if (unit := _unit_between(shown, metres))
        ]
        return max(set(found), key=found.count) if found else None

    def _shown_are_metres(self, entries: Sequence[_Entry]) -> bool:
        """Whether an export with one distance has it in metres, as those of earlier years had."""
        speeds = [
            shown / seconds
            for each in entries
            if not each.metres and (shown := _amount(self._shown, each.shown))
            if (seconds := _amount(Numbers("."), each.elapsed))
        ]
        return bool(speeds) and _SLOWEST <= median(speeds) <= _FASTEST


def _unit_between(shown: float, metres: float) -> float | None:
    return next((unit for unit in (KILOMETRE, MILE) if abs(metres / shown / unit - 1) <= _NEAR), None)


def _amount(numbers: Numbers, cell: str) -> float | None:
    """The number of a cell; none where it is in doubt, for another column, or the recording, tells it too."""
    try:
        return numbers.read(cell)
    except Doubt:
        return None


FORMAT = Format("Strava", _begins, _read)
