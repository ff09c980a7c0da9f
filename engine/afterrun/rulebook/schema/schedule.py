"""What a week consists of, as written: `knowledge/schedule.yaml`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from afterrun.rulebook.schema.conditions import Written
from afterrun.rulebook.schema.names import Id, Sources, Status, Text

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}")
"""A key of the plan in braces in a line, and a part of its value."""
OF_THE_WEEK = (
    "amount",
    "ceiling",
    "goal",
    "longest",
    "note",
    "unit",
    "unknown",
    "week",
    "week_amount",
    "week_before",
)
"""What may stand in braces besides keys of the plan."""


class FromPlan(Written):
    """The value of a key of the plan."""

    plan: Id


Count = Annotated[int, Field(ge=0)] | FromPlan
Percent = Decimal | FromPlan


class Line(Written):
    """A sentence; values of the plan or of the week stand in {braces}."""

    say: Text
    otherwise: str = Field("", description="Said instead while a value is not known; without it, nothing is.")
    beside: Id | None = Field(None, description="Only in weeks in which this course runs.")
    first_weeks: int | None = Field(None, ge=1, description="Only in the first weeks of the course.")


Lines = tuple[Text | Line, ...]


class Share(Written):
    """How the amount of a week is shared out among its sessions, evenly."""

    most: int = Field(ge=1, le=7, description="Most sessions a week.")
    most_beside: dict[Id, int] = Field({}, description="Most while another course runs too.")
    more_from: dict[str, dict[int, Decimal]] = Field(
        {}, description="By unit: so many sessions once the week holds at least so much."
    )
    rise_pct: Percent = Field(
        description="Most that one session should exceed the longest of the last 30 days; "
        "more sessions keep it so, as far as they may."
    )
    split: Text = Field(description="Said in a week in which even the most sessions are longer.")


class SessionKind(Written):
    """Something done on one day."""

    id: Id
    name: Text
    title: Text | Line | None = Field(None, description="Where a session is called more than its name.")
    per_week: Count
    days: dict[int, tuple[Weekday, ...]] = Field(description="The days, by the number of sessions a week.")
    hours_apart: Count = Field(24, description="Least time between two of them.")
    apart_from: tuple[Id, ...] = Field((), description="Kinds that never share a day with this one.")
    at: TimeOfDay | None = Field(None, description="The time of day, where it is not the usual one.")
    minutes: int = Field(ge=1, le=720)
    remind_minutes: int = Field(60, ge=0, description="How long before to remind.")
    not_before: bool = Field(
        False, description="Never on the day of the check-in that asks for it, nor before."
    )
    share: Share | None = None
    do: Lines


class Rise(Written):
    """An amount that grows from week to week."""

    by_pct: FromPlan
    cap_pct: FromPlan = Field(description="Most that a week may exceed the week before.")
    first: tuple[FromPlan, ...] = Field((), description="The first weeks, as the plan itself tells them.")
    goal: Id = Field(description="The question that says where to stop.")
    weeks_without_goal: int = Field(ge=1, description="How long to grow while no goal is named; then hold.")
    hold: Text = Field(description="Said in the weeks that hold for want of a goal.")


class WeekAmount(Written):
    """How much of a quantity a week holds; where courses differ, the smallest counts."""

    quantity: Id
    flat: FromPlan | None = None
    rise: Rise | None = None
    unknown: dict[Status, Text] = Field({}, description="Shown instead of a number while there is none.")


class Ask(Written):
    """Something that the check-in of one week asks beyond the usual."""

    week: int | Literal["last"] = Field(description="The week of the course.")
    unless_known: Id | None = Field(None, description="Not asked when this question holds a number.")
    say: Text


class Course(Written):
    """A run of weeks in which something is done."""

    id: Id
    name: Text
    for_: dict[Id, tuple[Status, ...]] = Field(
        alias="for", description="Laid out when one of these interventions has one of these statuses."
    )
    from_week: Count = 1
    after: Id | None = Field(None, description="Starts when this course ends, if that is laid out.")
    weeks: Count | None = Field(None, description="How many; without it, to the end of the plan.")
    at_least: int | None = Field(None, ge=1, description="The plan holds so many weeks of an open course.")
    unless_known: Id | None = Field(None, description="Left out once this key of the plan is above zero.")
    waits_for: Id | None = Field(None, description="Left out while this course is laid out.")
    amount: WeekAmount | None = None
    sessions: tuple[Id, ...] = Field((), description="The kinds of session it brings.")
    check_ins: bool = Field(False, description="Each of its weeks ends in a check-in.")
    do: Lines = Field((), description="What holds in its weeks beside the sessions.")
    asks: tuple[Ask, ...] = ()
    sources: Sources


class Length(Written):
    """How many weeks are laid out, and how that is said."""

    open_weeks: int = Field(ge=1, le=520, description="Weeks of a plan with no goal that ends it.")
    more_weeks: int = Field(ge=1, le=520, description="At least so many for someone who is further on.")
    at_most: int = Field(ge=1, le=520, description="Weeks of the longest plan.")
    goal: Text
    far_goal: Text = Field(description="Said when the goal lies beyond the longest plan.")
    open: Text
    held: Text = Field(description="Said to someone who is at the goal already.")
    no_goal: Text = Field(description="Said where the plan has no end for want of a goal.")
    closed: Text = Field(description="Said when the plan ends with its last course, and a check-in.")
    unchecked: Text = Field(description="Said when it ends with a week that has no check-in.")
    sources: Sources


class CheckIn(Written):
    """The look back on each week, on its last day or soon after."""

    id: Id
    name: Text
    title: Text
    at: TimeOfDay
    days_after: int = Field(0, ge=0, le=6, description="How long after the last day of the week it is made.")
    minutes: int = Field(ge=1, le=720)
    remind_minutes: int = Field(0, ge=0)
    do: Lines
    sources: Sources


class WrittenSchedule(Written):
    """What the weeks of a plan consist of: `knowledge/schedule.yaml`."""

    amount_text: Text = Field(description="What the amount of a week is an amount of.")
    usual_time: TimeOfDay
    length: Length
    check_in: CheckIn
    sessions: tuple[SessionKind, ...]
    courses: tuple[Course, ...]
