"""The amount of a week in shares, one for each session that takes part."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.rulebook.schema import Capped, ParameterRef
from afterrun.schedule.nouns import Amount
from afterrun.schedule.preferences import Conflict


class SharedAmount(NamedTuple):
    """A week's amount, shared out."""

    amount: Amount
    exact: Fraction | None
    """The amount before it is told as one can run it."""
    shares: tuple[float | None, ...]
    """One for each session that takes part."""
    rising: bool = False
    """Whether the week is on the way to a goal that is named."""
    reached: bool = False
    """Whether it holds that goal."""
    conflicts: tuple[Conflict, ...] = ()
    """What the number of sessions that was wished cannot keep."""
    missed: bool = False
    """Whether none of its sessions found a day."""
    formula: Capped | ParameterRef | None = None
    """What gives it: a key of the plan, or a formula of such keys and of the week before, `weekN_QUANTITY`;
    None where a check-in named it, or nothing gives it."""

    @property
    def few(self) -> bool:
        """Whether so few sessions are wished that the week holds less for it."""
        return any(each.what == "long" for each in self.conflicts)


def cut_short(shared: SharedAmount, done: int) -> SharedAmount:
    """A week without its last shares; it holds no more than those that are left."""
    shares = shared.shares[:done]
    if shared.amount.value is None:
        return shared._replace(shares=shares)
    value = float(sum((exactly(each) for each in shares if each is not None), Fraction(0)))
    ceiling = None if shared.amount.ceiling is None else value
    amount = shared.amount._replace(value=value, ceiling=ceiling)
    conflicts = shared.conflicts if shares else ()
    return shared._replace(amount=amount, shares=shares, reached=False, conflicts=conflicts)


def even_shares(value: Fraction, count: int, step: Fraction) -> tuple[float, ...]:
    """A number of steps in even parts that add up to it, the longer ones first.

    >>> even_shares(Fraction("8.8"), 3, Fraction("0.1"))
    (3.0, 2.9, 2.9)
    """
    whole, over = divmod(int(value / step), count)
    return tuple(float((whole + (place < over)) * step) for place in range(count))


def exactly(value: Any) -> Fraction:
    """A number as it is written, without what a float adds to it."""
    return value if isinstance(value, Fraction) else Fraction(Decimal(str(value)))
