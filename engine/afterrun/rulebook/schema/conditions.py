"""Conditions as written in a rule: `all`, `any`, `not`, `at_least`, a proposition, or a test.

all:
  - pain_site: {includes: below_kneecap}     a test on a question or a measure
  - after-run-timing                         a proposition, concluded by another rule
  - any: [load-related, relapse-on-return]
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, Tag, model_validator

Scalar = int | Decimal | str


class Written(BaseModel):
    """The root of every model of something written in YAML: frozen, and no key it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=False)


class Test(Written):
    """What must hold of one answer or measure; several operators must hold together."""

    is_: Scalar | None = Field(None, alias="is", description="Equals this value.")
    one_of: tuple[Scalar, ...] | None = Field(None, min_length=1, description="Equals one of these.")
    includes: str | None = Field(None, description="A multiple choice has this option ticked.")
    includes_any: tuple[str, ...] | None = Field(
        None, min_length=1, description="A multiple choice has one of these options ticked."
    )
    at_least: Decimal | None = Field(None, description="A number that is this or more.")
    at_most: Decimal | None = Field(None, description="A number that is this or less.")
    over: Decimal | None = Field(None, description="A number above this one.")
    under: Decimal | None = Field(None, description="A number below this one.")

    @model_validator(mode="after")
    def _tests_something(self) -> Test:
        if not self.model_fields_set:
            raise ValueError("tests nothing: name an operator such as 'is', 'includes' or 'at_least'")
        return self


class TestOn(RootModel[dict[str, Test]]):
    """One test on one question or measure, keyed by its id."""

    model_config = ConfigDict(frozen=True)
    root: dict[str, Test] = Field(min_length=1, max_length=1)

    @property
    def subject(self) -> str:
        """The id of the question or measure."""
        return next(iter(self.root))

    @property
    def test(self) -> Test:
        """What must hold of it."""
        return next(iter(self.root.values()))


class AllOf(Written):
    """Holds when every condition holds."""

    all: tuple[Condition, ...] = Field(min_length=1)


class AnyOf(Written):
    """Holds when some condition holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class NotThat(Written):
    """Holds when the condition is refuted; an open condition leaves it open."""

    not_: Condition = Field(alias="not")


class Count(Written):
    """How many of which conditions."""

    count: int = Field(ge=1)
    of: tuple[Condition, ...] = Field(min_length=1)


class AtLeast(Written):
    """Holds when `count` of the conditions hold."""

    at_least: Count


_CONNECTIVES = ("all", "any", "not", "at_least")


def _shape(value: Any) -> str:
    if isinstance(value, str):
        return "proposition"
    if isinstance(value, dict):
        return next((str(key) for key in value if key in _CONNECTIVES), "test")
    for kind, name in ((AllOf, "all"), (AnyOf, "any"), (NotThat, "not"), (AtLeast, "at_least")):
        if isinstance(value, kind):
            return name
    return "test"


Condition = Annotated[
    Annotated[str, Tag("proposition"), Field(min_length=1)]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[NotThat, Tag("not")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[TestOn, Tag("test")],
    Discriminator(_shape),
]
"""What a rule waits for. A plain word is a proposition; a one-key mapping is a test."""

for _model in (AllOf, AnyOf, NotThat, Count, AtLeast):
    _model.model_rebuild()
