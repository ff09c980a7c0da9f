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
    return prepared(operand)(by)


def prepared(operand: Operand) -> Callable[[Arithmetic[T]], T]:
    """The same for whoever evaluates an operand many times: what it is made of is looked at here alone."""
    match operand:
        case str():
            return lambda by: by.named(operand)
        case Decimal():
            number = Fraction(operand)
            return lambda by: by.constant(number)
        case ParameterRef():
            name = operand.parameter
            return lambda by: by.parameter(name)
        case RoundedDown():
            value, to = prepared(operand.value), Fraction(operand.to)
            return lambda by: by.rounded_down(value(by), to)
    parts = [prepared(each) for each in operand.operands]
    match operand:
        case Sum():
            return lambda by: by.sum(part(by) for part in parts)
        case FirstKnown():
            return lambda by: by.first_known(part(by) for part in parts)
        case LargestAboveZero():
            return lambda by: by.largest_above_zero(part(by) for part in parts)
    first, second = parts
    match operand:
        case PercentChange():
            return lambda by: by.percent_change(first(by), second(by))
        case Difference():
            return lambda by: by.difference(first(by), second(by))
        case Capped():
            return lambda by: by.capped(first(by), second(by))
        case Reduced():
            return lambda by: by.changed(-1, first(by), second(by))
        case Raised():
            return lambda by: by.changed(1, first(by), second(by))


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
        if any(each is OPEN for each in values):
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
    # By identity: to compare a fraction with what is no number is slow.
    if any(each is NOTHING for each in operands):
        return NOTHING
    return OPEN if any(isinstance(each, Mark) for each in operands) else function(*operands)


def _percent_change(old: Number, new: Number) -> Number:
    if old == 0:
        return inf if new > 0 else Fraction(0)
    return (new - old) / old * 100
