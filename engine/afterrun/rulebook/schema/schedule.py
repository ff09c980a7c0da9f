"""What a week consists of, as written: `knowledge/schedule.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from afterrun.rulebook.schema.names import (
    CourseId,
    Filled,
    InterventionId,
    MaybeFilled,
    PlanKey,
    QuantityId,
    QuestionId,
    SessionId,
    Sources,
    Status,
    Text,
)
from afterrun.rulebook.schema.written import Limits, Written

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TimeOfDay = Annotated[
    str, Limits(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", form="hour and minute, as in 07:30")
]

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}")
"""A key of the plan in braces in a line, and a part of its value."""
OF_THE_WEEK = (
    "amount",
    "ceiling",
    "goal",
    "longest",
    "note",
    "sessions",
    "since",
    "unit",
    "unknown",
    "until",
    "week",
    "week_amount",
    "week_before",
)
"""What may stand in braces besides keys of the plan."""


class FromPlan(Written):
    """The value of a key of the plan."""

    plan: PlanKey


Count = Annotated[int, Limits(ge=0)] | FromPlan
Percent = Decimal | FromPlan


class Line(Written):
    """A sentence; values of the plan or of the week stand in {braces}."""

    say: Filled
    otherwise: MaybeFilled = ""
    """Said instead while a value is not known; without it, nothing is."""
    beside: CourseId | None = None
    """Only in weeks in which this course runs."""
    first_weeks: Annotated[int, Limits(ge=1)] | None = None
    """Only in the first weeks of the course."""


Lines = tuple[Filled | Line, ...]


class Share(Written):
    """How the amount of a week is shared out among its sessions, evenly."""

    most: Annotated[int, Limits(ge=1, le=7)]
    """Most sessions a week."""
    most_beside: Mapping[CourseId, int] = {}
    """Most while another course runs too."""
    more_from: Mapping[str, Mapping[int, Decimal]] = {}
    """By unit: so many sessions once the week holds at least so much."""
    rise_pct: Percent
    """Most that one session should exceed the longest of the last 30 days; more sessions keep it so, as
    far as they may."""
    split: Filled
    """Said in a week in which even the most sessions are longer."""
    held: Filled = ""
    """Said in a week that holds less, for a person wishes so few sessions that they would be longer."""
    lasts: Mapping[str, Decimal] = {}
    """By unit: the minutes that one of it takes, where that is known; else the kind says how long it is."""


class SessionKind(Written):
    """Something done on one day."""

    id: SessionId
    name: Text
    title: Filled | Line | None = None
    """Where a session is called more than its name."""
    per_week: Count
    days: Mapping[int, tuple[Weekday, ...]]
    """The days, by the number of sessions a week."""
    hours_apart: Count = 24
    """Least time between two of them."""
    apart_from: tuple[SessionId, ...] = ()
    """Kinds that never share a day with this one."""
    at: TimeOfDay | None = None
    """The time of day, where it is not the usual one."""
    minutes: Annotated[int, Limits(ge=1, le=720)]
    remind_minutes: Annotated[int, Limits(ge=0)] = 60
    """How long before to remind."""
    not_before: bool = False
    """Never on the day of the check-in that asks for it, nor before."""
    share: Share | None = None
    week: Filled | Line = ""
    """All that a week asks of it, in one line."""
    do: Lines


class Rise(Written):
    """An amount that grows from week to week."""

    by_pct: FromPlan
    cap_pct: FromPlan
    """Most that a week may exceed the week before."""
    first: tuple[FromPlan, ...] = ()
    """The first weeks, as the plan itself tells them."""
    goal: QuestionId
    """The question that says where to stop."""
    weeks_without_goal: Annotated[int, Limits(ge=1)]
    """How long to grow while no goal is named; then hold."""
    hold: Filled
    """Said in the weeks that hold for want of a goal."""


class WeekAmount(Written):
    """How much of a quantity a week holds; where courses differ, the smallest counts."""

    quantity: QuantityId
    flat: FromPlan | None = None
    rise: Rise | None = None
    unknown: Mapping[Status, Filled] = {}
    """Shown instead of a number while there is none."""


class Ask(Written):
    """Something that the check-in of one week asks beyond the usual."""

    week: int | Literal["last"]
    """The week of the course."""
    unless_known: QuestionId | None = None
    """Not asked when this question holds a number."""
    say: Filled


class Course(Written):
    """A run of weeks in which something is done."""

    id: CourseId
    name: Text
    for_: Mapping[InterventionId, tuple[Status, ...]]
    """Laid out when one of these interventions has one of these statuses."""
    from_week: Count = 1
    after: tuple[CourseId, ...] = ()
    """Starts when the last of these courses ends that is laid out."""
    weeks: Count | None = None
    """How many; without it, to the end of the plan."""
    at_least: Annotated[int, Limits(ge=1)] | None = None
    """The plan holds so many weeks of an open course."""
    waits_for: CourseId | None = None
    """Left out while this course is laid out."""
    amount: WeekAmount | None = None
    sessions: tuple[SessionId, ...] = ()
    """The kinds of session it brings."""
    check_ins: bool = False
    """Each of its weeks ends in a check-in."""
    do: Lines = ()
    """What holds in its weeks beside the sessions."""
    asks: tuple[Ask, ...] = ()
    sources: Sources


class Length(Written):
    """How many weeks are laid out, and how that is said; each sentence only where the courses need it."""

    open_weeks: Annotated[int, Limits(ge=1, le=520)] | None = None
    """Weeks of a plan with no goal that ends it."""
    more_weeks: Annotated[int, Limits(ge=1, le=520)] | None = None
    """At least so many for someone who is further on."""
    at_most: Annotated[int, Limits(ge=1, le=520)]
    """Weeks of the longest plan."""
    goal: MaybeFilled = ""
    """Said when the plan reaches its goal in the last week."""
    far_goal: MaybeFilled = ""
    """Said when the goal lies beyond the longest plan."""
    unknown_goal: MaybeFilled = ""
    """Said when no amount is known that could rise to the goal."""
    open: MaybeFilled = ""
    """Said where a course has no end."""
    held: MaybeFilled = ""
    """Said to someone who is at the goal already."""
    no_goal: MaybeFilled = ""
    """Said where the plan has no end for want of a goal."""
    closed: MaybeFilled = ""
    """Said when the plan ends with its last course, and a check-in."""
    unchecked: MaybeFilled = ""
    """Said when it ends with a week that has no check-in."""
    sources: Sources


class CheckIn(Written):
    """The look back on each week, on its last day or soon after."""

    id: SessionId
    name: Text
    title: Filled
    at: TimeOfDay
    days_after: Annotated[int, Limits(ge=0, le=6)] = 0
    """How long after the last day of the week it is made."""
    minutes: Annotated[int, Limits(ge=1, le=720)]
    remind_minutes: Annotated[int, Limits(ge=0)] = 0
    do: Lines
    sources: Sources


class LightWeek(Written):
    """How the amount goes back up after a week that held little of it, as at a check-in."""

    below_pct: Annotated[int, Limits(ge=1, le=100)]
    """Of the amount of the week: less than this is a light week."""
    rise_pct: Annotated[int, Limits(ge=0)]
    """So much more than it held is the most of the next, up to that amount."""


class WrittenSchedule(Written):
    """What the weeks of a plan consist of: `knowledge/schedule.yaml`."""

    amount_text: str = ""
    """What the amount of a week is an amount of; none where no course has an amount."""
    usual_time: TimeOfDay
    nothing: MaybeFilled = ""
    """Said of weeks whose amount is nothing, with the days {since} and {until}."""
    gaps: Mapping[int, Filled] = {}
    """Said instead of an amount once so many weeks in a row held nothing; only a check-in gives the next."""
    light_week: LightWeek | None = None
    """Without it a week's whole amount comes again, however little of it was run."""
    length: Length
    check_in: CheckIn | None = None
    """None where no course has check-ins."""
    sessions: tuple[SessionKind, ...]
    courses: tuple[Course, ...]

    @property
    def names(self) -> dict[str, str]:
        """What each kind of session is called, and the check-in where there is one."""
        looked_back = {self.check_in.id: self.check_in.name} if self.check_in is not None else {}
        return {each.id: each.name for each in self.sessions} | looked_back
