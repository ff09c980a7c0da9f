"""Numbers in columns, exact: whole numerators over one denominator, and no floating point.

The same formulas as `afterrun.arithmetic`, for many rows at once. Bounds travel along; a number
that could outgrow 64 bits raises TooWide, and the caller computes those rows one by one instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from afterrun.rulebook.schema import ChangedByPercent, Formula, Operand, ParameterRef

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
    if isinstance(operand, Formula) and operand.percent_change is not None:
        old = numbers(operand.percent_change.from_, look_up, parameter, rows)
        new = numbers(operand.percent_change.to, look_up, parameter, rows)
        bottom = _common(old, new)
        before, after = old.over(bottom), new.over(bottom)
        if len(before) and before.min() < 0:
            raise TooWide
        nothing = old.nothing | new.nothing
        bound = max(old.bound * bottom // old.bottom, new.bound * bottom // new.bottom)
        change = after - before
        bottoms = before + ((before == 0) & (change == 0))
        return Ratio(change, bottoms, nothing, (old.open | new.open) & ~nothing, 2 * bound + 1)
    return numbers(operand, look_up, parameter, rows)


def numbers(operand: Operand, look_up: LookUp, parameter: LookUp, rows: int) -> Numbers:
    """The column of an operand that is a number with a fixed denominator."""

    def value(part: Operand) -> Numbers:
        return numbers(part, look_up, parameter, rows)

    if isinstance(operand, str):
        return look_up(operand)
    if isinstance(operand, ParameterRef):
        return parameter(operand.parameter)
    if not isinstance(operand, Formula):
        return constant(Fraction(operand), rows)
    if operand.difference is not None:
        return _difference(value(operand.difference.of), value(operand.difference.minus))
    if operand.largest_above_zero is not None:
        return _largest_above_zero([value(part) for part in operand.largest_above_zero])
    if operand.capped is not None:
        return _capped(value(operand.capped.value), value(operand.capped.by))
    if operand.reduced is not None:
        return _changed(operand.reduced, value, -1)
    if operand.raised is not None:
        return _changed(operand.raised, value, 1)
    raise TooWide


def constant(number: Fraction, rows: int) -> Numbers:
    """The same number in every row."""
    no = np.zeros(rows, dtype=np.bool_)
    return Numbers(np.full(rows, number.numerator), number.denominator, no, no, abs(number.numerator))


def in_hundredths(column: Numbers) -> npt.NDArray[np.float64]:
    """Exact to 0.01, halves upward, as `arithmetic.shown` gives it; only for rows with a number."""
    if column.bound * 200 + column.bottom > WIDEST:
        raise TooWide
    twice = column.top * 200
    magnitude = (np.abs(twice) + column.bottom) // (2 * column.bottom)
    return np.asarray(np.sign(twice) * magnitude / 100, dtype=np.float64)


def _common(*columns: Numbers) -> int:
    bottom = 1
    for column in columns:
        bottom = int(np.lcm(bottom, column.bottom)) if column.bottom < WIDEST else WIDEST
    if bottom > WIDEST or any(bottom % column.bottom for column in columns):
        raise TooWide
    return bottom


def _difference(of: Numbers, minus: Numbers) -> Numbers:
    bottom = _common(of, minus)
    nothing = of.nothing | minus.nothing
    bound = of.bound * (bottom // of.bottom) + minus.bound * (bottom // minus.bottom)
    if bound > WIDEST:
        raise TooWide
    return Numbers(
        of.over(bottom) - minus.over(bottom), bottom, nothing, (of.open | minus.open) & ~nothing, bound
    )


def _largest_above_zero(columns: list[Numbers]) -> Numbers:
    bottom = _common(*columns)
    is_open = np.logical_or.reduce([column.open for column in columns])
    above = [~column.nothing & (column.top > 0) for column in columns]
    tops = [np.where(good, column.over(bottom), 0) for good, column in zip(above, columns, strict=True)]
    bound = max(column.bound * (bottom // column.bottom) for column in columns)
    nothing = ~np.logical_or.reduce(above) & ~is_open
    return Numbers(np.maximum.reduce(tops), bottom, nothing, is_open, bound)


def _capped(value: Numbers, by: Numbers) -> Numbers:
    bottom = _common(value, by)
    top = value.over(bottom)
    capped = np.where(by.nothing, top, np.minimum(top, by.over(bottom)))
    is_open = value.open | (by.open & ~value.nothing)
    return Numbers(capped, bottom, value.nothing, is_open, value.bound * (bottom // value.bottom))


def _changed(change: ChangedByPercent, value: Callable[[Operand], Numbers], sign: int) -> Numbers:
    base, percent = value(change.value), value(change.percent)
    factor_bound = 100 * percent.bottom + percent.bound
    bound = base.bound * factor_bound
    if bound > WIDEST:
        raise TooWide
    nothing = base.nothing | percent.nothing
    top = base.top * (100 * percent.bottom + sign * percent.top)
    return Numbers(
        top, base.bottom * 100 * percent.bottom, nothing, (base.open | percent.open) & ~nothing, bound
    )
