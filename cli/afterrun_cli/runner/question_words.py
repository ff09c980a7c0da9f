"""A question in the interview's words: its options, what can be typed, and why it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import afterrun
from afterrun.assessment import PLAN, rules_that_ask
from afterrun.explanation import answer_words, conclusion_words, number, plan_uses
from afterrun.intake import bounds
from afterrun.rulebook.schema import Question
from afterrun_cli.runner.typed import offers_unknown, settled_unit
from afterrun_cli.terminal.text import wrapped


def option_lines(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> list[str]:
    """The numbered options, those chosen before marked."""
    current = intake.get(question.id)
    chosen = current if isinstance(current, list) else [current]
    lines = []
    for place, option in enumerate(question.options, 1):
        mark = " [current]" if option.id in chosen else ""
        lines.append(_hanging(f"{place:>3}. ", option.text + mark))
    lines += [f"{value:>3} = {text}" for value, text in question.labels.items()]
    return lines


def current_words(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> str:
    """The answer given before."""
    unit = ""
    if question.quantity is not None:
        unit = str(intake.get(rulebook.quantities[question.quantity].unit_key, ""))
    return answer_words(rulebook, question, intake[question.id], unit)


def hint_words(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> str:
    """What can be typed."""
    hints = [_wanted(rulebook, question, intake)]
    if offers_unknown(question):
        hints.append("Type u if you don't know.")
    if question.optional and question.id not in intake:
        hints.append("Enter passes over it.")
    return wrapped(" ".join(hints))


def why_lines(rulebook: afterrun.Rulebook, question: Question, changes: tuple[str, ...]) -> list[str]:
    """Why a question is asked: the conclusions it can change, and the reasons of the rules that ask."""
    if not changes:
        return ["Your other answers have settled everything that this one could change."]
    lines = ["The answer can still change:"]
    lines += [_hanging("  - ", words) for words in _changes_words(rulebook, question, changes)]
    rules = rules_that_ask(rulebook, question.id, changes)
    if reasons := dict.fromkeys(rule.because for rule in rules):
        lines += ["because:", *(_hanging("  - ", reason) for reason in reasons)]
    return lines


def _changes_words(rulebook: afterrun.Rulebook, question: Question, changes: tuple[str, ...]) -> list[str]:
    words = dict.fromkeys(conclusion_words(rulebook, each) for each in changes if each != PLAN)
    if PLAN in changes:
        keys = [item.text for item in rulebook.plan if plan_uses(item, question.id)]
        words |= dict.fromkeys(f"in your plan: {key}" for key in keys)
        if not keys:
            words[conclusion_words(rulebook, PLAN)] = None
    return list(words)


def _wanted(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> str:
    if question.type == "single":
        return "Type one number."
    if question.type == "multi":
        most = f", at most {question.max_choices}" if question.max_choices else ""
        return f"Type one number or several{most}, as in: 1 3."
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    if quantity is None:
        low, high = bounds(question, None, None)
        span = f" from {number(low)} to {number(high)}" if low is not None and high is not None else ""
        whole = "a whole number" if question.type == "integer" else "a number"
        return f"Type {whole}{span}{f' ({question.unit})' if question.unit else ''}."
    unit = settled_unit(rulebook, quantity, question, intake)
    if unit is not None:
        return f"Type a number, in {unit}."
    units = ", ".join(f"{each.id} ({each.text})" for each in quantity.units)
    return f"Type a number and its unit, as in: 20 {quantity.units[0].id}. Units: {units}."


def _hanging(lead: str, text: str) -> str:
    return lead + wrapped(text, " " * len(lead)).lstrip()
