"""Numbers as people give them: exact to six decimals, within bounds, and as JSON holds them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from afterrun.rulebook import rounded_down
from afterrun.rulebook.schema import Quantity, Question

MILLION = 10**6


def bounds(
    question: Question, quantity: Quantity | None, unit: str | None
) -> tuple[Fraction | None, Fraction | None]:
    """The least and the largest number a question takes, in the unit chosen."""
    high = question.at_most
    if quantity is not None:
        by_unit = {each.id: each.at_most for each in quantity.units}
        high = by_unit.get(unit or "", max(by_unit.values()))
    low = question.at_least
    return (None if low is None else Fraction(low)), (None if high is None else Fraction(high))


def exact_number(raw: Any) -> Fraction | None:
    """A number as an exact fraction, to six decimals; None for anything else.

    Six decimals are finer than any watch and keep every number a whole count of millionths, so that
    an intake means the same alone and in a column of millions.

    >>> exact_number(1.3), exact_number(True), exact_number("3")
    (Fraction(13, 10), None, None)
    """
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        number = float(raw)
    except OverflowError:
        return None
    return Fraction(math.floor(number * MILLION + 0.5), MILLION) if math.isfinite(number * MILLION) else None


def runnable(amount: Fraction | float, quantity: Quantity, unit: str) -> int | float | None:
    """An amount as one can run it: in whole steps of the unit, rounded down; None where that is nothing.

    >>> from afterrun import load_rulebook
    >>> volume = load_rulebook().quantities["volume"]
    >>> runnable(21.29, volume, "km"), runnable(10.9, volume, "min"), runnable(0.09, volume, "mi")
    (21.2, 10, None)
    """
    return plain_number(rounded_down(Fraction(str(amount)), quantity.step_of(unit))) or None


def plain_number(value: Fraction | Decimal) -> int | float:
    """A number as JSON holds it."""
    return int(value) if value == int(value) else float(value)
