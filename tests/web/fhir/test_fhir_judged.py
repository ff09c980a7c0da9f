"""What the server answers is FHIR R4, say three validators of others."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun.interchange import next_step, response_of
from tests.support.fhir.conversations import CASES, Resource, begun, talked
from tests.support.fhir.hook_calls import SERVICE, answered, call
from tests.support.fhir.judges import faults
from tests.web.fhir.test_fhir_routes import EXTRACT, NEXT, wrong_responses

pytestmark = [pytest.mark.slow, pytest.mark.process]


def test_everything_that_is_answered_is_valid(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    found: dict[str, Resource] = {"metadata": asked.get("/fhir/metadata").json()}
    for each in found["metadata"]["rest"][0]["resource"]:
        if "interaction" in each:
            found[each["type"]] = asked.get(f"/fhir/{each['type']}").json()
    for name, (response, _) in wrong_responses(rulebook).items():
        found[name] = asked.post(NEXT, json=response).json()
    found["not fetched"] = asked.post(SERVICE, json=call()).json()
    wrapped: dict[str, Any] = {"name": "questionnaire-response", "resource": begun(rulebook)}
    found["parameters"] = asked.post(NEXT, json={"resourceType": "Parameters", "parameter": [wrapped]}).json()
    response = response_of(rulebook, CASES["V001"]["answers"], authored="2027-03-03T12:00:00Z")
    found["extracted"] = asked.post(EXTRACT, json=response).json()
    (card,) = asked.post(SERVICE, json=call({"response": answered(rulebook)})).json()["cards"]
    found["suggested"] = card["suggestions"][0]["actions"][0]["resource"]
    for name in ("V001", "V048"):
        told = steps(rulebook, CASES[name]["answers"])
        # The first, some on the way, the last.
        found |= {f"{name} {place}": told[place] for place in {0, *range(2, len(told), 8), len(told) - 1}}
    assert faults(found) == []


def steps(rulebook: afterrun.Rulebook, intake: dict[str, Any]) -> list[Resource]:
    """Every answer of a conversation."""
    told: list[Resource] = []

    def ask(response: Resource) -> Resource:
        told.append(next_step(rulebook, response))
        return told[-1]

    talked(rulebook, intake, ask)
    return told
