"""Which of the responses that a client fetched a card is about, and which are told to nobody."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun.interchange import response_of
from tests.support.fhir.conversations import Resource, begun
from tests.support.fhir.hook_calls import (
    OWN_HOOK,
    SERVICE,
    answered,
    call,
    card_of,
    searchset,
)
from tests.web.fhir.test_fhir_routes import told


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
    calm = answered(rulebook, "V001", authored=BEGUN, status="in-progress")
    card = card_of(asked.post(SERVICE, json=call({"response": searchset(calm, urgent)})))
    assert (card["indicator"], "suggestions" in card) == ("critical", False)


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
