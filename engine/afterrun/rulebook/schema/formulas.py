"""Numbers derived from answers: formulas, and the measures that rules test."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from afterrun.rulebook.schema.names import NumberId, OwnQuestionId, ParameterId, Sources, Text
from afterrun.rulebook.schema.written import BY_NAME, SOME, Written


class Function(Written):
    """A number made from others: written as the function's name and, below it, what it is made from."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = re.sub(r"(?<=.)([A-Z])", r"_\1", cls.__name__).lower()

    name: ClassVar[str]

    @property
    def operands(self) -> tuple[Operand, ...]:
        """What the number is made from, in order."""
        first, *others = vars(self).values()
        return first if isinstance(first, tuple) else (first, *others)

    def plain(self) -> dict[str, Any]:
        written = super().plain()
        return {self.name: written if len(written) > 1 else next(iter(written.values()))}


class Sum(Function):
    """All operands together."""

    parts: Annotated[tuple[Operand, ...], SOME]


class FirstKnown(Function):
    """The first operand that is not nothing; an open one leaves it open."""

    parts: Annotated[tuple[Operand, ...], SOME]


class RoundedDown(Function):
    """To a multiple of `to`, two decimals unless said otherwise, never up."""

    value: Operand
    to: Decimal = Decimal("0.01")

    def __post_init__(self) -> None:
        if self.to <= 0:
            raise ValueError("'to' is above zero")


class PercentChange(Function):
    """(to - from) / from x 100. From zero to more is infinite, from zero to zero is 0."""

    from_: Operand
    to: Operand


class Difference(Function):
    """of - minus."""

    of: Operand
    minus: Operand


class LargestAboveZero(Function):
    """The largest operand; zero and nothing do not count."""

    parts: Annotated[tuple[Operand, ...], SOME]


class Capped(Function):
    """`value`, but never more than `by`; a `by` that is nothing caps nothing."""

    value: Operand
    by: Operand


class Reduced(Function):
    """value x (1 - percent / 100)"""

    value: Operand
    percent: Operand


class Raised(Function):
    """value x (1 + percent / 100)"""

    value: Operand
    percent: Operand


class ParameterRef(Written):
    """The value that the rules chose for a parameter; only in plans."""

    parameter: ParameterId


Formula = Annotated[
    Sum
    | FirstKnown
    | RoundedDown
    | PercentChange
    | Difference
    | LargestAboveZero
    | Capped
    | Reduced
    | Raised,
    BY_NAME,
]
"""A number derived from answers: exactly one function. What each comes to says `rulebook.formulas`."""

Operand = NumberId | Decimal | ParameterRef | Formula
"""A question or measure by id, a number, a chosen parameter, or a nested formula."""


class Measure(Written):
    """A number that rules can test, derived from answers."""

    id: OwnQuestionId
    text: Text
    unit: str = ""
    formula: Formula
    sources: Sources
