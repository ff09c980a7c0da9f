"""Every name in the schedule looked up, and its days held against its own rests."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from afterrun.errors import nearest
from afterrun.rulebook.linking.index import Item, Items
from afterrun.rulebook.schema import Course, FromPlan, Line, SessionKind, Weekday, Written, WrittenSchedule
from afterrun.rulebook.schema.schedule import OF_THE_WEEK, PLACEHOLDER
from afterrun.rulebook.yaml12 import KeyPath

DAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS_A_DAY, HOURS_A_WEEK = 24, 168


def check_schedule(items: Items) -> None:
    """Add a problem for each name that does not resolve and each day that comes too soon."""
    if items.schedule is not None:
        _Checker(items, items.schedule).check()


class _Checker:
    def __init__(self, items: Items, schedule: Item) -> None:
        self.items = items
        self.schedule: WrittenSchedule = schedule.value
        self.file = schedule.file
        self.plan = {item.value.key: item.value for item in items.plan}
        self.kinds = {kind.id: kind for kind in self.schedule.sessions}
        self.courses = {course.id: course for course in self.schedule.courses}

    def check(self) -> None:
        for kinds, parts in (("sessions", self.schedule.sessions), ("courses", self.schedule.courses)):
            ids = [each.id for each in parts]
            for twice in sorted({each for each in ids if ids.count(each) > 1}):
                self._problem((kinds,), f"the id '{twice}' is taken")
        for place, course in enumerate(self.schedule.courses):
            self._check_course(course, ("courses", place))
        for place, session in enumerate(self.schedule.sessions):
            self._check_session(session, ("sessions", place))
        self._check_values(self.schedule.check_in, ("check_in",))
        self._check_values(self.schedule.length, ("length",))

    def _check_course(self, course: Course, path: KeyPath) -> None:
        for name in course.for_:
            self._known(name, self.items.interventions, "intervention", (*path, "for"))
        for name in course.sessions:
            self._known(name, self.kinds, "session", (*path, "sessions"))
        for key in ("after", "waits_for"):
            before: str | None = getattr(course, key)
            if before is not None:
                earlier = [
                    each.id
                    for each in itertools.takewhile(lambda each: each is not course, self.schedule.courses)
                ]
                self._known(before, earlier, "earlier course", (*path, key))
        if course.unless_known is not None:
            self._known(course.unless_known, self.plan, "key of the plan", (*path, "unless_known"))
        if course.amount is not None:
            self._known(course.amount.quantity, self.items.quantities, "quantity", (*path, "amount"))
            if course.amount.flat is not None and course.amount.rise is not None:
                self._problem((*path, "amount"), "an amount is either flat or rises")
            if course.amount.rise is not None:
                self._known(course.amount.rise.goal, self.items.questions, "question", (*path, "amount"))
        for ask in course.asks:
            if ask.unless_known is not None:
                self._known(ask.unless_known, self.items.questions, "question", (*path, "asks"))
        self._check_values(course, path)

    def _check_session(self, kind: SessionKind, path: KeyPath) -> None:
        counts = self._constants(kind.per_week)
        if kind.share is not None and counts:
            counts = list(range(min(counts), kind.share.most + 1))
        for count in counts:
            if count not in kind.days:
                self._problem((*path, "days"), f"does not name the days of {count} sessions a week")
        rests = self._constants(kind.hours_apart)
        for count, days in kind.days.items():
            if len(set(days)) != count:
                self._problem((*path, "days"), f"names {len(set(days))} days for {count} sessions a week")
            elif rests and _least_hours(days) < min(rests):
                self._problem(
                    (*path, "days"),
                    f"{', '.join(days)} are less than {min(rests)} hours apart",
                )
        for name in kind.apart_from:
            self._known(name, self.kinds, "session", (*path, "apart_from"))
            for count, days in (self.kinds[name].days if name in self.kinds else {}).items():
                shared = {each for own in kind.days.values() for each in own} & set(days)
                if shared:
                    self._problem(
                        (*path, "apart_from"),
                        f"shares {', '.join(sorted(shared))} with {count} sessions of '{name}'",
                    )
        self._check_values(kind, path)

    def _constants(self, wanted: Any) -> list[int]:
        """The number written, or the constant in the plan; nothing when it is worked out for each person."""
        if isinstance(wanted, FromPlan):
            item = self.plan.get(wanted.plan)
            return [] if item is None or item.value is None else [item.value]
        return [wanted]

    def _check_values(self, model: Any, path: KeyPath) -> None:
        """Every key of the plan that some part names, in a number or in braces."""
        for part in _parts(model):
            if isinstance(part, FromPlan):
                self._known(part.plan, self.plan, "key of the plan", path)
            elif isinstance(part, Line) and part.beside is not None:
                self._known(part.beside, self.courses, "course", path)
            elif isinstance(part, str):
                for name, _ in PLACEHOLDER.findall(part):
                    self._known(name, {*self.plan, *OF_THE_WEEK}, "key of the plan", path)

    def _known(self, name: str, known: Iterable[str], kind: str, path: KeyPath) -> None:
        if name not in known:
            self._problem(path, f"there is no {kind} '{name}'", nearest(name, known))

    def _problem(self, path: KeyPath, message: str, near: str = "") -> None:
        self.items.problem(Item(None, self.file, path), message, near=near)


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
