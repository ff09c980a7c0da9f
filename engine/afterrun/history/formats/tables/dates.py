"""Days and clocks as tables write them, in the languages that apps speak.

`03/04/2026` is the third of April or the fourth of March. Which one is meant is found in the other rows of
the same file, or not at all: then it is no date, and both readings are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from afterrun.history.formats.tables.numbers import Doubt

_MONTHS = {
    1: "jan january januar januari janvier janv enero ene gennaio gen janeiro styczeń sty jän jänner",
    2: "feb february februar februari février fevrier févr fév fevr febrero febbraio fevereiro fev luty lut",
    3: "mar march mär märz mrz mars maart mrt marzo março marco marzec",
    4: "apr april avril avr abril abr aprile kwiecień kwi",
    5: "may mai maj mei mayo maggio mag maio maj",
    6: "jun june juni juin junio giugno giu junho czerwiec cze",
    7: "jul july juli juillet juil julio luglio lug julho lipiec lip",
    8: "aug august augusti augustus août aout agosto ago sierpień sie",
    9: "sep sept september septembre septiembre settembre set setembro wrzesień wrz",
    10: "oct okt october oktober octobre octubre ottobre ott outubro out październik paź",
    11: "nov november novembre noviembre novembro listopad lis",
    12: "dec dez dic december dezember décembre déc decembre diciembre dicembre dezembro grudzień gru",
}
_MONTH = {word: month for month, words in _MONTHS.items() for word in words.split()}

_CLOCK = re.compile(
    r"(?:^|[\s,T])(?:um |at |à |às |a las |alle |às |om )?"
    r"([0-9]{1,2})[:h.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]+)?)?"
    r"(?:\s*([ap])\.?\s?m\.?)?(?:\s*(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])\s?([0-9]{1,2})\2\s?([0-9]{4})")
_NAMED = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([0-9]{1,2})(?:\.|st|nd|rd|th)? (?:de |of )?([^\W\d_]+)\.?,? (?:de )?([0-9]{4})"
)
_NAMED_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]+\.?,? )?([^\W\d_]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})"
)
_SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class Day(NamedTuple):
    """A cell's date in the one or two ways in which it can be read, and its clock if it tells one."""

    day_first: date | None
    month_first: date | None
    clock: time | None


class Order(NamedTuple):
    """Whether days stand before months in one file; None where no row shows it, or rows disagree."""

    day_first: bool | None

    def read(self, day: Day) -> tuple[date, time | None]:
        """The date that is meant. Raises Doubt where it is one of two."""
        one, other = day.day_first, day.month_first
        meant = one if self.day_first or other is None else other
        if one is not None and other is not None and one != other and self.day_first is None:
            raise Doubt(f"its date is {one} or {other}, and no other row shows which")
        if meant is None:
            raise Doubt("its day is written in another order than those of the other rows")
        return meant, day.clock


def day_of(cell: str) -> Day:
    """What a cell says of a day. Raises Doubt where it says nothing of one."""
    text = " ".join(cell.replace("\u202f", " ").split()).casefold()
    clock = None
    if _SHORT_YEAR.fullmatch(text.split(" ")[0].rstrip(",")):
        raise Doubt("the year of its date has two digits; write the date as 2026-04-03")
    if found := _CLOCK.search(text):
        clock = _clock(found)
        text = text[: found.start()].rstrip(" ,")
    if year_first := _YEAR_FIRST.fullmatch(text):
        one = _date(year_first[1], year_first[3], year_first[4])
        return _day(one, one, clock)
    if year_last := _YEAR_LAST.fullmatch(text):
        first, mark, second, year = year_last.groups()
        day_first = _date(year, second, first)
        # With points only languages write it that put the day first.
        return _day(day_first, day_first if mark == "." else _date(year, first, second), clock)
    if named := _NAMED.fullmatch(text):
        one = _date(named[3], _MONTH.get(named[2], 0), named[1])
        return _day(one, one, clock)
    if named := _NAMED_MONTH_FIRST.fullmatch(text):
        one = _date(named[3], _MONTH.get(named[1], 0), named[2])
        return _day(one, one, clock)
    raise Doubt("where a date should stand is none; write it as 2026-04-03")


def order_of(cells: Iterable[str]) -> Order:
    """The order that those cells show which can be read in one way only."""
    shown = set[bool]()
    for cell in set(cells):
        try:
            day = day_of(cell)
        except Doubt:
            continue
        if (day.day_first is None) != (day.month_first is None):
            shown.add(day.day_first is not None)
    return Order(shown.pop() if len(shown) == 1 else None)


def _day(day_first: date | None, month_first: date | None, clock: time | None) -> Day:
    if day_first is None and month_first is None:
        raise Doubt("its date is on no calendar; write it as 2026-04-03")
    return Day(day_first, month_first, clock)


def _date(year: str, month: str | int, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _clock(found: re.Match[str]) -> time:
    hour, minute, second, half, zone = found.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise Doubt("its time of day is none")
        hours = hours % 12 + (12 if half == "p" else 0)
    try:
        return time(hours, int(minute), int(second or 0), tzinfo=_zone(zone))
    except ValueError:
        raise Doubt("its time of day is none") from None


def _zone(text: str | None) -> timezone | None:
    if not text or text.upper() in ("Z", "UTC", "GMT"):
        return UTC if text else None
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-away if text[0] == "-" else away)


def clock_of(cell: str) -> time | None:
    """The time of day in a cell of its own, None where there is none. Raises Doubt where it is none."""
    text = " ".join(cell.replace("\u202f", " ").split())
    if not text or text.strip("-–") == "":
        return None
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise Doubt("its time of day is none; write it as 07:05")
    return _clock(found)


def moment_in(order: Order, cell: str, zone: tzinfo | None = None) -> datetime | None:
    """When a cell says that it was, at midnight where it tells no clock; None where that is in doubt.

    The zone is that of a clock that tells none.
    """
    try:
        day, clock = order.read(day_of(cell))
    except Doubt:
        return None
    when = moment(day, clock or time())
    return when if when.tzinfo else when.replace(tzinfo=zone)


def moment(day: date, clock: time) -> datetime:
    """Both together, with a zone if the clock has one."""
    return datetime.combine(day, clock)
