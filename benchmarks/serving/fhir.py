"""How long a clinic's own systems wait: for the next question, a card, and a Bundle."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from afterrun import Rulebook, load_rulebook
from afterrun.interchange import next_step, response_of
from benchmarks.assessments.one_assessment import cases
from benchmarks.machine import print_table
from benchmarks.serving.pages import served

GOAL_MS = 250


def main() -> None:
    """Print the median over the worked cases, one request after another, of `afterrun serve`."""
    rulebook = load_rulebook()
    responses = list(_responses(rulebook))
    begun = [_half(rulebook, each) for each in responses]
    asked: dict[str, tuple[str, list[Any]]] = {
        "next question": ("/fhir/Questionnaire/$next-question", begun),
        "card": ("/cds-services/afterrun-knee", [_call(each) for each in responses]),
        "Bundle ($extract)": ("/fhir/QuestionnaireResponse/$extract", responses),
    }
    print(f"### FHIR: the worked cases, one after another; the goal is a median under {GOAL_MS} ms\n")
    with TemporaryDirectory() as home, served(Path(home)) as server:
        rows = []
        for name, (path, bodies) in asked.items():
            spent = [_milliseconds(server.port, path, body) for body in bodies]
            rows.append((name, len(spent), statistics.median(spent), statistics.quantiles(spent, n=20)[-1]))
    print_table(("answer", "requests", "median ms", "95 % within ms"), rows)


def _milliseconds(port: int, path: str, body: Any) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    began = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(content.decode())
    return (time.perf_counter() - began) * 1000


def _call(response: dict[str, Any]) -> dict[str, Any]:
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "1"},
        "prefetch": {"response": response},
    }


def _responses(rulebook: Rulebook) -> Iterator[dict[str, Any]]:
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
