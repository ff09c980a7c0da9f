"""How long a clinic's own systems wait: for the next question, a card, and a Bundle."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

from starlette.testclient import TestClient

from afterrun import Rulebook
from afterrun.interchange import next_step, response_of
from afterrun_web.app import create_app
from afterrun_web.serving import new_key
from afterrun_web.settings import Settings
from benchmarks.machine import print_table
from benchmarks.one_assessment import cases

GOAL_MS = 250
CALL = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/1", "patientId": "1"},
}


def main() -> None:
    """Print the median over the worked cases, one request after another, through the whole application."""
    from afterrun import load_rulebook

    rulebook = load_rulebook()
    client = TestClient(create_app(Settings(new_key())), base_url="http://127.0.0.1")
    responses = list(_responses(rulebook))
    begun = [_half(rulebook, each) for each in responses]
    calls = [CALL | {"prefetch": {"response": each}} for each in responses]
    asked: dict[str, tuple[str, list[Any]]] = {
        "next question": ("/fhir/Questionnaire/$next-question", begun),
        "card": ("/cds-services/afterrun-knee", calls),
        "Bundle ($extract)": ("/fhir/QuestionnaireResponse/$extract", responses),
    }
    print(f"### FHIR: the worked cases, one after another; the goal is a median under {GOAL_MS} ms\n")
    rows = []
    for name, (path, bodies) in asked.items():
        spent, used = [], time.process_time()
        for body in bodies:
            began = time.perf_counter()
            answer = client.post(path, json=body)
            spent.append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise RuntimeError(answer.text)
        cpu = (time.process_time() - used) * 1000 / len(bodies)
        rows.append((name, len(bodies), statistics.median(spent), statistics.quantiles(spent, n=20)[-1], cpu))
    print_table(("answer", "requests", "median ms", "95 % within ms", "CPU ms each"), rows)


def _responses(rulebook: Rulebook) -> Any:
    alone = {
        (name, each.id)
        for name, question in rulebook.questions.items()
        for each in question.options
        if each.alone
    }
    for intake in cases():
        many = ((name, value) for name, value in intake.items() if isinstance(value, list) and len(value) > 1)
        # 'None of these' beside a sign is no response.
        if not any((name, each) in alone for name, value in many for each in value):
            yield json.loads(json.dumps(response_of(rulebook, intake, authored="2027-03-03T12:00:00Z")))


def _half(rulebook: Rulebook, response: dict[str, Any]) -> dict[str, Any]:
    """A conversation half way through, with the form that the server gave last."""
    groups = response.get("item", [])
    return next_step(
        rulebook, response | {"item": groups[: max(1, len(groups) // 2)], "status": "in-progress"}
    )
