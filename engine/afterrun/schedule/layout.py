"""From where a person stands to dated weeks."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from afterrun.assessment import Result
from afterrun.errors import AfterrunError
from afterrun.rulebook import LinkedRule, Rulebook
from afterrun.rulebook.schema import Course
from afterrun.schedule.amounts import Amounts, amount_name
from afterrun.schedule.begun import shares_of
from afterrun.schedule.courses import Outline
from afterrun.schedule.days import DayPlanner
from afterrun.schedule.lines import day_words, filled, said
from afterrun.schedule.nouns import Amount, Decision, Schedule, Span, State, Week
from afterrun.schedule.preferences import Preferences
from afterrun.schedule.sessions import Step, WeekFiller, checks_in
from afterrun.schedule.shares import SharedAmount

_SOME_MONDAY = date(2001, 1, 1)
"""The amounts of weeks do not hang on their dates unless somebody is away."""


class NoScheduleError(AfterrunError):
    """The rulebook does not say what a week consists of, or the weeks cannot be dated."""


def weeks(
    rulebook: Rulebook,
    standing: Result | State,
    start: date,
    *,
    usual_time: str | None = None,
    preferences: Preferences | None = None,
) -> Schedule:
    """The weeks of a plan, week 1 beginning on `start`.

    `standing` is a result, for a plan that begins, or a State, for one that a check-in has changed;
    then `start` is still the day on which week 1 began. `usual_time` ("07:30") moves the sessions
    that have no time of their own; `preferences` choose days, times and more. There are no weeks where
    the triage shows no plan.

    Raises NoScheduleError when the rulebook has no schedule, or the dates run past the calendar's end.
    """
    try:
        return _layout(rulebook, standing, start, usual_time, preferences).schedule(start)
    except OverflowError as error:
        raise NoScheduleError(
            f"from {day_words(start, year=True)} on there are not enough days left in the calendar"
        ) from error


def first_week(rulebook: Rulebook, result: Result) -> Week | None:
    """The first of the `weeks` of a plan that begins on some Monday, without the sessions of the others.

    None where the triage shows no plan. Raises NoScheduleError when the rulebook has no schedule.
    """
    layout = _layout(rulebook, result, _SOME_MONDAY)
    # A check-in comes before the first session of the week after.
    return next(layout.filler.weeks(layout.steps()[0][:2]), None)


def _layout(
    rulebook: Rulebook,
    standing: Result | State,
    start: date,
    usual_time: str | None = None,
    preferences: Preferences | None = None,
) -> _Layout:
    # A part of a rulebook lays out the weeks of its main part, whose plan it changes.
    base = rulebook.base or rulebook
    if base.schedule is None:
        raise NoScheduleError(f"the rulebook {base.identity.name} does not say what a week consists of")
    state = standing if isinstance(standing, State) else State.of(standing)
    outline = Outline(base, base.schedule, state, preferences or Preferences())
    filler = WeekFiller(outline, start, usual_time)
    return _Layout(outline, filler, {**rulebook.rules, **base.rules})


class WeeksAmount(NamedTuple):
    """The amount of one week, with what it is worked out from."""

    week: int
    course: Course
    """The one that it comes from."""
    amount: Amount
    """As it is told."""
    shared: SharedAmount


def amounts_by_name(rulebook: Rulebook, state: State) -> Mapping[str, WeeksAmount]:
    """The amount of each week of a plan, whoever does it wishing nothing: `week7_volume`.

    None where the rulebook has no schedule.
    """
    if rulebook.schedule is None:
        return {}
    outline = Outline(rulebook, rulebook.schedule, state, Preferences())
    filler = WeekFiller(outline, _SOME_MONDAY, None)
    steps = _Layout(outline, filler, rulebook.rules).steps()[0]
    courses = {each.id: each for each in outline.written.courses}
    return {
        amount_name(week.plan_week, course): WeeksAmount(week.plan_week, course, week.amount, step.shared)
        for step, week in zip(steps, filler.weeks(steps), strict=True)
        if step.shared is not None and week.amount is not None
        for course in [courses[week.amount.course]]
    }


class _Layout:
    def __init__(self, outline: Outline, filler: WeekFiller, rules: Mapping[str, LinkedRule]) -> None:
        self.outline, self.filler, self.rules = outline, filler, rules
        self.rulebook, self.written, self.state = outline.rulebook, outline.written, outline.state
        self.courses, self.goal = outline.courses, outline.goal

    def schedule(self, start: date) -> Schedule:
        """Everything, laid out."""
        steps, length = self.steps()
        return Schedule(
            rulebook=self.rulebook.stamp,
            person=self.state.person,
            triage=self.state.triage,
            start=start,
            amount_text=self.written.amount_text,
            unit=self.outline.unit,
            goal=self.goal,
            weeks=tuple(self.filler.weeks(steps)),
            spans=tuple(self._spans(steps)),
            length=length,
            decisions=tuple(self._decisions(steps)),
            edition=self.state.edition,
            nothing=" ".join(self._nothing(steps)),
        )

    def steps(self) -> tuple[list[Step], str]:
        """Week after week until the goal, or as long as the knowledge says; and how that is said."""
        steps: list[Step] = []
        reached = None
        end = self._end_without_goal()
        amounts = Amounts(self.outline)
        days = DayPlanner(self.outline.preferences, self.state.last_days)
        # Where no amount is given the amounts are worked out from the beginning of the plan.
        behind = self.state.week - 1 if self.state.amount is None else 0
        missed = 0
        for place in range(-behind, self.written.length.at_most):
            # A week in which nothing could be done has its turn again.
            lived = place - missed
            if lived >= end:
                break
            plan_week = self.state.week + lived
            courses = [each for each in self.courses if each.covers(plan_week)]
            shared = amounts.next(courses, plan_week, given=place == 0)
            if place < 0:
                amounts.keep(shared)
                continue
            number = self.state.calendar_week + place
            step = Step(number, plan_week, courses, shared, laid=self.filler.as_laid(number))
            steps.append(self._on_days(step, amounts, days))
            shared = steps[-1].shared
            missed += _is_missed(steps[-1])
            if reached is None and shared is not None and shared.rising:
                end = max(end, lived + 2)
            if reached is None and shared is not None and shared.reached:
                # Whoever holds the goal already still wants to see the next weeks.
                held = (self.written.length.more_weeks or 0) if place == 0 else lived + 1
                reached, end = steps[-1].number, max(held, self._end_with_goal())
        return steps, self._length(steps, reached)

    def _on_days(self, step: Step, amounts: Amounts, days: DayPlanner) -> Step:
        """A week with the days of its sessions, and with no more of its amount than finds a day."""
        if step.laid is not None:
            for session in step.laid.doings:
                days.remember(session.kind, [session.at.date()])
            return step._replace(shared=amounts.keep(*shares_of(step.laid, step.shared)))
        wanted = self.filler.wanted(step.courses, step.shared)
        found = days.next(self.filler.first_day(step.number), wanted)
        shares = [
            len(own) for each, own in zip(wanted, found.days, strict=True) if each.kind.share is not None
        ]
        return step._replace(days=found, shared=amounts.keep(step.shared, *shares[:1]))

    def _nothing(self, steps: list[Step]) -> Iterator[str]:
        """Since when and until when there is nothing to run, for each stretch of such weeks."""
        for idle, stretch in itertools.groupby(steps, key=_holds_nothing):
            if not idle or not self.written.nothing:
                continue
            own = list(stretch)
            since = self._began(own[0]) if own[0] is steps[0] else own[0].number
            until = self.filler.first_day(own[-1].number + 1) - timedelta(days=1)
            values = {"since": self.filler.first_day(since), "until": until}
            words = {name: day_words(day, year=name == "until") for name, day in values.items()}
            yield filled(self.written.nothing, words.get, 1) or ""

    def _began(self, step: Step) -> int:
        """The week since the start in which a stretch began that was there before the first week told."""
        began = [
            self.state.begun.get(each.course.id, step.number - max(0, step.plan_week - each.first))
            for each in step.courses
            if step.shared is not None
            and each.course.id == step.shared.amount.course
            and not step.shared.exact
        ]
        return min([step.number, *(max(1, each) for each in began)])

    def _end_without_goal(self) -> int:
        """How many weeks to lay out while nothing says that the goal comes later."""
        ends = [each.last - self.state.week + 1 for each in self.courses if each.last is not None]
        if len(ends) < len(self.courses):
            length = self.written.length
            ends.append(max((length.open_weeks or 0) - self.state.week + 1, length.more_weeks or 0))
        return max([0, *ends])

    def _end_with_goal(self) -> int:
        """How many weeks to lay out for the sake of the courses beside the one that has reached its goal."""
        ends = [
            (each.first + (each.course.at_least or 0) - 1 if each.last is None else each.last)
            - self.state.week
            + 1
            for each in self.courses
        ]
        return max([0, *ends])

    def _length(self, steps: list[Step], reached: int | None) -> str:
        if not steps:
            return ""
        length = self.written.length
        values = {"week": steps[-1].number, "goal": self.goal, "unit": self.outline.unit}
        if reached is not None and self._held(steps[0], reached):
            text = length.held
        elif reached is not None:
            text, values["week"] = length.goal, reached
        elif self.goal is not None and len(steps) == length.at_most:
            text = length.far_goal
        elif self.goal is not None and self.outline.rises and _is_unknown(steps[-1]):
            text = length.unknown_goal
        elif any(each.last is None for each in self.courses):
            text = length.no_goal if self.goal is None and self.outline.rises else length.open
        else:
            text = length.closed if checks_in(steps[-1]) else length.unchecked
        return filled(text, values.get, 1) or ""

    def _held(self, first: Step, reached: int) -> bool:
        """Whether the person is at the goal from the first week on: there is no more to rise to."""
        state = self.state
        if state.amount is None:
            value = None if first.shared is None else first.shared.amount.value
            return value is not None and self.goal is not None and value >= self.goal
        return reached == state.calendar_week and state.most is None

    def _spans(self, steps: list[Step]) -> Iterator[Span]:
        for each in self.courses:
            ran = [step for step in steps if each in step.courses]
            if ran:
                first, last = ran[0].number, ran[-1].number
                goes_on = last == steps[-1].number and each.last != steps[-1].plan_week
                lines = said(each.course.do, self.filler.values(ran[0], None), 1, ())
                place = self.written.courses.index(each.course)
                yield Span(
                    each.course.id,
                    each.course.name + self.outline.mark(each.course),
                    first,
                    last,
                    goes_on,
                    (*lines[0], *lines[1]),
                    place,
                )

    def _decisions(self, steps: list[Step]) -> Iterator[Decision]:
        """What the ledger says was not simply recommended; nothing at a triage that hides the plan."""
        if not self.rulebook.triage[self.state.triage].shows_plan:
            return
        for entry in self.state.ledger:
            if entry.status != "recommended":
                rule = self.rules.get(entry.by)
                name = self.rulebook.interventions[entry.id].called
                own = (step.number for step in steps for each in step.courses if entry.id in each.course.for_)
                because = rule.because if rule is not None else entry.by
                yield Decision(entry, name, because, min(own, default=None))


def _is_missed(step: Step) -> bool:
    """Whether the person cannot do anything of a week, or nothing of its amount."""
    if step.shared is not None and step.shared.missed:
        return True
    done = step.laid.doings if step.laid is not None else [day for days in step.days.days for day in days]
    conflicts = (step.laid or step.days).conflicts
    return not done and any(each.why in ("away", "taken") for each in conflicts)


def _is_unknown(step: Step) -> bool:
    return step.shared is not None and step.shared.amount.value is None


def _holds_nothing(step: Step) -> bool:
    return step.shared is not None and step.shared.amount.value == 0
