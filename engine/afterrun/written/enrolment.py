"""How a part of a rulebook joins what came before it, as written: `enrolment.yaml`."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from afterrun.written.conditions import Scalar, Written
from afterrun.written.names import Id, Text


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
