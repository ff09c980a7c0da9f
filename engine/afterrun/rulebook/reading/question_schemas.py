"""JSON Schemas of what is written about single questions: tests on them, and answers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.rulebook.linking.compile import operators_of
from afterrun.rulebook.reading.nameable import Nameable
from afterrun.rulebook.schema import Question
from afterrun.rulebook.variables import UNKNOWN

Schema = dict[str, Any]

RENEW = "afterrun rules schema --rulebook DIR"
"""How a new name comes to be known."""

_NUMBER: Schema = {"type": "number"}


def only(properties: Mapping[str, Schema]) -> Schema:
    """A mapping with these keys and no other."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def one_of(words: Mapping[str, str]) -> Schema:
    """One of some names; an editor shows what each stands for, and how a new one comes to be known."""
    return {
        "type": "string",
        "enum": [*words],
        "markdownEnumDescriptions": [*words.values()],
        "errorMessage": f"The rulebook has nothing of this name. If it is new, run: {RENEW}",
    }


def tests(names: Nameable, operators: Schema) -> Iterator[tuple[str, Schema]]:
    """A test on each question and measure: the operators that fit it, with its own options."""
    for key, question in names.questions.items():
        yield key, _test(question, operators) | {"title": key, "description": question.ask}
    for key, measure in names.measures.items():
        yield key, _test(None, operators) | {"title": key, "description": measure.text}


def answers(names: Nameable) -> Iterator[tuple[str, Schema]]:
    """What an intake may hold under each key."""
    for key, question in names.questions.items():
        value = _value(question)
        if question.type == "multi":
            value = {"type": "array", "items": value}
        either = [value, *([_UNKNOWN] if _takes_unknown(question) else []), {"type": "null"}]
        yield key, {"anyOf": either, "title": key, "description": question.ask}
    for key, quantity in names.units.items():
        units = {unit.id: unit.text for unit in quantity.units}
        yield key, {"anyOf": [one_of(units), {"type": "null"}], "description": quantity.ask}


def _test(question: Question | None, operators: Schema) -> Schema:
    value = _value(question)
    if _takes_unknown(question):
        value = {"anyOf": [value, _UNKNOWN]}
    several = {"type": "array", "items": value, "minItems": 1}
    values = {"is": value, "includes": value, "one_of": several, "includes_any": several}
    fitting = operators_of(question)
    said = {
        key: values.get(key, _NUMBER) | {"description": operator["description"]}
        for key, operator in operators.items()
        if key in fitting
    }
    return only(said) | {"minProperties": 1}


def _value(question: Question | None) -> Schema:
    """An option, or a number."""
    if question is None or not question.options:
        return _NUMBER
    return one_of({option.id: option.text for option in question.options})


def _takes_unknown(question: Question | None) -> bool:
    return question is None or question.unknown_reads is not None


_UNKNOWN = one_of({UNKNOWN.value: "The answer 'I don't know' itself."})
