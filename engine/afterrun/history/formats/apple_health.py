"""Apple Health's export.xml: its workouts, out of gigabytes of everything else, which is passed by.

The document type at its beginning is cut off unread: some versions write it with mistakes, and nobody who
reads runs needs it. Entities can be declared nowhere else, so that none is ever expanded. Signs that XML
forbids are in names of devices, and become spaces. See the DTD of HealthKit Export Version 11 to 14.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from afterrun.history.formats import markup
from afterrun.history.formats.activity import Activity, Entry, Fault, Format, Sport, Unreadable, may_be_run

_PIECE = 1 << 16
_LONGEST_TYPE = 1 << 20
_METRES = {"km": 1000.0, "mi": 1609.344, "m": 1.0, "ft": 0.3048, "yd": 0.9144, "cm": 0.01}
_SECONDS = {"min": 60.0, "s": 1.0, "sec": 1.0, "hr": 3600.0, "h": 3600.0, "ms": 0.001}
_KIND = "HKWorkoutActivityType"
_ON_FOOT = "HKQuantityTypeIdentifierDistanceWalkingRunning"
_SPORTS: dict[str, Sport | None] = {
    "Running": "run",
    "Walking": "walk",
    "Hiking": "walk",
    "Cycling": "ride",
    "HandCycling": "ride",
    "Swimming": "swim",
    "SwimBikeRun": None,
}
"""What of a triathlon was run it does not say."""
_FORBIDDEN = bytes(range(32)).translate(None, b"\t\n\r")
_TO_SPACES = bytes.maketrans(_FORBIDDEN, b" " * len(_FORBIDDEN))


def _begins(head: bytes) -> bool:
    return b"<!DOCTYPE HealthData" in head or b"<HealthData" in head


def _read(stream: io.BufferedReader) -> Iterator[Entry]:
    workouts = _Workouts()
    parser = markup.parser()
    parser.StartElementHandler = workouts.start
    parser.EndElementHandler = workouts.end
    for _ in markup.chunks(_Cleaned(stream), parser, lambda: workouts.ended):
        yield from workouts.given()


class _Cleaned:
    """An export as XML should be: without its document type, and without signs that are forbidden."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._begins = True

    def read(self, size: int, /) -> bytes:
        piece = self._stream.read(size)
        if self._begins:
            self._begins = False
            piece = _without_type(piece, self._stream)
        return piece.translate(_TO_SPACES)


def _without_type(held: bytes, stream: io.BufferedReader) -> bytes:
    """The beginning of a file without its document type, whose lines stay as empty ones."""
    begins, root = held.find(b"<!DOCTYPE"), held.find(b"<HealthData")
    if begins < 0 or 0 <= root < begins:
        return held
    while (ends := _end_of_type(held, begins)) < 0:
        more = stream.read(_PIECE)
        if not more or len(held) > _LONGEST_TYPE:
            raise Unreadable("its document type has no end")
        held += more
    if b"<!ENTITY" in held[begins:ends]:
        raise Unreadable("it declares entities, as no export does, and was not read for safety")
    return held[:begins] + b"\n" * held.count(b"\n", begins, ends) + held[ends:]


def _end_of_type(held: bytes, begins: int) -> int:
    """The byte behind a document type; less than none where it has not ended yet."""
    inside, plain = held.find(b"[", begins), held.find(b">", begins)
    if plain >= 0 and not 0 <= inside < plain:
        return plain + 1
    ends = held.find(b"]>", inside) if inside >= 0 else -1
    return ends + 2 if ends >= 0 else -1


class _Open(NamedTuple):
    """A workout whose end has not come yet: its attributes, and what its children say."""

    told: dict[str, str]
    depth: int
    said: dict[str, str]


class _Workouts:
    """What the parser calls: it keeps one workout at a time, and of it what makes a run."""

    def __init__(self) -> None:
        self.open = 0
        self.ended = 0
        self._workout: _Open | None = None
        self._count = 0
        self._entries: list[Entry] = []

    def start(self, name: str, told: dict[str, str]) -> None:
        self.open += 1
        if name == "Workout" and self._workout is None:
            self._count += 1
            self._workout = _Open(told, self.open, {})
        elif self._workout and self.open == self._workout.depth + 1:
            said = self._workout.said
            if name == "MetadataEntry" and told.get("key") == "HKIndoorWorkout":
                said["indoor"] = told.get("value", "")
            elif name == "WorkoutStatistics" and told.get("type") == _ON_FOOT:
                said["sum"], said["unit"] = told.get("sum", ""), told.get("unit", "")
        elif self._workout and name == "FileReference":
            self._workout.said.setdefault("route", told.get("path", "").lstrip("/"))

    def end(self, name: str) -> None:
        if self._workout and self.open == self._workout.depth:
            place = f"workout {self._count}"
            try:
                self._entries.append(_activity(self._workout, place))
            except _Missing as missing:
                self._entries.append(_left_out(self._workout, place, str(missing)))
            self._workout = None
        self.open -= 1
        self.ended += 1

    def given(self) -> list[Entry]:
        given, self._entries = self._entries, []
        return given


class _Missing(ValueError):
    """What a workout lacks, in our own words."""


def _activity(workout: _Open, place: str) -> Activity:
    told, said = workout.told, workout.said
    sport = _sport(told)
    if sport == "run" and said.get("indoor") == "1":
        sport = "treadmill"
    if (began := _began(told)) is None:
        raise _Missing("where its start should stand is none")
    seconds = _amount(told.get("duration"), told.get("durationUnit", "min"), _SECONDS, "duration")
    far, unit = (said["sum"], said["unit"]) if "sum" in said else (
        told.get("totalDistance"), told.get("totalDistanceUnit", ""),
    )  # fmt: skip
    metres = _amount(far, unit, _METRES, "distance")
    miles = {"mi": True, "km": False}.get(unit) if metres is not None else None
    # The route says where it was, and would be a second recording of it.
    route = said.get("route", "")
    return Activity(
        began, metres, seconds, sport, place, moving=seconds is not None, miles=miles, stands_for=route
    )


def _left_out(workout: _Open, place: str, reason: str) -> Fault:
    return Fault(reason, place, _began(workout.told), may_be_run(_sport(workout.told)))


def _sport(told: dict[str, str]) -> Sport | None:
    kind = told.get("workoutActivityType", "").removeprefix(_KIND)
    return _SPORTS.get(kind, "other") if kind else None


def _began(told: dict[str, str]) -> datetime | None:
    try:
        return datetime.strptime(told.get("startDate", ""), "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


def _amount(number: str | None, unit: str, units: dict[str, float], what: str) -> float | None:
    if not number:
        return None
    try:
        amount = float(number) * units[unit]
    except (KeyError, ValueError):
        raise _Missing(f"its {what} is no number with a unit that is known") from None
    if not 0 <= amount < float("inf"):
        raise _Missing(f"its {what} is no number with a unit that is known")
    return amount


FORMAT = Format("Apple Health", _begins, _read)
