"""A plan's weeks in few words, so that a whole case can say which it expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby

from afterrun.assessment import Case
from afterrun.intake import as_intake
from afterrun.rulebook import number_words
from afterrun.rulebook.schema import SessionKind
from afterrun.schedule.courses import PlanValues
from afterrun.schedule.layout import weeks
from afterrun.schedule.nouns import Schedule, Session, State, Week
from afterrun.schedule.preferences import WEEKDAYS

MONDAY = date(2027, 3, 1)
"""The day on which the weeks begin: whichever it is, the same weekdays are used."""
FURTHER_ON = 40
"""A week of the plan in which someone may be who asks again how it goes on."""


def worked_weeks(case: Case) -> dict[str, str]:
    """The weeks of a case's plan, those that are alike as one: `{"1-4": "16 km; run tue 5.34 …"}`.

    An amount with its ceiling; each kind of session with its days, amounts, time, length, reminder, least
    rest and number of sentences; the check-in. `after a check-in` is the first week where a check-in on
    its first day asks for it, `from week 40` how many weeks are then still laid out.
    """
    state = State(
        triage=case.level.id,
        ledger=case.entries,
        plan=case.plan.values,
        answers=as_intake(case.rulebook, case.answers),
    )
    teller = _Teller(case, state)
    schedule = weeks(case.rulebook, state, MONDAY)
    told = teller.told(schedule)
    if teller.puts_off:
        asked = weeks(case.rulebook, replace(state, asked_on=MONDAY), MONDAY)
        told["after a check-in"] = next(iter(teller.told(asked).values()))
    later = weeks(case.rulebook, replace(state, week=FURTHER_ON, calendar_week=FURTHER_ON), MONDAY)
    if later.weeks:
        told[f"from week {FURTHER_ON}"] = f"{len(later.weeks)} weeks"
    return told


class _Teller:
    def __init__(self, case: Case, state: State) -> None:
        written = case.rulebook.schedule
        self._plan = PlanValues(case.rulebook, state)
        self._lines: dict[str, int] = {}
        self.puts_off = False
        """Whether something told lies after the check-in that asks for it."""
        self._kinds = {kind.id: kind for kind in written.sessions} if written is not None else {}

    def told(self, schedule: Schedule) -> dict[str, str]:
        """The weeks in words, by the numbers of the weeks that they are true of."""
        found = {}
        self._lines = {span.id: len(span.do) for span in schedule.spans}
        for words, group in groupby(schedule.weeks, lambda week: self._week(week, schedule.unit)):
            numbers = [week.number for week in group]
            first, last = numbers[0], numbers[-1]
            found[str(first) if first == last else f"{first}-{last}"] = words
        return found

    def _week(self, week: Week, unit: str) -> str:
        kinds = list(dict.fromkeys(session.kind for session in week.sessions))
        parts = [self._kind([each for each in week.sessions if each.kind == kind]) for kind in kinds]
        amount = [] if week.amount is None else [" ".join(_amount(week, unit))]
        courses = ", ".join(
            f"{each} ({self._lines[each]} lines)" if self._lines.get(each) else each for each in week.courses
        )
        return "; ".join((courses, *amount, *parts))

    def _kind(self, sessions: list[Session]) -> str:
        one = sessions[0]
        days = ", ".join(
            f"{WEEKDAYS[each.at.weekday()]}{'' if each.amount is None else f' {number_words(each.amount)}'}"
            for each in sessions
        )
        # Most sentences are the same on every day.
        lines = "+".join(dict.fromkeys(str(len(each.lines)) for each in sessions))
        lasting = "+".join(dict.fromkeys(str(each.minutes) for each in sessions))
        minutes = f"{one.at:%H:%M} for {lasting} min, told {one.remind_minutes} min before"
        kind = self._kinds.get(one.kind)
        self.puts_off = self.puts_off or (kind is not None and kind.not_before)
        return ", ".join((f"{one.kind} {days}", minutes, *self._rest(kind), f"{lines} lines"))

    def _rest(self, kind: SessionKind | None) -> Iterator[str]:
        if kind is not None:
            yield f"{self._plan.number(kind.hours_apart)} h apart"
            if kind.apart_from:
                yield f"not with {' or '.join(kind.apart_from)}"


def _amount(week: Week, unit: str) -> Iterator[str]:
    amount = week.amount
    assert amount is not None
    yield "no amount yet" if amount.value is None else f"{number_words(amount.value)} {unit}"
    if amount.ceiling is not None:
        yield f"(at most {number_words(amount.ceiling)})"
    if amount.longest is not None:
        yield f"(one run {number_words(amount.longest)})"
    if amount.words:
        yield "with a word on it"
