"""A JSON line as it was given: the values of its object by key, and what is wrong with it by itself."""

from __future__ import annotations

import io

from afterrun.batch.input.form.names import Names, folded
from afterrun.batch.input.rejects import GivenRow, cell, damage_of, question_columns, readable
from afterrun.batch.input.sources import Source
from afterrun.errors import Problem
from afterrun.intake import RawIntake, raw_intakes
from afterrun.rulebook import Rulebook, engine_of


def given_columns(rulebook: Rulebook, source: Source) -> list[str]:
    """The keys of the first lines, and every other key that an intake may have."""
    there = {(column.role, column.key) for column in source.columns}
    native = engine_of(rulebook, Names).native
    rest = (name for name in question_columns(rulebook) if native[name][1:3] not in there)
    return [*(column.name for column in source.columns), *rest]


def given_row(rulebook: Rulebook, source: Source, raw: bytes) -> GivenRow:
    """A line with the values of its object by key; what no key of the file takes stands apart."""
    data, shown = intake_in(raw).data, {folded(name) for name in given_columns(rulebook, source)}
    unread = (f"{name}={cell(value)}" for name, value in data.items() if folded(name) not in shown)
    cells = {name: cell(value) for name, value in data.items() if folded(name) in shown}
    return GivenRow(readable(raw), cells, "; ".join(unread))


def intake_in(raw: bytes) -> RawIntake:
    """The intake of a line, or every problem with it."""
    damage = damage_of(raw)
    if damage is not None and damage.kind == "too_long":
        return RawIntake("", 1, {}, {}, (Problem(damage.reason),))
    return next(iter(raw_intakes(io.BytesIO(raw + b"\n"), "", "jsonl")))
