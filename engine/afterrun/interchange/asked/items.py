"""The items of a question: what is asked, what may be answered, its unit and its help."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from afterrun.interchange.asked.codes import (
    CORE,
    control,
    extension,
    option_coding,
    unit_coding,
    unknown_coding,
)
from afterrun.interchange.asked.enabling import enabling_of, unknown_item
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Quantity, Question

INSTEAD = "Or, instead of a number:"
"""What stands above 'I don't know' where a number is asked."""

TOLD_ITEM = "told.now"
"""The linkId of what is told before all questions where one is asked after another."""

Item = dict[str, Any]


def items_for(rulebook: Rulebook, question: Question) -> list[Item]:
    """The item of a question, and where 'I don't know' stands in place of a number its item as well.

    The unit of a quantity is an item of its own: see `unit_item`.
    """
    item: Item = {"linkId": question.id, "text": _text(question), "type": _TYPES[question.type]}
    whens = enabling_of(rulebook, question).whens
    enabled: Item = {"enableWhen": list(whens)} if whens else {}
    if len(whens) > 1:
        enabled["enableBehavior"] = "any"
    needed = rulebook.sections[question.section].safety and not question.optional
    choice = bool(question.options)
    whole = {
        **({"extension": each} if (each := _extensions(question, rulebook)) else {}),
        **item,
        **enabled,
        **({"required": True} if needed and (choice or question.unknown_reads is None) else {}),
        **({"repeats": True} if question.type == "multi" else {}),
        **({"answerOption": _options(rulebook, question)} if choice else {}),
        **({"item": [_help(question)]} if _explained(question) else {}),
    }
    if choice or question.unknown_reads is None:
        return [whole]
    beside = {"linkId": unknown_item(question.id), "text": INSTEAD, "type": "choice", **enabled}
    # A box, though it is the only one: what is ticked by mistake can be unticked, and a radio button cannot.
    return [whole, _of_choice("check-box", {**beside, "repeats": True}, [{"valueCoding": unknown_coding()}])]


def unit_item(rulebook: Rulebook, quantity: Quantity) -> Item:
    """The item that asks in which unit a quantity's numbers are; its linkId is the intake's key for it."""
    key = quantity.unit_key
    options = [{"valueCoding": option_coding(rulebook, key, unit.id, unit.text)} for unit in quantity.units]
    return _of_choice("radio-button", {"linkId": key, "text": quantity.ask, "type": "choice"}, options)


def help_item(question: str) -> str:
    """The linkId of what helps to answer a question."""
    return f"{question}.help"


_TYPES = {"single": "choice", "multi": "choice", "integer": "integer", "number": "decimal"}


def _of_choice(shown: str, item: Item, options: list[Item]) -> Item:
    return {"extension": _shown_as(shown), **item, "answerOption": options}


def _shown_as(shown: str) -> list[Item]:
    # One below the other: side by side it is easy to take the box of another option.
    return [control(shown), extension(f"{CORE}/questionnaire-choiceOrientation", valueCode="vertical")]


def _text(question: Question) -> str:
    """What everyone must read: forms hide what stands in the help."""
    labels = "; ".join(f"{value} is {text}" for value, text in question.labels.items())
    return " ".join(part for part in (question.ask, question.help, f"({labels}.)" if labels else "") if part)


def _extensions(question: Question, rulebook: Rulebook) -> list[Item]:
    if question.options:
        shown = _shown_as("check-box" if question.type == "multi" else "radio-button")
        if question.max_choices is not None:
            shown.append(extension(f"{CORE}/questionnaire-maxOccurs", valueInteger=question.max_choices))
        return shown
    value = "valueInteger" if question.type == "integer" else "valueDecimal"
    most = question.at_most
    if question.quantity:
        # The unit is an answer too, and a form cannot make the bound wait for it: the widest, then.
        most = max(unit.at_most for unit in rulebook.quantities[question.quantity].units)
    bounds = {"minValue": question.at_least, "maxValue": most}
    found = [
        extension(f"{CORE}/{name}", **{value: _plain(bound)})
        for name, bound in bounds.items()
        if bound is not None
    ]
    if question.unit:
        found.append(extension(f"{CORE}/questionnaire-unit", valueCoding=unit_coding(question.unit)))
    return found


def _options(rulebook: Rulebook, question: Question) -> list[Item]:
    options = [
        {
            **(
                {"extension": [extension(f"{CORE}/questionnaire-optionExclusive", valueBoolean=True)]}
                if each.alone
                else {}
            ),
            "valueCoding": option_coding(rulebook, question.id, each.id, each.text),
        }
        for each in question.options
    ]
    unknown = [{"valueCoding": unknown_coding()}] if question.unknown_reads is not None else []
    return [*options, *unknown]


def _explained(question: Question) -> str:
    """What is meant, an example and why, for those who ask for help."""
    return " ".join(part for part in (question.means, question.example, question.why) if part)


def _help(question: Question) -> Item:
    return {
        "extension": [control("help")],
        "linkId": help_item(question.id),
        "text": _explained(question),
        "type": "display",
    }


def _plain(bound: Decimal) -> int | float:
    return int(bound) if bound == int(bound) else float(bound)
