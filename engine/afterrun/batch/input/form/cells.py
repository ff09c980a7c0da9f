"""What the text of a cell means, for one row alone; whole columns go by the same table of words.

Blank is not answered, `unknown` is asked and not known. A choice is the option's name, its words or, where
no option's name is a number, its place from 1. An option column holds 1 or 0; a question none of whose
options is ticked is not answered, since every question offers an answer that says so. Beside a 0 a blank
says that its option was not asked; beside nothing but 1s, that it was not ticked: some programs write no 0.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.batch.input.form.capitals import OF_PYTHON, Words, fold
from afterrun.batch.input.form.codes import not_plain_words, unsure_words
from afterrun.batch.input.form.columns import REASON, REJECT_PREFIX, Column
from afterrun.batch.input.form.words import UNKNOWN_WORDS, WordBook, parts_of
from afterrun.errors import Problem
from afterrun.intake import RECORD_ID
from afterrun.rulebook import UNKNOWN, Rulebook, engine_of, number_of
from afterrun.rulebook.schema import Question
from afterrun.visible import as_json

NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)
"""How a number is written."""
NOT_SHOWN = object()
"""In place of a tick whose option was hidden from the person."""
_MARK = "\ufeff"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS_ELSEWHERE = {
    "German": "mrz mär mai okt dez",
    "French": "janv févr mars avr juin juil août sept déc",
    "Spanish": "ene abr ago dic",
    "Italian": "gen mag giu lug set ott",
    "Dutch": "mrt mei",
}
_ELSEWHERE = (each for names in _MONTHS_ELSEWHERE.values() for each in names.split())
_MONTH = f"(?:(?i:{_MONTHS.replace(' ', '|')})|{'|'.join(f'{each}|{each.title()}' for each in _ELSEWHERE)})"
"""As spreadsheets shorten them; in capitals `SET-02` and `GEN-01` are ids of a set and a town."""
_FOOTER = r"(?i:(?:grand )?(?:total|sum|count|gesamt|summe|anzahl)(?: \w+)?\s*[:=]?\s*[0-9]*(?: \w+)?)"
"""What stands below a table instead of an id."""
SPOILT_ID = (
    rf"[0-9]+\.0+|[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{{2,3}}|[0-9]{{1,2}}(?:-|\. ?){_MONTH}|{_MONTH}-[0-9]{{2}}"
)
"""What programs make of ids that look like numbers or dates."""
DOUBTED_ID = rf"{_MARK}.*|{_FOOTER}|{SPOILT_ID}"
"""All that needs a look."""
SURE_ID = 10**15
"""From here on two ids may have become one where they are floats."""
BETWEEN_PARTS = "/"
_UNKNOWN = (fold(UNKNOWN.value), fold(UNKNOWN_WORDS))


class RowIntake(NamedTuple):
    """One row as a raw intake for `read_answers`."""

    intake: Mapping[str, Any]
    problems: list[Problem]
    """What only columns can get wrong."""
    occasion: str | None
    """What tells it from other rows of its record."""
    columns: Sequence[Column]
    """What it was asked by."""
    not_mended: bool = False
    """Whether it is a reject that came back as it went."""


def intake_of(rulebook: Rulebook, columns: Sequence[Column], cells: Sequence[Any]) -> RowIntake:
    """One row by itself."""
    intake: dict[str, Any] = {}
    problems: list[Problem] = []
    ticks: dict[str, dict[str, bool | None]] = {}
    occasion: list[str] = []
    not_shown: set[str] = set()
    raw, has_more, unread = "", False, False
    book = engine_of(rulebook, WordBook)
    units = {quantity.unit_key: quantity for quantity in rulebook.quantities.values()}
    for column, cell in zip(columns, cells, strict=True):
        # Files that were put together have the mark of a file's beginning in their midst.
        value = cell.strip().strip(_MARK).strip() or None if isinstance(cell, str) else cell
        if column.role == "raw":
            raw = value or ""
            continue
        if column.role == "occasion":
            occasion.append("" if value is None else _plain(value))
            continue
        if value is NOT_SHOWN:
            not_shown.add(column.key)
            value = None
        if column.role == "other" or value is None or value == []:
            if column.role == "tick":
                ticks.setdefault(column.key, {})[column.option] = None
            continue
        if column.role == "unread":
            unread = True
            problems.append(_still_unread(value))
            continue
        has_more = True
        if column.role == "record_id":
            problems += _spoilt_id(value)
            intake[column.key] = int(value) if isinstance(value, float) and value.is_integer() else value
        elif column.role == "unit":
            names = [unit.id for unit in units[column.key].units]
            place = book.units(column).meaning(_plain(value))
            intake[column.key] = value if place is None else names[place]
        elif column.role == "number":
            intake[column.key] = _number(value) if isinstance(value, str) else value
        elif column.role in ("choice", "list") and isinstance(value, dict):
            # What was ticked and what was not, perhaps; what it means is not for us to guess.
            intake[column.key] = value
        elif column.role in ("choice", "list"):
            question = rulebook.questions[column.key]
            words = book.options(column)
            parts = value
            if column.role == "list" and not isinstance(value, list):
                parts = parts_of(words, _plain(value))
            options = [
                _option(question, words, part) for part in (parts if isinstance(parts, list) else [parts])
            ]
            problems += _unclear(column, question, words, parts if isinstance(parts, list) else [parts])
            intake[column.key] = options if column.role == "list" else options[0]
        else:
            found = book.ticks(column).meaning(_plain(value))
            tick = None if found is None else bool(found)
            if tick is None:
                said = f"takes 1 or 0, or yes or no, not '{_plain(value)[:40]}'"
                problems.append(Problem(said, key=f"{column.name.strip().lower()}"))
            ticks.setdefault(column.key, {})[column.option] = tick
    problems += _ticked(rulebook, intake, ticks)
    problems += _shortened_id(intake.get(RECORD_ID), raw, columns, cells)
    not_mended = raw and not has_more
    if not_mended:
        problems.append(Problem("is still to be mended: its columns are blank, only reject_raw is filled"))
    asked = _asked(columns, ticks, not_shown)
    return RowIntake(intake, problems, occasion_of(occasion), asked, bool(not_mended or unread))


def _spoilt_id(value: Any) -> list[Problem]:
    """What to say of an id that is surely not what was once typed."""
    if isinstance(value, str) and re.fullmatch(_FOOTER, value):
        said = f"'{value[:40]}' is what stands below a table, and no id: take the row out, or name its record"
        return [Problem(said, key=RECORD_ID)]
    if isinstance(value, float) and abs(value) >= SURE_ID:
        said = "is a number of more than 15 digits in a column of floats, which keeps no more of them"
        return [Problem(f"{said}; write ids as text or whole numbers", key=RECORD_ID)]
    if not isinstance(value, str) or not re.fullmatch(SPOILT_ID, value):
        return []
    shown = f"'{value[:40]}'"
    if re.search(_MONTH, value):
        said = f"{shown} is a date, as a spreadsheet makes one of an id such as 3-5"
    elif value.endswith("0") and "E" not in value.upper():
        said = f"{shown} is a number with a fraction, as a program makes one of an id such as 12 or 0012"
    else:
        said = f"{shown} is rounded, as a spreadsheet shows a long number: its other digits are lost"
    return [Problem(f"{said}; put the id there as it was, as text", key=RECORD_ID)]


def _shortened_id(record_id: Any, raw: Any, columns: Sequence[Column], cells: Sequence[Any]) -> list[Problem]:
    """What to say of the id of a reject that had zeros in front in the line as it was refused.

    The same digits without zeros may stand in that line as well: as the id, or as what other cells hold.
    """
    digits = "" if record_id is None else _plain(record_id)
    if not raw or not digits.isdecimal() or digits.startswith("0"):
        return []
    before, behind = r"(?<![^\s,;|\"'\[{])", r"(?![^\s,;|\"'\]}])"
    with_zeros = re.findall(f"{before}0+{digits}{behind}", str(raw))
    without = len(re.findall(f"{before}{digits}{behind}", str(raw)))
    told, elsewhere = "", 0
    for column, cell in zip(columns, cells, strict=True):
        name = column.name.strip().lower()
        if name == REASON:
            told = str(cell or "")
        elif column.role != "record_id" and not name.startswith(REJECT_PREFIX) and cell is not None:
            elsewhere += _plain(cell).strip() == digits
    was = f"'{digits[:40]}' was '"
    # Once it was told the line holds the id in both ways.
    if not with_zeros or (without > elsewhere and was not in told):
        return []
    return [Problem(said_shortened(digits, with_zeros[0]), key=RECORD_ID)]


def said_shortened(record_id: str, was: str) -> str:
    """The reason against the id of a mended reject that had zeros in front."""
    return (
        f"'{record_id[:40]}' was '{was[:40]}' where it was refused, and a spreadsheet takes zeros off a "
        "number; put the id there as it was, as text"
    )


def _asked(
    columns: Sequence[Column], ticks: Mapping[str, Mapping[str, bool | None]], not_shown: Collection[str]
) -> Sequence[Column]:
    """The columns without those of options that are blank beside a 0, or that were not shown."""
    said_no = {key for key, by_option in ticks.items() if key in not_shown or False in by_option.values()}
    if not said_no:
        return columns
    return [
        each
        for each in columns
        if each.role != "tick" or each.key not in said_no or ticks[each.key][each.option] is not None
    ]


def occasion_of(parts: Sequence[str]) -> str | None:
    """What tells a row from others of its record, as one text; None where nothing does."""
    if not any(parts):
        return None
    return BETWEEN_PARTS.join(part.replace("\\", "\\\\").replace(BETWEEN_PARTS, "\\/") for part in parts)


def _still_unread(value: Any) -> Problem:
    said = f"'{str(value)[:60]}' was not understood: put the answer into its column and clear reject_unread"
    return Problem(said)


def _unclear(column: Column, question: Question, words: Words, parts: Sequence[Any]) -> list[Problem]:
    """What to say of a code that could be meant in two ways, beside what `read_answers` says of it."""
    for part in parts:
        text = _plain(part)
        if words.spelt(text) is not None:
            continue
        if text == OF_PYTHON and fold(text) in words.folded:
            return [Problem(_of_python(words), key=column.key)]
        if column.coding not in ("unsure", "yes_no"):
            continue
        if text in ("0", "1", "0.0", "1.0"):
            told = unsure_words(question) if column.coding == "unsure" else not_plain_words(question, text)
            return [Problem(told, key=column.key)]
    return []


def _of_python(words: Words) -> str:
    option = words.folded[fold(OF_PYTHON)]
    return (
        f"'{OF_PYTHON}' may be the option {option}, or how a program writes that no answer was given: "
        f"add --na {OF_PYTHON} if so, else write {option}"
    )


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


def _option(question: Question, words: Words, value: Any) -> Any:
    """The option's id, or the value as it is, for `read_answers` to refuse."""
    if value in (UNKNOWN.value, UNKNOWN_WORDS) and question.type == "single":
        return UNKNOWN.value
    place = words.meaning(_plain(value))
    if place is None and question.type == "single" and fold(_plain(value)) in _UNKNOWN:
        return UNKNOWN.value
    return value if place is None else question.options[place].id


def _plain(value: Any) -> str:
    """A typed value as the text that a cell would hold."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_json(value, default=str) if isinstance(value, dict | list) else str(value)


def _number(text: str) -> Any:
    """The number as written, as in a JSON intake; other text stays text, which no question takes."""
    value = number_of(text) if NUMBER.fullmatch(text) else None
    if value is None and fold(text) == UNKNOWN.value:
        return UNKNOWN.value
    return text if value is None else value
