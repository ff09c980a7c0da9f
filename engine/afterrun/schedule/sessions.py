"""From the courses and the amount of a week to what is done on which day."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from afterrun.rulebook.schema import PLACEHOLDER, CheckIn, Line, SessionKind
from afterrun.schedule.begun import as_it_stays, fallen_out
from afterrun.schedule.courses import Outline, PlacedCourse
from afterrun.schedule.days import Wanted, WeekDays
from afterrun.schedule.lines import Values, filled, said
from afterrun.schedule.nouns import Amount, Session, Week, at_time
from afterrun.schedule.preferences import EVERY, WEEKDAYS
from afterrun.schedule.shares import SharedAmount

FIVE_MINUTES = 5
"""A session whose length is worked out lasts whole fives of minutes."""


class Step(NamedTuple):
    """One week while it is being laid out."""

    number: int
    plan_week: int
    courses: list[PlacedCourse]
    shared: SharedAmount | None
    days: WeekDays = WeekDays()
    """Of each kind of each course, in order."""
    laid: Week | None = None
    """The week as it was laid out before, where it stays so."""


class WeekFiller:
    """Fills one week after the other; `start` is the first day of week 1."""

    def __init__(self, outline: Outline, start: date, usual_time: str | None) -> None:
        self.plan, self.state, self.kinds = outline.plan, outline.state, outline.kinds
        self.mark = outline.mark
        self.unit, self.goal = outline.unit, outline.goal
        self.check_in = outline.written.check_in
        self.start = start
        self.preferences = outline.preferences
        self.usual_time = self.preferences.at.get(EVERY) or usual_time or outline.written.usual_time

    def weeks(self, steps: Sequence[Step]) -> Iterator[Week]:
        """The weeks with all their sessions; a check-in comes before the sessions that it decides about."""
        filled_weeks = [self._week(step) for step in steps]
        following = [*(week.doings[0].at if week.doings else None for week in filled_weeks), None][1:]
        for step, week, before in zip(steps, filled_weeks, following, strict=False):
            asked = self.check_in if checks_in(step) else None
            check_in = () if asked is None else (self._check_in(asked, step, week.start, before),)
            yield week._replace(sessions=(*week.doings, *check_in))

    def first_day(self, number: int) -> date:
        """The day on which a week since the start begins."""
        return self.start + timedelta(weeks=number - 1)

    def as_laid(self, number: int) -> Week | None:
        """A week that had begun when preferences changed, as it stays."""
        week, since = self.state.laid.get(number), self.state.settled_at
        if week is None or since is None:
            return week
        return as_it_stays(
            week, since, self.preferences, lambda kind, day: self._not_before(self.kinds[kind], day)
        )

    def wanted(self, courses: Iterable[PlacedCourse], shared: SharedAmount | None) -> list[Wanted]:
        """How many sessions of each kind a week asks for."""
        return [
            Wanted(
                self.kinds[name],
                self._count(self.kinds[name], shared),
                self.plan.number(self.kinds[name].hours_apart) or 0,
            )
            for each in courses
            for name in each.course.sessions
        ]

    def _count(self, kind: SessionKind, shared: SharedAmount | None) -> int:
        if kind.share is not None:
            return len(shared.shares) if shared is not None else 0
        return self.plan.number(kind.per_week) or 0

    def _week(self, step: Step) -> Week:
        """A week with its sessions, but for the check-in."""
        if step.laid is not None:
            return step.laid
        start = self.first_day(step.number)
        sessions: list[Session] = []
        days = iter(step.days.days)
        for each in step.courses:
            for kind in each.course.sessions:
                sessions += self._sessions(step, each, self.kinds[kind], next(days), sessions)
        late = [each for each in sessions if self._comes_late(each)]
        return Week(
            number=step.number,
            plan_week=step.plan_week,
            start=start,
            courses=tuple(each.course.id for each in step.courses),
            amount=self._amount(step),
            sessions=tuple(sorted((each for each in sessions if each not in late), key=lambda each: each.at)),
            in_short={each.course.id: self._in_short(step, each, sessions) for each in step.courses},
            conflicts=(
                *(step.shared.conflicts if step.shared is not None else ()),
                *step.days.conflicts,
                *fallen_out(sessions, late, "late"),
            ),
        )

    def _comes_late(self, session: Session) -> bool:
        """Whether a session lies before the check-in that decides about it: it is over and not moved."""
        decided = self.state.decided_at
        return decided is not None and session.at < decided and not self.kinds[session.kind].not_before

    def _in_short(self, step: Step, placed: PlacedCourse, sessions: list[Session]) -> str:
        lines = []
        for name in placed.course.sessions:
            count = sum(1 for each in sessions if each.kind == name)
            values = self.values(step, None, count)
            lines.append(filled(self.kinds[name].week, values, step.plan_week - placed.first + 1))
        return " ".join(line for line in lines if line)

    def _amount(self, step: Step) -> Amount | None:
        if step.shared is None:
            return None
        amount = step.shared.amount
        words = filled(amount.words, self.values(step, None), step.number) if amount.words else ""
        return amount._replace(words=words or "")

    def _sessions(
        self,
        step: Step,
        placed: PlacedCourse,
        kind: SessionKind,
        days: Sequence[date],
        before: list[Session],
    ) -> Iterator[Session]:
        shares: tuple[float | None, ...] = (None,) * len(days)
        if kind.share is not None and step.shared is not None:
            shares = self._on_days(step.shared.shares, days)
        mark = self.mark(placed.course)
        taken = sum(1 for each in before if each.kind == kind.id)
        week = step.plan_week - placed.first + 1
        for number, (day, share) in enumerate(zip(days, shares, strict=True), taken + 1):
            values = self.values(step, share)
            today, always = said(kind.do, values, week, [each.course.id for each in step.courses])
            yield Session(
                week=step.number,
                kind=kind.id,
                number=number,
                at=at_time(self._not_before(kind, day), self._time_of(kind)),
                minutes=self._minutes(kind, share),
                remind_minutes=kind.remind_minutes,
                name=kind.name + mark,
                title=((filled(kind.title, values, week) if kind.title else None) or kind.name) + mark,
                amount=share,
                today=today,
                do=always,
                exercises=self._exercises(kind),
            )

    def _on_days(self, shares: tuple[float | None, ...], days: Sequence[date]) -> tuple[float | None, ...]:
        """The shares in the order of the days; the longest, which comes first, on the day wished for it."""
        wished = [WEEKDAYS[day.weekday()] == self.preferences.long_day for day in days]
        place = wished.index(True) if True in wished else 0
        return (*shares[1 : place + 1], *shares[:1], *shares[place + 1 :])

    def _not_before(self, kind: SessionKind, day: date) -> date:
        """The day of what a check-in asks for: after it, and when the person is there."""
        if not kind.not_before:
            return day
        if self.state.asked_on is not None:
            day = max(day, self.state.asked_on + timedelta(days=1))
        days = (day + timedelta(days=place) for place in itertools.count())
        return next(each for each in days if self.preferences.is_free(each))

    def _time_of(self, kind: SessionKind) -> str:
        return self.preferences.at.get(kind.id) or kind.at or self.usual_time

    def _minutes(self, kind: SessionKind, share: float | None) -> int:
        """How long a session lasts: as long as its amount says, where that is known."""
        each = None if kind.share is None or share is None else kind.share.lasts.get(self.unit)
        if each is None:
            return kind.minutes
        minutes = Fraction(str(share)) * Fraction(each)
        return max(1, ceil(minutes / FIVE_MINUTES)) * FIVE_MINUTES

    def _exercises(self, kind: SessionKind) -> tuple[str, ...]:
        """The exercises that the lines of a session name."""
        lines = (line.say if isinstance(line, Line) else line for line in kind.do)
        keys = dict.fromkeys(name for line in lines for name, _ in PLACEHOLDER.findall(line))
        named = (self.plan.value(key) or () for key in keys if self.plan.names_exercises(key))
        return tuple(dict.fromkeys(each for names in named for each in names))

    def _check_in(self, written: CheckIn, step: Step, start: date, before: datetime | None) -> Session:
        at = at_time(
            start + timedelta(days=6 + written.days_after),
            self.preferences.at.get(written.id) or written.at,
        )
        if before is not None:
            # It moves, for the day and time of a session were chosen; but not into the day before.
            least = min(at, at_time(start + timedelta(days=7), "00:00"))
            at = max(least, min(at, before - timedelta(minutes=written.minutes)))
        values = self.values(step, None)
        today, always = said(written.do, values, step.number, [each.course.id for each in step.courses])
        return Session(
            week=step.number,
            kind=written.id,
            number=1,
            at=at,
            minutes=written.minutes,
            remind_minutes=written.remind_minutes,
            name=written.name,
            title=filled(written.title, values, step.number) or written.name,
            amount=None,
            today=(*today, *self._asks(step)),
            do=always,
            checks_in=True,
        )

    def _asks(self, step: Step) -> Iterator[str]:
        """What the check-in of a week asks beyond the usual."""
        for each in step.courses:
            for ask in each.course.asks:
                wanted = each.last if ask.week == "last" else each.first + ask.week - 1
                answer = None if ask.unless_known is None else self.state.answers.get(ask.unless_known)
                if step.plan_week == wanted and (not answer or isinstance(answer, str)):
                    yield ask.say

    def values(self, step: Step, share: float | None, sessions: int | None = None) -> Values:
        """What stands in {braces} in that week, for a session of `share`."""
        amount = step.shared.amount if step.shared is not None else None
        starts = [each.first - step.plan_week for each in step.courses if each.course.amount]
        of_week: dict[str, Any] = {
            "amount": share,
            "ceiling": amount.ceiling if amount else None,
            "goal": self.goal,
            "longest": amount.longest if amount else None,
            "note": None,
            "sessions": sessions,
            "unit": self.unit or self.plan.unit,
            "unknown": None,
            "week": step.number,
            "week_amount": amount.value if amount else None,
            "week_before": step.number + min(starts) - 1 if starts else None,
        }

        def value(name: str) -> Any:
            return of_week[name] if name in of_week else self.plan.told(name)

        if amount is not None and amount.words:
            of_week["unknown" if amount.value is None else "note"] = filled(amount.words, value, step.number)
        return value


def checks_in(step: Step) -> bool:
    """Whether the week ends in a check-in."""
    return any(each.course.check_ins for each in step.courses)
