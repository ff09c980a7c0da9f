"""Parts of responses that a form would not write, and what is said of a response that cannot be read."""

from typing import Any

import pytest

from afterrun import Rulebook
from afterrun.interchange import Issue, ResponseError, read_response
from tests.support.fhir.resources import item_of

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
REASONS = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def issues_of(rulebook: Rulebook, resource: Any) -> list[Issue]:
    with pytest.raises(ResponseError) as caught:
        read_response(rulebook, resource)
    return list(caught.value.issues)


def only_issue(rulebook: Rulebook, resource: Any) -> Issue:
    (issue,) = issues_of(rulebook, resource)
    return issue


def coding(system: str, code: str) -> dict[str, Any]:
    return {"valueCoding": {"system": f"https://fhir.afterrun.invalid/CodeSystem/{system}", "code": code}}


def absent(reason: str) -> list[dict[str, Any]]:
    return [{"url": ABSENT, "valueCode": reason}]


def put(resource: dict[str, Any], name: str, *answers: dict[str, Any], section: str = "pain") -> None:
    """Answers to another question, at the end of a section."""
    item_of(resource, f"section.{section}")["item"].append({"linkId": name, "answer": list(answers)})
