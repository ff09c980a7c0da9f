"""What a person chose for the weeks, and what the weeks cannot hold of it, in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from afterrun.rulebook import Rulebook
from afterrun.schedule import EVERY, Conflict, Preferences, Schedule, Week, day_words, shared_kind
from afterrun.telling.page import Point, Section

SHOWN = 4
"""Stretches of weeks that are told one by one."""


def preference_points(rulebook: Rulebook, chosen: Preferences) -> Iterator[Point]:
    """Each thing that was chosen, and nothing where all is as it is written."""
    written = rulebook.schedule
    if written is None:
        return
    names = written.names
    sharing = shared_kind(written)
    yield from _by_kind("Days", {kind: weekday_words(days) for kind, days in chosen.days.items()}, names)
    if chosen.runs is not None and sharing is not None:
        yield Point(f"{sharing.name}: times a week", str(chosen.runs))
    yield from _by_kind("Time of day", chosen.at, names)
    if chosen.taken:
        yield Point("Days that are taken", weekday_words(chosen.taken))
    for first, last in chosen.away:
        yield Point("Away", f"{day_words(first, year=True)} to {day_words(last, year=True)}")
    if chosen.long_day is not None and sharing is not None:
        yield Point(f"{sharing.name}: the longest", f"{weekday_words([chosen.long_day])}, where they differ")


def _by_kind(name: str, values: Mapping[str, str], names: Mapping[str, str]) -> Iterator[Point]:
    for kind, value in values.items():
        yield Point(name if kind == EVERY else f"{names.get(kind, kind)}: {name.lower()}", value)


def weekday_words(days: Iterable[str]) -> str:
    """Weekdays as a person reads them.

    >>> weekday_words(["mon", "sat"])
    'Mon, Sat'
    """
    return ", ".join(day.capitalize() for day in days)


def conflict_words(conflict: Conflict) -> str:
    """What a week cannot hold, why, and what would change that."""
    name, placed, of = conflict.name, conflict.placed, conflict.of
    some = f"{placed} of {of}" if placed else f"none of {of}"
    match conflict.what, conflict.why:
        case "left_out", "away":
            return f"{name}: {some} this week, for you are away."
        case "left_out", "taken":
            return f"{name}: {some} this week, for you took the day after the week had begun."
        case "left_out", "late":
            return f"{name}: {some} still to come. The check-in came after the rest."
        case "left_out", _:
            return f"{name}: {some} this week, for you need to rest in between. Free more days to have all."
        case "shared", _:
            days = "a day" if placed == 1 else f"{placed} days"
            return f"{name} and {conflict.other.lower()} share {days}. To part them free more days."
        case "fewer", _:
            return f"{name}: {placed} this week and not {of}. The plan has no more here."
        case _:
            held = "holds" if placed == 1 else "hold"
            return f"{name}: {placed} a week {held} less than the plan would. Choose more, or free more days."


def conflicts_section(schedule: Schedule) -> Section:
    """All that the weeks cannot hold of what was chosen, the weeks that say the same as one."""
    told = [(words, weeks) for words, weeks in _stretches(schedule.weeks) if words]
    points = [Point(_which(weeks), words) for words, weeks in told[:SHOWN]]
    if len(told) > SHOWN:
        points.append(Point("Later", "More of the kind; each week says it."))
    return Section("What does not fit", tuple(points))


def _stretches(weeks: Iterable[Week]) -> Iterator[tuple[str, list[Week]]]:
    by_words = itertools.groupby(weeks, key=lambda week: " ".join(map(conflict_words, week.conflicts)))
    return ((words, list(stretch)) for words, stretch in by_words)


def _which(weeks: list[Week]) -> str:
    first, last = weeks[0], weeks[-1]
    which = f"Week {first.number}" if first is last else f"Weeks {first.number} to {last.number}"
    return f"{which}, from {day_words(first.start)}"
