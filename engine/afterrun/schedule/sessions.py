"""From the courses and the amount of a week to what is done on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from afterrun.rulebook.schema import PLACEHOLDER, Line, SessionKind, Weekday
from afterrun.schedule.amounts import SharedAmount
from afterrun.schedule.courses import Outline, PlacedCourse
from afterrun.schedule.lines import Values, filled, said
from afterrun.schedule.nouns import Amount, Session, Week, at_time

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Step(NamedTuple):
    """One week while it is being laid out."""

    number: int
    plan_week: int
    courses: list[PlacedCourse]
    shared: SharedAmount | None


class WeekFiller:
    """Fills one week after the other; `start` is the first day of week 1."""

    def __init__(self, outline: Outline, start: date, usual_time: str | None) -> None:
        self.plan, self.state, self.kinds = outline.plan, outline.state, outline.kinds
        self.mark = outline.mark
        self.unit, self.goal = outline.unit, outline.goal
        self.check_in = outline.written.check_in
        self.start = start
        self.usual_time = usual_time or outline.written.usual_time

    def week(self, step: Step) -> Week:
        """A week with all its sessions."""
        start = self.start + timedelta(weeks=step.number - 1)
        sessions: list[Session] = []
        for each in step.courses:
            for kind in each.course.sessions:
                sessions += self._sessions(step, each, self.kinds[kind], start, sessions)
        check_in = (self._check_in(step, start),) if checks_in(step) else ()
        return Week(
            number=step.number,
            plan_week=step.plan_week,
            start=start,
            courses=tuple(each.course.id for each in step.courses),
            amount=self._amount(step),
            sessions=(*sorted(sessions, key=lambda each: each.at), *check_in),
            in_short={each.course.id: self._in_short(step, each, sessions) for each in step.courses},
        )

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
        self, step: Step, placed: PlacedCourse, kind: SessionKind, start: date, before: list[Session]
    ) -> Iterator[Session]:
        shares: tuple[float | None, ...]
        if kind.share is not None:
            shares = step.shared.shares if step.shared is not None else ()
        else:
            shares = (None,) * (self.plan.number(kind.per_week) or 0)
        mark = self.mark(placed.course)
        taken = sum(1 for each in before if each.kind == kind.id)
        week = step.plan_week - placed.first + 1
        for number, (day, share) in enumerate(
            zip(_days(kind, len(shares), start), shares, strict=True), taken + 1
        ):
            values = self.values(step, share)
            today, always = said(kind.do, values, week, [each.course.id for each in step.courses])
            if kind.not_before and self.state.asked_on is not None:
                day = max(day, self.state.asked_on + timedelta(days=1))
            yield Session(
                week=step.number,
                kind=kind.id,
                number=number,
                at=at_time(day, kind.at or self.usual_time),
                minutes=kind.minutes,
                remind_minutes=kind.remind_minutes,
                name=kind.name + mark,
                title=((filled(kind.title, values, week) if kind.title else None) or kind.name) + mark,
                amount=share,
                today=today,
                do=always,
                exercises=self._exercises(kind),
            )

    def _exercises(self, kind: SessionKind) -> tuple[str, ...]:
        """The exercises that the lines of a session name."""
        lines = (line.say if isinstance(line, Line) else line for line in kind.do)
        keys = dict.fromkeys(name for line in lines for name, _ in PLACEHOLDER.findall(line))
        named = (self.plan.value(key) or () for key in keys if self.plan.names_exercises(key))
        return tuple(dict.fromkeys(each for names in named for each in names))

    def _check_in(self, step: Step, start: date) -> Session:
        written = self.check_in
        values = self.values(step, None)
        today, always = said(written.do, values, step.number, [each.course.id for each in step.courses])
        return Session(
            week=step.number,
            kind=written.id,
            number=1,
            at=at_time(start + timedelta(days=6 + written.days_after), written.at),
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


def _days(kind: SessionKind, count: int, start: date) -> list[date]:
    """The days of a week on which sessions fall: the same weekdays, whatever day the week begins with."""
    if not count:
        return []
    # An amount too small to share out takes fewer sessions than are usual, on the first of the usual days.
    named = min(each for each in kind.days if each >= count)
    wanted = {WEEKDAYS.index(day) for day in kind.days[named][:count]}
    days = (start + timedelta(days=place) for place in range(7))
    return [day for day in days if day.weekday() in wanted]
