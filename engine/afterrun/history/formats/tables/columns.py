"""Which column of a table is which, by the names that apps give them in several languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

UNITS = {
    "km": 1000.0, "kilometer": 1000.0, "kilometers": 1000.0, "kilometre": 1000.0, "kilometres": 1000.0,
    "kilomètres": 1000.0, "kilómetros": 1000.0, "chilometri": 1000.0, "quilômetros": 1000.0, "kms": 1000.0,
    "mi": 1609.344, "mile": 1609.344, "miles": 1609.344, "meilen": 1609.344, "millas": 1609.344,
    "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "mètres": 1.0, "metros": 1.0,
}  # fmt: skip
"""Metres in what a column or a cell calls its unit."""
TIMES = {
    "min": 60.0, "mins": 60.0, "minutes": 60.0, "minuten": 60.0, "minuti": 60.0, "minutos": 60.0,
    "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "sekunden": 1.0, "secondes": 1.0, "segundos": 1.0,
    "h": 3600.0, "hr": 3600.0, "hrs": 3600.0, "hours": 3600.0, "stunden": 3600.0, "heures": 3600.0,
}  # fmt: skip
"""Seconds in what a column calls its unit."""
MILE = UNITS["mi"]
KILOMETRE = UNITS["km"]

_CLOCKS = frozenset({"hh", "mm", "ss"})
_WORD = re.compile(r"[^\W_]+")


def folded(name: str) -> str:
    """A column's name as names are compared: small letters, one space between words, no signs.

    >>> folded("Type d’activité"), folded("distance_km"), folded("Avg. Pace (min/km)")
    ('type d activité', 'distance km', 'avg pace min km')
    """
    return " ".join(_WORD.findall(name.casefold()))


class Columns(NamedTuple):
    """The columns of one table that are known, by what they are for."""

    places: Mapping[str, tuple[int, ...]]

    def first(self, use: str) -> int | None:
        return next(iter(self.places.get(use, ())), None)

    def last(self, use: str) -> int | None:
        return next(iter(reversed(self.places.get(use, ()))), None)


def columns_of(names: Sequence[str], words: Mapping[str, frozenset[str]]) -> Columns:
    """What of a header is known: each use with its columns from left to right."""
    plain = [folded(name) for name in names]
    return Columns({use: found for use, ways in words.items() if (found := _at(plain, ways))})


def _at(plain: Sequence[str], ways: frozenset[str]) -> tuple[int, ...]:
    return tuple(place for place, name in enumerate(plain) if name in ways)


def ways(*lines: str) -> frozenset[str]:
    """Names of one column, between bars, as they are compared."""
    return frozenset(folded(each) for line in lines for each in line.split("|"))


def unit_in(name: str) -> float | None:
    """Metres in the unit that a distance's name ends with or has in brackets; None without one.

    >>> unit_in("Distance (mi)"), unit_in("distance_km"), unit_in("Distance")
    (1609.344, 1000.0, None)
    """
    found = {UNITS[word] for word in _WORD.findall(name.casefold().replace("_", " ")) if word in UNITS}
    return found.pop() if len(found) == 1 else None


def without_unit(name: str) -> str:
    """A name without the unit at its end.

    >>> without_unit("Distance (mi)"), without_unit("distance_km"), without_unit("Distanz")
    ('distance', 'distance', 'distanz')
    """
    words = folded(name).split(" ")
    while len(words) > 1 and (words[-1] in UNITS or words[-1] in TIMES or words[-1] in _CLOCKS):
        words.pop()
    return " ".join(words)


def time_in(name: str) -> float | None:
    """Seconds in the unit that a duration's name ends with; None without one.

    >>> time_in("duration_min"), time_in("Dauer (Sekunden)"), time_in("Duration")
    (60.0, 1.0, None)
    """
    return TIMES.get(folded(name).split(" ")[-1])
