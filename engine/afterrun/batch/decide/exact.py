"""Numbers in columns, exact: whole numerators over one denominator, and no floating point.

The same formulas as `rulebook.formulas`, for many rows at once. Bounds travel along; a number
that could outgrow 64 bits raises TooWide, and the caller computes those rows one by one instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from afterrun.rulebook import evaluate
from afterrun.rulebook.schema import Operand, PercentChange

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
WIDEST = 2**62


class TooWide(Exception):
    """A number does not fit, or a formula has no form in columns."""


@dataclass(frozen=True)
class Numbers:
    """A column of numbers: `top / bottom` where neither flag is set."""

    top: Ints
    bottom: int
    nothing: Flags
    open: Flags
    bound: int
    """No numerator is larger, either way."""

    def over(self, bottom: int) -> Ints:
        """The numerators over another denominator, a multiple of this one."""
        factor = bottom // self.bottom
        if self.bound * factor > WIDEST:
            raise TooWide
        return self.top * factor if factor != 1 else self.top


@dataclass(frozen=True)
class Ratio:
    """A percent change: 100 x top / bottom, with a bottom of its own in each row.

    From zero to more is infinite: a positive top over a bottom of 0. From zero to zero is no
    change: 0 over 1.
    """

    top: Ints
    bottom: Ints
    nothing: Flags
    open: Flags
    bound: int

    def compared(self, threshold: Fraction, how: Callable[[Any, Any], Flags]) -> Flags:
        """Where the change compares so with a threshold; infinite is above all of them."""
        if self.bound * 100 * max(threshold.denominator, abs(threshold.numerator), 1) > WIDEST:
            raise TooWide
        return how(self.top * (100 * threshold.denominator), self.bottom * threshold.numerator)


LookUp = Callable[[str], Numbers]


def compute(operand: Operand, look_up: LookUp, parameter: LookUp, rows: int) -> Numbers | Ratio:
    """The column of a formula; only the outermost function may be a percent change."""
    if isinstance(operand, PercentChange):
        return _ratio(*(numbers(each, look_up, parameter, rows) for each in operand.operands))
    return numbers(operand, look_up, parameter, rows)


def numbers(operand: Operand, look_up: LookUp, parameter: LookUp, rows: int) -> Numbers:
    """The column of an operand that is a number with a fixed denominator."""
    return evaluate(operand, _Columns(look_up, parameter, rows))


def constant(number: Fraction, rows: int) -> Numbers:
    """The same number in every row."""
    no = np.zeros(rows, dtype=np.bool_)
    return Numbers(np.full(rows, number.numerator), number.denominator, no, no, abs(number.numerator))


def in_hundredths(column: Numbers) -> Ints:
    """Whole hundredths, never up, as `rulebook.shown` gives it; only for rows with a number."""
    if column.bound * 100 > WIDEST:
        raise TooWide
    return column.top * 100 // column.bottom


def _common(*columns: Numbers) -> int:
    bottom = 1
    for column in columns:
        bottom = int(np.lcm(bottom, column.bottom)) if column.bottom < WIDEST else WIDEST
    if bottom > WIDEST or any(bottom % column.bottom for column in columns):
        raise TooWide
    return bottom


def _ratio(old: Numbers, new: Numbers) -> Ratio:
    bottom = _common(old, new)
    before, after = old.over(bottom), new.over(bottom)
    if len(before) and before.min() < 0:
        raise TooWide
    nothing = old.nothing | new.nothing
    bound = max(old.bound * bottom // old.bottom, new.bound * bottom // new.bottom)
    change = after - before
    bottoms = before + ((before == 0) & (change == 0))
    return Ratio(change, bottoms, nothing, (old.open | new.open) & ~nothing, 2 * bound + 1)


class _Columns(NamedTuple):
    """The arithmetic of columns; what has no form in them is too wide."""

    named: LookUp
    parameter: LookUp
    rows: int

    def constant(self, number: Fraction) -> Numbers:
        return constant(number, self.rows)

    def sum(self, parts: Iterator[Numbers]) -> Numbers:
        raise TooWide

    def first_known(self, parts: Iterator[Numbers]) -> Numbers:
        raise TooWide

    def rounded_down(self, value: Numbers, to: Fraction) -> Numbers:
        raise TooWide

    def percent_change(self, old: Numbers, new: Numbers) -> Numbers:
        raise TooWide

    def difference(self, of: Numbers, minus: Numbers) -> Numbers:
        bottom = _common(of, minus)
        nothing = of.nothing | minus.nothing
        bound = of.bound * (bottom // of.bottom) + minus.bound * (bottom // minus.bottom)
        if bound > WIDEST:
            raise TooWide
        top = of.over(bottom) - minus.over(bottom)
        return Numbers(top, bottom, nothing, (of.open | minus.open) & ~nothing, bound)

    def largest_above_zero(self, parts: Iterator[Numbers]) -> Numbers:
        columns = list(parts)
        bottom = _common(*columns)
        is_open = np.logical_or.reduce([column.open for column in columns])
        above = [~column.nothing & (column.top > 0) for column in columns]
        tops = [np.where(good, column.over(bottom), 0) for good, column in zip(above, columns, strict=True)]
        bound = max(column.bound * (bottom // column.bottom) for column in columns)
        nothing = ~np.logical_or.reduce(above) & ~is_open
        return Numbers(np.maximum.reduce(tops), bottom, nothing, is_open, bound)

    def capped(self, value: Numbers, by: Numbers) -> Numbers:
        bottom = _common(value, by)
        top = value.over(bottom)
        capped = np.where(by.nothing, top, np.minimum(top, by.over(bottom)))
        is_open = value.open | (by.open & ~value.nothing)
        return Numbers(capped, bottom, value.nothing, is_open, value.bound * (bottom // value.bottom))

    def changed(self, sign: int, value: Numbers, percent: Numbers) -> Numbers:
        bound = value.bound * (100 * percent.bottom + percent.bound)
        if bound > WIDEST:
            raise TooWide
        nothing = value.nothing | percent.nothing
        top = value.top * (100 * percent.bottom + sign * percent.top)
        is_open = (value.open | percent.open) & ~nothing
        return Numbers(top, value.bottom * 100 * percent.bottom, nothing, is_open, bound)
