"""Conditions as written in a rule: `all`, `any`, `not`, `at_least`, a proposition, or a test.

all:
  - pain_site: {includes: below_kneecap}     a test on a question or a measure
  - after-run-timing                         a proposition, concluded by another rule
  - any: [load-related, relapse-on-return]
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from afterrun.rulebook.schema.names import OptionId, OwnQuestionId, Proposition
from afterrun.rulebook.schema.written import BY_KEY, SOME, Limits, Written

Scalar = int | Decimal | OptionId
"""A number, or an option of the question that it is said of."""


class Test(Written):
    """What must hold of one answer or measure; several operators must hold together."""

    is_: Scalar | None = None
    """Equals this value."""
    one_of: Annotated[tuple[Scalar, ...], SOME] | None = None
    """Equals one of these."""
    includes: OptionId | None = None
    """A multiple choice has this option ticked."""
    includes_any: Annotated[tuple[OptionId, ...], SOME] | None = None
    """A multiple choice has one of these options ticked."""
    at_least: Decimal | None = None
    """A number that is this or more."""
    at_most: Decimal | None = None
    """A number that is this or less."""
    over: Decimal | None = None
    """A number above this one."""
    under: Decimal | None = None
    """A number below this one."""

    def __post_init__(self) -> None:
        if not self.given():
            raise ValueError("tests nothing: name an operator such as 'is', 'includes' or 'at_least'")


class TestOn(Written):
    """One test on one question or measure, written as a mapping with that one key."""

    subject: OwnQuestionId
    """The id of the question or measure."""
    test: Test
    """What must hold of it."""

    def plain(self) -> dict[str, Any]:
        return {self.subject: self.test.plain()}

    @classmethod
    def of(cls, subject: str, operators: Mapping[str, Any]) -> TestOn:
        """A test from its operators, with the keys and values as written."""
        names = {key: name for name, key in Test.fields().items()}
        values: dict[str, Any] = {
            names[key]: tuple(each) if isinstance(each, list) else each for key, each in operators.items()
        }
        return cls(subject=subject, test=Test(**values))


class AllOf(Written):
    """Holds when every condition holds."""

    all: Annotated[tuple[Condition, ...], SOME]


class AnyOf(Written):
    """Holds when some condition holds."""

    any: Annotated[tuple[Condition, ...], SOME]


class NotThat(Written):
    """Holds when the condition is refuted; an open condition leaves it open."""

    not_: Condition


class Count(Written):
    """How many of which conditions."""

    count: Annotated[int, Limits(ge=1)]
    of: Annotated[tuple[Condition, ...], SOME]


class AtLeast(Written):
    """Holds when `count` of the conditions hold."""

    at_least: Count


Condition = Annotated[
    Proposition | AllOf | AnyOf | NotThat | AtLeast | TestOn,
    BY_KEY,
]
"""What a rule waits for. A plain word is a proposition; a one-key mapping is a test."""
