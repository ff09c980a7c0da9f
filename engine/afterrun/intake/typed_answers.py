"""A typed line in, an answer as an intake holds it out; or what is wrong with it, in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.errors import IntakeError
from afterrun.intake.answers import read_answers
from afterrun.intake.numbers import plain_number
from afterrun.intake.typed_numbers import LONGEST, Ambiguous, TooLarge, Typed, typed_number, without_week
from afterrun.rulebook import UNKNOWN, Rulebook
from afterrun.rulebook.schema import HUNDREDTH, Quantity, Question, Unit

DONT_KNOW = "I don't know"
"""What stands on a button, and in a list of answers."""
_UNSURE = {"unknown", "unsure", "not sure", "dont know", "do not know", "no idea", "idk"}
"""How that is typed, without who says it and without apostrophes."""
_BRIEFLY = "u"
"""The same where the hint names it, and nowhere else: one key must not answer a list of signs."""


class Misread(Exception):
    """The line is no answer; the message says what would be."""


class UnitMissing(Misread):
    """A number is there, and nothing says in which unit it is."""


class UnitsDiffer(Misread):
    """One unit is typed, and another is chosen."""


class TypedAnswer(NamedTuple):
    """What a line adds to the intake, and what should be said about it."""

    adds: dict[str, Any]
    note: str = ""


def typed_answer(
    rulebook: Rulebook, question: Question, line: str, intake: Mapping[str, Any], chosen: str = ""
) -> TypedAnswer:
    """The answer that a line gives; raises Misread.

    `chosen` is the unit that stands beside the line, where one can be chosen there.
    """
    if _is_unsure(question, line) and (unsure := _unsure_answer(question)) is not None:
        return TypedAnswer({question.id: unsure})
    if question.options:
        return _options(question, line)
    return _number(rulebook, question, line, intake, chosen)


def offers_unknown(question: Question) -> bool:
    """Whether 'I don't know' can be typed here."""
    return question.unknown_reads is not None and question.type != "multi"


def _is_unsure(question: Question, line: str) -> bool:
    # Any other mark may mean something else: "?" asks for help.
    words = re.sub(r"['\u2018\u2019`\u00b4.]", "", line.lower()).split()
    if words == [_BRIEFLY]:
        return offers_unknown(question)
    who = next((place for place, word in enumerate(words) if word not in ("i", "am", "im")), len(words))
    return " ".join(words[who:]) in _UNSURE


def _unsure_answer(question: Question) -> str | list[str] | None:
    """What "I don't know" is here; None where an answer is needed."""
    if offers_unknown(question):
        return UNKNOWN.value
    option = next((option.id for option in question.options if option.unsure), None)
    return [option] if option is not None and question.type == "multi" else option


def settled_unit(
    rulebook: Rulebook, quantity: Quantity, question: Question, intake: Mapping[str, Any]
) -> str | None:
    """The unit that other answers are in already; None while there is a choice, for nothing is in none."""
    unit = intake.get(quantity.unit_key)
    others = (
        each.id
        for each in rulebook.questions.values()
        if each.quantity == quantity.id and each.id != question.id
    )
    amounts = (intake.get(name) for name in others)
    counted = any(isinstance(amount, int | float) and amount for amount in amounts)
    return str(unit) if unit is not None and counted else None


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
    rulebook: Rulebook, question: Question, line: str, intake: Mapping[str, Any], chosen: str
) -> TypedAnswer:
    try:
        typed = typed_number(line if question.quantity is None else without_week(line))
    except TooLarge:
        said = line if len(line) <= 2 * LONGEST else "That"
        raise Misread(f"{said} is too large. Type a number of at most {LONGEST} digits.") from None
    except Ambiguous as error:
        return _unambiguous(rulebook, question, error, intake, chosen)
    if typed is None:
        raise _no_number(question)
    _refuse_below(question, typed)
    note = ""
    if question.quantity is not None:
        quantity = rulebook.quantities[question.quantity]
        typed = _with_chosen(quantity, typed, chosen)
        answer, note = _amount(rulebook, quantity, question, typed, intake)
    elif typed.hours or (typed.unit and not _is_named(typed.unit, question.unit)):
        raise Misread(f"Type the number alone{f', in {question.unit}' if question.unit else ''}.")
    else:
        answer = {question.id: plain_number(typed.number)}
    _refuse_misfit(rulebook, answer)
    return TypedAnswer(answer, note)


def _unambiguous(
    rulebook: Rulebook, question: Question, two: Ambiguous, intake: Mapping[str, Any], chosen: str
) -> TypedAnswer:
    """The one way to read a number that is an answer here; raises Misread where both are, or none."""
    found, wrong = [], []
    for way in two.ways:
        try:
            found.append((way, _number(rulebook, question, way, intake, chosen)))
        except UnitsDiffer:
            # Which number it is comes before its unit.
            raise Misread(str(two)) from None
        except Misread as error:
            wrong.append(error)
    if not found and question.quantity is not None:
        raise wrong[-1]
    if not found:
        raise _no_number(question)
    if len(found) > 1:
        raise Misread(str(two))
    way, answer = found[0]
    note = answer.note or f"{two.said} is taken as {way}, for nothing else fits here."
    return TypedAnswer(answer.adds, note)


def _no_number(question: Question) -> Misread:
    return Misread("Type a number" + (", with digits only." if question.type == "integer" else "."))


def _refuse_below(question: Question, typed: Typed) -> None:
    """A number below all is told so before anything is said of its unit."""
    if question.quantity is not None and question.at_least is not None and typed.number < question.at_least:
        least = plain_number(question.at_least)
        raise Misread(f"{plain_number(typed.number)} is too small. The least is {least}.")


def _with_chosen(quantity: Quantity, typed: Typed, chosen: str) -> Typed:
    """What is typed, in the unit chosen beside it where none is typed.

    Where both are there, and differ, the person is asked, unless what is typed is converted, which is told.
    """
    if not chosen:
        return typed
    if not typed.unit:
        return typed._replace(unit=chosen, said=f"{typed.said} {chosen}")
    named, other = _unit_named(quantity, typed.unit, None), _unit_named(quantity, chosen, None)
    if named is None or other is None or named[0] is other[0] or named[1] != 1:
        return typed
    told = f"You typed {typed.said}, but '{other[0].text}' is chosen."
    raise UnitsDiffer(f"{told} Choose the unit that you mean, or type the number alone.")


def _amount(
    rulebook: Rulebook, quantity: Quantity, question: Question, typed: Typed, intake: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """An amount in the unit that is settled, or that it is typed in; and a word where it is converted."""
    settled = settled_unit(rulebook, quantity, question, intake)
    names = ", ".join(f"{each.id} ({each.text})" for each in quantity.units)
    if not typed.unit:
        unit = settled or intake.get(quantity.unit_key) or (None if typed.number else quantity.units[0].id)
        if unit is None:
            raise UnitMissing(
                f"In which unit? Type it too, as in: 20 {quantity.units[0].id}. Units: {names}."
            )
        return {question.id: plain_number(typed.number), quantity.unit_key: unit}, ""
    named = _unit_named(quantity, typed.unit, settled)
    if named is None:
        raise Misread(f"'{typed.unit}' is no unit. Use one of {names}.")
    unit, times = named
    number = typed.number * times if not typed.hours else typed.hours * times + typed.number
    if settled is not None and unit.id != settled:
        other = next(each for each in quantity.units if each.id == settled)
        if unit.id not in other.named:
            raise Misread(f"Your other amounts are in {settled}. Give this one in {settled} too.")
        number, unit, times = number * other.named[unit.id], other, Decimal(0)
    value = plain_number(number.quantize(HUNDREDTH) if times != 1 else number)
    note = "" if times == 1 else f"{typed.said} counts as {value} {unit.id}."
    return {question.id: value, quantity.unit_key: unit.id}, note


def _unit_named(quantity: Quantity, typed: str, settled: str | None) -> tuple[Unit, Decimal] | None:
    """The unit that a typed name belongs to, and how many of it one of that name is.

    A name of its own goes before one that must be converted, and so does the unit that is settled.
    """
    found = []
    for unit in quantity.units:
        for name, times in ((unit.id, Decimal(1)), (unit.text, Decimal(1)), *unit.named.items()):
            if _is_named(typed, name):
                found.append((times != 1, unit.id != settled, unit, times))
    best = min(found, key=lambda each: each[:2], default=None)
    return None if best is None else best[2:]


def _is_named(typed: str, name: str) -> bool:
    """Whether a typed unit is a name, its plural or its singular."""
    return bool(typed) and typed.lower().rstrip("s.") == name.lower().rstrip("s.")


def _refuse_misfit(rulebook: Rulebook, adds: Mapping[str, Any]) -> None:
    try:
        read_answers(rulebook, adds)
    except IntakeError as error:
        message = error.problems[0].message
        raise Misread(message[:1].upper() + message[1:] + ".") from None
