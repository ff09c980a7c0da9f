"""Numbers derived from answers: formulas, and the measures that rules test."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from afterrun.rulebook.schema.names import Id, Sources, Text
from afterrun.rulebook.schema.written import SOME, Written


class PercentChange(Written):
    """(to - from) / from x 100. From zero to more is infinite, from zero to zero is 0."""

    from_: Operand
    to: Operand


class Difference(Written):
    """of - minus."""

    of: Operand
    minus: Operand


class Capped(Written):
    """`value`, but never more than `by`; a `by` that is nothing caps nothing."""

    value: Operand
    by: Operand


class ChangedByPercent(Written):
    """`value` changed by `percent` of itself."""

    value: Operand
    percent: Operand


class Formula(Written):
    """A number derived from answers; exactly one function."""

    sum: Annotated[tuple[Operand, ...], SOME] | None = None
    first_known: Annotated[tuple[Operand, ...], SOME] | None = None
    """The first operand that is not nothing; an open one leaves it open."""
    rounded_down: Operand | None = None
    """To two decimals, never up."""

    percent_change: PercentChange | None = None
    difference: Difference | None = None
    largest_above_zero: Annotated[tuple[Operand, ...], SOME] | None = None
    """The largest operand; zero and nothing do not count."""
    capped: Capped | None = None
    reduced: ChangedByPercent | None = None
    """value x (1 - percent / 100)"""
    raised: ChangedByPercent | None = None
    """value x (1 + percent / 100)"""


class ParameterRef(Written):
    """The value that the rules chose for a parameter; only in plans."""

    parameter: Id


Operand = Id | Decimal | ParameterRef | Formula
"""A question or measure by id, a number, a chosen parameter, or a nested formula."""


class Measure(Written):
    """A number that rules can test, derived from answers."""

    id: Id
    text: Text
    unit: str = ""
    formula: Formula
    sources: Sources
