"""Which courses a plan consists of, and in which of the plan's weeks each runs."""

from __future__ import annotations

from typing import Any, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Course, FromPlan, PlanItem, WrittenSchedule
from afterrun.schedule.nouns import State


class Laid(NamedTuple):
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

    def value(self, key: str) -> Any:
        """None while it is not known."""
        if key in self._plan:
            return self._plan[key]
        item = self._items.get(key)
        return None if item is None else item.value if item.by_option is None else self._by_option(item)

    def number(self, wanted: Any) -> Any:
        """A number, or the number that a key of the plan holds."""
        value = self.value(wanted.plan) if isinstance(wanted, FromPlan) else wanted
        return None if isinstance(value, bool | str) else value

    def _by_option(self, item: PlanItem) -> list[str] | None:
        chosen: dict[str, None] = {}
        for question, options in (item.by_option or {}).items():
            ticked = self._answers.get(question)
            if not isinstance(ticked, list | tuple):
                return None
            for option, adds in options.items():
                if option in ticked:
                    chosen.update(dict.fromkeys(adds))
        return list(chosen) or None


def courses_of(schedule: WrittenSchedule, state: State, plan: PlanValues) -> list[Laid]:
    """The courses that the person's interventions bring, in the order in which they are written."""
    laid: dict[str, Laid] = {}
    for course in schedule.courses:
        status = _status(course, state)
        if status is None or state.waiting.intersection(course.for_) or _waits(course, laid, state):
            continue
        if course.unless_known is not None and (plan.value(course.unless_known) or 0) > 0:
            continue
        if course.id in state.spans:
            laid[course.id] = Laid(course, status, *state.spans[course.id])
            continue
        first = plan.number(course.from_week)
        if first is None:
            continue
        before = laid.get(course.after or "")
        if before is not None and before.last is not None:
            first = max(first, before.last + 1)
        weeks = None if course.weeks is None else plan.number(course.weeks)
        if course.weeks is not None and not weeks:
            continue
        laid[course.id] = Laid(course, status, first, None if weeks is None else first + weeks - 1)
    return list(laid.values())


def _waits(course: Course, laid: dict[str, Laid], state: State) -> bool:
    """Whether a course is left out for the sake of another; not once that lies behind the person."""
    other = laid.get(course.waits_for or "")
    if other is None:
        return False
    behind = other.last is not None and other.last < state.week
    return not (behind and other.course.id in state.spans)


def _status(course: Course, state: State) -> str | None:
    for intervention, wanted in course.for_.items():
        status = state.statuses.get(intervention)
        if status in wanted:
            return status
    return None
