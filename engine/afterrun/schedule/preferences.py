"""What of a week a person chooses: days, times, how many runs, when they are away; and what clashes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from afterrun.errors import Problem, ProblemsError, nearest
from afterrun.rulebook.schema import SessionKind, Weekday, WrittenSchedule

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = "all"
"""Stands for every kind of session that has no days, or no time, of its own."""
LONGEST_AWAY = timedelta(days=366)
_TIME = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


class PreferencesError(ProblemsError):
    """Preferences that no week could serve, or that name what the schedule does not have."""


class Away(NamedTuple):
    """Days on which the person does nothing of the plan, both ends included."""

    first: date
    last: date


class Conflict(NamedTuple):
    """What a week cannot hold of one kind of session, and why."""

    what: Literal["left_out", "shared", "fewer", "long"]
    """Sessions without a day; days shared with a kind that should have its own; fewer sessions than wished;
    or so few that they are longer than is advised."""
    why: Literal["away", "taken", "late", "days", "limit"]
    """The person is away; the day was taken once the week had begun; the check-in came after them; the days
    chosen; what the plan allows."""
    name: str
    """Of the kind."""
    placed: int
    """Sessions that have a day, or days that are shared."""
    of: int
    """Sessions that there should be."""
    other: str = ""
    """The kind with which days are shared."""


@dataclass(frozen=True)
class Preferences:
    """Days, times, runs a week; without any, weeks are as the knowledge writes them."""

    days: Mapping[str, tuple[Weekday, ...]] = field(default_factory=dict)
    """The days that may be used, by kind or for every kind."""
    runs: int | None = None
    """Sessions a week of the kind that shares the week's amount."""
    at: Mapping[str, str] = field(default_factory=dict)
    """The time of day, by kind or for every kind that has none of its own."""
    taken: tuple[Weekday, ...] = ()
    """Days on which there is no session."""
    away: tuple[Away, ...] = ()
    long_day: Weekday | None = None
    """The day that gets the longest share of the week's amount."""

    def allowed(self, kind: SessionKind) -> tuple[Weekday, ...]:
        """The days of an ordinary week on which a kind may fall."""
        wanted = self.days.get(kind.id, self.days.get(EVERY, WEEKDAYS))
        return tuple(day for day in WEEKDAYS if day in wanted and day not in self.taken)

    def is_away(self, day: date) -> bool:
        """Whether the person is away on a day."""
        return any(each.first <= day <= each.last for each in self.away)

    def is_free(self, day: date) -> bool:
        """Whether anything at all may fall on a day."""
        return WEEKDAYS[day.weekday()] not in self.taken and not self.is_away(day)

    def choose_days(self, first: date) -> bool:
        """Whether the days of the week from `first` on may differ from those written."""
        week = (first + timedelta(days=place) for place in range(7))
        return bool(self.days or self.taken or self.long_day) or any(map(self.is_away, week))

    def checked(self, written: WrittenSchedule) -> Preferences:
        """The same, or PreferencesError with all that is wrong with them."""
        if problems := list(_problems(self, written)):
            raise PreferencesError(problems)
        return self

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; only what was chosen."""
        values = {
            "days": {kind: list(days) for kind, days in self.days.items()},
            "runs": self.runs,
            "at": dict(self.at),
            "not": list(self.taken),
            "away": [[each.first.isoformat(), each.last.isoformat()] for each in self.away],
            "long-run": self.long_day,
        }
        return {name: value for name, value in values.items() if value}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Preferences:
        """From what `to_dict` gave."""
        written = dict(written)
        return cls(
            days={kind: tuple(days) for kind, days in written.get("days", {}).items()},
            runs=written.get("runs"),
            at=dict(written.get("at", {})),
            taken=tuple(written.get("not", ())),
            away=tuple(Away(*map(date.fromisoformat, each)) for each in written.get("away", ())),
            long_day=written.get("long-run"),
        )


def shared_kind(written: WrittenSchedule) -> SessionKind | None:
    """The kind of session among which the amount of a week is shared out."""
    return next((kind for kind in written.sessions if kind.share is not None), None)


def _problems(wanted: Preferences, written: WrittenSchedule) -> Iterator[Problem]:
    trained = {kind.id: kind for kind in written.sessions if not kind.not_before}
    yield from _unknown("days", wanted.days, {name: kind.name for name, kind in trained.items()})
    yield from _unknown("at", wanted.at, written.names)
    named = [day for days in wanted.days.values() for day in days]
    for key, days in (("days", named), ("not", wanted.taken), ("long-run", [wanted.long_day or "mon"])):
        for day in days:
            if day not in WEEKDAYS:
                yield Problem(f"'{day}' is no day of the week; use {', '.join(WEEKDAYS)}", key=key)
    for time in wanted.at.values():
        if not _TIME.match(time):
            yield Problem(f"'{time}' is no time of day; write it as in 07:30", key="at")
    for each in wanted.away:
        if each.last < each.first:
            yield Problem(f"{each.first} to {each.last} ends before it begins", key="away")
        elif each.last - each.first > LONGEST_AWAY:
            yield Problem(f"{each.first} to {each.last} is more than a year", key="away")
    without = [kind.name.lower() for kind in trained.values() if not wanted.allowed(kind)]
    if without:
        whom = "" if len(without) == len(trained) else f" for {' and '.join(without)}"
        yield Problem(f"no day of the week is left{whom}", key="not" if wanted.taken else "days")
    sharing = shared_kind(written)
    if sharing is None:
        for key, value in (("runs", wanted.runs), ("long-run", wanted.long_day)):
            if value is not None:
                yield Problem("this plan has no amount that several sessions share", key=key)
    elif wanted.allowed(sharing):
        yield from _problems_of_runs(wanted, sharing)


def _problems_of_runs(wanted: Preferences, kind: SessionKind) -> Iterator[Problem]:
    assert kind.share is not None
    allowed, most, name = wanted.allowed(kind), kind.share.most, kind.name.lower()
    if wanted.runs is not None and not 1 <= wanted.runs <= most:
        yield Problem(f"{wanted.runs} is not 1 to {most}: the plan has at most {most} a week", key="runs")
    elif wanted.runs is not None and wanted.runs > len(allowed):
        yield Problem(
            f"{wanted.runs} are more than the days for a {name}: {', '.join(allowed)}. "
            "Choose fewer, or free more days",
            key="runs",
        )
    if wanted.long_day in WEEKDAYS and wanted.long_day not in allowed:
        yield Problem(
            f"{wanted.long_day} is no day for a {name}; those are {', '.join(allowed)}", key="long-run"
        )


def _unknown(key: str, named: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[Problem]:
    for name in named:
        if name not in (*kinds, EVERY):
            known = (each if each == said.lower() else f"{each} ({said})" for each, said in kinds.items())
            message = f"'{name[:40]}' is no kind of session; these are: {', '.join(known)}"
            yield Problem(message, key=key, nearest=nearest(name, list(kinds)))
