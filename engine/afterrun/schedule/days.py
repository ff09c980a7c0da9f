"""On which days of a week its sessions fall: the days written, or those that a person's preferences leave.

Rests are never broken: a session that finds no day falls out. Where kinds that should have days of their own
cannot all be placed they share a day. Both are told. A week has few days, so all choices are tried.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from afterrun.rulebook.schema import SessionKind
from afterrun.schedule.preferences import WEEKDAYS, Conflict, Preferences

Places = tuple[int, ...]
"""Days of a week, counted from its first."""
HOURS_A_DAY = 24


class Wanted(NamedTuple):
    """So many sessions of a kind in one week."""

    kind: SessionKind
    sessions: int
    hours_apart: int


class WeekDays(NamedTuple):
    """The days found, kind by kind in the order in which they were wanted."""

    days: tuple[tuple[date, ...], ...] = ()
    conflicts: tuple[Conflict, ...] = ()


class _Choice(NamedTuple):
    """Some days for one kind, and what is to be said against them, the gravest first."""

    places: Places
    misses_long_day: bool
    crowds_next_week: bool
    lost_spacing: int
    moved: int


class DayPlanner:
    """Finds the days of one week after the other; each keeps its rests from the one before.

    `last` holds the last day of each kind in the week before the first.
    """

    def __init__(self, preferences: Preferences, last: Mapping[str, date]) -> None:
        self._preferences = preferences
        self._last = dict(last)
        self._found: dict[tuple[object, ...], tuple[Places, ...]] = {}

    def next(self, start: date, wanted: Sequence[Wanted]) -> WeekDays:
        """The days of the week that begins on `start`."""
        if self._preferences.choose_days(start) or self._crowded(start, wanted):
            chosen = WeekDays(*self._chosen(start, wanted))
        else:
            chosen = WeekDays(tuple(tuple(written_days(each.kind, each.sessions, start)) for each in wanted))
        for each, days in zip(wanted, chosen.days, strict=True):
            self.remember(each.kind.id, days)
        return chosen

    def remember(self, kind: str, days: Iterable[date]) -> None:
        """Go on from these days of a kind."""
        self._last[kind] = max([*days, *([self._last[kind]] if kind in self._last else [])], default=date.min)

    def _crowded(self, start: date, wanted: Sequence[Wanted]) -> bool:
        """Whether the days written come too soon after a week that had other days."""
        firsts = ((each, written_days(each.kind, each.sessions, start)[:1]) for each in wanted)
        return any(
            days[0] - self._last[each.kind.id] < timedelta(hours=each.hours_apart)
            for each, days in firsts
            if days and each.kind.id in self._last
        )

    def _chosen(
        self, start: date, wanted: Sequence[Wanted]
    ) -> tuple[tuple[tuple[date, ...], ...], tuple[Conflict, ...]]:
        week = [start + timedelta(days=place) for place in range(7)]
        free = [self._free(each, week) for each in wanted]
        earliest = [self._earliest(each, start) for each in wanted]
        key = (
            *((each.kind.id, each.sessions, each.hours_apart) for each in wanted),
            *free,
            *earliest,
            start.weekday(),
        )
        if key not in self._found:
            choices = [
                list(self._choices(each, week, *limits))
                for each, limits in zip(wanted, zip(free, earliest, strict=True), strict=True)
            ]
            self._found[key] = _best(wanted, choices)
        places = self._found[key]
        conflicts = itertools.chain(self._left_out(wanted, places, week), _shared(wanted, places))
        return tuple(tuple(week[place] for place in each) for each in places), tuple(conflicts)

    def _free(self, wanted: Wanted, week: Sequence[date]) -> Places:
        """Where in the week a kind may fall; what is done once keeps to its own days."""
        if wanted.kind.not_before:
            return tuple(range(7))
        allowed = self._preferences.allowed(wanted.kind)
        return tuple(
            place
            for place, day in enumerate(week)
            if WEEKDAYS[day.weekday()] in allowed and not self._preferences.is_away(day)
        )

    def _earliest(self, wanted: Wanted, start: date) -> int:
        last = self._last.get(wanted.kind.id)
        rest = -(-wanted.hours_apart // HOURS_A_DAY)
        return 0 if last is None else max(0, (last - start).days + rest)

    def _choices(
        self, wanted: Wanted, week: Sequence[date], free: Places, earliest: int
    ) -> Iterator[_Choice]:
        """Every way to place as many sessions as can be."""
        usual = [week.index(day) for day in written_days(wanted.kind, wanted.sessions, week[0])]
        long_day = self._preferences.long_day if wanted.kind.share is not None else None
        long_place = next((p for p in free if WEEKDAYS[week[p].weekday()] == long_day), None)
        spacing = _least_gap(usual)
        for places in _most_of([place for place in free if place >= earliest], wanted):
            around = places[0] + 7 - places[-1] if places else 7
            yield _Choice(
                places,
                long_place is not None and long_place not in places,
                around * HOURS_A_DAY < wanted.hours_apart,
                max(0, spacing - _least_gap(places)),
                sum(min(abs(place - each) for each in usual) for place in places),
            )

    def _left_out(
        self, wanted: Sequence[Wanted], places: Sequence[Places], week: Sequence[date]
    ) -> Iterator[Conflict]:
        for each, found in zip(wanted, places, strict=True):
            if len(found) < each.sessions:
                allowed = self._preferences.allowed(each.kind)
                at_home = [place for place, day in enumerate(week) if WEEKDAYS[day.weekday()] in allowed]
                away = any(self._preferences.is_away(week[place]) for place in at_home)
                fits = len(_most_of(at_home, each)[0]) == each.sessions
                why = "away" if away and fits else "days"
                yield Conflict("left_out", why, each.kind.name, len(found), each.sessions)  # type: ignore[arg-type]


def written_days(kind: SessionKind, count: int, start: date) -> list[date]:
    """The days as they are written: the same weekdays, whatever day the week begins with."""
    if not count:
        return []
    # An amount too small to share out takes fewer sessions than are usual, on the first of the usual days.
    named = min(each for each in kind.days if each >= count)
    wanted = {WEEKDAYS.index(day) for day in kind.days[named][:count]}
    days = (start + timedelta(days=place) for place in range(7))
    return [day for day in days if day.weekday() in wanted]


def _most_of(places: Sequence[int], wanted: Wanted) -> list[Places]:
    """All ways to take as many of these days as are wanted and as the rests between them allow."""
    for count in range(min(wanted.sessions, len(places)), 0, -1):
        found = [
            each
            for each in itertools.combinations(places, count)
            if all((b - a) * HOURS_A_DAY >= wanted.hours_apart for a, b in itertools.pairwise(each))
        ]
        if found:
            return found
    return [()]


def _best(wanted: Sequence[Wanted], choices: Sequence[Sequence[_Choice]]) -> tuple[Places, ...]:
    """For all kinds together the choice that shares the fewest days, then that which is nearest to what is
    written."""
    best: dict[int, Places] = {}
    for group in _groups(wanted):
        taken = min(
            itertools.product(*(choices[place] for place in group)),
            key=lambda choice: (
                len(list(_meetings([wanted[place] for place in group], [each.places for each in choice]))),
                *(sum(values) for values in zip(*(each[1:] for each in choice), strict=True)),
                [each.places for each in choice],
            ),
        )
        best |= {place: each.places for place, each in zip(group, taken, strict=True)}
    return tuple(best[place] for place in range(len(wanted)))


def _groups(wanted: Sequence[Wanted]) -> list[list[int]]:
    """Kinds that have to do with each other, by way of others too."""
    groups: list[list[int]] = []
    for place, each in enumerate(wanted):
        joined = [group for group in groups if any(_apart(each.kind, wanted[one].kind) for one in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*itertools.chain(*joined), place])
    return groups


def _apart(one: SessionKind, other: SessionKind) -> bool:
    return other.id in one.apart_from or one.id in other.apart_from


def _meetings(wanted: Sequence[Wanted], places: Sequence[Places]) -> Iterator[tuple[Wanted, Wanted]]:
    """Two kinds that should keep apart, once for each day on which they meet."""
    both = zip(wanted, places, strict=True)
    for (one, here), (other, there) in itertools.combinations(both, 2):
        if _apart(one.kind, other.kind):
            yield from ((one, other) for _ in set(here) & set(there))


def _shared(wanted: Sequence[Wanted], places: Sequence[Places]) -> Iterator[Conflict]:
    for (one, other), days in itertools.groupby(_meetings(wanted, places)):
        count = len(list(days))
        yield Conflict("shared", "days", one.kind.name, count, one.sessions, other.kind.name)


def _least_gap(places: Sequence[int]) -> int:
    """The fewest days from one to the next, round the week."""
    around = [*places, *(place + 7 for place in places[:1])]
    return min((b - a for a, b in itertools.pairwise(around)), default=7)
