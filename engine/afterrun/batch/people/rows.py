"""One person's files in, one row out: each number that they offer, or why there is none."""

from __future__ import annotations

from collections import Counter
from datetime import date, tzinfo
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.people.folders import Person
from afterrun.history import Offers, RunningHistory, offers, read_history
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook

NOTE = "_note"
"""Behind a question's id: the column that says why it has no number, or what to know of the one it has."""


class HistoryReading(NamedTuple):
    """How all files are read, and as of when."""

    zone: tzinfo | None
    today: date
    miles: bool | None = None
    unit: str | None = None
    """Of all amounts; without it each person's own, as the row says."""
    now: date | None = None
    """The day that it really is, where that is later."""


class PersonRead(NamedTuple):
    """A person's row, and the history it was made of."""

    row: dict[str, Any]
    history: RunningHistory


def person_read(rulebook: Rulebook, person: Person, how: HistoryReading) -> PersonRead:
    """Read the files of one person. Where nothing could be read, numbers and days are null, with reasons.

    Reasons stand without the names of files, which may be those of people.
    """
    history = read_history([person.path], how.zone, today=how.today, miles=how.miles, now=how.now)
    found = offers(rulebook, history, how.today, how.unit)
    units = {
        quantity.unit_key: found.unit
        for each in _asked(rulebook)
        if (name := rulebook.questions[each].quantity) is not None and each in found.offered
        for quantity in [rulebook.quantities[name]]
    }
    # Nobody is asked here: what may lack a run, or count one twice, stays open.
    answered = {name: each.plain for name, each in found.offered.items() if not each.doubtful}
    notes = {f"{name}{NOTE}": _note(found, name) for name in _asked(rulebook)}
    row = {
        RECORD_ID: person.record_id,
        "as_of": how.today,
        "first_day": history.first.date() if history.first is not None else None,
        "last_day": history.last.date() if history.last is not None else None,
        "runs": len(history.runs),
        "others": sum(history.others.values()),
        "doubles": sum(len(each.found) - 1 for each in history.runs),
        "left_out": len(history.left_out),
        "left_out_why": _reasons(history),
        **units,
        **answered,
        **notes,
    }
    return PersonRead({name: row.get(name) for name in columns(rulebook)}, history)


def columns(rulebook: Rulebook) -> dict[str, pl.DataType]:
    """Every column of a table of people, in order, with its type."""
    table: dict[str, pl.DataType] = {RECORD_ID: pl.String(), "as_of": pl.Date()}
    for name in _asked(rulebook):
        question = rulebook.questions[name]
        if question.quantity is not None:
            table.setdefault(rulebook.quantities[question.quantity].unit_key, pl.String())
        table[name] = pl.String() if question.options else pl.Float64()
    table |= {"first_day": pl.Date(), "last_day": pl.Date()}
    table |= dict.fromkeys(("runs", "others", "doubles", "left_out"), pl.Int64())
    table["left_out_why"] = pl.String()
    return table | dict.fromkeys((f"{name}{NOTE}" for name in _asked(rulebook)), pl.String())


def _asked(rulebook: Rulebook) -> list[str]:
    return [each.question for each in rulebook.history.offers] if rulebook.history is not None else []


def _note(found: Offers, name: str) -> str | None:
    offer = found.offered.get(name)
    return found.withheld.get(name) if offer is None else offer.note or None


def _reasons(history: RunningHistory) -> str | None:
    counted = Counter(each.reason for each in history.left_out)
    return "; ".join(f"{count:,} × {reason}" for reason, count in counted.most_common()) or None
