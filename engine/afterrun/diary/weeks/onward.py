"""From a diary to the weeks ahead: what the check-ins have made of the first plan.

first result, where the person stood after each check-in  ->  State  ->  Schedule
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from afterrun.assessment import Entry, Result, part_of
from afterrun.diary.earlier import first_result
from afterrun.diary.errors import DiaryError, StorageError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.settings import settled
from afterrun.diary.standing import Standing, written_of
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Course, WrittenSchedule
from afterrun.rulebook.schema import Diary as Written
from afterrun.schedule import EVERY, WEEKS_REMEMBERED, PlanValues, Preferences, Schedule, State, Week, weeks


def schedules_of(part: Rulebook, history: History, *, usual_time: str | None = None) -> tuple[Schedule, ...]:
    """The weeks ahead as they stood at the start and after each check-in; the last is what counts now.

    What a check-in said before it was corrected is among them, for it may stand in a calendar. Each
    begins with the first week that had no check-in then. It has no weeks while the plan is stopped.
    Raises DiaryError where the rulebook does not say what a week consists of.
    """
    base = part_of(part)[1]
    if base.schedule is None:
        raise DiaryError(f"the rulebook {base.identity.name} does not say what a week consists of")
    way = _Way(written_of(part), base, base.schedule, first_result(part, history), history)
    chosen = history.preferences

    def laid_out(state: State) -> Schedule:
        preferences = Preferences.of(chosen)
        if usual_time is not None:
            preferences = replace(preferences, at={**preferences.at, EVERY: usual_time})
        return weeks(part, state, history.start, preferences=preferences)

    schedules = [laid_out(way.state(history.first, 1, None))]
    kept, decided, left, week = None, None, history.first, 1
    for number in range(len(history.check_ins) + 1):
        if number:
            last, ahead = history.check_ins[number - 1], schedules[-1]
            # After one that was taken back the one before it holds again.
            kept = history.holding_after(number)
            decided, week = history.decided_at(last), last.week + 1
            left = history.first if kept is None else kept.left
            for told in (*last.corrected, last):
                # What was corrected had its own way on, of which nothing is left.
                lived = way if told is last else way.branch()
                lived.live(ahead, told)
                holds = (left, kept) if told is last else (told.left, told)
                state = lived.state(holds[0], told.week + 1, holds[1])
                schedules.append(laid_out(replace(state, decided_at=decided)))
        for each in history.settings_after(number):
            chosen, left = each.preferences, settled(left, [each])
            way.taken_back |= {key for key, value in each.facts.items() if value is None}
            begun = {week.number: week for week in schedules[-1].weeks if week.start <= each.noted_at.date()}
            state = replace(way.state(left, week, kept), decided_at=decided)
            schedules.append(laid_out(replace(state, laid=begun, settled_at=each.noted_at)))
    return tuple(schedules)


def weeks_as_planned(part: Rulebook, history: History) -> dict[int, Week]:
    """Each week as it stood in the plan before its check-in, by its number.

    A week that was counted as missed is the one that the check-in before it had laid out, and so are those
    that were not reported yet when the plan was stopped.
    """
    schedules = schedules_of(part, history)
    planned: dict[int, Week] = {}
    place, first = 0, 1
    for kept in history.check_ins:
        last = history.week_in(kept.day) if kept.standing.stopped else kept.week
        ahead = (week for week in schedules[place].weeks if first <= week.number <= last)
        planned.update({week.number: week for week in ahead})
        place, first = place + len(kept.corrected) + 1, kept.week + 1
    return planned


class _Way:
    """What is to be known of the weeks behind to lay out those ahead."""

    def __init__(
        self, written: Written, base: Rulebook, schedule: WrittenSchedule, result: Result, history: History
    ) -> None:
        self.written = written
        self.base = base
        self.schedule = schedule
        self.result = result
        self.person = history.person
        self.edition = history.number
        self.begun: dict[str, int] = {}
        """The week since the start in which each course began."""
        self.running: dict[str, int] = {}
        """The week since the start since which each course has run without a gap."""
        self.last_days: dict[str, date] = {}
        """The last day of each kind of session."""
        self.longest: dict[int, float] = {}
        """The longest session of a week, by its number."""
        self.moved_by: dict[str, str] = {}
        """The check-in rule that began a programme."""
        self.taken_back: set[str] = set()
        """Answers of the intake that no longer hold."""
        self.last = history.first

    def branch(self) -> _Way:
        """The same weeks behind, with another week after them."""
        other = copy.copy(self)
        other.begun, other.longest, other.moved_by = dict(self.begun), dict(self.longest), dict(self.moved_by)
        other.last_days = dict(self.last_days)
        return other

    def live(self, ahead: Schedule, kept: KeptCheckIn) -> None:
        """A week has been reported that was laid out like this."""
        for week in ahead.weeks:
            if week.number <= kept.week:
                self.running = {each: self.running.get(each, week.number) for each in week.courses}
                self.last_days |= {each.kind: each.at.date() for each in week.doings}
                for course in week.courses:
                    self.begun.setdefault(course, week.number)
            if week.number == kept.week and not kept.standing.stopped:
                shared = [each for each in week.sessions if each.amount is not None]
                done = kept.answers.get(self.written.measures_amount)
                if shared and isinstance(done, int | float):
                    self.longest[week.number] = round(done / len(shared), 2)
        now, before = kept.standing, self.last
        if (now.programme, now.began) != (before.programme, before.began):
            actions = [move.after for move in self.written.moves if move.to == now.programme]
            by = [entry["by"] for entry in kept.said["ledger"] if entry["id"] in actions]
            self.moved_by[now.programme] = by[0] if by else ""
        for waiting in self.schedule.courses:
            if now.programme in self._before(waiting):
                # It begins anew once what comes before it is over.
                self.begun.pop(waiting.id, None)
        self.last = now

    def state(self, standing: Standing, calendar_week: int, kept: KeptCheckIn | None) -> State:
        """The state that a standing is, in the first week that has no check-in yet."""
        facts = standing.facts
        if standing.programme not in self.written.programmes:
            raise StorageError(f"the diary is damaged: there is no programme '{standing.programme}'")
        asked = {*self.base.questions, *(each.unit_key for each in self.base.quantities.values())}
        state = State(
            triage=kept.said["triage"] if kept is not None and standing.stopped else self.result.triage,
            ledger=self._ledger(standing, kept),
            plan={**self.result.plan, **self._from_facts(facts)},
            answers={
                **self.result.answers,
                **dict.fromkeys(self.taken_back),
                **{key: value for key, value in facts.items() if key in asked},
            },
            last_days=dict(self.last_days),
            begun=dict(self.running),
            person=self.person,
            week=standing.week,
            calendar_week=calendar_week,
            edition=self.edition,
        )
        programmes = self._programmes(standing, state)
        if kept is None:
            return replace(state, spans=programmes)
        remembered = [
            longest for week, longest in self.longest.items() if week > kept.week - WEEKS_REMEMBERED
        ]
        most = kept.said["plan"].get(self.written.amount_most)
        return replace(
            state,
            spans={**self._others(standing, state, programmes), **programmes},
            amount=standing.amount,
            most=None if most == standing.amount else most,
            longest=max(remembered, default=None),
            waiting=self._waiting(kept),
            asked_on=kept.day,
        )

    def _ledger(self, standing: Standing, kept: KeptCheckIn | None) -> tuple[Entry, ...]:
        """What the first result decided, as far as it still has its turn, and what the check-ins added."""
        if kept is None:
            return self.result.ledger
        order, now = self.written.programmes, standing.programme
        over = order[: order.index(now)]
        stage = self.written.stage(now)
        by = self.moved_by.get(now, "")
        entries = {entry.id: entry for entry in self.result.ledger if entry.id not in over}
        for name in (now, *stage.brings):
            entries[name] = Entry(name, "recommended", entries[name].by if name in entries else by)
        for name, entry in entries.items():
            status = "postponed" if name in stage.postponed else "merged" if name in stage.merged else None
            if status is None and (entry.status == "postponed" or entry.into in over):
                entries[name] = Entry(name, "recommended", entry.by)
            elif status is not None and status != entry.status:
                into = now if status == "merged" else None
                entries[name] = Entry(name, status, by or entry.by, into=into)
        reviews = self._asked_for(kept)
        if self._waiting(kept):
            by = reviews[0].by
            entries = {
                name: Entry(name, "postponed", by) if name in self._laid() else entry
                for name, entry in entries.items()
                if name != now
            }
        return (*(each for each in entries.values() if each.id not in {own.id for own in reviews}), *reviews)

    def _asked_for(self, kept: KeptCheckIn | None) -> tuple[Entry, ...]:
        """What the last check-in recommends that has weeks of its own, and is no programme."""
        if kept is None:
            return ()
        own = self._laid().difference(self.written.programmes)
        return tuple(
            Entry(each["id"], "recommended", each["by"])
            for each in kept.said["ledger"]
            if each["id"] in own and each["status"] == "recommended"
        )

    def _waiting(self, kept: KeptCheckIn) -> frozenset[str]:
        """All that waits until the person has been seen: the programme is over, and no other follows."""
        reviews = {entry.id for entry in self._asked_for(kept)}
        over = reviews and kept.said["plan"].get(self.written.week) is None
        return frozenset(self._laid().difference(reviews) if over else ())

    def _laid(self) -> set[str]:
        """The interventions that have weeks of their own."""
        names = {name for course in self.schedule.courses for name in course.for_}
        return names.intersection(self.base.interventions)

    def _programmes(self, standing: Standing, state: State) -> dict[str, tuple[int, int | None]]:
        """Where the programme and those after it lie: one after the other, from the week it began."""
        order, values = self.written.programmes, PlanValues(self.base, state)
        spans: dict[str, tuple[int, int | None]] = {}
        beside: tuple[str, ...] = ()
        week = first = standing.began
        for name in order[order.index(standing.programme) :]:
            course = self._course(name)
            if course is None or state.statuses.get(name) not in course.for_[name]:
                continue
            if self.written.stage(name).alone and name != standing.programme:
                continue
            _, last = values.span(course, week)
            if last is not None and name == standing.programme:
                last = max(last, standing.week)
            spans[course.id] = (first if name in beside else week, last)
            if last is None:
                break
            week, first = last + 1, week
            beside = self.written.stage(name).beside
        return spans

    def _from_facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Keys of the plan as the facts have them; one that neither has keeps its turn for later."""
        known = {key: facts.get(key) for key in self.written.from_plan}
        return {key: value for key, value in known.items() if value is not None or key in self.result.plan}

    def _others(
        self, standing: Standing, state: State, programmes: Collection[str]
    ) -> dict[str, tuple[int, int | None]]:
        """Where courses lie that no check-in moves: they go on from when they began, or begin now."""
        own = {name for name in self.written.programmes if name in state.statuses}
        fresh = {entry.id for entry in state.ledger if entry.by not in self.base.rules}
        values = PlanValues(self.base, state)
        spans: dict[str, tuple[int, int | None]] = {}
        for course in self.schedule.courses:
            if course.id in programmes:
                continue
            if own.intersection(self._until(standing.programme)).intersection(self._before(course)):
                continue
            again = bool(fresh.intersection(course.for_))
            began = state.calendar_week if again else self.begun.get(course.id, state.calendar_week)
            spans[course.id] = values.span(course, standing.week - (state.calendar_week - began))
        return spans

    def _until(self, programme: str) -> tuple[str, ...]:
        """A programme and those that come after it: none of them is over."""
        order = self.written.programmes
        return order[order.index(programme) :]

    def _before(self, course: Course) -> set[str]:
        """The interventions whose courses come before one."""
        return {name for each in self.schedule.courses if each.id in course.after for name in each.for_}

    def _course(self, intervention: str) -> Course | None:
        return next((each for each in self.schedule.courses if intervention in each.for_), None)
