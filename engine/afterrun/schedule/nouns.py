"""Schedule, Week, Session: what a plan becomes when it meets a calendar; and the State it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from afterrun.assessment import Entry, Result
from afterrun.notebooks import html_of
from afterrun.rulebook import versions_of
from afterrun.schedule.preferences import Conflict

SOMEONE = "me"
"""The person of an intake that bears no record id."""


@dataclass(frozen=True)
class State:
    """Where a person stands; `State.of(result)` is the beginning, a check-in changes it with `replace`.

    Weeks are counted in two ways: the plan's own weeks, which a check-in may repeat or set back, and the
    weeks of the calendar since the start, which only go on.
    """

    triage: str
    ledger: tuple[Entry, ...]
    plan: Mapping[str, Any]
    """Keys and values as in `Result.plan`."""
    answers: Mapping[str, Any]
    """The intake: the unit, the goal and the equipment are read from it."""
    person: str = SOMEONE
    """What keeps the events of two people apart in one calendar."""
    week: int = 1
    """The week of the plan to do next."""
    calendar_week: int = 1
    """The week since the start in which that is."""
    spans: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    """First and last week of courses that lie elsewhere than the plan says; None while there is no last."""
    amount: float | None = None
    """The amount of that next week, where it is not what the plan says."""
    most: float | None = None
    """The most that the next week may hold, where it is more than its amount."""
    longest: float | None = None
    """The longest single session of the last 30 days, if it is known."""
    waiting: frozenset[str] = frozenset()
    """Interventions that are not laid out, for nobody knows yet when they have their turn."""
    asked_on: date | None = None
    """The day of the last check-in; what that one asks for lies after it."""
    decided_at: datetime | None = None
    """The moment of that check-in; no session that it decides about lies before."""
    settled_at: datetime | None = None
    """The moment from which on preferences hold that were changed on the way."""
    laid: Mapping[int, Week] = field(default_factory=dict)
    """Weeks that had begun at that moment, and stay as they were laid out."""
    last_days: Mapping[str, date] = field(default_factory=dict)
    """The last day of each kind of session in the weeks behind."""
    begun: Mapping[str, int] = field(default_factory=dict)
    """The week since the start in which each course began, where it lies behind."""
    edition: int = 1
    """Which of the person's plans it is, for whoever began anew."""

    @classmethod
    def of(cls, result: Result, person: str | None = None) -> State:
        """The state of someone who has just been assessed."""
        return cls(
            triage=result.triage,
            ledger=result.ledger,
            plan=result.plan,
            answers=result.answers,
            person=person or result.record_id or SOMEONE,
        )

    @property
    def statuses(self) -> Mapping[str, str]:
        """What became of each intervention."""
        return {entry.id: entry.status for entry in self.ledger}


class Session(NamedTuple):
    """Something to do on one day, at a time that belongs to no time zone."""

    week: int
    kind: str
    number: int
    """Counted within the week and the kind; with these two it names the session for good."""
    at: datetime
    minutes: int
    remind_minutes: int
    name: str
    """Of the kind."""
    title: str
    amount: float | None
    today: tuple[str, ...]
    """What is to be done this time."""
    do: tuple[str, ...]
    """How it is done, which stays the same from week to week."""
    checks_in: bool = False
    """Whether it is the check-in of its week."""
    exercises: tuple[str, ...] = ()
    """The exercises to choose from."""

    @property
    def lines(self) -> tuple[str, ...]:
        """All that is to be told of the session on its day."""
        return (*self.today, *self.do)

    @property
    def id(self) -> str:
        """The session's name, the same in every export."""
        return f"w{self.week:03}-{self.kind}-{self.number}"


class Amount(NamedTuple):
    """How much a week holds."""

    value: float | None
    ceiling: float | None = None
    """The most that the week may hold: what the week before holds and the cap on top."""
    longest: float | None = None
    """The longest that a single session of it should be, going by the weeks before."""
    course: str = ""
    """The course that the amount comes from."""
    words: str = ""
    """Instead of a number while there is none; otherwise why it is not what the rate alone would give."""

    @property
    def of_week(self) -> tuple[float | None, float | None, str, str]:
        """What it says of the week as a whole; weeks in which that is the same are told as one."""
        return self.value, self.ceiling, self.course, self.words


class Week(NamedTuple):
    """Seven days of the plan."""

    number: int
    """Counted from the start."""
    plan_week: int
    start: date
    courses: tuple[str, ...]
    amount: Amount | None
    sessions: tuple[Session, ...]
    """In the order of their time; the check-in, where there is one, is the last."""
    in_short: Mapping[str, str] = {}
    """All that the week asks of each course, in one line."""
    conflicts: tuple[Conflict, ...] = ()
    """What it cannot hold of what was wished."""

    @property
    def doings(self) -> tuple[Session, ...]:
        """The sessions without the check-in."""
        return tuple(each for each in self.sessions if not each.checks_in)

    @property
    def end(self) -> date:
        """The last of the seven days."""
        return self.start + timedelta(days=6)


class Span(NamedTuple):
    """The weeks in which a course runs, within the weeks that are laid out."""

    id: str
    name: str
    first: int
    last: int
    open: bool
    """Whether it goes on after the last week that is laid out."""
    do: tuple[str, ...] = ()
    """What holds in these weeks beside the sessions."""
    place: int = 0
    """Of its course among all that there are, so that it looks the same in every picture."""


class Decision(NamedTuple):
    """An intervention that was postponed, merged or set aside, and why."""

    entry: Entry
    name: str
    because: str
    from_week: int | None
    """The week since the start in which it has its turn, if that is laid out."""


@dataclass(frozen=True)
class Schedule:
    """The weeks of one person's plan; no weeks where there is nothing to do by the week."""

    rulebook: Mapping[str, str]
    person: str
    triage: str
    start: date
    amount_text: str
    """What the amounts are amounts of, in words."""
    unit: str
    goal: float | None
    weeks: tuple[Week, ...]
    spans: tuple[Span, ...]
    length: str
    """How far the plan runs, in words."""
    decisions: tuple[Decision, ...]
    edition: int = 1
    """Which of the person's plans it is, for whoever began anew."""
    nothing: str = ""
    """Since when and until when there is nothing to run, in words."""

    def _repr_html_(self) -> str:
        return html_of(self)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Every session of every week, in order."""
        return tuple(session for week in self.weeks for session in week.sessions)

    def to_dict(self) -> dict[str, Any]:
        """The schedule as plain JSON values."""
        return {
            **versions_of(self.rulebook),
            "person": self.person,
            "triage": self.triage,
            "edition": self.edition,
            "start": self.start.isoformat(),
            "amount_text": self.amount_text,
            "unit": self.unit or None,
            "goal": self.goal,
            "length": self.length,
            "nothing": self.nothing,
            "courses": [span._asdict() for span in self.spans],
            "decisions": [
                {
                    **each.entry.to_dict(),
                    "name": each.name,
                    "because": each.because,
                    "from_week": each.from_week,
                }
                for each in self.decisions
            ],
            "weeks": [_week(week) for week in self.weeks],
        }


def at_time(day: date, clock: str) -> datetime:
    """A day and a time of day, in no time zone.

    >>> at_time(date(2026, 3, 29), "18:00")
    datetime.datetime(2026, 3, 29, 18, 0)
    """
    return datetime.combine(day, time.fromisoformat(clock))


def _week(week: Week) -> dict[str, Any]:
    amount = {} if week.amount is None else {"amount": week.amount._asdict()}
    return {
        "week": week.number,
        "plan_week": week.plan_week,
        "from": week.start.isoformat(),
        "to": week.end.isoformat(),
        "courses": list(week.courses),
        **amount,
        "conflicts": [each._asdict() for each in week.conflicts],
        "sessions": [
            {
                "id": each.id,
                "kind": each.kind,
                "at": each.at.isoformat(timespec="minutes"),
                "minutes": each.minutes,
                "title": each.title,
                "amount": each.amount,
                "today": list(each.today),
                "do": list(each.do),
                "exercises": list(each.exercises),
            }
            for each in week.sessions
        ],
    }
