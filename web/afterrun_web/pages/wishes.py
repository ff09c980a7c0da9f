"""Days, times and the rest of what a person chooses for the weeks: as fields, and out of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

import afterrun
from afterrun.errors import Problem
from afterrun.rulebook.schema import Weekday, WrittenSchedule
from afterrun.schedule import (
    EVERY,
    WEEKDAYS,
    Away,
    Preferences,
    PreferencesError,
    Schedule,
    shared_kind,
)
from afterrun_web.requests.forms import Form

DAYS, TIME = "days", "at"
FIELDS: Mapping[str, str] = {
    "days": "Days for the plan",
    "at": "Time of day",
    "not": "Days that are taken",
    "runs": "Times a week",
    "long-run": "Day of the longest",
    "away": "Away",
}
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")


class KindField(NamedTuple):
    """What can be chosen for one kind of session, or for every kind."""

    id: str
    name: str
    """Empty for every kind."""
    days: tuple[Weekday, ...] | None
    """None where its days are not chosen."""
    at: str


class WishFields(NamedTuple):
    """What is chosen, as it stands in the fields of a form."""

    kinds: tuple[KindField, ...]
    taken: tuple[Weekday, ...]
    runs: str
    long_day: str
    away: tuple[tuple[str, str], ...]
    """First and last day, with one pair left to fill in."""
    shared: str
    """The kind of session whose number can be chosen, by its name; empty where there is none in the weeks."""
    weekdays: tuple[Weekday, ...] = WEEKDAYS

    @property
    def by_kind(self) -> bool:
        """Whether any kind has something of its own."""
        return any(each.name and (each.days or each.at) for each in self.kinds)


def fields_of(rulebook: afterrun.Rulebook, chosen: Preferences, schedule: Schedule) -> WishFields:
    """The fields with what is chosen in them, for the kinds that the weeks hold or somebody chose for."""
    written = rulebook.schedule
    held = {each.kind for each in schedule.sessions} | chosen.days.keys() | chosen.at.keys()
    kinds = [] if written is None else [each for each in _kinds(written) if each[0] in held]
    sharing = None if written is None else shared_kind(written)
    asked = sharing is not None and (sharing.id in held or chosen.runs is not None or bool(chosen.long_day))
    return WishFields(
        tuple(
            KindField(kind, name, chosen.days.get(kind, ()) if trains else None, chosen.at.get(kind, ""))
            for kind, name, trains in [(EVERY, "", True), *kinds]
        ),
        chosen.taken,
        "" if chosen.runs is None else str(chosen.runs),
        chosen.long_day or "",
        (*((each.first.isoformat(), each.last.isoformat()) for each in chosen.away), ("", "")),
        sharing.name if sharing is not None and asked else "",
    )


def wishes_in(rulebook: afterrun.Rulebook, form: Form) -> Preferences:
    """What a form chooses. Raises PreferencesError with all that cannot be read or served."""
    written, problems = rulebook.schedule, list[Problem]()
    kinds = [EVERY, *([each for each, _, _ in _kinds(written)] if written is not None else [])]
    days = {kind: _days(form.all(f"{DAYS}-{kind}")) for kind in kinds}
    times = {kind: form.one(f"{TIME}-{kind}").strip() for kind in kinds}
    runs, long_day = form.one("runs").strip(), form.one("long-run").strip()
    for time in filter(None, times.values()):
        if not _TIME.fullmatch(time):
            problems.append(Problem(f"'{time[:40]}' is no time of day; write it as in 07:30", key="at"))
    if runs and not re.fullmatch("[0-9]{1,2}", runs):
        problems.append(Problem(f"'{runs[:40]}' is no number; write it as in 3", key="runs"))
    if long_day and long_day not in WEEKDAYS:
        problems.append(Problem(f"'{long_day[:40]}' is no day of the week", key="long-run"))
    away = list(_away(form, problems))
    if problems:
        raise PreferencesError(problems)
    chosen = Preferences(
        days={kind: chosen for kind, chosen in days.items() if chosen},
        runs=int(runs) if runs else None,
        at={kind: time.zfill(5) for kind, time in times.items() if time},
        taken=_days(form.all("not")),
        away=tuple(away),
        long_day=next((day for day in WEEKDAYS if day == long_day), None),
    )
    return chosen if written is None else chosen.checked(written)


def sent_in(form: Form) -> list[tuple[str, str]]:
    """The first day and the wishes of a form, for the next form to bring them along."""
    return [
        (name, value)
        for name, values in form.fields.items()
        if name in ("start", "not", "runs", "long-run", "away-from", "away-to")
        or name.startswith((f"{DAYS}-", f"{TIME}-"))
        for value in values
    ]


def wrong_words(error: PreferencesError) -> list[str]:
    """What is wrong, by the names that the fields have."""
    return [
        f"{FIELDS.get(each.key, each.key)}: {each.message}." if each.key else f"{each.message}."
        for each in error.problems
    ]


def _kinds(written: WrittenSchedule) -> Iterator[tuple[str, str, bool]]:
    """Each kind of session with its name, and whether its days can be chosen."""
    own = {kind.id for kind in written.sessions if not kind.not_before}
    for kind, name in written.names.items():
        yield kind, name, kind in own


def _days(given: object) -> tuple[Weekday, ...]:
    said = set(given) if isinstance(given, list | tuple) else set()
    return tuple(day for day in WEEKDAYS if day in said)


def _away(form: Form, problems: list[Problem]) -> Iterator[Away]:
    firsts, lasts = form.all("away-from"), form.all("away-to")
    for place, first in enumerate(firsts):
        last = lasts[place].strip() if place < len(lasts) else ""
        if not first.strip() and not last:
            continue
        try:
            # One day alone is a range, too.
            yield Away(date.fromisoformat(first.strip() or last), date.fromisoformat(last or first.strip()))
        except ValueError:
            problems.append(Problem(f"'{first[:20]} to {last[:20]}' are no days", key="away"))
