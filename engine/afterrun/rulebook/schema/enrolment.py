"""How a part of a rulebook joins what came before it, as written: `enrolment.yaml`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from afterrun.rulebook.schema.conditions import Scalar, Written
from afterrun.rulebook.schema.names import Id, KebabId, Text


class Signs(Written):
    """The warning signs of a check-in, which re-run the triage of the intake."""

    question: Id = Field(description="The check-in question that lists them.")
    joins: tuple[Id, ...] = Field(
        min_length=1, description="The intake's questions: each sign is added to the one that offers it."
    )
    otherwise: Id = Field(description="The intake's question that takes what several of them offer.")
    least: Id = Field(description="The triage level that any sign gives at least.")
    without_answers: dict[str, Any] = Field(description="The intake to add to, where none is at hand.")
    without_answers_says: Text = Field(description="Told with a triage that rests on no intake.")


class Move(Written):
    """From one programme to another, after a check-in that gave an action."""

    after: Id = Field(description="The action.")
    to: Id = Field(description="The programme that follows.")
    from_: Id | None = Field(None, alias="from", description="Only from this programme.")
    from_week: int = Field(1, description="Only once the week looked back on is this one or a later one.")
    if_brought: bool = Field(False, description="Only where the first result recommended that programme.")
    if_plan: Id | None = Field(None, description="Only where the next week's plan holds a number here.")
    week: int | None = Field(None, description="The week that it begins with, where the check-in gives none.")
    forgets: tuple[Id, ...] = Field((), description="Facts that no longer count in it.")


class Keep(Written):
    """A fact that a check-in leaves for the next ones."""

    fact: Id
    answer: Id | None = Field(None, description="It is the answer to this question, where there is one.")
    plan: Id | None = Field(None, description="It is this value of the next week's plan.")
    value: Scalar | None = Field(None, description="It is this value.")
    counts: Id | KebabId | None = Field(
        None, description="It counts the check-ins in a row that gave this action, or proved this finding."
    )
    at_most: Id | None = Field(None, description="It never exceeds this fact, where that is known.")
    once: bool = Field(False, description="The first one stays.")
    when: tuple[KebabId, ...] = Field((), description="Only if the check-in proved one of these.")
    unless: tuple[KebabId, ...] = Field((), description="Not if the check-in proved one of these.")
    after: tuple[Id, ...] = Field((), description="Only after one of these actions.")


class Stage(Written):
    """How the weeks of the plan are laid out while one programme runs."""

    brings: tuple[Id, ...] = Field((), description="Interventions that are due with it or after it.")
    postponed: tuple[Id, ...] = Field((), description="Interventions that wait until it is over.")
    merged: tuple[Id, ...] = Field((), description="Interventions that are done as part of it.")
    alone: bool = Field(False, description="Check-ins follow it only where they follow nothing else.")
    plans: dict[Id, Id] = Field(
        {}, description="Answers that the main part's plan gives, by the key; a check-in may say otherwise."
    )
    needs: tuple[Id, ...] = Field((), description="Facts of the first plan without which it cannot be begun.")
    finds: tuple[Id, ...] = Field((), description="Such facts that it is there to find.")
    beside: tuple[Id, ...] = Field(
        (), description="Programmes done beside it, whose own weeks count once this one is over."
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The interventions it speaks of."""
        return (*self.brings, *self.postponed, *self.merged)


class Diary(Written):
    """What a diary carries on from one check-in to the next."""

    programmes: tuple[Id, ...] = Field(
        description="Interventions that check-ins follow, the first to do first."
    )
    stops: tuple[Id, ...] = Field(description="Actions after which the plan waits until the person was seen.")
    from_plan: tuple[Id, ...] = Field((), description="Facts that the first plan gives.")
    from_answers: tuple[Id, ...] = Field((), description="Facts that the intake gives.")
    week: Id = Field(description="The plan's key that names the week to do next.")
    may_change: tuple[Id, ...] = Field(
        (), description="Facts that a check-in may replace, and asks for while they are not known."
    )
    amount: tuple[Id, ...] = Field(
        description="The plan's keys that name the next amount, the first that stands."
    )
    amount_most: Id = Field(description="The plan's key that names the most that the next week may hold.")
    amount_at_start: dict[Id, Id] = Field({}, description="The same in the first plan, by programme.")
    moves: tuple[Move, ...] = ()
    keeps: tuple[Keep, ...] = ()
    forgets: dict[Id, tuple[Id, ...]] = Field({}, description="Facts that no longer count after an action.")
    lays_out: dict[Id, Stage] = Field({}, description="What a programme means for the rest of the plan.")
    measures_pain: tuple[Id, ...] = Field(
        (), description="Questions whose answers the history draws as pain."
    )
    measures_amount: Id = Field(description="The question whose answer the history draws as the amount done.")
    missed: Id = Field(description="The question that counts weeks without a check-in or a session.")

    def stage(self, programme: str) -> Stage:
        """How the plan is laid out while a programme runs; unless written, it changes nothing."""
        return self.lays_out.get(programme) or Stage.model_validate({})


class Enrolment(Written):
    """Which answers a programme keeps, which the week brings, and what is read from the intake."""

    enrolled: tuple[Id, ...] = Field(description="Sections whose answers the programme keeps.")
    checkin: tuple[Id, ...] = Field(description="Sections that each check-in answers anew.")
    from_answers: tuple[Id, ...] = Field((), description="Questions that the intake has answered.")
    notes: tuple[Id, ...] = Field((), description="Free texts of a check-in; no rule reads them.")
    unsaid: dict[Id, Scalar] = Field(
        {}, description="What a record that does not name a fact is read as; all else stays open."
    )
    signs: Signs
    diary: Diary | None = Field(None, description="What a diary carries on; without it there is none.")
