"""The columns of checked answers, as every batch stage sees them.

One polars DataFrame holds a chunk of intakes, one row each, all answers validated:

| column | type | meaning |
|---|---|---|
| `record_id` | String | as given, or null |
| `occasion` | String | what tells rows of one record apart, or null |
| `source` | UInt32 | which input file, by its place in the job |
| `line` | UInt64 | line (or row) number in that file, from 1, header included |
| a single choice, by question id | UInt8 | index of the option, or UNKNOWN_CODE; null: not answered |
| a number, by question id | Int64 | millionths, or UNKNOWN_NUMBER; null: not answered |
| a multiple choice, `question___option` | Boolean | ticked; null: not asked; all null: not answered |
| a unit, by unit key | UInt8 | index of the unit; null: not given |
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from afterrun.intake import MILLION, RECORD_ID, Answers, PartlyAsked, Value
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import Question

SEPARATOR = "___"
"""Between question and option in a column of its own, as REDCap does."""
UNKNOWN_CODE = 255
UNKNOWN_NUMBER = -(2**63)
OCCASION = "occasion"
PLACE_COLUMNS: Mapping[str, Any] = {
    "record_id": pl.String,
    OCCASION: pl.String,
    "source": pl.UInt32,
    "line": pl.UInt64,
}


def option_column(question: str, option: str) -> str:
    """The name of the column that holds one option of a multiple choice."""
    return f"{question}{SEPARATOR}{option}"


def columns_of(question: Question) -> dict[str, Any]:
    """The columns of one question, with their types."""
    if question.type == "multi":
        return {option_column(question.id, option.id): pl.Boolean for option in question.options}
    return {question.id: pl.UInt8 if question.type == "single" else pl.Int64}


def schema_of(rulebook: Rulebook) -> dict[str, Any]:
    """Every column of a checked chunk, in order, with its type."""
    schema = dict(PLACE_COLUMNS)
    schema |= {quantity.unit_key: pl.UInt8 for quantity in rulebook.quantities.values()}
    for question in rulebook.questions.values():
        schema |= columns_of(question)
    return schema


def no_rows_of(rulebook: Rulebook) -> pl.DataFrame:
    """A chunk without a row."""
    return pl.DataFrame(schema=schema_of(rulebook))


def frame_of(rulebook: Rulebook, answers: list[Answers]) -> pl.DataFrame:
    """Validated answers as a chunk; slow, for few rows and for tests."""
    rows = [row_of(rulebook, each, place + 1) for place, each in enumerate(answers)]
    return pl.DataFrame(rows, schema=schema_of(rulebook), orient="row")


def row_of(
    rulebook: Rulebook, answers: Answers, line: int = 0, source: int = 0, occasion: str | None = None
) -> dict[str, Any]:
    """One row of a chunk."""
    row: dict[str, Any] = dict.fromkeys(schema_of(rulebook))
    row |= {"record_id": answers.record_id, OCCASION: occasion, "source": source, "line": line}
    for quantity in rulebook.quantities.values():
        if quantity.unit_key in answers.units:
            units = [unit.id for unit in quantity.units]
            row[quantity.unit_key] = units.index(answers.units[quantity.unit_key])
    for name, value in answers.values.items():
        question = rulebook.questions[name]
        if isinstance(value, frozenset):
            unasked = value.unasked if isinstance(value, PartlyAsked) else ()
            row |= {
                option_column(name, option.id): None if option.id in unasked else option.id in value
                for option in question.options
            }
        elif value is UNKNOWN:
            row[name] = UNKNOWN_CODE if question.type == "single" else UNKNOWN_NUMBER
        elif isinstance(value, Fraction):
            row[name] = int(value * MILLION)
        else:
            row[name] = [option.id for option in question.options].index(str(value))
    return row


def answers_in(rulebook: Rulebook, row: Mapping[str, Any]) -> Answers:
    """The answers that one row of a checked chunk holds."""
    values: dict[str, Value] = {}
    for question in rulebook.questions.values():
        if question.type == "multi":
            ticks = {option.id: row[option_column(question.id, option.id)] for option in question.options}
            unasked = [option for option, tick in ticks.items() if tick is None]
            ticked = [option for option, tick in ticks.items() if tick]
            if len(unasked) < len(ticks):
                values[question.id] = PartlyAsked(ticked, unasked) if unasked else frozenset(ticked)
            continue
        code = row[question.id]
        if code is None:
            continue
        if question.type == "single":
            values[question.id] = UNKNOWN if code == UNKNOWN_CODE else question.options[code].id
        else:
            values[question.id] = UNKNOWN if code == UNKNOWN_NUMBER else Fraction(code, MILLION)
    units = {
        quantity.unit_key: quantity.units[row[quantity.unit_key]].id
        for quantity in rulebook.quantities.values()
        if row[quantity.unit_key] is not None
    }
    return Answers(values, units, row[RECORD_ID])
