"""Cards: how urgent, what is unanswered, the proof; no plan without the whole safety screen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun.interchange import response_of
from tests.support.fhir.conversations import CASES, Resource
from tests.support.fhir.hook_calls import (
    OWN_HOOK,
    SERVICE,
    SERVICES,
    WHEN,
    answered,
    call,
    card_of,
    searchset,
)
from tests.web.fhir.test_fhir_routes import told, wrong_responses


def test_discovery_names_both_hooks_and_what_to_fetch(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    services = asked.get(SERVICES).json()["services"]
    assert {each["id"] for each in services} == {"afterrun-knee"}
    assert [each["hook"] for each in services] == ["patient-view", OWN_HOOK]
    assert services[0]["prefetch"]["response"] == (
        "QuestionnaireResponse?patient={{context.patientId}}"
        "&questionnaire=https://fhir.afterrun.invalid/Questionnaire/afterrun-knee"
        "&status=completed,amended,in-progress&_sort=-authored&_count=10"
    )
    assert services[1]["prefetch"]["response"] == "QuestionnaireResponse/{{context.questionnaireResponseId}}"
    assert all(each["title"] and each["description"] for each in services)


@pytest.mark.slow
def test_each_shared_case_has_a_card_as_its_result_says(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    plans = 0
    indicators = {"emergency": "critical", "urgent": "critical", "clinician_first": "warning"}
    for name, case in CASES.items():
        result = afterrun.assess(rulebook, case["answers"])
        card = card_of(asked.post(SERVICE, json=call({"response": answered(rulebook, name)})))
        level = rulebook.triage[result.triage]
        assert 0 < len(card["summary"]) < 140, name
        assert level.name in card["summary"], name
        assert card["source"]["label"].startswith("Rulebook afterrun-knee 0.2.0 ("), name
        expected = "info" if level.shows_plan else "warning"
        assert card["indicator"] == (
            "critical" if result.at_once else indicators.get(result.triage, expected)
        ), name
        assert all(each in card["detail"] for each in rulebook.identity.limits), name
        screen = [
            each.ask
            for each in rulebook.questions.values()
            if rulebook.sections[each.section].safety and not each.optional and each.id not in case["answers"]
        ]
        assert ("Unanswered" in card["detail"], "unanswered" in card["summary"]) == (bool(screen),) * 2, name
        for ask in screen:
            assert ask in card["detail"], name
        suggested = [action for each in card.get("suggestions", ()) for action in each["actions"]]
        assert bool(suggested) == (level.shows_plan and not screen and bool(result.interventions)), name
        for action in suggested:
            plans += 1
            plan = action["resource"]
            assert (action["type"], plan["resourceType"], plan["status"]) == ("create", "CarePlan", "draft")
            assert plan["subject"] == {"reference": "Patient/1"}
            assert "urn:uuid:" not in json.dumps(plan)
        assert ("selectionBehavior" in card) == bool(suggested)
        # What proves the level stands in the card.
        proof = result.because.get(f"triage.{result.triage}")
        rules = [step.rule for step in proof.steps if step.holds] if proof is not None else []
        assert all(each in card["detail"] for each in rules), name
    assert plans > 20


@pytest.mark.parametrize("hook", ["patient-view", OWN_HOOK])
def test_each_hook_gives_the_same_card_each_time(
    asked: TestClient, rulebook: afterrun.Rulebook, hook: str
) -> None:
    body = call({"response": answered(rulebook)}, hook)
    first, second = (asked.post(SERVICE, json=body) for _ in range(2))
    assert first.content == second.content
    links = {each["url"]: each for each in card_of(first)["links"]}
    assert "urn:uuid:" not in json.dumps(card_of(first)["suggestions"])
    assert set(links) == {"http://127.0.0.1/question", "http://127.0.0.1/audit"}
    assert {each["type"] for each in links.values()} == {"absolute"}
    other = asked.post(SERVICE, json=body | {"hookInstance": "e1577c69-dfbe-44ad-ba6d-3e05e953b2ea"})
    assert card_of(other)["uuid"] != card_of(first)["uuid"]


def test_a_plan_is_never_shown_while_one_safety_question_is_unanswered(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    whole = CASES["V001"]["answers"]
    screen = [
        each.id
        for each in rulebook.questions.values()
        if rulebook.sections[each.section].safety and not each.optional
    ]
    assert "suggestions" in card_of(asked.post(SERVICE, json=call({"response": answered(rulebook)})))
    for gap in screen:
        less = {name: answer for name, answer in whole.items() if name != gap}
        response = response_of(rulebook, less, status="in-progress")
        card = card_of(asked.post(SERVICE, json=call({"response": response})))
        assert "suggestions" not in card
        assert card["indicator"] != "info"
        assert "1 safety question unanswered" in card["summary"]
        assert rulebook.questions[gap].ask in card["detail"]
        assert "What it looks like" not in card["detail"]
        assert "What is suggested" not in card["detail"]
        assert card["links"][0]["label"] == "Answer 1 safety question"


@pytest.mark.parametrize(
    "authored", ["2027-03-02T11:59:59Z", "2027-03-02", "2027-03", "2026-03-03T12:00:00Z", None]
)
def test_old_answers_make_no_plan(
    asked: TestClient, rulebook: afterrun.Rulebook, authored: str | None
) -> None:
    card = card_of(asked.post(SERVICE, json=call({"response": answered(rulebook, authored=authored)})))
    assert "suggestions" not in card
    assert "What is suggested" not in card["detail"]
    assert card["indicator"] == "warning"
    assert "old answers, ask about warning signs again" in card["summary"]
    assert card["detail"].startswith("### Old answers")
    urgent = answered(rulebook, "V048", authored=authored)
    card = card_of(asked.post(SERVICE, json=call({"response": urgent})))
    assert card["indicator"] == "critical"
    assert not card["detail"].startswith("### Old answers")
    assert "### Old answers" in card["detail"]


@pytest.mark.parametrize("authored", ["2027-03-02T12:00:00Z", "2027-03-03"])
def test_answers_of_the_last_day_make_one(
    asked: TestClient, rulebook: afterrun.Rulebook, authored: str
) -> None:
    response = answered(rulebook, authored=authored)
    assert "suggestions" in card_of(asked.post(SERVICE, json=call({"response": response})))


def test_a_card_that_is_not_finished_names_what_is_open_beyond_the_screen(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    whole = CASES["V001"]["answers"]
    less = {name: answer for name, answer in whole.items() if name != "pain_site"}
    response = response_of(rulebook, less, status="in-progress", authored=WHEN)
    card = card_of(asked.post(SERVICE, json=call({"response": response})))
    assert card["summary"] == "Knee pain after running: Not finished"
    before_the_proof = card["detail"].partition("### Why")[0]
    assert f"### Still open\n\n{OPEN}" in before_the_proof
    assert f"- {rulebook.questions['pain_site'].ask}" in before_the_proof
    whole_card = card_of(asked.post(SERVICE, json=call({"response": answered(rulebook)})))
    assert "Still open" not in whole_card["detail"]


OPEN = "An answer may still change how soon to be seen."


def test_a_response_that_cannot_be_used_is_told_with_its_expression(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    for name, (response, expression) in wrong_responses(rulebook).items():
        if isinstance(response, dict) and response.get("resourceType") == "QuestionnaireResponse":
            issues = told(asked.post(SERVICE, json=call({"response": response})), 422)
            places = [place for each in issues for place in each.get("expression", ())]
            assert any(place.startswith(expression) for place in places), name
    others: tuple[Any, ...] = ([], "x", {"resourceType": "Patient"}, searchset() | {"entry": {}})
    for other in others:
        told(asked.post(SERVICE, json=call() | {"prefetch": {"response": other}}), 422)


@pytest.mark.parametrize(
    ("change", "expression"),
    [
        ({"hook": "order-sign"}, "hook"),
        ({"hook": None}, "hook"),
        ({"hookInstance": "1"}, "hookInstance"),
        ({"hookInstance": 7}, "hookInstance"),
        ({"context": None}, "context"),
        ({"context": {"userId": "Practitioner/1"}}, "context.patientId"),
        ({"context": {"patientId": 1, "userId": ""}}, "context.patientId"),
        ({"context": {"patientId": "../1?x", "userId": "Practitioner/1"}}, "context.patientId"),
        ({"context": {"patientId": "\ud800", "userId": "Practitioner/1"}}, "context.patientId"),
        ({"prefetch": []}, "prefetch"),
    ],
)
def test_a_call_that_is_none_is_told_with_its_place(
    asked: TestClient, change: Resource, expression: str
) -> None:
    body = json.dumps(call() | change)
    issues = told(asked.post(SERVICE, content=body, headers={"Content-Type": "application/json"}), 422)
    assert expression in [each["expression"][0] for each in issues]


def test_another_service_and_another_body_are_refused(asked: TestClient) -> None:
    told(asked.post(f"{SERVICES}/other", json=call()), 404)
    told(asked.post(f"{SERVICES}/other/feedback", json={}), 404)
    told(asked.get(SERVICE), 405)
    told(asked.post(SERVICE, json=[]), 422)
    told(asked.post(SERVICE, content=b"{", headers={"Content-Type": "application/json"}), 400)
    big = b" " * (20 * 1024 * 1024)
    told(asked.post(SERVICE, content=big, headers={"Content-Type": "application/json"}), 413)
