"""How a part of a rulebook joins what came before it, as written: `enrolment.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from afterrun.rulebook.schema.conditions import Scalar
from afterrun.rulebook.schema.names import (
    NoteId,
    OwnFindingId,
    OwnInterventionId,
    OwnLevelId,
    OwnQuestionId,
    OwnSectionId,
    PlanKey,
    Text,
)
from afterrun.rulebook.schema.written import SOME, Names, Written


class Unasked(Written):
    """Answers that a check-in does not ask for, and what is read instead unless they are given."""

    facts: Annotated[Mapping[OwnQuestionId, Scalar], SOME]
    where: Annotated[Mapping[OwnQuestionId, tuple[Scalar, ...]], SOME]
    """Only in records in which each of these has one of these values."""


class Doubt(Written):
    """A number so far above another one that it is not taken until it is said again."""

    answer: OwnQuestionId
    times: Decimal
    """It is doubted above so many times the other one."""
    over: OwnQuestionId
    where: Mapping[OwnQuestionId, tuple[Scalar, ...]] = {}
    confirmed_by: NoteId
    """The key of a check-in that says, with true, that the number is meant."""


class Signs(Written):
    """The warning signs of a check-in, which re-run the triage of the intake."""

    question: OwnQuestionId
    """The check-in question that lists them."""
    joins: Annotated[tuple[OwnQuestionId, ...], SOME]
    """The intake's questions: each sign is added to the one that offers it."""
    otherwise: OwnQuestionId
    """The intake's question that takes what several of them offer."""
    least: OwnLevelId
    """The triage level that any sign gives at least."""
    without_answers: Annotated[Mapping[str, Any], Names("answers", offered=False)]
    """The intake to add to, where none is at hand."""
    without_answers_says: Text
    """Told with a triage that rests on no intake."""


class Move(Written):
    """From one programme to another, after a check-in that gave an action."""

    after: OwnInterventionId
    """The action."""
    to: OwnInterventionId
    """The programme that follows."""
    from_: OwnInterventionId | None = None
    """Only from this programme."""
    from_week: int = 1
    """Only once the week looked back on is this one or a later one."""
    if_brought: bool = False
    """Only where the first result recommended that programme."""
    if_plan: PlanKey | None = None
    """Only where the next week's plan holds a number here."""
    week: int | None = None
    """The week that it begins with, where the check-in gives none."""
    forgets: tuple[OwnQuestionId, ...] = ()
    """Facts that no longer count in it."""


class Keep(Written):
    """A fact that a check-in leaves for the next ones."""

    fact: OwnQuestionId
    answer: OwnQuestionId | None = None
    """It is the answer to this question, where there is one."""
    plan: PlanKey | None = None
    """It is this value of the next week's plan."""
    value: Scalar | None = None
    """It is this value."""
    counts: OwnInterventionId | OwnFindingId | None = None
    """It counts the check-ins in a row that gave this action, or proved this finding."""
    at_most: tuple[OwnQuestionId, ...] = ()
    """It never exceeds the first of these facts that is known."""
    adds: bool = False
    """It is added to what the fact holds."""
    once: bool = False
    """The first one stays."""
    when: tuple[OwnFindingId, ...] = ()
    """Only if the check-in proved one of these."""
    unless: tuple[OwnFindingId, ...] = ()
    """Not if the check-in proved one of these."""
    after: tuple[OwnInterventionId, ...] = ()
    """Only after one of these actions."""


class Stage(Written):
    """How the weeks of the plan are laid out while one programme runs."""

    brings: tuple[OwnInterventionId, ...] = ()
    """Interventions that are due with it or after it."""
    postponed: tuple[OwnInterventionId, ...] = ()
    """Interventions that wait until it is over."""
    merged: tuple[OwnInterventionId, ...] = ()
    """Interventions that are done as part of it."""
    alone: bool = False
    """Check-ins follow it only where they follow nothing else."""
    plans: Mapping[OwnQuestionId, PlanKey] = {}
    """Answers that the main part's plan gives, by the key; a check-in may say otherwise."""
    needs: tuple[OwnQuestionId, ...] = ()
    """Facts of the first plan without which it cannot be begun."""
    finds: tuple[OwnQuestionId, ...] = ()
    """Such facts that it is there to find."""
    beside: tuple[OwnInterventionId, ...] = ()
    """Programmes done beside it, whose own weeks count once this one is over."""

    @property
    def names(self) -> tuple[str, ...]:
        """The interventions it speaks of."""
        return (*self.brings, *self.postponed, *self.merged)


class Diary(Written):
    """What a diary carries on from one check-in to the next."""

    programmes: tuple[OwnInterventionId, ...]
    """Interventions that check-ins follow, the first to do first."""
    stops: tuple[OwnInterventionId, ...]
    """Actions after which the plan waits until the person was seen."""
    from_plan: tuple[OwnQuestionId, ...] = ()
    """Facts that the first plan gives."""
    from_answers: tuple[OwnQuestionId, ...] = ()
    """Facts that the intake gives."""
    programme: OwnQuestionId = "programme"
    """The question which of them someone is in."""
    looks_back_on: OwnQuestionId = "week"
    """The question which week of it a check-in looks back on."""
    looks_ahead: tuple[OwnQuestionId, ...] = ()
    """Questions of the check-in that are about the week ahead, not about the one it looks back on."""
    week: PlanKey
    """The plan's key that names the week to do next."""
    may_change: tuple[OwnQuestionId, ...] = ()
    """Facts that a check-in may replace, and asks for while they are not known."""
    amount: tuple[PlanKey, ...]
    """The plan's keys that name the next amount, the first that stands."""
    amount_most: PlanKey
    """The plan's key that names the most that the next week may hold."""
    amount_at_start: Mapping[OwnInterventionId, PlanKey] = {}
    """The same in the first plan, by programme."""
    begins_with: Mapping[OwnInterventionId, Mapping[OwnQuestionId, OwnQuestionId]] = {}
    """Facts that another fact gives where a programme begins."""
    moves: tuple[Move, ...] = ()
    keeps: tuple[Keep, ...] = ()
    forgets: Mapping[OwnInterventionId, tuple[OwnQuestionId, ...]] = {}
    """Facts that no longer count after an action."""
    lays_out: Mapping[OwnInterventionId, Stage] = {}
    """What a programme means for the rest of the plan."""
    measures_pain: tuple[OwnQuestionId, ...] = ()
    """Questions the worst of whose answers the history draws."""
    pain_text: Text = "Worst"
    """What that is called."""
    measures_amount: OwnQuestionId
    """The question whose answer the history draws as the amount done."""
    missed: OwnQuestionId
    """The question that counts weeks without a check-in or a session."""

    def stage(self, programme: str) -> Stage:
        """How the plan is laid out while a programme runs; unless written, it changes nothing."""
        return self.lays_out.get(programme) or Stage()


class Enrolment(Written):
    """Which answers a programme keeps, which the week brings, and what is read from the intake."""

    enrolled: tuple[OwnSectionId, ...]
    """Sections whose answers the programme keeps."""
    checkin: tuple[OwnSectionId, ...]
    """Sections that each check-in answers anew."""
    from_answers: tuple[OwnQuestionId, ...] = ()
    """Questions that the intake has answered."""
    notes: tuple[NoteId, ...] = ()
    """Free texts of a check-in; no rule reads them."""
    unsaid: Mapping[OwnQuestionId, Scalar] = {}
    """What a record that does not name a fact is read as; all else stays open."""
    unasked: tuple[Unasked, ...] = ()
    ran: tuple[OwnQuestionId, ...] = ()
    """Amounts that were done: less than the least of its unit is read as 0."""
    doubts: tuple[Doubt, ...] = ()
    signs: Signs
    diary: Diary | None = None
    """What a diary carries on; without it there is none."""
