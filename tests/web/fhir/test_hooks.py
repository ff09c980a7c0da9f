"""Cards: how urgent, what is unanswered, the proof; no plan without the whole safety screen; feedback."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun.interchange import response_of
from afterrun_web.app import create_app
from tests.support.fhir_talks import CASES, Resource, begun
from tests.support.hook_clients import SERVED_AT, clients_file, token
from tests.support.web_accounts import Clock
from tests.support.web_visits import SETTINGS
from tests.web.fhir.test_fhir_routes import told, wrong_responses

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


@pytest.mark.parametrize("found", [None, searchset(), searchset({"resourceType": "OperationOutcome"})])
def test_nothing_answered_is_told_and_rules_nothing_out(
    asked: TestClient, rulebook: afterrun.Rulebook, found: Any
) -> None:
    card = card_of(asked.post(SERVICE, json=call() | {"prefetch": {"response": found}}))
    assert card["summary"] == "Knee pain after running: nothing answered yet, so nothing is ruled out"
    assert card["links"][0]["label"] == "Answer 7 safety questions"
    assert rulebook.questions["warning_signs"].ask in card["detail"]
    assert "suggestions" not in card


@pytest.mark.parametrize(
    "prefetch", [{}, {"other": None}, {"response": {"resourceType": "OperationOutcome", "issue": []}}]
)
def test_what_was_not_fetched_is_a_412(asked: TestClient, prefetch: Any) -> None:
    (issue,) = told(asked.post(SERVICE, json=call(prefetch)), 412)
    assert issue["expression"] == ["prefetch.response"]


@pytest.mark.parametrize(
    "found",
    [
        searchset() | {"link": [{"relation": "next", "url": "https://ehr.example.org/fhir?page=2"}]},
        searchset({"resourceType": "Patient"}) | {"link": [{"relation": "next", "url": "x"}]},
        {"resourceType": "Bundle", "type": "searchset", "total": 3},
        searchset({"resourceType": "OperationOutcome", "issue": [{"severity": []}, {"severity": "error"}]}),
    ],
    ids=["an empty page", "a page of others", "a total alone", "a search that failed"],
)
def test_a_searchset_that_is_not_whole_does_not_say_that_nothing_was_answered(
    asked: TestClient, found: Any
) -> None:
    (issue,) = told(asked.post(SERVICE, json=call({"response": found})), 412)
    assert issue["expression"] == ["prefetch.response"]
    assert "it cannot be told that nothing was answered" in issue["details"]["text"]


def test_a_searchset_gives_its_newest_response_to_this_questionnaire(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    other = begun(rulebook, status="completed") | {"questionnaire": "https://other.example/Questionnaire/x"}
    older = answered(rulebook, "V048", authored="2027-03-03T12:30:00+01:00")
    newer = answered(rulebook, "V001", authored="2027-03-03T11:45:00Z")
    expected = card_of(asked.post(SERVICE, json=call({"response": newer})))
    found = call({"response": searchset(other, older, newer)})
    assert card_of(asked.post(SERVICE, json=found))["summary"] == expected["summary"]
    undated = answered(rulebook, "V001", authored=None)
    (issue,) = told(asked.post(SERVICE, json=call({"response": searchset(older, undated)})), 422)
    assert "which is the newest" in issue["details"]["text"]


BEGUN = "2027-03-03T11:59:00Z"


def test_a_whole_response_is_not_hidden_by_one_that_was_begun_after_it(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    whole = answered(rulebook, "V001", authored="2027-03-03T11:00:00Z")
    of_the_whole = card_of(asked.post(SERVICE, json=call({"response": whole})))
    subject = {"reference": "Patient/1"}
    begun_after = response_of(
        rulebook, {"age_years": 41}, subject=subject, authored=BEGUN, status="in-progress"
    )
    for found in (searchset(begun_after, whole), searchset(whole, begun_after)):
        card = card_of(asked.post(SERVICE, json=call({"response": found})))
        assert card["summary"].startswith(
            "Knee pain after running: Self-care; newer answers are not finished"
        )
        assert card["detail"].startswith(f"### Newer answers, not finished\n\nAnswers of {BEGUN} were begun")
        assert "6 safety questions of them unanswered" in card["detail"]
        assert "What it looks like" in card["detail"]
        assert "What is suggested" not in card["detail"]
        assert "suggestions" not in card
        assert card["indicator"] == "warning"
        assert card["uuid"] != of_the_whole["uuid"]
    # One that was begun before it is of no account.
    earlier = {**begun_after, "authored": "2027-03-03T10:00:00Z"}
    assert card_of(asked.post(SERVICE, json=call({"response": searchset(earlier, whole)}))) == of_the_whole
    # And one alone is what there is.
    card = card_of(asked.post(SERVICE, json=call({"response": searchset(begun_after)})))
    assert card["summary"] == "Knee pain after running: Not finished; 6 safety questions unanswered"


def test_a_red_flag_is_hidden_by_nothing_that_was_begun_and_nothing_finished(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    subject = {"reference": "Patient/1"}
    sign = {"age_years": 41, "warning_signs": ["hot_red_joint"]}
    sign_begun = response_of(rulebook, sign, subject=subject, authored=BEGUN, status="in-progress")
    alone = card_of(asked.post(SERVICE, json=call({"response": sign_begun})))
    assert alone["indicator"] == "critical"
    whole = answered(rulebook, "V001", authored="2027-03-03T11:00:00Z")
    assert card_of(asked.post(SERVICE, json=call({"response": searchset(sign_begun, whole)}))) == alone
    urgent = answered(rulebook, "V048", authored="2027-03-03T11:00:00Z")
    bare = response_of(rulebook, {"age_years": 41}, subject=subject, authored=BEGUN, status="in-progress")
    card = card_of(asked.post(SERVICE, json=call({"response": searchset(bare, urgent)})))
    assert card["indicator"] == "critical"
    assert not card["detail"].startswith("### Newer answers")
    assert "### Newer answers, not finished" in card["detail"]


def test_answers_without_a_subject_are_nobodys_where_others_answers_were_fetched(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    nobodys = answered(rulebook, subject=None)
    mine, theirs = (
        answered(rulebook, authored="2027-03-01", subject={"reference": f"Patient/{each}"}) for each in "12"
    )
    for one in (nobodys, searchset(nobodys)):
        card_of(asked.post(SERVICE, json=call({"response": one})))
    other_form = theirs | {"questionnaire": "https://other.example/Questionnaire/x"}
    for others in (theirs, other_form):
        (issue,) = told(asked.post(SERVICE, json=call({"response": searchset(nobodys, others)})), 422)
        assert (issue["code"], issue["expression"]) == ("conflict", ["prefetch.response"])
    # Even where the newest says that it is the patient's: the search was for somebody else, too.
    told(asked.post(SERVICE, json=call({"response": searchset(answered(rulebook), other_form)})), 422)
    card_of(asked.post(SERVICE, json=call({"response": searchset(mine | {"authored": BEGUN}, nobodys)})))


@pytest.mark.parametrize("whose", ["Patient/2", "https://ehr.example.org/fhir/Patient/2/_history/1"])
def test_answers_of_another_patient_are_told_to_nobody(
    asked: TestClient, rulebook: afterrun.Rulebook, whose: str
) -> None:
    response = answered(rulebook, subject={"reference": whose})
    (issue,) = told(asked.post(SERVICE, json=call({"response": response})), 422)
    assert issue["code"] == "conflict"
    mine = response | {"subject": {"reference": whose.replace("Patient/2", "Patient/1")}}
    card_of(asked.post(SERVICE, json=call({"response": mine})))


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/2/"},
        {"reference": "Patient/1/"},
        {"reference": "patient/1"},
        {"reference": "Patient?identifier=1"},
        {"reference": "Patient/2?x=/Patient/1"},
        {"reference": "Group/1"},
        {"reference": "RelatedPerson/1"},
        {"reference": "urn:uuid:e1577c69-dfbe-44ad-ba6d-3e05e953b2ea"},
        {"reference": "#p"},
        {"type": "Group", "display": "Runners"},
    ],
    ids=str,
)
def test_a_subject_that_is_not_seen_to_be_the_patient_is_another(
    asked: TestClient, rulebook: afterrun.Rulebook, subject: Resource
) -> None:
    response = answered(rulebook, subject=subject)
    response["contained"] = [{"resourceType": "Patient", "id": "p"}]
    (issue,) = told(asked.post(SERVICE, json=call({"response": response})), 422)
    assert (issue["code"], issue["expression"]) == ("conflict", ["QuestionnaireResponse.subject"])


def test_the_hook_after_the_questionnaire_is_about_that_response_alone(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    mine, other = (answered(rulebook) | {"id": each} for each in ("r1", "r2"))
    card_of(asked.post(SERVICE, json=call({"response": mine}, OWN_HOOK)))
    card_of(asked.post(SERVICE, json=call({"response": other})))
    (issue,) = told(asked.post(SERVICE, json=call({"response": other}, OWN_HOOK)), 422)
    assert (issue["code"], issue["expression"]) == ("conflict", ["QuestionnaireResponse.id"])
    nameless = call({"response": mine}, OWN_HOOK, context={"userId": "Practitioner/1", "patientId": "1"})
    (issue,) = told(asked.post(SERVICE, json=nameless), 422)
    assert issue["expression"] == ["context.questionnaireResponseId"]


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


OVERRIDDEN = {
    "card": "a1",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "seen", "system": "https://x"}, "userComment": "seen\nyesterday"},
    "outcomeTimestamp": WHEN,
}
ACCEPTED = {
    "card": "a2",
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "s1"}],
    "outcomeTimestamp": "2027-03-03T13:00:00.5+01:00",
}


def test_feedback_is_counted_and_kept_only_where_the_operator_says(tmp_path: Path) -> None:
    file = tmp_path / "feedback.ndjson"
    for kept in (None, file):
        app = create_app(SETTINGS._replace(hook_feedback=kept))
        client = TestClient(app, base_url="http://127.0.0.1")
        assert app.state.reports.words == ""
        for _ in range(2):
            answer = client.post(f"{SERVICE}/feedback", json={"feedback": [OVERRIDDEN, ACCEPTED]})
            assert (answer.status_code, answer.json()) == (200, {})
        assert app.state.reports.words == "Cards that clients told of: 2 accepted, 2 overridden."
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [each["card"] for each in lines] == ["a1", "a2"] * 2
    assert lines[0]["comment"] == "seen\nyesterday"
    assert (lines[0]["reason"], lines[1]["suggestions"]) == ("https://x|seen", ["s1"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_feedback_that_cannot_be_written_is_not_taken(tmp_path: Path) -> None:
    app = create_app(SETTINGS._replace(hook_feedback=tmp_path / "missing" / "feedback.ndjson"))
    client = TestClient(app, base_url="http://127.0.0.1")
    told(client.post(f"{SERVICE}/feedback", json={"feedback": [ACCEPTED]}), 503)
    assert app.state.reports.words == ""


@pytest.mark.parametrize(
    ("feedback", "expression"),
    [
        (None, "feedback"),
        ([], "feedback"),
        ([ACCEPTED] * 101, "feedback"),
        (["x"], "feedback[0].card"),
        ([OVERRIDDEN, ACCEPTED | {"outcome": "ignored"}], "feedback[1].outcome"),
        ([ACCEPTED | {"acceptedSuggestions": []}], "feedback[0].acceptedSuggestions"),
        ([ACCEPTED | {"acceptedSuggestions": [{"id": 1}]}], "feedback[0].acceptedSuggestions[0].id"),
        ([ACCEPTED | {"outcomeTimestamp": "yesterday"}], "feedback[0].outcomeTimestamp"),
        ([ACCEPTED | {"outcomeTimestamp": "2027-03-03T12:00:00"}], "feedback[0].outcomeTimestamp"),
        ([ACCEPTED | {"outcomeTimestamp": "20270303T120000Z"}], "feedback[0].outcomeTimestamp"),
        ([OVERRIDDEN | {"card": "x" * 2001}], "feedback[0].card"),
        ([OVERRIDDEN | {"overrideReason": {"reason": {}}}], "feedback[0].overrideReason.reason.code"),
        ([OVERRIDDEN | {"overrideReason": {"userComment": 7}}], "feedback[0].overrideReason.userComment"),
    ],
)
def test_feedback_that_is_none_is_told_with_its_place(
    asked: TestClient, feedback: Any, expression: str
) -> None:
    issues = told(asked.post(f"{SERVICE}/feedback", json={"feedback": feedback}), 422)
    assert expression in [each["expression"][0] for each in issues]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trusting(tmp_path: Path, clock: Clock) -> TestClient:
    """A server that knows its clients, though on this machine alone."""
    settings = SETTINGS._replace(hook_clients=clients_file(tmp_path), now=clock)
    return TestClient(create_app(settings), base_url="http://127.0.0.1")


def bearer(path: str, now: datetime) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(f'{SERVED_AT}{path}', now)}"}


def test_where_clients_are_named_each_call_wants_a_token_for_its_address(
    trusting: TestClient, clock: Clock, rulebook: afterrun.Rulebook
) -> None:
    feedback = {"feedback": [ACCEPTED]}
    calls: dict[str, Callable[[dict[str, str]], Any]] = {
        SERVICES: lambda headers: trusting.get(SERVICES, headers=headers),
        SERVICE: lambda headers: trusting.post(
            SERVICE, json=call({"response": answered(rulebook)}), headers=headers
        ),
        f"{SERVICE}/feedback": lambda headers: trusting.post(
            f"{SERVICE}/feedback", json=feedback, headers=headers
        ),
    }
    for path, ask in calls.items():
        answer = ask({})
        (issue,) = told(answer, 401)
        assert (issue["code"], answer.headers["www-authenticate"][:6]) == ("login", "Bearer")
        good = bearer(path, clock())
        assert ask(good).status_code == 200
        (issue,) = told(ask(good), 401)
        assert "used before" in issue["details"]["text"]
    told(calls[SERVICE](bearer(SERVICES, clock())), 401)
    # What a client reaches is what the operator wrote, whatever name the request came by.
    card = card_of(calls[SERVICE](bearer(SERVICE, clock())))
    assert card["links"][1]["url"] == f"{SERVED_AT}/audit"
    assert calls[f"{SERVICE}/feedback"](bearer(SERVICE, clock())).status_code == 200


def test_the_token_is_looked_at_before_the_body(trusting: TestClient) -> None:
    told(trusting.post(SERVICE, content=b"{", headers={"Content-Type": "application/json"}), 401)
