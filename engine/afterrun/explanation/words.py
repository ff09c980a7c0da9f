"""Names in, words out: conclusions, answers and numbers as a person says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from afterrun.assessment import PLAN
from afterrun.intake import DONT_KNOW, runnable
from afterrun.rulebook import Proposition, Rulebook, Truth, names_in, number_words
from afterrun.rulebook.schema import PlanItem, Quantity, Question

STATUS_WORDS: Mapping[str, str] = {
    "recommended": "recommended",
    "postponed": "not yet, but later",
    "merged": "part of something else",
    "set_aside": "not for now",
}

NOT_ANSWERED = "not answered"

TRUTH_WORDS: Mapping[Truth, str] = {True: "true", False: "false", None: "open"}


def conclusion_words(rulebook: Rulebook, conclusion: str, value: bool | None = True) -> str:
    """A proposition in words; its name where the rulebook has no words for it."""
    kind, name, detail = Proposition.parse(conclusion)
    if conclusion == PLAN:
        return "a number or a choice in your plan"
    if kind == "triage" and name in rulebook.triage:
        text = rulebook.identity.triage_text
        return f"{text[:1].lower()}{text[1:]}: {rulebook.triage[name].name}"
    if kind == "pattern" and name in rulebook.patterns:
        return f"{rulebook.patterns[name].called}: {detail}"
    if kind == "intervention" and name in rulebook.interventions:
        return f"{rulebook.interventions[name].called}: {STATUS_WORDS.get(detail, detail)}"
    if kind == "parameter" and name in rulebook.parameters:
        parameter = rulebook.parameters[name]
        return f"{parameter.text}: {with_unit(detail, parameter.unit)}"
    if name in rulebook.findings:
        finding = rulebook.findings[name]
        return finding.refuted if value is False else finding.text
    return conclusion


def answer_words(rulebook: Rulebook, question: Question, value: Any, unit: str = "") -> str:
    """One answer as it was offered; `unit` is that of the question's quantity, once chosen."""
    if isinstance(value, list):
        return "; ".join(answer_words(rulebook, question, each) for each in value)
    if value == "unknown":
        return DONT_KNOW
    if isinstance(value, str):
        return next((option.text for option in question.options if option.id == value), value)
    if value in question.labels:
        return question.labels[value]
    return with_unit(number_words(value), unit or question.unit)


def answer_in_words(rulebook: Rulebook, name: str, value: Any, answers: Mapping[str, Any]) -> str:
    """One answer of an intake as a person says it, with its unit."""
    if value is None:
        return NOT_ANSWERED
    question = rulebook.questions.get(name)
    if question is None:
        return str(value)
    unit = ""
    if question.quantity is not None:
        unit = str(answers.get(rulebook.quantities[question.quantity].unit_key, ""))
    return answer_words(rulebook, question, value, unit)


def with_unit(text: str, unit: str) -> str:
    """A number with its unit.

    >>> with_unit("20", "%"), with_unit("13", "week"), with_unit("5", "weeks")
    ('20 %', 'week 13', '5 weeks')
    """
    return f"{unit} {text}" if unit == "week" else f"{text} {unit}".strip()


def plan_entry(rulebook: Rulebook, key: str) -> PlanItem:
    """The entry that says what a key of the plan is called and counted in: the first that gives a value."""
    entries = [item for item in rulebook.plan if item.key == key]
    return next((item for item in entries if not item.asked_later), entries[0])


def plan_words(rulebook: Rulebook, item: PlanItem, value: Any, answers: Mapping[str, Any]) -> str:
    """The value of a key of the plan."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_scalar(each)}" for key, each in value.items())
    if item.exercises:
        return ", ".join(rulebook.exercises[each].name for each in value)
    if isinstance(value, list | tuple):
        return with_unit(_listed(rulebook, value), item.unit)
    if item.quantity is not None:
        return amount_words(rulebook.quantities[item.quantity], value, answers)
    return with_unit(_scalar(value), item.unit)


def amount_words(quantity: Quantity, value: Fraction | float, answers: Mapping[str, Any]) -> str:
    """An amount as one can run it, in the unit that the person counts in."""
    unit = str(answers.get(quantity.unit_key) or "")
    amount = runnable(value, quantity, unit)
    return quantity.less if amount is None and value else with_unit(number_words(amount or 0), unit)


def plan_uses(item: PlanItem, question: str) -> bool:
    """Whether a key of the plan speaks of a question directly."""
    if item.formula is not None and question in names_in(item.formula):
        return True
    return item.answer == question or question in (item.by_option or {})


def _listed(rulebook: Rulebook, values: Iterable[Any]) -> str:
    values = list(values)
    if len(values) == 2 and not any(isinstance(each, str) for each in values):
        return f"{_scalar(values[0])} to {_scalar(values[1])}"
    if all(each in rulebook.questions for each in values):
        return " / ".join(rulebook.questions[each].ask for each in values)
    return ", ".join(map(_scalar, values)) or "none"


def _scalar(value: Any) -> str:
    return value.replace("_", " ") if isinstance(value, str) else number_words(value)
