"""What the server can do, as a FHIR client asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from afterrun.interchange.asked import absent, canonical
from afterrun.interchange.asking.operations import GIVES, TAKES
from afterrun.rulebook import Rulebook

NEXT_QUESTION, EXTRACT = "next-question", "extract"
_OFFICIAL = "http://hl7.org/fhir/uv/sdc/OperationDefinition"
SEARCHED_BY = ("_id", "url", "version")


def capability_statement(rulebook: Rulebook, base: str, served: Iterable[str]) -> dict[str, Any]:
    """The CapabilityStatement of a server at an address, with these kinds of resources to read."""
    operations = {
        "Questionnaire": [{"name": NEXT_QUESTION, "definition": _definition(rulebook, NEXT_QUESTION)}],
        "QuestionnaireResponse": [{"name": EXTRACT, "definition": _definition(rulebook, EXTRACT)}],
    }
    read: Mapping[str, Any] = {
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [{"name": name, "type": "uri" if name == "url" else "token"} for name in SEARCHED_BY],
    }
    kinds = dict.fromkeys((*served, *operations))
    day = (
        {"date": rulebook.day.isoformat()} if rulebook.day else {"_date": {"extension": [absent("unknown")]}}
    )
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "experimental": True,
        **day,
        "kind": "instance",
        "software": {"name": rulebook.identity.name, "version": rulebook.identity.version},
        "implementation": {"description": rulebook.identity.title, "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "instantiates": ["http://hl7.org/fhir/uv/sdc/CapabilityStatement/sdc-form-manager"],
        "rest": [
            {
                "mode": "server",
                "documentation": "Nothing that is sent is kept, and nothing is fetched. "
                + " ".join(rulebook.identity.limits),
                "resource": [
                    {
                        "type": kind,
                        **(read if kind in served else {}),
                        **({"operation": operations[kind]} if kind in operations else {}),
                    }
                    for kind in kinds
                ],
            }
        ],
    }


def operation_definitions(rulebook: Rulebook) -> list[dict[str, Any]]:
    """The two operations, each with the published one that it is an instance of."""
    return [
        _operation(
            rulebook,
            NEXT_QUESTION,
            "Questionnaire",
            "Questionnaire-next-question",
            "The response so far in; the same with the next question out, one whose answer can still change "
            "the result. Completed when none is left, or when a warning sign settles the matter.",
            "QuestionnaireResponse",
        ),
        _operation(
            rulebook,
            EXTRACT,
            "QuestionnaireResponse",
            "QuestionnaireResponse-extract",
            "A response in; the result out, as a Bundle of the type collection. It is kept nowhere.",
            "Bundle",
        ),
    ]


def _operation(
    rulebook: Rulebook, code: str, on: str, base: str, description: str, gives: str
) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in code.split("-"))
    return {
        "resourceType": "OperationDefinition",
        "id": code,
        "url": canonical(rulebook, "OperationDefinition", code),
        "version": rulebook.identity.version,
        "name": name,
        "title": f"{rulebook.identity.title}: ${code}",
        "status": "active",
        "kind": "operation",
        "experimental": True,
        "description": description,
        # It reads what it is given, and changes nothing.
        "affectsState": False,
        "code": code,
        "base": f"{_OFFICIAL}/{base}",
        "resource": [on],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": [
            {"name": TAKES, "use": "in", "min": 1, "max": "1", "type": "QuestionnaireResponse"},
            {"name": GIVES, "use": "out", "min": 1, "max": "1", "type": gives},
        ],
    }


def _definition(rulebook: Rulebook, code: str) -> str:
    return canonical(rulebook, "OperationDefinition", code)
