"""Which recordings are of one activity: a watch and a phone, an app that has it from a watch, two exports."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from afterrun.history.formats.activity import Sport
from afterrun.history.runs import Found

APART = timedelta(minutes=2)
"""How far the beginnings of two recordings of one run may lie apart: a second watch is started later."""
ZONES, QUARTER = timedelta(hours=26), timedelta(minutes=15)
"""How far apart two clocks may be at most, and the least by which zones differ."""
UNLIKE = 0.03
"""By how much of the longer their distances may differ: two ways of measuring one way do."""


class Recording(NamedTuple):
    """One activity as one file tells it, on the person's clock."""

    began: datetime
    metres: float | None
    seconds: float | None
    sport: Sport | None
    moving: bool
    only_day: bool
    found: Found
    zoneless: bool = False
    """Whether its file told a clock without a zone, and nobody said which."""

    @property
    def order(self) -> tuple[datetime, str, str, str]:
        """By when it began; for the rest the same whichever was read first."""
        return (self.began, self.found.file, self.found.place, self.found.digest)

    @property
    def knows(self) -> tuple[bool, ...]:
        """How much it tells; of two the greater is kept."""
        return (
            self.sport is not None,
            self.metres is not None,
            not self.only_day,
            self.moving,
            self.seconds is not None,
        )


Group = list[Recording]


def grouped(recordings: Iterable[Recording]) -> list[tuple[Recording, ...]]:
    """One group for each activity, what is kept first; the same for any order of the recordings.

    With both distances known, two are one if they began within `APART` and are `UNLIKE` by no more, and what
    is one with one of a group is in it. A recording without a distance belongs to the one that began nearest
    within `APART`, if both went on at one time: nobody runs twice at once. One that tells only its day
    belongs to one of that day and length out of another file; within a file each is an activity of its own.
    """
    distances: Group = []
    bare: Group = []
    days: Group = []
    for each in sorted(recordings, key=attrgetter("order")):
        (days if each.only_day else distances if each.metres is not None else bare).append(each)
    groups = _alike(distances)
    groups += _joined(bare, groups)
    groups += _of_the_day(days, groups)
    return sorted((_kept_first(each) for each in groups), key=lambda group: group[0].order)


def perhaps_twice(groups: Sequence[Sequence[Recording]]) -> list[Recording]:
    """Those of a clock without a zone that would be another group's run, were the clock in another zone."""
    zoned = sorted((each for group in groups for each in group if not each.zoneless), key=attrgetter("began"))
    begins = [each.began for each in zoned]
    found = []
    for group in groups:
        one = group[0]
        if one.only_day or one.metres is None or not all(each.zoneless for each in group):
            continue
        near = zoned[bisect_left(begins, one.began - ZONES) : bisect_right(begins, one.began + ZONES)]
        if any(
            other.metres is not None and _alike_long(one.metres, other.metres) and _whole_quarters(one, other)
            for other in near
        ):
            found.append(one)
    return found


def _whole_quarters(one: Recording, other: Recording) -> bool:
    """Whether they began whole quarters of an hour apart, as zones are, but for what two watches differ."""
    past = abs(one.began - other.began) % QUARTER
    return min(past, QUARTER - past) <= APART


def same(one: Recording, other: Recording) -> bool:
    """Whether two recordings by the clock are of one activity, were there no others."""
    if abs(one.began - other.began) > APART:
        return False
    if one.metres is not None and other.metres is not None:
        return _alike_long(one.metres, other.metres)
    return _overlap(one, other)


def _alike(recordings: Sequence[Recording]) -> list[Group]:
    """Those with distances, in order. Of equal lengths only the latest can still reach a later one."""
    parent = list(range(len(recordings)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    lengths: list[float] = []
    latest: dict[float, int] = {}
    for index, each in enumerate(recordings):
        if index and each.began - recordings[index - 1].began > APART:
            lengths, latest = [], {}
        assert each.metres is not None
        near = slice(
            bisect_left(lengths, each.metres * (1 - UNLIKE)),
            bisect_right(lengths, each.metres / (1 - UNLIKE)),
        )
        for length in lengths[near]:
            if same(recordings[latest[length]], each):
                parent[root(index)] = root(latest[length])
        if each.metres not in latest:
            insort(lengths, each.metres)
        latest[each.metres] = index
    groups: dict[int, Group] = defaultdict(list)
    for index, each in enumerate(recordings):
        groups[root(index)].append(each)
    return list(groups.values())


def _joined(recordings: Sequence[Recording], groups: Sequence[Group]) -> list[Group]:
    """Add those without a distance to the groups that they belong to; what is left makes groups."""
    by_begin = sorted(
        ((each, group) for group in groups for each in group), key=lambda member: member[0].order
    )
    begins = [each.began for each, _ in by_begin]
    joining: list[tuple[Recording, Group]] = []
    rest: list[Group] = []
    for each in recordings:
        near = by_begin[bisect_left(begins, each.began - APART) : bisect_right(begins, each.began + APART)]
        fitting = [
            (abs(one.began - each.began), one.order, group) for one, group in near if _overlap(one, each)
        ]
        if fitting:
            joining.append((each, min(fitting, key=lambda fit: fit[:2])[2]))
        elif rest and same(rest[-1][-1], each):
            rest[-1].append(each)
        else:
            rest.append([each])
    for each, group in joining:
        group.append(each)
    return rest


def _of_the_day(recordings: Sequence[Recording], groups: Sequence[Group]) -> list[Group]:
    """Add those that tell only a day to the groups that they belong to; what is left makes groups."""
    by_day: dict[object, list[Group]] = defaultdict(list)
    for group in groups:
        by_day[group[0].began.date()].append(group)
    rest: list[Group] = []
    for each in recordings:
        there = by_day[each.began.date()]
        fitting = [
            (abs(one.metres - each.metres), one.order, group)
            for group in there
            for one in group[:1]
            if one.metres is not None and each.metres is not None and _alike_long(one.metres, each.metres)
            if all(each.found.file != other.found.file for other in group)
        ]
        if fitting:
            min(fitting, key=lambda fit: fit[:2])[2].append(each)
        else:
            rest.append([each])
            there.append(rest[-1])
    return rest


def _kept_first(group: Group) -> tuple[Recording, ...]:
    most = max(each.knows for each in group)
    kept = min((each for each in group if each.knows == most), key=attrgetter("order"))
    return (kept, *sorted((each for each in group if each is not kept), key=attrgetter("order")))


def _alike_long(one: float, other: float) -> bool:
    return abs(one - other) <= UNLIKE * max(one, other)


def _overlap(one: Recording, other: Recording) -> bool:
    """Whether they went on at one time; one whose duration is unknown may have gone on for long."""
    first, second = sorted((one, other), key=attrgetter("began"))
    return first.seconds is None or first.began + timedelta(seconds=first.seconds) >= second.began
