"""The API's own description: read by somebody else's validator, tried by somebody else's tests, and exact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import data

import afterrun
from afterrun.history import offers
from tests.assessment.test_cases import CASES
from tests.assessment.test_check_in_cases import CASES as CHECK_INS
from tests.assessment.test_check_in_cases import record_of
from tests.intake.test_check_in_files import FILES
from tests.intake.test_check_in_records import ENROLLED, WEEK
from tests.support.history.by_hand import TODAY, half_a_year
from tests.support.servers.api import JSON, TestClient, app_of, client_of
from tests.support.web.visits import Served, Visitor

if TYPE_CHECKING:
    from schemathesis.schemas import BaseSchema

PATHS = ("/api/assess", "/api/next", "/api/explain", "/api/what-if", "/api/plan", "/api/checkin")
READ = ("/api/rulebook", "/api/openapi.json")
EXAMPLES = 40
FIRST = CASES[0].answers
KILOMETRES = {"volume_unit": "km"}
SWOLLEN = {"warning_signs": ["calf_swollen"]}


def requests() -> Iterator[tuple[str, Any]]:
    """Some for each address, of the shared cases."""
    for place, case in enumerate(CASES[::10]):
        intake, begun = case.answers, dict(list(case.answers.items())[: place % 30])
        yield "/api/assess", intake
        yield "/api/plan", {"intake": intake, "start": "2027-03-01"}
        yield "/api/next", {"intake": {**KILOMETRES, **begun}}
    for case in CHECK_INS[::3]:
        yield "/api/checkin", record_of(case)
    for case in CASES[::40]:
        for reader in ("person", "clinician"):
            whole = {"intake": case.answers, "reader": reader}
            yield "/api/what-if", {**whole, "instead": SWOLLEN}
            names = [
                "triage",
                "ramp_pct",
                "week9_volume",
                "weekly_rise_percent",
                "tendon-likely",
                "row:DX01",
                "strength_gap",
            ]
            why = {"conclusions": names, "questions": list(case.answers)[2:4]}
            yield "/api/explain", {**whole, **why, "nearest": ["urgent"], "at_most": 1}


@pytest.fixture(scope="module")
def document(api: TestClient) -> dict[str, Any]:
    """As the API gives it."""
    answer = api.get("/api/openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """A validator of one schema of the document."""
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def sent(document: dict[str, Any], path: str) -> dict[str, Any]:
    """What may be sent to an address."""
    schema: dict[str, Any] = document["paths"][path]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    return schema


def told(document: dict[str, Any], path: str, method: str = "post") -> dict[str, Any]:
    """What comes back."""
    answer = document["paths"][path][method]["responses"]["200"]
    schema: dict[str, Any] = answer["content"]["application/json"]["schema"]
    return schema


@pytest.mark.slow
def test_the_document_is_valid_by_another_validator(document: dict[str, Any]) -> None:
    spec = pytest.importorskip("openapi_spec_validator", reason="a validator of OpenAPI is missing: make dev")
    spec.validate(document, cls=spec.OpenAPIV31SpecValidator)
    with pytest.raises(spec.validation.exceptions.OpenAPIValidationError):
        spec.validate({**document, "paths": 1}, cls=spec.OpenAPIV31SpecValidator)


def test_the_document_names_every_address_and_no_other(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {*PATHS, *READ}


def test_every_example_is_as_its_schema_says_and_is_answered(
    api: TestClient, document: dict[str, Any]
) -> None:
    for path in PATHS:
        content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        example = content["examples"]["whole"]["value"]
        validator(document, sent(document, path)).validate(example)
        assert api.post(path, json=example).status_code == 200, path


@pytest.mark.slow
def test_every_answer_is_as_its_schema_says_and_nothing_more(
    api: TestClient, document: dict[str, Any]
) -> None:
    ins = {path: validator(document, sent(document, path)) for path in PATHS}
    outs = {path: validator(document, told(document, path)) for path in PATHS}
    for path, body in requests():
        ins[path].validate(body)
        answer = api.post(path, json=body)
        assert answer.status_code == 200, answer.text
        outs[path].validate(answer.json())
    validator(document, told(document, READ[0], "get")).validate(api.get(READ[0]).json())


def test_a_member_that_the_schema_does_not_know_is_noticed(api: TestClient, document: dict[str, Any]) -> None:
    answer = api.post("/api/assess", json=FIRST).json()
    with pytest.raises(jsonschema_rs.ValidationError):
        validator(document, told(document, "/api/assess")).validate({**answer, "more": 1})
    with pytest.raises(jsonschema_rs.ValidationError):
        validator(document, told(document, "/api/assess")).validate({**answer, "triage": "more"})


def test_every_question_and_option_stands_in_the_schema_of_an_intake(
    document: dict[str, Any], rulebook: afterrun.Rulebook
) -> None:
    answers = document["components"]["schemas"]["Intake"]["properties"]
    units = {each.unit_key for each in rulebook.quantities.values()}
    assert set(answers) == {*rulebook.questions, *units, "record_id", "from_files"}
    for question in rulebook.questions.values():
        text = json.dumps(answers[question.id])
        assert all(f'"{option.id}"' in text for option in question.options)


def test_a_check_in_with_the_runs_behind_it_is_as_described(
    api: TestClient, document: dict[str, Any]
) -> None:
    record = {"enrolled": ENROLLED, "checkin": {**WEEK, **FILES}}
    schema = validator(document, document["components"]["schemas"]["CheckInRecord"])
    schema.validate(record)
    with pytest.raises(jsonschema_rs.ValidationError):
        schema.validate({"enrolled": ENROLLED, "checkin": {**WEEK, "from_files": {"volume_done": {}}}})
    answer = api.post("/api/checkin", json=record).json()
    validator(document, told(document, "/api/checkin")).validate(answer)
    assert '"from_files"' in json.dumps(answer["because"])


def test_an_intake_with_the_runs_behind_it_and_its_proofs_are_as_described(
    api: TestClient, document: dict[str, Any], rulebook: afterrun.Rulebook
) -> None:
    told_by_files = offers(rulebook, half_a_year(), TODAY, "km").answers(rulebook)
    intake = {**FIRST, **told_by_files}
    schema = validator(document, document["components"]["schemas"]["Intake"])
    schema.validate(intake)
    for entry in ({"since": "2026-03-02"}, {**told_by_files["from_files"]["volume_before"], "place": "Lake"}):
        with pytest.raises(jsonschema_rs.ValidationError):
            schema.validate({**intake, "from_files": {"volume_before": entry}})
    answer = api.post("/api/assess", json=intake).json()
    validator(document, told(document, "/api/assess")).validate(answer)
    assert '"from_files"' in json.dumps(answer["because"])
    explained = api.post("/api/explain", json={"intake": intake, "reader": "person"}).json()
    validator(document, told(document, "/api/explain")).validate(explained)


@pytest.fixture(scope="module")
def tried(rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook) -> BaseSchema:
    """The document as Schemathesis reads it, with the app behind it."""
    schemathesis = pytest.importorskip("schemathesis", reason="Schemathesis is missing: make dev")
    schema: BaseSchema = schemathesis.openapi.from_asgi("/api/openapi.json", app_of(rulebook, checkin_part))
    return schema


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["POSITIVE", "NEGATIVE"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_schemathesis_sends_gets_a_fault_or_an_undeclared_answer(
    tried: BaseSchema, path: str, mode: str
) -> None:
    from schemathesis import GenerationMode, checks

    operation = tried[path]["POST"]
    requests = operation.as_strategy(generation_mode=GenerationMode[mode])

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data())
    def try_it(chance: Any) -> None:
        case = chance.draw(requests)
        # A number needs its unit, a day must exist: what a schema does not say is refused with a 422. And
        # a blank text is an answer left out, beside all that a schema names.
        case.call_and_validate(
            excluded_checks=[checks.positive_data_acceptance, checks.negative_data_rejection]
        )

    try_it()


@pytest.mark.slow
def test_what_is_read_alone_is_as_declared(tried: BaseSchema) -> None:
    for path in READ:
        tried[path]["GET"].Case().call_and_validate()


def test_json_is_what_is_sent_and_told(document: dict[str, Any]) -> None:
    kinds = {
        kind
        for path in PATHS
        for answer in document["paths"][path]["post"]["responses"].values()
        for kind in answer.get("content", {})
    }
    assert kinds == {JSON["Content-Type"]}
    problems = {kind for each in document["components"]["responses"].values() for kind in each["content"]}
    assert problems == {"application/problem+json"}


@pytest.mark.slow
def test_what_a_server_refuses_before_the_api_is_declared_and_shaped_as_the_rest(
    site: Served, rulebook: afterrun.Rulebook
) -> None:
    visitor = Visitor(site.address).open("/api/openapi.json")
    document = json.loads(visitor.content)
    assert "securitySchemes" not in document["components"]
    problems = validator(document, {"$ref": "#/components/schemas/Problems"})
    for headers in ({"Host": "example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        visitor.post("/api/assess", json={}, headers=headers)
        assert str(visitor.status) in document["paths"]["/api/assess"]["post"]["responses"], visitor.status
        assert visitor.headers["rulebook-digest"] == rulebook.digest
        problems.validate(json.loads(visitor.content))


@pytest.mark.slow
def test_a_shared_server_says_that_it_wants_a_token(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    from openapi_spec_validator import validate

    client = client_of(rulebook, checkin_part, served=True, tokens=True)
    document = client.get("/api/openapi.json").json()
    validate(document)
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path in document["paths"].values():
        for operation in path.values():
            assert {"401", "403", "421"} <= set(operation["responses"])
