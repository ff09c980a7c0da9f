"""Which courses a plan consists of, and in which of the plan's weeks each runs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.assessment import chosen_by
from afterrun.intake import runnable
from afterrun.rulebook import HUNDREDTH, Rulebook, rounded_down
from afterrun.rulebook.schema import BEYOND, Course, FromPlan, Quantity, WrittenSchedule
from afterrun.schedule.nouns import State
from afterrun.schedule.preferences import Preferences


class PlacedCourse(NamedTuple):
    """A course in its place."""

    course: Course
    status: str
    """Of the intervention that brings it."""
    first: int
    last: int | None
    """None while the course has no end of its own."""

    def covers(self, week: int) -> bool:
        """Whether a week of the plan belongs to it."""
        return self.first <= week and (self.last is None or week <= self.last)


class PlanValues:
    """The values of the plan, constants of the rulebook included where the plan leaves them out.

    What was merged into something else brings no keys of its own to the plan, and yet has its turn later.
    """

    def __init__(self, rulebook: Rulebook, state: State) -> None:
        self._plan = state.plan
        self._answers = state.answers
        self._items = {item.key: item for item in rulebook.plan}
        self._asides = _never_in_turn(rulebook, state)
        self._exercises = rulebook.exercises
        self._quantities = rulebook.quantities

    def value(self, key: str) -> Any:
        """None while it is not known."""
        item = self._items.get(key)
        value = self._plan.get(key)
        if item is None or (key in self._plan and (value is not None or not item.otherwise)):
            return value
        if key in self._asides:
            return None
        if item.by_option is None:
            return item.value
        return chosen_by(item, self._ticked) or [*item.otherwise] or None

    def told(self, key: str) -> Any:
        """The value as it stands in a sentence: exercises by their names, amounts as one can run them."""
        value = self.value(key)
        if value is None:
            return None
        if self.names_exercises(key):
            return [self._exercises[each].name for each in value]
        quantity = self._quantities.get(self._items[key].quantity or "") if key in self._items else None
        return value if quantity is None else runnable(value, quantity, self._unit_of(quantity))

    @property
    def unit(self) -> str:
        """The unit that the person counts in, whether the weeks have an amount or not."""
        return next((unit for unit in map(self._unit_of, self._quantities.values()) if unit), "")

    def _unit_of(self, quantity: Quantity) -> str:
        return str(self._answers.get(quantity.unit_key) or "")

    def names_exercises(self, key: str) -> bool:
        """Whether the value of a key of the plan names exercises."""
        return key in self._items and self._items[key].exercises

    def number(self, wanted: Any) -> Any:
        """A number, or the number that a key of the plan holds."""
        value = self.value(wanted.plan) if isinstance(wanted, FromPlan) else wanted
        return None if isinstance(value, bool | str) else value

    def span(self, course: Course, first: int) -> tuple[int, int | None]:
        """First and last week of a course that begins in a week; None while it has no end of its own."""
        weeks = None if course.weeks is None else self.number(course.weeks)
        return first, None if weeks is None else first + weeks - 1

    def _ticked(self, question: str) -> list[str] | None:
        ticked = self._answers.get(question)
        return list(ticked) if isinstance(ticked, list | tuple) else None


def _never_in_turn(rulebook: Rulebook, state: State) -> frozenset[str]:
    """Keys of what the person is never to do, now or later."""
    if not state.ledger:
        return frozenset()
    coming = {name for name, status in state.statuses.items() if status != "set_aside"}
    wanted = {item.key for item in rulebook.plan if item.for_ is None or coming.intersection(item.for_)}
    return frozenset(item.key for item in rulebook.plan) - wanted


class Outline:
    """A person's plan before it is laid out in weeks: the courses in their places, and what they count in."""

    def __init__(
        self, rulebook: Rulebook, written: WrittenSchedule, state: State, preferences: Preferences
    ) -> None:
        self.rulebook, self.written, self.state = rulebook, written, state
        self.preferences = preferences
        self.plan = PlanValues(rulebook, state)
        self.kinds = {kind.id: kind for kind in written.sessions}
        shown = rulebook.triage[state.triage].shows_plan
        self.courses = _courses_of(written, state, self.plan) if shown else []
        amounts = [each.course.amount for each in self.courses if each.course.amount is not None]
        quantities = [rulebook.quantities[each.quantity] for each in amounts]
        goals = [state.answers.get(each.rise.goal) for each in amounts if each.rise is not None]
        self.unit = str(state.answers.get(quantities[0].unit_key) or "") if quantities else ""
        self.step = quantities[0].step_of(self.unit) if quantities else HUNDREDTH
        """Amounts are told in whole steps."""
        self.less = quantities[0].less if quantities else ""
        """What is said of less than a step."""
        self.rises = bool(goals)
        """Whether the amount grows in some course."""
        goal = goals[0] if goals else None
        # A goal of nothing is none.
        self.exact_goal = Fraction(str(goal)) if goal and not isinstance(goal, str) else None
        told = self.exact_goal and (rounded_down(self.exact_goal, self.step) or self.exact_goal)
        self.goal = None if told is None else float(told)
        """In whole steps, as it is told; one of less than a step as it was named."""

    def mark(self, course: Course) -> str:
        """What is added to the name of a course that the article does not cover."""
        covered = any(self.rulebook.interventions[name].covered for name in course.for_)
        return "" if covered else f" ({BEYOND})"


def _courses_of(schedule: WrittenSchedule, state: State, plan: PlanValues) -> list[PlacedCourse]:
    """The courses that the person's interventions bring, in the order in which they are written."""
    placed: dict[str, PlacedCourse] = {}
    for course in schedule.courses:
        status = _status(course, state)
        if status is None or state.waiting.intersection(course.for_) or _waits(course, placed, state):
            continue
        if course.id in state.spans:
            placed[course.id] = PlacedCourse(course, status, *state.spans[course.id])
            continue
        first = plan.number(course.from_week)
        if first is None:
            continue
        ends = [placed[name].last for name in course.after if name in placed]
        first = max(first, *(last + 1 for last in ends if last is not None), first)
        first, last = plan.span(course, first)
        if course.weeks is None or (last is not None and last >= first):
            placed[course.id] = PlacedCourse(course, status, first, last)
    return list(placed.values())


def _waits(course: Course, placed: dict[str, PlacedCourse], state: State) -> bool:
    """Whether a course is left out for the sake of another; not once that lies behind the person."""
    other = placed.get(course.waits_for or "")
    if other is None:
        return False
    behind = other.last is not None and other.last < state.week
    return not (behind and other.course.id in state.spans)


def _status(course: Course, state: State) -> str | None:
    statuses = ((state.statuses.get(name), wanted) for name, wanted in course.for_.items())
    return next((status for status, wanted in statuses if status in wanted), None)
