"""Every name in the schedule looked up, and its days held against its own rests."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.schema import (
    OF_THE_WEEK,
    PLACEHOLDER,
    Course,
    FromPlan,
    Line,
    SessionKind,
    Weekday,
    Written,
    WrittenSchedule,
)

DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS_A_DAY, HOURS_A_WEEK = 24, 168
_NO_END = "a course has no 'weeks', so the plan does not end by itself"
_RISES = "the amount of a course rises to a goal"
_NEEDED_BY = {
    **dict.fromkeys(("open_weeks", "more_weeks", "open", "no_goal"), _NO_END),
    **dict.fromkeys(("goal", "far_goal", "unknown_goal", "held"), _RISES),
    "closed": "a course with 'weeks' has check-ins, so a plan may end with one",
    "unchecked": "a course with 'weeks' has no check-ins, so a plan may end without one",
}
"""Why the length of a schedule has to say something."""


def check_schedule(items: Items) -> None:
    """Add a problem for each name that does not resolve and each day that comes too soon."""
    if items.schedule is not None:
        _Checker(items, items.schedule).check()


class _Checker:
    def __init__(self, items: Items, schedule: Item) -> None:
        self.items = items
        self.schedule: WrittenSchedule = schedule.value
        self.root = schedule
        self.plan = {item.value.key: item.value for item in items.plan}
        self.kinds = {kind.id: kind for kind in self.schedule.sessions}
        self.courses = {course.id: course for course in self.schedule.courses}

    def check(self) -> None:
        for place, course in enumerate(self.schedule.courses):
            earlier = [each.id for each in self.schedule.courses[:place]]
            self._check_course(course, earlier, self.root.at("courses", place))
        for place, session in enumerate(self.schedule.sessions):
            self._check_session(session, self.root.at("sessions", place))
        self._check_values(self.schedule.check_in, self.root.at("check_in"))
        self._check_values(self.schedule.length, self.root.at("length"))
        self._check_needed()

    def _check_needed(self) -> None:
        """What the courses make use of is written, and nothing else is asked for."""
        courses, length = self.schedule.courses, self.schedule.length
        if self.root.file.is_damaged(("courses",)):
            return  # nobody knows what they make use of
        rises = any(each.amount is not None and each.amount.rise is not None for each in courses)
        ends = [each for each in courses if each.weeks is not None]
        opens = len(ends) < len(courses)
        needed = {
            "open_weeks": opens,
            "more_weeks": opens or rises,
            "goal": rises,
            "far_goal": rises,
            "unknown_goal": rises,
            "held": rises,
            "no_goal": rises and opens,
            "open": opens,
            "closed": any(each.check_ins for each in ends),
            "unchecked": any(not each.check_ins for each in ends),
        }
        for key in (key for key, wanted in needed.items() if wanted and not getattr(length, key)):
            self.items.problem(self.root.at("length"), f"lacks '{key}': {_NEEDED_BY[key]}")
        if any(each.amount is not None for each in courses) and not self.schedule.amount_text:
            self.items.problem(
                self.root, "lacks 'amount_text': a course has an amount, and this says of what"
            )
        if any(each.check_ins for each in courses) and self.schedule.check_in is None:
            self.items.problem(
                self.root, "lacks 'check_in': a course has check-ins, and this says how one is made"
            )

    def _check_course(self, course: Course, earlier: list[str], at: Item) -> None:
        items, amount = self.items, course.amount
        items.look_up(at.at("for"), "intervention", course.for_, items.interventions)
        items.look_up(at.at("sessions"), "session", course.sessions, self.kinds)
        items.look_up(at.at("after"), "earlier course", course.after, earlier)
        items.look_up(at.at("waits_for"), "earlier course", course.waits_for, earlier)
        if amount is not None:
            items.look_up(at.at("amount"), "quantity", amount.quantity, items.quantities)
            if amount.flat is not None and amount.rise is not None:
                items.problem(at.at("amount"), "an amount is either flat or rises")
            if amount.rise is not None:
                items.look_up(at.at("amount"), "question", amount.rise.goal, items.questions)
        for ask in course.asks:
            items.look_up(at.at("asks"), "question", ask.unless_known, items.questions)
        self._check_values(course, at)

    def _check_session(self, kind: SessionKind, at: Item) -> None:
        problem, days_at, apart_at = self.items.problem, at.at("days"), at.at("apart_from")
        counts = self._constants(kind.per_week)
        if kind.share is not None and counts:
            counts = list(range(min(counts), kind.share.most + 1))
        for count in counts:
            if count not in kind.days:
                problem(days_at, f"does not name the days of {count} sessions a week")
        rests = self._constants(kind.hours_apart)
        for count, days in kind.days.items():
            if len(set(days)) != count:
                problem(days_at, f"names {len(set(days))} days for {count} sessions a week")
            elif rests and _least_hours(days) < min(rests):
                problem(days_at, f"{', '.join(days)} are less than {min(rests)} hours apart")
        self.items.look_up(apart_at, "session", kind.apart_from, self.kinds)
        for name in kind.apart_from:
            for count, days in (self.kinds[name].days if name in self.kinds else {}).items():
                shared = {each for own in kind.days.values() for each in own} & set(days)
                if shared:
                    problem(apart_at, f"shares {', '.join(sorted(shared))} with {count} sessions of '{name}'")
        self._check_values(kind, at)

    def _constants(self, wanted: Any) -> list[int]:
        """The number written, or the constant in the plan; nothing when it is worked out for each person."""
        if isinstance(wanted, FromPlan):
            item = self.plan.get(wanted.plan)
            return [] if item is None or item.value is None else [item.value]
        return [wanted]

    def _check_values(self, model: Any, at: Item) -> None:
        """Every key of the plan that some part names, in a number or in braces."""
        for part in _parts(model):
            if isinstance(part, FromPlan):
                self.items.look_up(at, "key of the plan", part.plan, self.plan)
            elif isinstance(part, Line):
                self.items.look_up(at, "course", part.beside, self.courses)
            elif isinstance(part, str):
                named = (name for name, _ in PLACEHOLDER.findall(part))
                self.items.look_up(at, "key of the plan", named, {*self.plan, *OF_THE_WEEK})


def _least_hours(days: Iterable[Weekday]) -> int:
    """The shortest time from one day to the next, from the last round to the first of the next week."""
    places = sorted(DAYS.index(day) for day in days)
    gaps = [later - sooner for sooner, later in itertools.pairwise([*places, places[0] + len(DAYS)])]
    return min(gaps) * HOURS_A_DAY if len(places) > 1 else HOURS_A_WEEK


def _parts(value: Any) -> Iterator[Any]:
    """A model and everything in it."""
    yield value
    if isinstance(value, Written):
        for each in vars(value).values():
            yield from _parts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _parts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _parts(each)
