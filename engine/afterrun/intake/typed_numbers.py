"""Numbers as people type them: `12,5`, `10k`, `1 000 km`, `1h30`; what can be read in two ways is asked."""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from afterrun.rulebook.schema import HUNDREDTH

_SPACES = " '\N{RIGHT SINGLE QUOTATION MARK}\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_NUMBER = re.compile(rf"^(?P<sign>[-+]?)(?P<number>\d(?:[\d.,{_SPACES}]*\d)?)\s*(?P<unit>[^\d\s.,+-].*)?$")
_HOURS = re.compile(
    r"^(?P<hours>\d{1,2})\s*(?P<unit>h|hrs?|hours?)\s*(?:and\s*)?(?P<minutes>[0-5]?\d)\s*(?:m|mins?|minutes?|')?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)$")
_THOUSANDS = re.compile(rf"^\d{{1,3}}(?:(?P<mark>[.,{_SPACES}])\d{{3}})(?:(?P=mark)\d{{3}})*$")
_DECIMALS = re.compile(r"^(?P<whole>.+)[.,](?P<part>\d{1,6})$")
LONGEST = 9
"""Digits before the decimal mark."""


_POWER = re.compile(r"^\d[\d.,]*e\d+$", re.IGNORECASE)
_WEEKLY = re.compile(r"\s*(?:/|per|a|each)\s*(?:week|wk)\.?$", re.IGNORECASE)


class Ambiguous(Exception):
    """A number that can be read in two ways: as each of `ways`, as it would be typed."""

    def __init__(self, said: str, ways: tuple[str, ...], message: str = "") -> None:
        self.said = said
        self.ways = ways
        told = message or f"{said} can be read in two ways. Type {' or '.join(ways)}, as you mean it."
        super().__init__(told)


class TooLarge(Exception):
    """A number with more digits than any answer has."""


class Typed(NamedTuple):
    """A number, and the unit typed after it."""

    number: Decimal
    unit: str
    said: str
    """As it was typed."""
    hours: Decimal = Decimal(0)
    """Of a time in hours and minutes; then the number is that of the minutes, and the unit names hours."""


def without_week(line: str) -> str:
    """An amount without the words that say it is that of a week.

    >>> [without_week(line) for line in ("20 km/week", "20 km a week", "20 per week", "20 km")]
    ['20 km', '20 km', '20', '20 km']
    """
    return _WEEKLY.sub("", line)


def typed_number(line: str) -> Typed | None:
    """The number of a line; None where it is none. Raises Ambiguous or TooLarge.

    >>> [str(typed_number(line).number) for line in ("12,5 km", "1 000", "1,234.5", "1.000.000", "10k")]
    ['12.5', '1000', '1234.5', '1000000', '10']
    >>> typed_number("1h30")
    Typed(number=Decimal('30'), unit='h', said='1h30', hours=Decimal('1'))
    >>> typed_number("thirty") is None
    True
    """
    line = line.strip()
    if match := _HOURS.match(line):
        return Typed(Decimal(match["minutes"]), match["unit"], line, Decimal(match["hours"]))
    if match := _CLOCK.match(line):
        hours, minutes = int(match["hours"]), match["minutes"]
        told = (
            f"{line} can be read in two ways. For hours and minutes type {hours}h{minutes}, "
            f"for minutes alone {hours} min."
        )
        raise Ambiguous(line, (f"{hours}h{minutes}", f"{hours} min"), told)
    match = None if _POWER.match(line) else _NUMBER.match(line)
    if match is None:
        return None
    unit = (match["unit"] or "").strip()
    number = _number(match["number"], f" {unit}" if unit else "")
    return None if number is None else Typed(-number if match["sign"] == "-" else number, unit, line)


def _number(text: str, unit: str) -> Decimal | None:
    """Digits with the marks that people put among them."""
    decimals, thousands = _DECIMALS.match(text), _THOUSANDS.match(text)
    if thousands and decimals and decimals["whole"].isdigit() and int(decimals["whole"]):
        whole, part = decimals["whole"], decimals["part"]
        # Three decimals could be thousands again, two cannot, and amounts count in hundredths.
        small = f"{Decimal(f'{whole}.{part}').quantize(HUNDREDTH, ROUND_DOWN).normalize():f}"
        raise Ambiguous(f"{text}{unit}", (f"{whole}{part}{unit}", f"{small}{unit}"))
    part = ""
    if decimals and not (thousands and not decimals["whole"].isdigit()):
        text, part = decimals["whole"], decimals["part"]
    if not text.isdigit() and not _THOUSANDS.match(text):
        return None
    digits = re.sub(r"\D", "", text)
    if len(digits) > LONGEST:
        raise TooLarge
    return Decimal(f"{digits}.{part}" if part else digits)
