"""Garmin Connect's list of activities as CSV: in the account's language and unit, of which it says neither.

Times are of the clock where it was. Runs on a track, and some on a treadmill, are in metres. Whether all else
is in kilometres or miles is found in steps and their length (`tables.scale`), or read in the header where
somebody wrote it there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from afterrun.history.formats.activity import Activity, Entry, Format, Note, Sport
from afterrun.history.formats.tables.columns import (
    KILOMETRE,
    MILE,
    Columns,
    columns_of,
    unit_in,
    ways,
    without_unit,
)
from afterrun.history.formats.tables.dates import day_of, moment, order_of
from afterrun.history.formats.tables.numbers import Doubt, Numbers, decimal_mark, seconds_of
from afterrun.history.formats.tables.rows import Row, header_of, read_table
from afterrun.history.formats.tables.scale import unit_by_records, unit_by_steps
from afterrun.history.formats.tables.sports import named_sport
from afterrun.history.formats.tables.together import entries_of

_NAMES = {
    "type": ways(
        "Activity Type|Aktivitätstyp|Type d'activité|Tipo de actividad|Tipo di attività",
        "Tipo de atividade|Activiteittype|Activiteitstype|Activiteitentype|Type activiteit",
        "Typ aktywności|Aktivitetstyp|Aktivitetstype",
    ),
    "date": ways("Date|Datum|Fecha|Data|Dato"),
    "title": ways("Title|Titel|Titre|Título|Titolo|Tytuł|Tittel"),
    "favorite": ways(
        "Favorite|Favourite|Favorit|Favori|Favorito|Favorita|Preferito|Preferita|Favoriet|Ulubione",
        "Ulubiony",
    ),
    "distance": ways("Distance|Distanz|Distancia|Distanza|Distância|Afstand|Dystans|Distans|Distanse"),
    "time": ways(
        "Time|Activity Time|Zeit|Durée|Temps|Tiempo|Tempo|Tempo total|Duração|Tijd|Czas|Tid",
        "Tempo di attività|Tiempo total|Duur",
    ),
    "moving": ways(
        "Moving Time|Zeit in Bewegung|In Bewegung|Bewegungszeit|Temps de déplacement",
        "Temps en déplacement|Tiempo en movimiento|Tempo in movimento|Tempo em movimento|Tijd bewogen",
        "Bewogen tijd|Tijd in beweging",
    ),
    "cadence": ways(
        "Avg Run Cadence|Ø Schrittfrequenz (Laufen)|Cadence de course moyenne",
        "Cadencia de carrera media|Cadenza di corsa media|Cadência de corrida média|Gem. loopcadans",
        "Gemiddelde loopcadans",
    ),
    "stride": ways(
        "Avg Stride Length|Ø Schrittlänge|Longueur moyenne de foulée|Longueur moyenne des foulées",
        "Longueur de foulée moyenne|Longitud media de zancada|Longitud de zancada media",
        "Lunghezza media passo|Lunghezza passo media|Comprimento médio da passada|Gem. staplengte",
        "Gemiddelde staplengte",
    ),
    "steps": ways("Steps|Schritte|Pas|Pasos|Passi|Passos|Stappen|Kroki|Steg|Skridt"),
}
_CALLED = {KILOMETRE: "kilometres", MILE: "miles"}
_RUNS = ("run", "treadmill", "trail")
_SLOWEST, _FASTEST = 0.3, 12.5
"""Metres a second of whoever runs at all."""
_SHORTEST = 100.0
"""No number below it is taken for metres."""


class _Entry(NamedTuple):
    place: str
    date: str
    sport: Sport | None
    far: str
    time: str
    moving: str
    cadence: str
    stride: str
    steps: str


def _columns(names: Sequence[str]) -> Columns:
    return columns_of([without_unit(name) for name in names], _NAMES)


def _known(names: list[str]) -> int:
    return len(_columns(names).places)


def _begins(head: bytes) -> bool:
    found = _columns(header_of(head, _known)).places.keys()
    return found >= {"type", "date", "distance", "time"} and bool(found & {"title", "favorite"})


def _read(stream: io.BufferedReader, miles: bool | None = None) -> Iterator[Entry]:
    table = read_table(stream, _known)
    columns = _columns(table.names)
    unit = _unit_told(table.names, columns, miles)
    return entries_of(table, lambda row: _entry(columns, row), lambda rows: _List(rows, unit))


def _entry(columns: Columns, row: Row) -> _Entry:
    def cell(use: str) -> str:
        place = columns.first(use)
        return "" if place is None else row.cells[place].strip()

    sport = named_sport(cell("type"))
    rest = (cell(use) for use in ("distance", "time", "moving", "cadence", "stride", "steps"))
    return _Entry(row.place, cell("date"), sport, *rest)


def _unit_told(names: Sequence[str], columns: Columns, miles: bool | None) -> float | None:
    """The unit in the header of the distance, else in that of a pace or a speed, else that was asked for."""
    place = columns.first("distance")
    if place is not None and (unit := unit_in(names[place])):
        return unit
    rates = {unit for name in names if "/" in name and (unit := unit_in(name))} & {KILOMETRE, MILE}
    if len(rates) == 1:
        return rates.pop()
    return None if miles is None else MILE if miles else KILOMETRE


class _List:
    """What all rows say together: how numbers and dates are written, and the unit of the account."""

    def __init__(self, entries: Sequence[_Entry], told: float | None) -> None:
        self._numbers = Numbers(
            decimal_mark(cell for each in entries for cell in (each.far, each.stride) if cell)
        )
        self.order = order_of(each.date for each in entries)
        self.notes = list[Note]()
        self._unit = self._unit_of(entries, told)

    @staticmethod
    def sport(entry: _Entry) -> Sport | None:
        return entry.sport

    def activity(self, entry: _Entry) -> Activity:
        if entry.sport is None:
            raise Doubt("what was done is a word that is unknown here")
        day, clock = self.order.read(day_of(entry.date))
        if clock is None:
            raise Doubt("its date has no time of day")
        moving = seconds_of(entry.moving)
        seconds = moving or seconds_of(entry.time)
        metres = self._metres(entry, seconds)
        miles = None if self._unit is None or metres is None else self._unit == MILE
        return Activity(
            moment(day, clock), metres, seconds, entry.sport, entry.place, bool(moving), miles=miles
        )

    def _metres(self, entry: _Entry, seconds: float | None) -> float | None:
        if entry.sport in ("swim", "other"):
            # They are counted; whether a pool's lengths are metres or yards nobody needs to know.
            return None
        far = self._numbers.read(entry.far)
        if not far or not seconds:
            return far if not far or not self._unit else far * self._unit
        in_unit = far * (self._unit or KILOMETRE)
        is_far_off = entry.sport in ("track", "treadmill") and in_unit / seconds > _FASTEST
        if is_far_off and far >= _SHORTEST and _SLOWEST <= far / seconds <= _FASTEST:
            return far
        return in_unit if self._unit else None

    def _unit_of(self, entries: Sequence[_Entry], told: float | None) -> float | None:
        runs = [each for each in entries if each.sport in _RUNS]
        shown = unit_by_steps(pair for each in runs for pair in self._steps(each))
        if told:
            if shown and shown != told:
                self.notes.append(
                    Note(
                        f"It says {_CALLED[told]}, and steps and their length say {_CALLED[shown]}: "
                        "so its runs are taken without a distance."
                    )
                )
                return None
            return told
        if shown:
            self.notes.append(Note(f"Its distances are {_CALLED[shown]}: steps and their length say so."))
            return shown
        if found := unit_by_records(pair for each in runs for pair in self._times(each)):
            self.notes.append(
                Note(f"Its distances are {_CALLED[found]}: as miles, some would be faster than anybody ran.")
            )
            return found
        if any(each.far for each in runs):
            self.notes.append(
                Note(
                    "Whether its distances are kilometres or miles is told nowhere in it, so that its runs "
                    "have none. Write 'Distance (km)' or 'Distance (mi)' into its header, "
                    "or on the command line say which: --table-unit km."
                )
            )
        return None

    def _steps(self, entry: _Entry) -> Iterator[tuple[float, float]]:
        """The distance beside steps times their length, as often as the row tells it."""
        far, stride = self._amount(entry.far), self._amount(entry.stride)
        if not far or not stride:
            return
        # Of steps the thousands are parted, and there are no others.
        steps = "".join(each for each in entry.steps if each not in ",. '\u00a0\u202f")
        if steps.isdecimal() and steps.isascii():
            yield far, float(steps) * stride
        cadence = self._amount(entry.cadence)
        for _, seconds in self._times(entry):
            if cadence:
                yield far, cadence * seconds / 60 * stride

    def _times(self, entry: _Entry) -> Iterator[tuple[float, float]]:
        far = self._amount(entry.far)
        try:
            seconds = seconds_of(entry.time)
        except Doubt:
            return
        if far and seconds:
            yield far, seconds

    def _amount(self, cell: str) -> float | None:
        try:
            return self._numbers.read(cell)
        except Doubt:
            return None


FORMAT = Format("Garmin Connect", _begins, _read, _read)
