"""What is asked, and what may be answered: `knowledge/questions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from afterrun.rulebook.schema.conditions import Condition, Scalar
from afterrun.rulebook.schema.names import (
    Id,
    OwnQuantityId,
    OwnQuestionId,
    OwnSectionId,
    QuantityId,
    QuestionId,
    SectionId,
    Sources,
    Text,
    UnitId,
)
from afterrun.rulebook.schema.written import SOME, Limits, Names, Written

OwnOptionId = Annotated[Id, Names("option", offered=False)]
GoneId = Annotated[Id, Names("gone", offered=False)]
"""An option that there was once."""
HUNDREDTH = Decimal("0.01")
"""Amounts are kept to this."""


class Option(Written):
    """One answer that can be chosen."""

    id: OwnOptionId
    text: Text
    clinician: str = ""
    """The same for a clinician, where the person's words are loose."""
    alone: bool = False
    """Excludes the other options of its question: 'none of these'."""
    unsure: bool = False
    """Says that the person does not know; taken where that is typed, as in 'not sure'. Never with 'alone'."""
    harmless: str = ""
    """Why a sign in a section for safety needs no being seen when it is the only one."""


class Earlier(Written):
    """How answers to an earlier wording of a question are to be read: `afterrun migrate` does."""

    gone: Mapping[GoneId, Annotated[tuple[OwnOptionId, ...], SOME]] = {}
    """Options that are no more, and those that say today what each of them said."""
    narrower: tuple[OwnOptionId, ...] = ()
    """Options that say less than they did: a tick may mean what is another option now."""
    asks_more: str = ""
    """Why an old answer does not say enough, whatever was ticked."""
    where: Mapping[QuestionId, OwnOptionId] = {}
    """Only for those who ticked this option of that question does `asks_more` hold."""

    def __post_init__(self) -> None:
        if not (self.gone or self.narrower or self.asks_more):
            raise ValueError("says nothing: name what is 'gone', 'narrower' or why it 'asks_more'")


class Group(Written):
    """Some options of a long list below one heading."""

    title: Text
    gist: str = ""
    """Every kind of answer in the group in one line, for who reads no more than that."""
    options: Annotated[tuple[OwnOptionId, ...], SOME]


class Question(Written):
    """One question of the interview."""

    id: OwnQuestionId
    section: SectionId
    ask: Text
    help: str = ""
    """What everyone must know to answer; always shown."""
    means: str = ""
    """What is meant, for those who ask for help."""
    example: str = ""
    """How one comes to an answer, and what to type then."""
    why: str = ""
    """Why it is asked, in words that are true before anything else is answered."""
    type: Literal["single", "multi", "integer", "number"]
    options: tuple[Option, ...] = ()
    options_from: tuple[OwnQuestionId, ...] = ()
    """Offers the options of these questions of the main part too; its own words win."""
    options_but: tuple[OwnOptionId, ...] = ()
    """Options of those questions that it leaves out."""
    groups: tuple[Group, ...] = ()
    """Headings for a long list; what stands alone ('none of these') is in none of them."""
    ungrouped: tuple[OwnOptionId, ...] = ()
    """Other options that are in no group; they come last."""
    gate: str = ""
    """Asked first, with the gists of the groups: whoever has none of these is spared the list."""
    labels: Mapping[int, str] = {}
    """Words for some values of an integer."""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    unit: str = ""
    quantity: QuantityId | None = None
    """The quantity whose unit and bounds the number shares."""
    max_choices: Annotated[int, Limits(ge=1)] | None = None
    optional: bool = False
    """A blank is read as 'nothing' wherever a number is computed."""
    unknown_reads: Scalar | None = None
    """Offers 'I don't know', read as this value; 'nothing' refutes every test."""
    skip_when: Condition | None = None
    """The question does not apply while this holds."""
    skipped_reads: Scalar | None = None
    """What the answer is read as while skipped."""
    new: bool = False
    """Not asked by the questionnaire before this one: an intake that answers it is none of the old."""
    earlier: Earlier | None = None
    """What became of answers to its earlier wording."""
    changeable: bool = True
    """False for what no one can act on or is likely to misstate: never proposed."""
    sources: Sources


class Section(Written):
    """A part of the interview."""

    id: OwnSectionId
    title: Text
    safety: bool = False
    """Asked first, and every answer is needed before any plan; every sign leads to being seen or is
    declared harmless. `rules check` and `rules prove` see to it."""


class Unit(Written):
    """One unit of a quantity and the largest number that makes sense in it."""

    id: UnitId
    text: Text
    at_most: Decimal
    step: Decimal = HUNDREDTH
    """Amounts are shown in whole steps, rounded down."""
    named: Mapping[str, Decimal] = {}
    """What else people type, other units among it, and how many of this unit one of that is."""

    def __post_init__(self) -> None:
        if self.step > self.at_most:
            raise ValueError("'step' is more than 'at_most'")
        if self.step <= 0 or Fraction(self.step) % Fraction(HUNDREDTH):
            raise ValueError("'step' is a whole number of hundredths")
        if any(times <= 0 for times in self.named.values()):
            raise ValueError("'named' gives how many of this unit one of that is: a number above 0")


class Quantity(Written):
    """A kind of number whose unit the person chooses once for all questions about it."""

    id: OwnQuantityId
    unit_key: OwnQuestionId
    """The intake key that holds the unit."""
    ask: Text
    units: Annotated[tuple[Unit, ...], SOME]
    less: str = ""
    """What is said of an amount of less than one step."""
    sources: Sources

    def step_of(self, unit: str) -> Fraction:
        """The step of a unit; without one amounts are told as they are kept."""
        return Fraction(next((each.step for each in self.units if each.id == unit), HUNDREDTH))


class Interview(Written):
    """The questionnaire: `knowledge/questions.yaml`."""

    sections: tuple[Section, ...]
    quantities: tuple[Quantity, ...] = ()
    questions: tuple[Question, ...]
