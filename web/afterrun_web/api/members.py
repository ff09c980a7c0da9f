"""The members of a request's object, each checked, and all that is wrong with them told at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from afterrun import Answers, IntakeError, Problem, Rulebook, read_answers
from afterrun.errors import ProblemsError, nearest
from afterrun.intake import LONGEST_TEXT, half_texts

MOST_NAMES = 20
"""Conclusions or questions that one request may ask about."""
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Members:
    """Reads members by their names; `done` raises IntakeError with every problem."""

    def __init__(self, data: Mapping[str, Any], known: Collection[str], place: str = "") -> None:
        self.data = data
        self.place = place
        self.problems: list[Problem] = [] if place else half_texts(data)
        for key in data:
            if key not in known:
                what = "does not belong into this request"
                self._problem(key[:LONGEST_TEXT], what, nearest(key[:LONGEST_TEXT], known))

    def done(self) -> None:
        """Nothing is left to be read."""
        if self.problems:
            raise IntakeError(self.problems)

    def answers(self, rulebook: Rulebook, name: str) -> Answers:
        """An intake, which is needed."""
        given = self.object(name, needed=True)
        try:
            with self.within(name):
                return read_answers(rulebook, given)
        except IntakeError as error:
            self.problems += error.problems
            return Answers({}, {})

    def object(self, name: str, *, needed: bool = False) -> Mapping[str, Any]:
        """An object of whatever it is."""
        value = self.data.get(name)
        if value is None and needed:
            self._problem(name, f'is missing; give {{"{name}": {{…}}}}')
        elif not isinstance(value, Mapping | None):
            self._problem(name, "is no object")
        return value if isinstance(value, Mapping) else {}

    def names(self, name: str, most: int = MOST_NAMES) -> list[str]:
        """A list of names; whether there is anything of that name is told by whoever looks for it."""
        value = self.data.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._problem(name, "takes a list of names")
            return []
        if len(value) > most:
            self._problem(name, f"takes at most {most} names, not {len(value)}")
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A small whole number."""
        value = self.data.get(name)
        if value is not None and not (type(value) is int and low <= value <= high):
            self._problem(name, f"takes a whole number from {low} to {high}")
            return None
        return value

    def word(self, name: str, among: Collection[str], earlier: Collection[str] = ()) -> str | None:
        """One of a few words; or of those that stood for some of them before, which nobody is told of."""
        value = self.data.get(name)
        if value is not None and value not in [*among, *earlier]:
            near = nearest(value[:LONGEST_TEXT], among) if isinstance(value, str) else ""
            self._problem(name, f"takes one of {', '.join(among)}", near)
            return None
        return value

    def text(self, name: str) -> str | None:
        """A short text."""
        value = self.data.get(name)
        if value is not None and not (isinstance(value, str) and len(value) <= LONGEST_TEXT):
            self._problem(name, f"takes a text of up to {LONGEST_TEXT} characters")
            return None
        return value

    def day(self, name: str) -> date:
        """A day, which is needed: what is asked twice is answered twice alike, whatever day it is."""
        value = self.data.get(name)
        if value is None:
            self._problem(name, f'is missing; give the first day as in {{"{name}": "2027-03-01"}}')
        elif (day := day_in(value)) is None:
            self._problem(name, f"{quoted(value)} is no date; write it as in 2027-03-01")
        elif FIRST_DAY <= day <= LAST_DAY:
            return day
        else:
            self._problem(name, f"{day} is too far away: from {FIRST_DAY} to {LAST_DAY}")
        return FIRST_DAY

    @contextmanager
    def within(self, name: str) -> Iterator[None]:
        """Problems raised inside are those of a member."""
        try:
            yield
        except ProblemsError as error:
            place = f"{self.place}{name}."
            raise IntakeError(each._replace(key=f"{place}{each.key}") for each in error.problems) from None

    def _problem(self, key: str, message: str, near: str = "") -> None:
        self.problems.append(Problem(message, key=f"{self.place}{key}", nearest=near))


def day_in(value: Any) -> date | None:
    """The day that a text names; None where it names none."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def quoted(value: Any) -> str:
    """What was given, cut short."""
    text = str(value)
    return f"'{text}'" if len(text) <= 40 else f"'{text[:40]}…'"
