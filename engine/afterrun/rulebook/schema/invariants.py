"""`rules/invariants.yaml`: what must never and what must always hold of a result, over all intakes.

An invariant speaks of the result, which either is so or is not; a claim is therefore true or false,
never open, and `not` is plain "not". What the rules leave open is said with `open` and `refuted`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from afterrun.rulebook.schema.conditions import TestOn
from afterrun.rulebook.schema.names import (
    EntryId,
    InterventionId,
    LevelId,
    NumberId,
    OwnQuestionId,
    PatternId,
    PlanKey,
    Proposition,
    Sources,
    Text,
)
from afterrun.rulebook.schema.written import BY_KEY, ONE, SOME, Written

ANY = "any"


class AllClaims(Written):
    """Every claim holds."""

    all: Annotated[tuple[Claim, ...], SOME]


class AnyClaim(Written):
    """Some claim holds."""

    any: Annotated[tuple[Claim, ...], SOME]


class NotClaim(Written):
    """The claim does not hold."""

    not_: Claim


class Refuted(Written):
    """A proposition, or a test on an answer, is refuted."""

    refuted: Proposition | TestOn


class Open(Written):
    """A proposition, or a test on an answer, is open."""

    open: Proposition | TestOn


class Triage(Written):
    """The level acted on is one of these."""

    triage: Annotated[tuple[LevelId, ...], SOME]


class Shows(Written):
    """One of these patterns is shown, at whatever level; or any at all."""

    shows: Literal["any"] | tuple[PatternId, ...]


class Gives(Written):
    """One of these interventions is listed, for now or later; or any at all."""

    gives: Literal["any"] | tuple[InterventionId, ...]


class GivesNow(Written):
    """One of these interventions is recommended, neither postponed nor merged into another."""

    gives_now: Annotated[tuple[InterventionId, ...], SOME]


class Blank(Written):
    """A question that applies is not answered: one of these, or one of these sections."""

    blank: Annotated[tuple[OwnQuestionId, ...], SOME]


class PlanNumber(Written):
    """Another number of the plan, times a factor."""

    plan: PlanKey
    times: Decimal = Decimal(1)


class AnswerNumber(Written):
    """An answer or a measure, as the plan reads it, times a factor."""

    answer: NumberId
    times: Decimal = Decimal(1)


Bound = Decimal | PlanNumber | AnswerNumber


class PlanTest(Written):
    """What must hold of a number in the plan, before it is rounded; a number that is null passes no test."""

    is_: Bound | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    over: Bound | None = None
    under: Bound | None = None

    def __post_init__(self) -> None:
        if not self.given():
            raise ValueError("tests nothing: name an operator such as 'at_most' or 'over'")


class Planned(Written):
    """The plan has this key (or any at all), or the key passes a test."""

    plan: PlanKey | Annotated[Mapping[PlanKey, PlanTest], ONE]


Claim = Annotated[
    Proposition
    | AllClaims
    | AnyClaim
    | NotClaim
    | Refuted
    | Open
    | Triage
    | Shows
    | Gives
    | GivesNow
    | Blank
    | Planned
    | TestOn,
    BY_KEY,
]
"""Something that is so of a result, or not. A plain word is a proposition that is proved."""


class Invariant(Written):
    """One promise of the rulebook, kept over every intake."""

    id: EntryId
    never: Claim | None = None
    """What must never be so."""
    always: Claim | None = None
    """What must always be so."""
    when: Claim | None = None
    """The intakes that it speaks of; without it, all."""
    for_: Literal["all", "complete"] = "all"
    """`complete`: only intakes that leave no question blank that applies."""
    because: Text
    """The reason in plain words."""
    sources: Sources

    def __post_init__(self) -> None:
        if (self.never is None) == (self.always is None):
            raise ValueError("takes exactly one of 'never' and 'always'")
