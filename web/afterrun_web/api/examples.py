"""Requests as examples, made by answering the rulebook's own questions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from afterrun import Rulebook
from afterrun.assessment import Conversation, part_of
from afterrun.intake import bounds, plain_number, record_of
from afterrun.rulebook.schema import Question
from afterrun_web.api.operations import INSTEAD, INTAKE

FIRST_DAY = "2027-03-01"


def request_examples(main: Rulebook, check_in: Rulebook | None) -> dict[str, dict[str, Any]]:
    """An example of a request for each address, by its path."""
    intake = _answered(main)
    first = next(iter(main.questions.values()))
    examples: dict[str, dict[str, Any]] = {
        "/assess": intake,
        "/next": {INTAKE: {first.id: intake[first.id]} if first.id in intake else {}},
        "/explain": {INTAKE: intake, "conclusions": ["triage"], "questions": [first.id]},
        "/what-if": {INTAKE: intake, INSTEAD: {first.id: None}},
        "/plan": {INTAKE: intake, "start": FIRST_DAY, "preferences": {"not": ["sun"]}},
    }
    if check_in is not None:
        enrolment, _ = part_of(check_in)
        examples["/checkin"] = record_of(check_in, enrolment, _answered(check_in))
    return examples


def _answered(rulebook: Rulebook) -> dict[str, Any]:
    """An intake that answers all that is asked: of choices none of these, or else the first."""
    talk = Conversation(rulebook, {})
    while (step := talk.next()) is not None:
        question = step.question
        quantity = rulebook.quantities[question.quantity] if question.quantity else None
        if quantity is not None:
            talk.take({quantity.unit_key: quantity.units[0].id})
        talk.take({question.id: _answer(rulebook, question)})
        if (doubt := talk.doubt()) is not None:
            talk.confirm(doubt)
    return talk.intake


def _answer(rulebook: Rulebook, question: Question) -> Any:
    if question.options:
        chosen = next((each for each in question.options if each.alone), question.options[0]).id
        return [chosen] if question.type == "multi" else chosen
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, quantity.units[0].id if quantity else None)
    least = low or Fraction(0)
    return plain_number(Fraction(least + ((high or least) - least) // 3))
