"""Calls of our hooks as a client makes them, and the card that comes."""

from __future__ import annotations

from typing import Any

import afterrun
from afterrun.interchange import response_of
from tests.support.fhir.conversations import CASES, Resource

SERVICES, SERVICE = "/cds-services", "/cds-services/afterrun-knee"
WHEN = "2027-03-03T12:00:00Z"
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
OWN_HOOK = "invalid.afterrun.fhir.questionnaire-answer"


def call(prefetch: Any = None, hook: str = "patient-view", **more: Any) -> Resource:
    context = {"userId": "Practitioner/1", "patientId": "1", "questionnaireResponseId": "r1"}
    return {"hook": hook, "hookInstance": INSTANCE, "context": context, "prefetch": prefetch or {}} | more


def answered(rulebook: afterrun.Rulebook, name: str = "V001", **more: Any) -> Resource:
    given = {"subject": {"reference": "Patient/1"}, "authored": WHEN, **more}
    return response_of(rulebook, CASES[name]["answers"], **given)


def card_of(answer: Any) -> Resource:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    (card,) = answer.json()["cards"]
    held: Resource = card
    return held


def searchset(*resources: Resource) -> Resource:
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": each} for each in resources],
    }
