"""What there is below `/fhir`: to read, to ask and to extract; each refusal an OperationOutcome."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun.interchange import bundle_of, canonical, questionnaire_of, read_response, response_of
from tests.support.fhir.conversations import CASES, Resource, begun, talked

NEXT, EXTRACT = "/fhir/Questionnaire/$next-question", "/fhir/QuestionnaireResponse/$extract"
FHIR = {"Content-Type": "application/fhir+json"}
NAME = "V001"
REFUSED = {400, 404, 405, 413, 415, 422}


def told(answer: Any, status: int) -> list[Resource]:
    """The issues of a refusal, each with words of its own."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    issues: list[Resource] = outcome["issue"]
    assert all(each["severity"] in ("fatal", "error") and each["details"]["text"] for each in issues)
    return issues


def test_the_server_says_what_it_can(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    answer = asked.get("/fhir/metadata")
    assert answer.headers["content-type"] == "application/fhir+json"
    said = answer.json()
    assert (said["resourceType"], said["fhirVersion"], said["kind"]) == (
        "CapabilityStatement",
        "4.0.1",
        "instance",
    )
    assert said["implementation"]["url"] == "http://127.0.0.1/fhir"
    kinds = {each["type"]: each for each in said["rest"][0]["resource"]}
    for kind, code in (("Questionnaire", "next-question"), ("QuestionnaireResponse", "extract")):
        (operation,) = kinds[kind]["operation"]
        assert operation["name"] == code
        found = asked.get("/fhir/OperationDefinition", params={"url": operation["definition"]}).json()
        assert [each["resource"]["code"] for each in found["entry"]] == [code]
    # What it says that it has to read is there, each under its own address.
    for kind in (name for name, each in kinds.items() if "interaction" in each):
        bundle = asked.get(f"/fhir/{kind}").json()
        assert bundle["total"] == len(bundle["entry"]) > 0
        for entry in bundle["entry"]:
            assert asked.get(entry["fullUrl"]).json() == entry["resource"]
    assert "PlanDefinition" in kinds


def test_the_questionnaire_is_found_by_its_address_and_read(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    url, whole = canonical(rulebook, "Questionnaire"), questionnaire_of(rulebook)
    for query in (
        {"url": url},
        {"url": f"{url}|{rulebook.identity.version}"},
        {"url": url, "version": rulebook.identity.version, "_count": "1"},
        {"_id": whole["id"]},
        {"_id": f"other,{whole['id']}"},
    ):
        found = asked.get("/fhir/Questionnaire", params=query).json()
        assert (found["type"], found["total"]) == ("searchset", 1)
        assert found["entry"][0]["resource"] == whole
    for query in ({"url": f"{url}|0"}, {"version": "0"}, {"url": url, "_id": "other"}):
        none = asked.get("/fhir/Questionnaire", params=query).json()
        assert (none["total"], "entry" in none) == (0, False)
    counted = asked.get("/fhir/ActivityDefinition", params={"_count": "0"}).json()
    assert counted["total"] > 0
    assert "entry" not in counted
    issue = told(asked.get("/fhir/Questionnaire", params={"publisher": "x"}), 422)[0]
    assert "'publisher' is not searched by here" in issue["details"]["text"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir", 404),
        ("GET", "/fhir/Patient", 404),
        ("GET", "/fhir/Questionnaire/other", 404),
        ("GET", "/fhir/Questionnaire/afterrun-knee/more", 404),
        ("PUT", "/fhir/Questionnaire/afterrun-knee", 405),
        ("DELETE", "/fhir/metadata", 405),
        ("POST", "/fhir/Questionnaire", 405),
    ],
)
def test_what_there_is_not_is_told_as_an_outcome(
    asked: TestClient, method: str, path: str, status: int
) -> None:
    (issue,) = told(asked.request(method, path), status)
    assert "GET /fhir/metadata" in issue["details"]["text"]


@pytest.mark.parametrize(
    "kind", ["application/fhir+json", "application/json", "application/json; charset=utf-8"]
)
def test_a_body_comes_bare_or_in_parameters_and_is_answered_alike(
    asked: TestClient, rulebook: afterrun.Rulebook, kind: str
) -> None:
    response = response_of(rulebook, CASES[NAME]["answers"], authored="2027-03-03T12:00:00Z")
    wrapped = {
        "resourceType": "Parameters",
        "parameter": [{"name": "questionnaire-response", "resource": response}],
    }
    for path in (NEXT, EXTRACT):
        bare = asked.post(path, content=json.dumps(response), headers={"Content-Type": kind})
        inside = asked.post(path, content=json.dumps(wrapped), headers={"Content-Type": kind})
        assert (bare.status_code, inside.status_code) == (200, 200)
        assert inside.json() == {
            "resourceType": "Parameters",
            "parameter": [{"name": "return", "resource": bare.json()}],
        }


def test_extract_gives_the_bundle_of_the_command_line(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    response = response_of(rulebook, CASES[NAME]["answers"], authored="2027-03-03T12:00:00Z")
    answers = [asked.post(EXTRACT, json=response) for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert answers[0].json() == bundle_of(rulebook, read_response(rulebook, response))
    assert answers[0].json()["type"] == "collection"


def test_a_story_told_to_the_server_comes_to_its_result(
    asked: TestClient, rulebook: afterrun.Rulebook
) -> None:
    for name in list(CASES)[::16]:
        intake = CASES[name]["answers"]
        talk = talked(rulebook, intake, lambda response: asked.post(NEXT, json=response).json())
        if talk.whole:
            heard = read_response(rulebook, talk.response)
            one, other = (afterrun.assess(rulebook, each).to_dict() for each in (heard.intake, intake))
            kept = ("triage", "patterns", "interventions", "plan", "because")
            assert {key: one[key] for key in kept} == {key: other[key] for key in kept}, name


def with_item(rulebook: afterrun.Rulebook, *items: Resource, **more: Any) -> Resource:
    return begun(rulebook, item=list(items)) | more


def age(**value: Any) -> Resource:
    return {"linkId": "age_years", "answer": [value]}


def coding(rulebook: afterrun.Rulebook, link: str, code: str) -> Resource:
    return {"valueCoding": {"system": canonical(rulebook, "CodeSystem", link), "code": code}}


def wrong_responses(rulebook: afterrun.Rulebook) -> dict[str, tuple[Any, str]]:
    """Everything that a response may be and is not to be, with where that is told."""
    ours, where = canonical(rulebook, "Questionnaire"), "QuestionnaireResponse"
    worst = {"linkId": "worst_pain", "answer": [{"valueInteger": 8}]}
    disabled = {"linkId": "strength_check", "answer": [coding(rulebook, "strength_check", "pass")]}
    onsets = rulebook.questions["injury_onset"].options
    two = [coding(rulebook, "injury_onset", each.id) for each in onsets[:2]]
    in_error = with_item(rulebook, age(valueInteger=40), status="entered-in-error")
    r5 = "http://hl7.org/fhir/5.0/StructureDefinition/QuestionnaireResponse"
    return {
        "another version": (begun(rulebook) | {"questionnaire": f"{ours}|9.9"}, f"{where}.questionnaire"),
        "another questionnaire": (
            begun(rulebook) | {"questionnaire": "https://other.example/Questionnaire/x"},
            f"{where}.questionnaire",
        ),
        "no questionnaire": ({"resourceType": where, "status": "completed"}, f"{where}.questionnaire"),
        "an unknown linkId": (
            with_item(rulebook, {"linkId": "age", "answer": [{"valueInteger": 40}]}),
            f"{where}.item[0].linkId",
        ),
        "a value of another type": (
            with_item(rulebook, age(valueString="40")),
            f"{where}.item[0].answer[0].value",
        ),
        "two answers where one may stand": (
            with_item(rulebook, {"linkId": "injury_onset", "answer": two}),
            f"{where}.item[0].answer[1]",
        ),
        "a disabled item answered": (with_item(rulebook, worst, disabled), f"{where}.item[1]"),
        "entered in error": (in_error, f"{where}.status"),
        "of R5": (begun(rulebook, meta={"profile": [r5]}), f"{where}.meta.profile[0]"),
        "another resource": ({"resourceType": "Patient"}, ""),
        "a list": ([], ""),
        "parameters without the response": ({"resourceType": "Parameters"}, "Parameters.parameter"),
        "two in parameters": (
            {
                "resourceType": "Parameters",
                "parameter": [{"name": "questionnaire-response", "resource": begun(rulebook)}] * 2,
            },
            "Parameters.parameter",
        ),
        "parameters of another name": (
            {"resourceType": "Parameters", "parameter": [{"name": "subject", "resource": begun(rulebook)}]},
            "Parameters.parameter",
        ),
    }  # fmt: skip


@pytest.mark.parametrize("path", [NEXT, EXTRACT])
def test_what_is_wrong_with_a_response_is_told_with_its_expression(
    asked: TestClient, rulebook: afterrun.Rulebook, path: str
) -> None:
    for name, (response, expression) in wrong_responses(rulebook).items():
        issues = told(asked.post(path, json=response), 422)
        places = [place for each in issues for place in each.get("expression", [""])]
        assert any(place.startswith(expression) for place in places), (name, issues)


MANY_KEYS = b"{%s}" % b",".join(b'"k%05d":1' % number for number in [*range(90_000), 89_999])
"""Comparing each key with all others would take minutes."""


@pytest.mark.parametrize("path", [NEXT, EXTRACT])
@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "not JSON"),
        (b"{", 400, "not JSON"),
        (b'{"resourceType": "QuestionnaireResponse",}', 400, "not JSON"),
        (b'{"status": "completed", "status": "in-progress"}', 400, "'status' stands twice"),
        (MANY_KEYS, 400, "'k89999' stands twice"),
        (b'{"a": NaN}', 400, "NaN is no number"),
        (b"1" * 6000, 400, "too long"),
        (b"[" * 100_000, 400, "too deep"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, 400, "deeper than 60"),
        (b"\xff\xfe", 400, "UTF-8"),
        (b" " * (1024 * 1024 + 1), 413, "larger than 1048576 bytes"),
        (b" " * (20 * 1024 * 1024), 413, "larger than 5 MB"),
    ],
    ids=[
        "empty",
        "open",
        "comma",
        "twice",
        "many, the last twice",
        "nan",
        "long",
        "deep",
        "rather deep",
        "latin",
        "1 MB",
        "20 MB",
    ],
)
def test_a_body_that_cannot_be_read_is_told(
    asked: TestClient, path: str, content: bytes, status: int, says: str
) -> None:
    (issue,) = told(asked.post(path, content=content, headers=FHIR), status)
    assert says in issue["details"]["text"]


@pytest.mark.parametrize("path", [NEXT, EXTRACT])
def test_a_number_beyond_all_is_no_fault_of_the_program(
    asked: TestClient, rulebook: afterrun.Rulebook, path: str
) -> None:
    body = json.dumps(begun(rulebook, extension=[{"url": "x", "valueDecimal": 7}])).replace("7}", "1e999}")
    (issue,) = told(asked.post(path, content=body, headers=FHIR), 422)
    assert "is no number" in issue["details"]["text"]


def test_another_kind_of_body_is_refused(asked: TestClient) -> None:
    for kind in ("application/fhir+xml", "text/plain", "application/x-www-form-urlencoded"):
        (issue,) = told(asked.post(NEXT, content=b"<a/>", headers={"Content-Type": kind}), 415)
        assert "application/fhir+json" in issue["details"]["text"]
    packed = {**FHIR, "Content-Encoding": "gzip"}
    told(asked.post(NEXT, content=b"x", headers=packed), 415)


@pytest.mark.parametrize("version", ["5.0", "4.3", '"3.0"', "r4", ""])
def test_another_release_of_fhir_is_neither_read_nor_written(
    asked: TestClient, rulebook: afterrun.Rulebook, version: str
) -> None:
    body = json.dumps(begun(rulebook))
    other = f"application/fhir+json; charset=utf-8; fhirVersion={version}"
    (issue,) = told(asked.post(NEXT, content=body, headers={"Content-Type": other}), 415)
    assert "FHIR R4 alone" in issue["details"]["text"]
    (issue,) = told(asked.post(NEXT, content=body, headers=FHIR | {"Accept": other}), 406)
    assert (issue["code"], "FHIR R4 alone" in issue["details"]["text"]) == ("not-supported", True)
    told(asked.get("/fhir/metadata", headers={"Accept": other}), 406)
    # Whoever takes ours as well is answered.
    assert (
        asked.get("/fhir/metadata", headers={"Accept": f"{other}, application/fhir+json"}).status_code == 200
    )


@pytest.mark.parametrize("version", ["4.0", '"4.0"', "4.0.1"])
def test_our_release_of_fhir_may_be_named(
    asked: TestClient, rulebook: afterrun.Rulebook, version: str
) -> None:
    ours = f"application/fhir+json;fhirversion={version}"
    headers = {"Content-Type": ours, "Accept": ours}
    assert asked.post(NEXT, json=begun(rulebook), headers=headers).status_code == 200


def test_a_fault_of_the_program_gives_no_result_and_says_nothing_of_it(
    asked: TestClient, rulebook: afterrun.Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise afterrun.EngineFault("the secret of the story")

    monkeypatch.setattr("afterrun_web.fhir.routes.extract", broken)
    (issue,) = told(asked.post(EXTRACT, json=begun(rulebook)), 500)
    assert "a fault of the program" in issue["details"]["text"]
    assert "secret" not in json.dumps(issue)


def test_too_many_issues_are_told_in_part(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    many = [{"linkId": f"x{number}"} for number in range(150)]
    issues = told(asked.post(NEXT, json=begun(rulebook, item=many)), 422)
    assert len(issues) == 101
    assert issues[-1]["details"]["text"] == "and 50 more"
