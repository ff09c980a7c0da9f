"""A typed line in, an answer as an intake holds it out; or what is wrong with it, in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import afterrun
from afterrun.rulebook.schema import Quantity, Question

_NUMBER = re.compile(r"^(?P<number>[-+]?\d{1,9}(?:[.,]\d{1,6})?)\s*(?P<unit>[^\d\s.,+-].*)?$")


class Misread(Exception):
    """The line is no answer; the message says what would be."""


class TypedAnswer(NamedTuple):
    """What a line adds to the intake, and what should be said about it."""

    adds: dict[str, Any]
    note: str = ""


def read_line(
    rulebook: afterrun.Rulebook, question: Question, line: str, intake: Mapping[str, Any]
) -> TypedAnswer:
    """The answer that a line gives; raises Misread."""
    if line.lower() == "u" and offers_unknown(question):
        return TypedAnswer({question.id: "unknown"})
    if question.options:
        return _options(question, line)
    return _number(rulebook, question, line, intake)


def offers_unknown(question: Question) -> bool:
    """Whether 'I don't know' can be typed here."""
    return question.unknown_reads is not None and question.type != "multi"


def _options(question: Question, line: str) -> TypedAnswer:
    count = len(question.options)
    words = [word for word in re.split(r"[\s,;]+", line) if word]
    places = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 4]
    if not words or len(places) < len(words) or not all(1 <= place <= count for place in places):
        several = " or several, as in: 1 3" if question.type == "multi" else ""
        raise Misread(f"Type a number from 1 to {count}{several}.")
    chosen = [question.options[place - 1] for place in sorted(set(places))]
    if question.type == "single":
        if len(chosen) > 1:
            raise Misread("Only one answer fits here. Type one number.")
        return TypedAnswer({question.id: chosen[0].id})
    if question.max_choices is not None and len(chosen) > question.max_choices:
        raise Misread(f"Choose at most {question.max_choices}.")
    note = ""
    alone = next((option.text for option in chosen if option.alone), None)
    if alone is not None and len(chosen) > 1:
        note = f'You chose "{alone}" together with something else. The something else counts.'
    return TypedAnswer({question.id: [option.id for option in chosen]}, note)


def _number(
    rulebook: afterrun.Rulebook, question: Question, line: str, intake: Mapping[str, Any]
) -> TypedAnswer:
    match = _NUMBER.match(line)
    if not match:
        raise Misread("Type a number" + (", with digits only." if question.type == "integer" else "."))
    number = Decimal(match["number"].replace(",", "."))
    value = int(number) if number == number.to_integral_value() else float(number)
    adds: dict[str, Any] = {question.id: value}
    unit = (match["unit"] or "").strip().lower()
    if question.quantity is not None:
        quantity = rulebook.quantities[question.quantity]
        adds[quantity.unit_key] = _unit(rulebook, quantity, question, unit, intake)
    elif unit and not _means(unit, question.unit, question.unit):
        raise Misread(f"Type the number alone{f', in {question.unit}' if question.unit else ''}.")
    _refuse_misfit(rulebook, question, adds)
    return TypedAnswer(adds)


def _unit(
    rulebook: afterrun.Rulebook, quantity: Quantity, question: Question, typed: str, intake: Mapping[str, Any]
) -> str:
    """The unit that a number is in: as typed now, or as chosen before."""
    chosen = next((unit.id for unit in quantity.units if _means(typed, unit.id, unit.text)), None)
    settled = settled_unit(rulebook, quantity, question, intake)
    names = ", ".join(f"{unit.id} ({unit.text})" for unit in quantity.units)
    if typed and chosen is None:
        raise Misread(f"'{typed}' is no unit. Use one of {names}.")
    if settled is None:
        chosen = chosen or intake.get(quantity.unit_key)
        if chosen is None:
            raise Misread(f"In which unit? Type it too, as in: 20 {quantity.units[0].id}. Units: {names}.")
        return chosen
    if chosen not in (None, settled):
        raise Misread(f"Your other amounts are in {settled}. Give this one in {settled} too.")
    return settled


def settled_unit(
    rulebook: afterrun.Rulebook, quantity: Quantity, question: Question, intake: Mapping[str, Any]
) -> str | None:
    """The unit that other answers are in already; None while there is a choice."""
    unit = intake.get(quantity.unit_key)
    others = (
        each.id
        for each in rulebook.questions.values()
        if each.quantity == quantity.id and each.id != question.id
    )
    counted = any(isinstance(intake.get(name), int | float) for name in others)
    return str(unit) if unit is not None and counted else None


def _means(typed: str, *names: str) -> bool:
    """Whether a typed unit is one of the names, its plural or its singular."""
    return bool(typed) and typed.rstrip("s.") in {name.lower().rstrip("s.") for name in names if name}


def _refuse_misfit(rulebook: afterrun.Rulebook, question: Question, adds: Mapping[str, Any]) -> None:
    try:
        afterrun.read_answers(rulebook, adds)
    except afterrun.IntakeError as error:
        message = error.problems[0].message
        raise Misread(message[:1].upper() + message[1:] + ".") from None
