"""Measures and plan numbers: a small closed set of functions, exact in fractions.

Three values that are no numbers travel along: *open* (an answer is missing), *nothing* (an answer
says there is no number) and an infinite rise (from nothing to something).

>>> from afterrun.rulebook.schema.formulas import PercentChange
>>> rise = Formula(percent_change=PercentChange(from_="before", to="last"))
>>> compute(rise, {"before": Fraction("1"), "last": Fraction("1.3")}.__getitem__)
Fraction(30, 1)
>>> compute(rise, {"before": Fraction(0), "last": Fraction(5)}.__getitem__)
inf
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor, inf

from afterrun.rulebook.schema import ChangedByPercent, Formula, Operand, ParameterRef
from afterrun.rulebook.variables import NOTHING, OPEN, Mark, Number

Quantity = Number | Mark
Lookup = Callable[[str], Quantity]


def compute(operand: Operand, look_up: Lookup, parameter: Lookup | None = None) -> Quantity:
    """The value of a formula; `look_up` gives questions and measures, `parameter` chosen numbers."""
    if isinstance(operand, str):
        return look_up(operand)
    if isinstance(operand, Decimal):
        return Fraction(operand)
    if isinstance(operand, ParameterRef):
        return parameter(operand.parameter) if parameter else OPEN

    def value(part: Operand) -> Quantity:
        return compute(part, look_up, parameter)

    if operand.sum:
        return _strict(lambda *parts: sum(parts, Fraction(0)), *map(value, operand.sum))
    if operand.first_known:
        return next((each for each in map(value, operand.first_known) if each is not NOTHING), NOTHING)
    if operand.rounded_down is not None:
        return _strict(
            lambda number: number if number == inf else rounded_down(Fraction(number)),
            value(operand.rounded_down),
        )
    if operand.percent_change:
        return _strict(_percent_change, value(operand.percent_change.from_), value(operand.percent_change.to))
    if operand.difference:
        return _strict(
            lambda of, minus: of - minus, value(operand.difference.of), value(operand.difference.minus)
        )
    if operand.largest_above_zero:
        return _largest_above_zero([value(part) for part in operand.largest_above_zero])
    if operand.capped:
        return _capped(value(operand.capped.value), value(operand.capped.by))
    if operand.reduced:
        return _changed(operand.reduced, value, -1)
    if operand.raised:
        return _changed(operand.raised, value, 1)
    raise ValueError("a formula without a function")


def names_in(operand: Operand) -> Iterator[str]:
    """The questions and measures that a formula speaks of."""
    if isinstance(operand, str):
        yield operand
    elif isinstance(operand, Formula):
        for part in parts_of(operand):
            yield from names_in(part)


def parameters_in(operand: Operand) -> Iterator[str]:
    """The parameters that a formula speaks of."""
    if isinstance(operand, ParameterRef):
        yield operand.parameter
    elif isinstance(operand, Formula):
        for part in parts_of(operand):
            yield from parameters_in(part)


def parts_of(formula: Formula) -> tuple[Operand, ...]:
    """The operands of a formula's one function."""
    if formula.sum or formula.first_known:
        return formula.sum or formula.first_known or ()
    if formula.rounded_down is not None:
        return (formula.rounded_down,)
    if formula.percent_change:
        return formula.percent_change.from_, formula.percent_change.to
    if formula.difference:
        return formula.difference.of, formula.difference.minus
    if formula.largest_above_zero:
        return formula.largest_above_zero
    if formula.capped:
        return formula.capped.value, formula.capped.by
    changed = formula.reduced or formula.raised
    return (changed.value, changed.percent) if changed else ()


def shown(value: Number) -> int | float:
    """A number as a result shows it: exact to 0.01, halves upward.

    >>> shown(Fraction("17.4825")), shown(Fraction(8))
    (17.48, 8.0)
    """
    return inf if value == inf else float(rounded(Fraction(value)))


def rounded(value: Fraction) -> Fraction:
    """To two decimals, halves upward."""
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(scaled.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def rounded_down(value: Fraction) -> Fraction:
    """To two decimals, never up."""
    return Fraction(floor(value * 100), 100)


def _strict(function: Callable[..., Number], *operands: Quantity) -> Quantity:
    if NOTHING in operands:
        return NOTHING
    numbers = [operand for operand in operands if not isinstance(operand, Mark)]
    return function(*numbers) if len(numbers) == len(operands) else OPEN


def _percent_change(old: Number, new: Number) -> Number:
    if old == 0:
        return inf if new > 0 else Fraction(0)
    return (new - old) / old * 100


def _largest_above_zero(operands: list[Quantity]) -> Quantity:
    if OPEN in operands:
        return OPEN
    above = [operand for operand in operands if not isinstance(operand, Mark) and operand > 0]
    return max(above, default=NOTHING)


def _capped(value: Quantity, by: Quantity) -> Quantity:
    if isinstance(value, Mark):
        return value
    if isinstance(by, Mark):
        return value if by is NOTHING else OPEN
    return min(value, by)


def _changed(change: ChangedByPercent, value: Callable[[Operand], Quantity], sign: int) -> Quantity:
    return _strict(
        lambda base, percent: base * (1 + sign * percent / 100), value(change.value), value(change.percent)
    )
