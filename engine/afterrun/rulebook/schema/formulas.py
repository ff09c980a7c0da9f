"""Numbers derived from answers: formulas, and the measures that rules test."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field, RootModel

from afterrun.rulebook.schema.conditions import Written
from afterrun.rulebook.schema.names import Id, Sources, Text


class PercentChange(Written):
    """(to - from) / from x 100. From zero to more is infinite, from zero to zero is 0."""

    from_: Operand = Field(alias="from")
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

    sum: tuple[Operand, ...] | None = Field(None, min_length=1)
    first_known: tuple[Operand, ...] | None = Field(
        None, min_length=1, description="The first operand that is not nothing; an open one leaves it open."
    )
    rounded_down: Operand | None = Field(None, description="To two decimals, never up.")

    percent_change: PercentChange | None = None
    difference: Difference | None = None
    largest_above_zero: tuple[Operand, ...] | None = Field(
        None, min_length=1, description="The largest operand; zero and nothing do not count."
    )
    capped: Capped | None = None
    reduced: ChangedByPercent | None = Field(None, description="value x (1 - percent / 100)")
    raised: ChangedByPercent | None = Field(None, description="value x (1 + percent / 100)")


class ParameterRef(Written):
    """The value that the rules chose for a parameter; only in plans."""

    parameter: Id


Operand = Id | Decimal | ParameterRef | Formula
"""A question or measure by id, a number, a chosen parameter, or a nested formula."""

for _model in (PercentChange, Difference, Capped, ChangedByPercent, Formula):
    _model.model_rebuild()


class Measure(Written):
    """A number that rules can test, derived from answers."""

    id: Id
    text: Text
    unit: str = ""
    formula: Formula
    sources: Sources


class MeasureFile(RootModel[tuple[Measure, ...]]):
    """`knowledge/measures.yaml`."""
