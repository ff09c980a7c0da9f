"""Options of the command line in, a person's preferences for the weeks out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

from afterrun.errors import Problem
from afterrun.rulebook.schema import Weekday, WrittenSchedule
from afterrun.schedule import EVERY, WEEKDAYS, Away, Preferences, PreferencesError

_TIME = re.compile(r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Read = TypeVar("Read")


class Wishes(NamedTuple):
    """What the options say; None where one was not given, blank where it takes its wish back."""

    days: list[str] | None = None
    runs: str | None = None
    at: list[str] | None = None
    taken: list[str] | None = None
    away: list[str] | None = None
    long_run: str | None = None

    def taking_back(self, names: Iterable[str]) -> Wishes:
        """The same, with these options blank too."""
        options = dict(zip(("days", "runs", "at", "not", "away", "long-run"), self._fields, strict=True))
        wishes = self
        for name in names:
            if name not in options:
                message = f"'{name[:40]}' is no setting; these are: {', '.join((*options, 'goal'))}"
                raise PreferencesError([Problem(message, key="--clear")])
            blank: Any = "" if name in ("runs", "long-run") else [""]
            wishes = wishes._replace(**{options[name]: blank})
        return wishes

    def preferences(self, written: WrittenSchedule | None, before: Preferences | None = None) -> Preferences:
        """What is wished, each option in place of what was wished `before`.

        Raises PreferencesError with every option that cannot be read or served.
        """
        reader, chosen = _Reader(), before or Preferences()
        if self.days is not None:
            chosen = replace(chosen, days=reader.by_kind("--days", self.days, reader.days))
        if self.runs is not None:
            chosen = replace(chosen, runs=reader.count("--runs", self.runs))
        if self.at is not None:
            chosen = replace(chosen, at=reader.by_kind("--at", self.at, reader.time))
        if self.taken is not None:
            chosen = replace(chosen, taken=reader.days("--not", ",".join(self.taken)))
        if self.away is not None:
            chosen = replace(chosen, away=tuple(reader.away("--away", self.away)))
        if self.long_run is not None:
            chosen = replace(chosen, long_day=reader.day("--long-run", self.long_run))
        if reader.problems:
            raise PreferencesError(reader.problems)
        return chosen if written is None else self._checked(chosen, written)

    def _checked(self, chosen: Preferences, written: WrittenSchedule) -> Preferences:
        """What cannot be is told by the name of its option, and of one that was given now."""
        try:
            return chosen.checked(written)
        except PreferencesError as error:
            keys = {"not": "days"} if self.taken is None and self.days is not None else {}
            raise PreferencesError(
                each._replace(key=f"--{keys.get(each.key or '', each.key)}") for each in error.problems
            ) from None


class _Reader:
    """Reads the values of options, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def by_kind(
        self, option: str, values: Iterable[str], read: Callable[[str, str], Read]
    ) -> Mapping[str, Read]:
        """`mon,wed` for every kind, `run=tue,fri` for one; a blank is none."""
        found = {}
        for value in filter(None, map(str.strip, values)):
            kind, given = value.split("=", 1) if "=" in value else (EVERY, value)
            found[kind.strip().lower()] = read(option, given)
        return found

    def days(self, option: str, value: str) -> tuple[Weekday, ...]:
        """mon, Monday, MON, any number of them."""
        named = [(word, _weekday(word)) for word in re.split(r"[\s,;]+", value) if word]
        for word in (word for word, day in named if day is None):
            self._wrong(option, f"'{word[:40]}' is no day of the week; use {', '.join(WEEKDAYS)}")
        days = {day for _, day in named}
        return tuple(day for day in WEEKDAYS if day in days)

    def day(self, option: str, value: str) -> Weekday | None:
        """One day at most."""
        days = self.days(option, value)
        if len(days) > 1:
            self._wrong(option, "takes one day")
        return days[0] if days else None

    def time(self, option: str, value: str) -> str:
        """A time of day, in five characters."""
        if not _TIME.match(value.strip()):
            self._wrong(option, f"'{value[:40]}' is no time of day; write it as in 07:30")
        return value.strip().zfill(5)

    def count(self, option: str, value: str) -> int | None:
        """A small whole number."""
        if value.strip() and not re.fullmatch(r"[0-9]{1,2}", value.strip()):
            self._wrong(option, f"'{value[:40]}' is no number; write it as in 3")
            return None
        return int(value) if value.strip() else None

    def away(self, option: str, values: Iterable[str]) -> Iterator[Away]:
        """Ranges of days; one day alone is a range too."""
        for value in (part.strip() for each in values for part in each.split(",") if part.strip()):
            ends = value.split("..")
            try:
                if len(ends) > 2:
                    raise ValueError
                yield Away(date.fromisoformat(ends[0]), date.fromisoformat(ends[-1]))
            except ValueError:
                self._wrong(option, f"'{value[:40]}' is no range; write it as in 2027-04-10..2027-04-17")

    def _wrong(self, option: str, message: str) -> None:
        self.problems.append(Problem(message, key=option))


def _weekday(word: str) -> Weekday | None:
    small = word.lower()
    places = [place for place, name in enumerate(_FULL) if len(small) > 2 and name.startswith(small)]
    return WEEKDAYS[places[0]] if places else None
