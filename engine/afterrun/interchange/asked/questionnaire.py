"""The whole interview as a Questionnaire (FHIR R4, Structured Data Capture)."""

from __future__ import annotations

from typing import Any

from afterrun.interchange.asked.codes import SDC
from afterrun.interchange.asked.items import items_for, unit_item
from afterrun.interchange.asked.naming import canonical, fhir_id
from afterrun.rulebook import Rulebook


def questionnaire_of(rulebook: Rulebook) -> dict[str, Any]:
    """Every question of the rulebook's main part, in sections: the same each time for the same rulebook."""
    identity = rulebook.identity
    return {
        "resourceType": "Questionnaire",
        "id": fhir_id(identity.name),
        "meta": {"profile": [f"{SDC}/sdc-questionnaire"]},
        "language": "en",
        "url": canonical(rulebook, "Questionnaire"),
        "version": identity.version,
        "name": computer_name(identity.name),
        "title": identity.title,
        # Whoever puts it to use says that it is active; the rulebook cannot.
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "description": " ".join(identity.limits),
        "purpose": identity.purpose,
        "item": [
            {"linkId": group_item(section.id), "text": section.title, "type": "group", "item": items}
            for section in rulebook.sections.values()
            if (items := _items_in(rulebook, section.id))
        ],
    }


def group_item(section: str) -> str:
    """The linkId of a section; no question can be called so."""
    return f"section.{section}"


def computer_name(name: str) -> str:
    """A name as programs want it.

    >>> computer_name("afterrun-knee")
    'AfterrunKnee'
    """
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def _items_in(rulebook: Rulebook, section: str) -> list[dict[str, Any]]:
    """The items of a section; the unit of a quantity is asked before its first number."""
    items: list[dict[str, Any]] = []
    named = set()
    for question in rulebook.questions.values():
        if question.quantity and question.quantity not in named:
            named.add(question.quantity)
            if question.section == section:
                items.append(unit_item(rulebook, rulebook.quantities[question.quantity]))
        if question.section == section:
            items += items_for(rulebook, question)
    return items
