"""A question in the interview's words: its options, what can be typed, and help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import afterrun
from afterrun.intake import bounds, offers_unknown, settled_unit
from afterrun.rulebook import number_words
from afterrun.rulebook.schema import Question
from afterrun.telling import Point, question_help
from afterrun_cli.terminal.layout.text import hanging


def option_lines(question: Question, intake: Mapping[str, Any]) -> list[str]:
    """The numbered options below the headings of their groups, those chosen before marked."""
    current = intake.get(question.id)
    chosen = current if isinstance(current, list) else [current]
    headings = {group.options[0]: f"{group.title}:" for group in question.groups}
    grouped = {option for group in question.groups for option in group.options}
    ungrouped = [option.id for option in question.options if option.id not in grouped]
    if grouped and ungrouped:
        headings[ungrouped[0]] = ""
    lines = []
    for place, option in enumerate(question.options, 1):
        mark = " [current]" if option.id in chosen else ""
        line = hanging(Point(f"{place:>3}. ", option.text + mark))
        # A heading is never torn from what stands below it.
        lines.append(f"{headings[option.id]}\n{line}" if option.id in headings else line)
    lines += [f"{value:>3} = {text}" for value, text in question.labels.items()]
    return lines


def gate_lines(question: Question) -> list[str]:
    """What a long list holds, a line for each of its groups."""
    return [hanging(Point("  - ", f"{group.title}: {group.gist}")) for group in question.groups]


def hint_words(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> str:
    """What can be typed."""
    hints = [_wanted(rulebook, question, intake)]
    if offers_unknown(question):
        hints.append("Type u if you don't know.")
    if question.optional and question.id not in intake:
        hints.append("Enter passes over it.")
    return " ".join(hints)


def why_lines(rulebook: afterrun.Rulebook, question: Question, changes: tuple[str, ...]) -> list[str]:
    """What helps to answer: what is meant, an example, why it is asked, and what it can still change."""
    return [f"{name}: {text}" for name, text, *_ in question_help(rulebook, question, changes)]


def _wanted(rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]) -> str:
    if question.type == "single":
        return "Type one number."
    if question.type == "multi":
        most = f", at most {question.max_choices}" if question.max_choices else ""
        return f"Type one number or several{most}, as in: 1 3."
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    if quantity is None:
        low, high = bounds(question, None, None)
        span = (
            f" from {number_words(low)} to {number_words(high)}"
            if low is not None and high is not None
            else ""
        )
        whole = "a whole number" if question.type == "integer" else "a number"
        return f"Type {whole}{span}{f' ({question.unit})' if question.unit else ''}."
    unit = settled_unit(rulebook, quantity, question, intake)
    if unit is not None:
        return f"Type a number, in {unit}."
    units = ", ".join(f"{each.id} ({each.text})" for each in quantity.units)
    return f"Type a number and its unit, as in: 20 {quantity.units[0].id}. Units: {units}."
