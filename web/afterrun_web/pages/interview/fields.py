"""A question in, its fields out; and what came in them back, as the line that the engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import afterrun
from afterrun.assessment import Conversation
from afterrun.intake import DONT_KNOW, TypedAnswer, bounds, offers_unknown, settled_unit, typed_answer
from afterrun.rulebook import UNKNOWN
from afterrun.rulebook.schema import Question
from afterrun_web.requests.forms import Form

ANSWER, UNIT = "answer", "unit"


class Choice(NamedTuple):
    """One box to tick or to choose."""

    value: str
    text: str
    chosen: bool


class Group(NamedTuple):
    """Choices below a heading; without a title they stand below none."""

    title: str
    choices: tuple[Choice, ...]


class Fields(NamedTuple):
    """What is shown of a question for its answer to go into."""

    several: bool
    groups: tuple[Group, ...] = ()
    """Empty where a number is typed."""
    most: int | None = None
    """How many may be ticked."""
    typed: str = ""
    """The number, as it stands in the field."""
    unit: str = ""
    """In which it is, where there is no choice."""
    units: tuple[Choice, ...] = ()
    hint: str = ""
    unknown: bool = False
    """Whether 'I don't know' is offered by a button of its own."""


def fields_of(talk: Conversation, question: Question, given: Mapping[str, Any], typed: str = "") -> Fields:
    """The fields, with what is `given` in them, or what was `typed` and is no answer."""
    value = given.get(question.id)
    unknown = offers_unknown(question)
    if question.options:
        chosen = value if isinstance(value, list) else [value]
        groups = [*_groups(question, chosen)]
        if unknown:
            groups.append(Group("", (Choice(UNKNOWN.value, DONT_KNOW, UNKNOWN.value in chosen),)))
        return Fields(question.type == "multi", tuple(groups), question.max_choices)
    low, high = bounds(question, None, None)
    if question.labels and _all_labelled(question, low, high):
        choices = tuple(
            Choice(str(key), f"{key}: {text}", key == value) for key, text in question.labels.items()
        )
        if unknown:
            choices += (Choice(UNKNOWN.value, DONT_KNOW, value == UNKNOWN.value),)
        return Fields(False, (Group("", choices),))
    number = typed or (str(value) if isinstance(value, int | float) else "")
    hints = [f"{key} is {text}." for key, text in question.labels.items()]
    if question.quantity is None:
        return Fields(False, typed=number, unit=question.unit, hint=" ".join(hints), unknown=unknown)
    quantity = talk.rulebook.quantities[question.quantity]
    settled = settled_unit(talk.rulebook, quantity, question, talk.intake)
    if settled is not None:
        return Fields(False, typed=number, unit=settled, hint=" ".join(hints), unknown=unknown)
    now = given.get(quantity.unit_key)
    units = tuple(Choice(each.id, each.text, each.id == now) for each in quantity.units)
    return Fields(False, typed=number, units=units, hint=" ".join(hints), unknown=unknown)


def answer_in(
    rulebook: afterrun.Rulebook, question: Question, form: Form, intake: Mapping[str, Any]
) -> TypedAnswer | None:
    """The answer that came in the fields; None where they are empty. Raises Misread."""
    given = [each.strip() for each in form.all(ANSWER) if each.strip()]
    if not given:
        return None
    if UNKNOWN.value in given and offers_unknown(question):
        return typed_answer(rulebook, question, DONT_KNOW, intake)
    if question.options:
        places = {option.id: str(place) for place, option in enumerate(question.options, 1)}
        if not places.keys() >= set(given):
            return None  # no page of ours offers that
        line = " ".join(places[each] for each in given)
    else:
        line = given[0]
    return typed_answer(rulebook, question, line, intake, form.one(UNIT).strip())


def _all_labelled(question: Question, low: Any, high: Any) -> bool:
    if question.type != "integer" or low is None or high is None:
        return False
    return set(question.labels) == set(range(int(low), int(high) + 1))


def _groups(question: Question, chosen: list[Any]) -> list[Group]:
    """The options below their headings, in the order of the question."""
    choices = {each.id: Choice(each.id, each.text, each.id in chosen) for each in question.options}
    headed = {option: group.title for group in question.groups for option in group.options}
    groups: list[Group] = []
    for option in question.options:
        title = headed.get(option.id, "")
        if not groups or groups[-1].title != title:
            groups.append(Group(title, ()))
        groups[-1] = groups[-1]._replace(choices=(*groups[-1].choices, choices[option.id]))
    return groups
