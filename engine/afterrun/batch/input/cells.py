"""What the text of a cell means, for a column at once and for one row alone: one table for both.

Blank is not answered, `unknown` is asked and not known. A choice is the option's name or, where no
option's name is a number, its place from 1. An option column holds 1 or 0; a question none of whose
options is ticked is not answered, since every question offers an answer that says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from afterrun.batch.input.headers import Column, coded
from afterrun.batch.input.layout import UNKNOWN_CODE
from afterrun.errors import Problem
from afterrun.rulebook import UNKNOWN, Rulebook, number_of
from afterrun.rulebook.schema import Quantity, Question

TICKS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "true", "True", "TRUE", "Checked", "checked"), True),
    **dict.fromkeys(("0", "0.0", "false", "False", "FALSE", "Unchecked", "unchecked"), False),
}
LIST_SEPARATOR = ";"

NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""How a number is written."""


def option_words(question: Question) -> dict[str, int]:
    """Every way to write an option in a cell, with the option's place from 0."""
    words: dict[str, int] = {}
    if coded(question):
        for place in range(len(question.options)):
            # A column of whole numbers with blanks comes out of other programs as 1.0, 2.0, …
            words |= {str(place + 1): place, f"{place + 1}.0": place}
    return words | {option.id: place for place, option in enumerate(question.options)}


def choice_words(question: Question) -> dict[str, int]:
    """Every way to write a single choice, with its code in the layout."""
    words = option_words(question)
    words.pop(UNKNOWN.value, None)
    return words | ({UNKNOWN.value: UNKNOWN_CODE} if question.unknown_reads is not None else {})


def unit_words(quantity: Quantity) -> dict[str, int]:
    """Every way to write a unit, with its code in the layout."""
    words: dict[str, int] = {}
    for place, unit in enumerate(quantity.units):
        words |= {str(place + 1): place, f"{place + 1}.0": place}
        words[unit.id] = place
    return words


def intake_of(
    rulebook: Rulebook, columns: Sequence[Column], cells: Sequence[Any]
) -> tuple[dict[str, Any], list[Problem]]:
    """One row as a raw intake for `read_answers`, and what only columns can get wrong."""
    intake: dict[str, Any] = {}
    problems: list[Problem] = []
    ticks: dict[str, dict[str, bool | None]] = {}
    raw, has_more = "", False
    units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
    for column, cell in zip(columns, cells, strict=True):
        value = cell.strip() or None if isinstance(cell, str) else cell
        if column.role == "raw":
            raw = value or ""
            continue
        if column.role == "other" or value is None:
            if column.role == "tick":
                ticks.setdefault(column.key, {})[column.option] = None
            continue
        has_more = True
        if column.role == "record_id":
            intake[column.key] = int(value) if isinstance(value, float) and value.is_integer() else value
        elif column.role == "unit":
            names = [unit.id for unit in units[column.key].units]
            place = unit_words(units[column.key]).get(_plain(value))
            intake[column.key] = value if place is None else names[place]
        elif column.role == "number":
            intake[column.key] = _number(value) if isinstance(value, str) else value
        elif column.role == "choice":
            intake[column.key] = _option(rulebook.questions[column.key], value)
        elif column.role == "list":
            question = rulebook.questions[column.key]
            parts = value
            if isinstance(value, str):
                parts = [part.strip() for part in value.split(LIST_SEPARATOR)]
            if isinstance(parts, list):
                intake[column.key] = [_option(question, part) for part in parts]
            else:
                intake[column.key] = value
        else:
            tick = TICKS.get(_plain(value))
            if tick is None:
                said = f"takes 1 or 0, not '{str(value)[:40]}'"
                problems.append(Problem(said, key=f"{column.name.strip().lower()}"))
            ticks.setdefault(column.key, {})[column.option] = tick
    problems += _ticked(rulebook, intake, ticks)
    if raw and not has_more:
        problems.append(Problem("is still to be mended: its columns are blank, only reject_raw is filled"))
    return intake, problems


def _ticked(
    rulebook: Rulebook, intake: dict[str, Any], ticks: Mapping[str, Mapping[str, bool | None]]
) -> list[Problem]:
    """Put the options ticked in columns of their own into the intake; tell where a list says otherwise."""
    problems = []
    for key, by_option in ticks.items():
        listed = intake.get(key)
        if listed is None or listed == []:
            chosen = [option.id for option in rulebook.questions[key].options if by_option.get(option.id)]
            if chosen:
                intake[key] = chosen
            continue
        for option, tick in by_option.items():
            if tick is not None and isinstance(listed, list) and tick != (option in listed):
                said = f"its list and its option column for {option} contradict each other"
                problems.append(Problem(said, key=key))
    return problems


def _option(question: Question, value: Any) -> Any:
    """The option's id, or the value as it is, for `read_answers` to refuse."""
    if value == UNKNOWN.value and question.type == "single":
        return value
    place = option_words(question).get(_plain(value))
    return value if place is None else question.options[place].id


def _plain(value: Any) -> str:
    """A typed value as the text that a cell would hold."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _number(text: str) -> Any:
    """The number as written, as in a JSON intake; other text stays text, which no question takes."""
    value = number_of(text) if NUMBER.fullmatch(text) else None
    return text if value is None else value
