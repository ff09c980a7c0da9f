"""What a request chooses of the weeks: days, times, how many sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun import IntakeError, Preferences, Problem
from afterrun.rulebook.schema import WrittenSchedule
from afterrun.schedule import shared_kind
from afterrun_web.api.members import Members, day_in

MOST_AWAY = 50
"""Stretches of days away in one request."""
PLACE = "preferences"

OF_SHARES = ("runs", "long-run")
"""What is chosen of sessions among which the amount of a week is shared out."""
_SHAPES = {
    "days": "takes an object of lists of days, by kind of session",
    "runs": "takes a whole number",
    "at": "takes an object of times of day, by kind of session",
    "not": "takes a list of days",
    "away": f"takes a list of at most {MOST_AWAY} pairs of dates, first and last",
    "long-run": "takes one day",
}


def preferences_in(members: Members, written: WrittenSchedule | None) -> Preferences:
    """The preferences of a request, as `Preferences.to_dict` writes them; every problem goes to `members`."""
    wanted = members.object(PLACE)
    shapes = {key: shape for key, shape in _SHAPES.items() if key in keys_of(written)}
    inner = Members(wanted, list(shapes), f"{PLACE}.")
    given = {key: each for key, each in wanted.items() if each not in (None, "", [], {})}
    for key, shape in shapes.items():
        if key in given and not _fits(key, given[key]):
            inner.problems.append(Problem(shape, key=f"{PLACE}.{key}"))
    members.problems += inner.problems
    if inner.problems or members.problems:
        return Preferences()
    chosen = Preferences.of(given)
    try:
        with members.within(PLACE):
            return chosen.checked(written) if written is not None else chosen
    except IntakeError as error:
        members.problems += error.problems
        return Preferences()


def keys_of(written: WrittenSchedule | None) -> tuple[str, ...]:
    """What can be chosen: how many sessions, and the longest, only where some share an amount."""
    shared = written is not None and shared_kind(written) is not None
    return tuple(key for key in _SHAPES if shared or key not in OF_SHARES)


def _fits(key: str, value: Any) -> bool:
    match key:
        case "days":
            return isinstance(value, Mapping) and all(map(_texts, value.values()))
        case "at":
            return isinstance(value, Mapping) and _texts([*value.values()])
        case "not":
            return _texts(value)
        case "runs":
            return type(value) is int
        case "away":
            return isinstance(value, list) and len(value) <= MOST_AWAY and all(map(_days, value))
        case _:
            return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _days(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and None not in map(day_in, value)
