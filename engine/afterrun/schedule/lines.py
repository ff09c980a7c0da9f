"""Sentences filled in with the values of the plan and of the week."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from afterrun.rulebook import value_words
from afterrun.rulebook.schema import OF_THE_WEEK, PLACEHOLDER, Line, Text

Values = Callable[[str], Any]

_WEEKS = re.compile(r"^([0-9]{1,4})(?:-([0-9]{1,4}))?$")


def filled(line: Text | Line, values: Values, week: int) -> str | None:
    """One sentence; None when it needs a value that is not known. `week` is that of the course.

    >>> filled("{tempo.down} s down, {rest} min", {"tempo": {"down": 3}, "rest": [2, 3]}.get, 1)
    '3 s down, 2 to 3 min'
    >>> filled("{sets}", {"sets": {"1": "3x15", "2-3": "3x12"}}.get, 3)
    '3x12'
    >>> filled("{unheard_of}", {}.get, 1) is None
    True
    """
    if isinstance(line, Line):
        said = filled(line.say, values, week)
        return said if said is not None or not line.otherwise else filled(line.otherwise, values, week)
    found = [_value(values(name), part, week) for name, part in PLACEHOLDER.findall(line)]
    if None in found:
        return None
    words = iter(found)
    return PLACEHOLDER.sub(lambda _: str(next(words)), line)


def said(
    lines: Iterable[Text | Line], values: Values, week: int, beside: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sentences that belong to a week of a course, others running beside it.

    First those that speak of this week alone, then those that hold from week to week.
    """
    this_week: list[str] = []
    always: list[str] = []
    running = set(beside)
    for line in lines:
        if isinstance(line, Line) and (
            (line.beside is not None and line.beside not in running)
            or (line.first_weeks is not None and week > line.first_weeks)
        ):
            continue
        words = filled(line, values, week)
        if words:
            (this_week if _speaks_of_week(line, values) else always).append(words)
    return tuple(this_week), tuple(always)


def _speaks_of_week(line: Text | Line, values: Values) -> bool:
    say = line.say if isinstance(line, Line) else line
    for name, part in PLACEHOLDER.findall(say):
        if name in OF_THE_WEEK and name != "unit":
            return True
        value = None if part else values(name)
        if isinstance(value, Mapping):
            return True
    return isinstance(line, Line) and line.first_weeks is not None


def day_words(day: date, *, year: bool = False) -> str:
    """A date as a person says it.

    >>> day_words(date(2026, 12, 7)), day_words(date(2026, 12, 7), year=True)
    ('7 Dec', '7 Dec 2026')
    """
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def _value(value: Any, part: str, week: int) -> str | None:
    if isinstance(value, Mapping) and not part:
        return _of_week(value, week)
    return value_words(value, part)


def _of_week(table: Mapping[str, Any], week: int) -> str | None:
    """The entry of a table by weeks, such as `2-3`."""
    for weeks, value in table.items():
        match = _WEEKS.match(str(weeks))
        if match and int(match[1]) <= week <= int(match[2] or match[1]):
            return str(value)
    return None
