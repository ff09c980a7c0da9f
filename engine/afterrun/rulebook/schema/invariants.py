"""`rules/invariants.yaml`: what must never and what must always hold of a result, over all intakes.

An invariant speaks of the result, which either is so or is not; a claim is therefore true or false,
never open, and `not` is plain "not". What the rules leave open is said with `open` and `refuted`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, RootModel, Tag, model_validator

from afterrun.rulebook.schema.conditions import TestOn, Written
from afterrun.rulebook.schema.names import Id, KebabId, Sources, Text

ANY = "any"


class AllClaims(Written):
    """Every claim holds."""

    all: tuple[Claim, ...] = Field(min_length=1)


class AnyClaim(Written):
    """Some claim holds."""

    any: tuple[Claim, ...] = Field(min_length=1)


class NotClaim(Written):
    """The claim does not hold."""

    not_: Claim = Field(alias="not")


class Refuted(Written):
    """A proposition, or a test on an answer, is refuted."""

    refuted: str | TestOn


class Open(Written):
    """A proposition, or a test on an answer, is open."""

    open: str | TestOn


class Triage(Written):
    """The level acted on is one of these."""

    triage: tuple[Id, ...] = Field(min_length=1)


class Shows(Written):
    """One of these patterns is shown, at whatever level; or any at all."""

    shows: Literal["any"] | tuple[Id, ...]


class Gives(Written):
    """One of these interventions is listed, for now or later; or any at all."""

    gives: Literal["any"] | tuple[Id, ...]


class GivesNow(Written):
    """One of these interventions is recommended, neither postponed nor merged into another."""

    gives_now: tuple[Id, ...] = Field(min_length=1)


class Blank(Written):
    """A question that applies is not answered: one of these, or one of these sections."""

    blank: tuple[Id, ...] = Field(min_length=1)


class PlanNumber(Written):
    """Another number of the plan, times a factor."""

    plan: Id
    times: Decimal = Decimal(1)


class AnswerNumber(Written):
    """An answer or a measure, as the plan reads it, times a factor."""

    answer: Id
    times: Decimal = Decimal(1)


Bound = Decimal | PlanNumber | AnswerNumber


class PlanTest(Written):
    """What must hold of a number in the plan, before it is rounded; a number that is null passes no test."""

    is_: Bound | None = Field(None, alias="is")
    at_least: Bound | None = None
    at_most: Bound | None = None
    over: Bound | None = None
    under: Bound | None = None

    @model_validator(mode="after")
    def _tests_something(self) -> PlanTest:
        if not self.model_fields_set:
            raise ValueError("tests nothing: name an operator such as 'at_most' or 'over'")
        return self


class Planned(Written):
    """The plan has this key (or any at all), or the key passes a test."""

    plan: Id | Annotated[dict[Id, PlanTest], Field(min_length=1, max_length=1)]


_SHAPES: dict[str, type[Written]] = {
    "all": AllClaims,
    "any": AnyClaim,
    "not": NotClaim,
    "refuted": Refuted,
    "open": Open,
    "triage": Triage,
    "shows": Shows,
    "gives": Gives,
    "gives_now": GivesNow,
    "blank": Blank,
    "plan": Planned,
}


def _shape(value: Any) -> str:
    if isinstance(value, str):
        return "proposition"
    if isinstance(value, dict):
        return next((str(key) for key in value if key in _SHAPES), "test")
    return next((name for name, model in _SHAPES.items() if isinstance(value, model)), "test")


Claim = Annotated[
    Annotated[str, Tag("proposition"), Field(min_length=1)]
    | Annotated[AllClaims, Tag("all")]
    | Annotated[AnyClaim, Tag("any")]
    | Annotated[NotClaim, Tag("not")]
    | Annotated[Refuted, Tag("refuted")]
    | Annotated[Open, Tag("open")]
    | Annotated[Triage, Tag("triage")]
    | Annotated[Shows, Tag("shows")]
    | Annotated[Gives, Tag("gives")]
    | Annotated[GivesNow, Tag("gives_now")]
    | Annotated[Blank, Tag("blank")]
    | Annotated[Planned, Tag("plan")]
    | Annotated[TestOn, Tag("test")],
    Discriminator(_shape),
]
"""Something that is so of a result, or not. A plain word is a proposition that is proved."""

for _model in (AllClaims, AnyClaim, NotClaim):
    _model.model_rebuild()


class Invariant(Written):
    """One promise of the rulebook, kept over every intake."""

    id: KebabId
    never: Claim | None = Field(None, description="What must never be so.")
    always: Claim | None = Field(None, description="What must always be so.")
    when: Claim | None = Field(None, description="The intakes that it speaks of; without it, all.")
    for_: Literal["all", "complete"] = Field(
        "all", alias="for", description="`complete`: only intakes that leave no question blank that applies."
    )
    because: Text = Field(description="The reason in plain words.")
    sources: Sources

    @model_validator(mode="after")
    def _says_one_thing(self) -> Invariant:
        if (self.never is None) == (self.always is None):
            raise ValueError("takes exactly one of 'never' and 'always'")
        return self


class InvariantFile(RootModel[tuple[Invariant, ...]]):
    """`rules/invariants.yaml`."""
