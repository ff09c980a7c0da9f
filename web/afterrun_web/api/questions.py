"""A question as a program needs it to ask it."""

from __future__ import annotations

from typing import Any

from afterrun import Rulebook
from afterrun.intake import bounds, offers_unknown, plain_number
from afterrun.rulebook.schema import Question

WORDS = ("help", "means", "example", "why", "unit", "gate")


def question_as_json(rulebook: Rulebook, question: Question) -> dict[str, Any]:
    """A question with its words, options and bounds; what says nothing is left out."""
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    told: dict[str, Any] = {
        "id": question.id,
        "section": question.section,
        "type": question.type,
        "ask": question.ask,
        **{key: words for key in WORDS if (words := getattr(question, key))},
        "optional": question.optional,
        "offers_unknown": offers_unknown(question),
        "options": [{"id": each.id, "text": each.text, "alone": each.alone} for each in question.options],
    }
    if question.max_choices is not None:
        told["max_choices"] = question.max_choices
    if question.groups:
        told["groups"] = [{"title": each.title, "options": list(each.options)} for each in question.groups]
    low, high = bounds(question, quantity, None) if question.type in ("integer", "number") else (None, None)
    told |= {
        key: plain_number(bound) for key, bound in (("at_least", low), ("at_most", high)) if bound is not None
    }
    if quantity is not None:
        told["unit_key"] = quantity.unit_key
        told["units"] = [
            {"id": each.id, "text": each.text, "at_most": plain_number(each.at_most)}
            for each in quantity.units
        ]
    return told
