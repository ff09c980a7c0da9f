"""Numbers as text in, exact values out, where arithmetic can bear them; and numbers in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

LONGEST_NUMBER = 40
"""Characters of a number, and digits before or after its point; 1e999999999 would never end."""
TOO_LONG = f"a number of more than {LONGEST_NUMBER} digits"
NUMBER_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
"""The numbers that are told in words where a sentence asks for that; larger ones are digits."""


def number_of(text: str) -> int | Decimal | None:
    """A number exactly as it is written in digits; None for one of absurd size.

    >>> number_of("34"), number_of("1.30"), number_of("1e999999999"), number_of("9" * 41)
    (34, Decimal('1.30'), None, None)
    """
    if len(text) > LONGEST_NUMBER:
        return None
    value = Decimal(text)
    if abs(value.adjusted()) > LONGEST_NUMBER:
        return None
    return int(value) if text.lstrip("-+").isdigit() else value


def number_words(value: float | Fraction) -> str:
    """A number without digits that say nothing: to two decimals.

    >>> number_words(12.0), number_words(8.25), number_words(1234.5), number_words(0.1 + 0.2)
    ('12', '8.25', '1234.5', '0.3')
    """
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def value_words(value: Any, part: str = "") -> str | None:
    """What the plan holds, or a part of it, within a sentence; None where there is nothing to say.

    A part is a name of a table, `least` or `most` of a range, or `word`: a small number spelt out.

    >>> value_words([2, 3]), value_words([2, 3], "least"), value_words({"down": 3, "up": 4}, "up")
    ('2 to 3', '2', '4')
    >>> value_words(12, "word"), value_words(13, "word"), value_words(13, "up") is None
    ('twelve', '13', True)
    """
    if part == "word":
        return _spelt(value)
    if part:
        value = _part_of(value, part)
    if value is None or value in ("", []) or isinstance(value, Mapping):
        return None
    if isinstance(value, list | tuple):
        if _is_range(value):
            return f"{number_words(value[0])} to {number_words(value[1])}"
        return ", ".join(str(each).replace("_", " ") for each in value)
    return value if isinstance(value, str) else number_words(value)


def _spelt(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return value_words(value)
    return NUMBER_WORDS[value - 1] if 1 <= value <= len(NUMBER_WORDS) else number_words(value)


def _part_of(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    return dict(zip(("least", "most"), value, strict=True)).get(part) if _is_range(value) else None


def _is_range(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and not any(isinstance(each, str) for each in value)
    )
