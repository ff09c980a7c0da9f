"""Measures and plan numbers: a small closed set of functions, exact in fractions.

Three values that are no numbers travel along: *open* (an answer is missing), *nothing* (an answer
says there is no number) and an infinite rise (from nothing to something).

>>> rise = PercentChange(from_="before", to="last")
>>> compute(rise, {"before": Fraction("1"), "last": Fraction("1.3")}.__getitem__)
Fraction(30, 1)
>>> compute(rise, {"before": Fraction(0), "last": Fraction(5)}.__getitem__)
inf
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from math import floor, inf
from typing import NamedTuple, Protocol, TypeVar

from afterrun.rulebook.schema import (
    Capped,
    Difference,
    FirstKnown,
    Function,
    LargestAboveZero,
    Operand,
    ParameterRef,
    PercentChange,
    Raised,
    Reduced,
    RoundedDown,
    Sum,
)
from afterrun.rulebook.variables import NOTHING, OPEN, Mark, Number

Quantity = Number | Mark
Lookup = Callable[[str], Quantity]
T = TypeVar("T")
HUNDREDTH = Fraction(1, 100)


class Arithmetic(Protocol[T]):
    """What each part of a formula comes to: for one intake, in columns, for a solver."""

    def named(self, name: str) -> T:
        """A question or a measure."""

    def parameter(self, name: str) -> T:
        """The value that the rules chose."""

    def constant(self, number: Fraction) -> T:
        """A number as written."""

    def sum(self, parts: Iterator[T]) -> T: ...
    def first_known(self, parts: Iterator[T]) -> T: ...
    def rounded_down(self, value: T, to: Fraction) -> T: ...
    def percent_change(self, old: T, new: T) -> T: ...
    def difference(self, of: T, minus: T) -> T: ...
    def largest_above_zero(self, parts: Iterator[T]) -> T: ...
    def capped(self, value: T, by: T) -> T: ...
    def changed(self, sign: int, value: T, percent: T) -> T:
        """A number raised (1) or reduced (-1) by a percentage of itself."""


def evaluate(operand: Operand, by: Arithmetic[T]) -> T:
    """What an operand comes to; parts of a list are looked at one by one, as they are asked for."""
    match operand:
        case str():
            return by.named(operand)
        case Decimal():
            return by.constant(Fraction(operand))
        case ParameterRef():
            return by.parameter(operand.parameter)
        case RoundedDown():
            return by.rounded_down(evaluate(operand.value, by), Fraction(operand.to))
    parts = (evaluate(each, by) for each in operand.operands)
    match operand:
        case Sum():
            return by.sum(parts)
        case FirstKnown():
            return by.first_known(parts)
        case PercentChange():
            return by.percent_change(*parts)
        case Difference():
            return by.difference(*parts)
        case LargestAboveZero():
            return by.largest_above_zero(parts)
        case Capped():
            return by.capped(*parts)
        case Reduced():
            return by.changed(-1, *parts)
        case Raised():
            return by.changed(1, *parts)


def compute(operand: Operand, look_up: Lookup, parameter: Lookup | None = None) -> Quantity:
    """The value of a formula; `look_up` gives questions and measures, `parameter` chosen numbers."""
    return evaluate(operand, Exact(look_up, parameter or (lambda _: OPEN)))


def names_in(operand: Operand) -> Iterator[str]:
    """The questions and measures that a formula speaks of."""
    return (each for each in _leaves(operand) if isinstance(each, str))


def parameters_in(operand: Operand) -> Iterator[str]:
    """The parameters that a formula speaks of."""
    return (each.parameter for each in _leaves(operand) if isinstance(each, ParameterRef))


def _leaves(operand: Operand) -> Iterator[str | Decimal | ParameterRef]:
    if not isinstance(operand, Function):
        yield operand
        return
    for part in operand.operands:
        yield from _leaves(part)


def shown(value: Number) -> int | float:
    """A number as a result gives it: to 0.01, never up.

    >>> shown(Fraction("17.488")), shown(Fraction(8))
    (17.48, 8.0)
    """
    return inf if value == inf else float(rounded_down(Fraction(value)))


def rounded_down(value: Fraction, step: Fraction = HUNDREDTH) -> Fraction:
    """To whole steps, never up.

    >>> rounded_down(Fraction("21.29"), Fraction("0.1"))
    Fraction(106, 5)
    """
    return floor(value / step) * step


class Exact(NamedTuple):
    """The arithmetic of one intake, in fractions."""

    named: Lookup
    parameter: Lookup

    def constant(self, number: Fraction) -> Quantity:
        return number

    def sum(self, parts: Iterator[Quantity]) -> Quantity:
        return _strict(lambda *numbers: sum(numbers, Fraction(0)), *parts)

    def first_known(self, parts: Iterator[Quantity]) -> Quantity:
        return next((each for each in parts if each is not NOTHING), NOTHING)

    def rounded_down(self, value: Quantity, to: Fraction) -> Quantity:
        return _strict(lambda number: number if number == inf else rounded_down(Fraction(number), to), value)

    def percent_change(self, old: Quantity, new: Quantity) -> Quantity:
        return _strict(_percent_change, old, new)

    def difference(self, of: Quantity, minus: Quantity) -> Quantity:
        return _strict(lambda more, less: more - less, of, minus)

    def largest_above_zero(self, parts: Iterator[Quantity]) -> Quantity:
        values = list(parts)
        if OPEN in values:
            return OPEN
        return max((each for each in values if not isinstance(each, Mark) and each > 0), default=NOTHING)

    def capped(self, value: Quantity, by: Quantity) -> Quantity:
        if isinstance(value, Mark):
            return value
        if isinstance(by, Mark):
            return value if by is NOTHING else OPEN
        return min(value, by)

    def changed(self, sign: int, value: Quantity, percent: Quantity) -> Quantity:
        return _strict(lambda base, share: base * (1 + sign * share / 100), value, percent)


def _strict(function: Callable[..., Number], *operands: Quantity) -> Quantity:
    if NOTHING in operands:
        return NOTHING
    numbers = [operand for operand in operands if not isinstance(operand, Mark)]
    return function(*numbers) if len(numbers) == len(operands) else OPEN


def _percent_change(old: Number, new: Number) -> Number:
    if old == 0:
        return inf if new > 0 else Fraction(0)
    return (new - old) / old * 100
