"""The API says what the library says, of every shared case, and with it which rules said it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

import afterrun
from afterrun.assessment import Case
from afterrun.explanation import standing_of
from afterrun.telling import Findings, View
from tests.assessment.test_cases import CASES
from tests.assessment.test_check_in_cases import CASES as CHECK_INS
from tests.assessment.test_check_in_cases import record_of
from tests.support.servers.api import TestClient

START = date(2027, 3, 1)
FIRST = CASES[0].answers
EVERY = pytest.mark.parametrize("every", [40, pytest.param(4, marks=pytest.mark.slow)])
"""A few of the cases, or many of them; a generated client has all that are shared."""


def plain(value: Any) -> Any:
    """As JSON holds it."""
    return json.loads(json.dumps(value))


def said(api: TestClient, path: str, body: Any) -> Any:
    """The body of an answer, whose header names the same rules."""
    answer = api.post(f"/api/{path}", json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert answer.headers["Rulebook-Digest"] == told["rulebook"]["digest"]
    assert answer.headers["Cache-Control"] == "no-store"
    return told


@EVERY
def test_results_are_the_librarys(api: TestClient, rulebook: afterrun.Rulebook, every: int) -> None:
    for case in CASES[::every]:
        expected = plain(afterrun.assess(rulebook, case.answers).to_dict())
        assert said(api, "assess", case.answers) == expected, case.id


@pytest.mark.slow
@EVERY
def test_check_ins_are_the_librarys(api: TestClient, checkin_part: afterrun.Rulebook, every: int) -> None:
    for case in CHECK_INS[::every]:
        expected = plain(afterrun.check_in(checkin_part, record_of(case)).to_dict())
        assert said(api, "checkin", record_of(case)) == expected, case.id


@EVERY
def test_plans_are_the_librarys(api: TestClient, rulebook: afterrun.Rulebook, every: int) -> None:
    for case in CASES[::every]:
        result = afterrun.assess(rulebook, case.answers)
        weeks = afterrun.weeks(rulebook, result, START)
        told = said(api, "plan", {"intake": case.answers, "start": START.isoformat()})
        assert told.pop("now") == rulebook.triage[result.triage].do
        assert told == plain(weeks.to_dict()), case.id


def test_preferences_are_kept(api: TestClient, rulebook: afterrun.Rulebook) -> None:
    away = [START + timedelta(days=14), START + timedelta(days=16)]
    wanted = {
        "days": {"all": ["mon", "wed", "sat"]},
        "at": {"all": "07:30"},
        "not": ["sun"],
        "away": [[each.isoformat() for each in away]],
    }
    body = {"intake": FIRST, "start": START.isoformat(), "preferences": wanted, "person": "anna"}
    state = afterrun.State.of(afterrun.assess(rulebook, FIRST), "anna")
    weeks = afterrun.weeks(rulebook, state, START, preferences=afterrun.Preferences.of(wanted))
    told = said(api, "plan", body)
    told.pop("now")
    assert told == plain(weeks.to_dict())


@pytest.mark.parametrize("reader", ["clinician", "person"])
def test_an_explanation_is_the_librarys(api: TestClient, rulebook: afterrun.Rulebook, reader: Any) -> None:
    answers = afterrun.read_answers(rulebook, FIRST)
    view = View(rulebook, answers, Case.of(rulebook, answers).level.id, reader)
    expected = Findings(
        afterrun.explain(rulebook, answers, "patellar_tendon"),
        (afterrun.why_asked(rulebook, answers, "pain_timing"),),
        None,
        afterrun.nearest_changes(rulebook, answers, "patellar_tendon", at_most=2),
        standings=(standing_of(Case.of(rulebook, answers), "pattern.patellar_tendon"),),
    )
    body = {
        "intake": FIRST,
        "conclusions": ["patellar_tendon"],
        "questions": ["pain_timing"],
        "nearest": ["patellar_tendon"],
        "at_most": 2,
        "reader": reader,
    }
    assert said(api, "explain", body) == plain(expected.seen_by(view).to_dict(view))


def test_asked_for_nothing_everything_is_explained(api: TestClient, rulebook: afterrun.Rulebook) -> None:
    told = said(api, "explain", {"intake": FIRST})
    assert [each["conclusion"] for each in told["explanations"]] == [
        each.conclusion for each in afterrun.explain(rulebook, FIRST)
    ]


def test_what_if_is_the_librarys(api: TestClient, rulebook: afterrun.Rulebook) -> None:
    instead = {"warning_signs": ["calf_swollen"], "weeks_off": None}
    told = said(api, "what-if", {"intake": FIRST, "instead": instead})
    assert told["what_if"] == plain(afterrun.what_if(rulebook, FIRST, instead).to_dict())
    assert told["what_if"]["triage"] == {"before": "self_care", "after": "urgent"}


def test_the_questions_are_those_of_the_interview(api: TestClient, rulebook: afterrun.Rulebook) -> None:
    intake: dict[str, Any] = {}
    passed: list[str] = []
    while True:
        told = said(api, "next", {"intake": intake, "passed_over": passed})
        step = afterrun.next_question(rulebook, intake, frozenset(passed))
        if step is None:
            break
        name = told["next"]["question"]["id"]
        assert (name, told["next"]["left_at_most"], told["triage"]) == (
            step.question.id,
            step.left_at_most,
            step.triage,
        )
        if name not in FIRST:
            passed.append(name)
        else:
            if "unit_key" in told["next"]["question"]:
                key = told["next"]["question"]["unit_key"]
                intake[key] = FIRST[key]
            intake[name] = FIRST[name]
    assert told["next"] is None
    assert told["triage"] == afterrun.assess(rulebook, FIRST).triage
    assert len(intake) > 10


def test_what_cannot_wait_is_told_with_the_next_question_and_at_the_end(
    api: TestClient, rulebook: afterrun.Rulebook
) -> None:
    words = [rulebook.rules["clinician-unsure-about-an-emergency-sign"].because]
    for intake, ended in (
        ({"warning_signs": ["not_sure"]}, False),
        ({**FIRST, "right_now": ["not_sure"]}, True),
    ):
        told = said(api, "next", {"intake": intake})
        assert (told["at_once"], told["next"] is None) == (words, ended)
    assert said(api, "next", {"intake": {}})["at_once"] == []


def test_null_is_not_answered_and_nothing_is_passed_over_by_it(api: TestClient) -> None:
    names = [each["id"] for each in api.get("/api/rulebook").json()["questions"]]
    told = said(api, "next", {"intake": dict.fromkeys(names)})
    assert told["next"]["question"]["id"] == names[0]


def test_the_rulebook_tells_what_it_asks(api: TestClient, rulebook: afterrun.Rulebook) -> None:
    answer = api.get("/api/rulebook")
    told = answer.json()
    assert answer.headers["Rulebook-Digest"] == told["rulebook"]["digest"] == rulebook.digest
    assert [each["id"] for each in told["questions"]] == list(rulebook.questions)
    assert "not approved" in told["approval"]


@pytest.mark.slow
def test_the_same_request_gets_the_same_bytes_whoever_else_asks(api: TestClient) -> None:
    bodies = [("assess", case.answers) for case in CASES[:40]] + [
        ("checkin", record_of(case)) for case in CHECK_INS[:40]
    ]
    one_by_one = [api.post(f"/api/{path}", json=body).content for path, body in bodies]
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(lambda each: api.post(f"/api/{each[0]}", json=each[1]).content, bodies))
    assert at_once == one_by_one


def test_a_rulebook_past_its_review_says_so_from_that_day_on(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    from afterrun_web.api import Books

    due = date.fromisoformat(rulebook.identity.review_by)
    days = [due, due + timedelta(days=1), due + timedelta(days=2)]
    books = Books(rulebook, checkin_part, today=lambda: days.pop(0))
    stood, past, later = books.today(), books.today(), books.today()
    assert past.check_in is not None
    assert "review_was_due" not in stood.main.stamp
    assert past.main.stamp["review_was_due"] == due.isoformat() == past.check_in.stamp["review_was_due"]
    assert later is past


def test_what_an_app_demands_of_everybody_is_demanded_here(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    from fastapi import Depends, FastAPI, HTTPException

    from afterrun_web.api import Books, router

    def nobody() -> None:
        raise HTTPException(401)

    app = FastAPI(openapi_url=None)
    app.include_router(router(Books(rulebook, checkin_part)), dependencies=[Depends(nobody)])
    client = TestClient(app)
    assert {
        client.post(f"/api/{path}", json=FIRST).status_code for path in ("assess", "next", "checkin")
    } == {401}
    assert client.get("/api/rulebook").status_code == 401


def test_a_reader_that_was_called_a_runner_is_told_what_a_person_is(api: TestClient) -> None:
    asked = {"intake": {**FIRST, "warning_signs": ["calf_swollen"]}, "conclusions": ["patellar_tendon"]}
    person, runner, clinician = (
        said(api, "explain", {**asked, "reader": each}) for each in ("person", "runner", "clinician")
    )
    assert person == runner != clinician
