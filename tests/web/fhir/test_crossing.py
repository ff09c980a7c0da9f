"""Pages of named origins may ask by FHIR and hooks, without cookies; those of others nothing."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun_web.app import create_app
from afterrun_web.requests.origins import is_origin
from tests.support.fhir.conversations import begun
from tests.support.web.visits import SETTINGS

EHR = "https://ehr.example.org"
NEXT, SERVICES = "/fhir/Questionnaire/$next-question", "/cds-services"
ALLOWED = "access-control-allow-origin"


@pytest.fixture(scope="module")
def crossed() -> TestClient:
    """A server that lets pages of one origin ask."""
    app = create_app(SETTINGS._replace(origins=frozenset({EHR})))
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def preflight(client: TestClient, path: str, origin: str = EHR, header: str = "content-type") -> Any:
    asks = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": header,
    }
    return client.options(path, headers=asks)


@pytest.mark.parametrize("path", [NEXT, SERVICES, f"{SERVICES}/afterrun-knee"])
def test_a_browser_is_told_what_a_named_page_may_ask(crossed: TestClient, path: str) -> None:
    answer = preflight(crossed, path, header="content-type,authorization")
    assert answer.status_code == 200
    assert answer.headers[ALLOWED] == EHR
    assert set(answer.headers["access-control-allow-methods"].split(", ")) == {"GET", "POST"}
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{EHR}.evil.example", EHR.replace("s:", ":")]
)
def test_another_page_may_ask_nothing(crossed: TestClient, rulebook: afterrun.Rulebook, origin: str) -> None:
    for path in (NEXT, SERVICES):
        answer = preflight(crossed, path, origin)
        assert answer.status_code == 400
        assert ALLOWED not in answer.headers
    for headers in ({"Origin": origin}, {"Origin": origin, "Sec-Fetch-Site": "cross-site"}):
        answer = crossed.post(NEXT, json=begun(rulebook), headers=headers)
        assert answer.status_code == 403
        assert ALLOWED not in answer.headers
        assert answer.json()["issue"][0]["code"] == "forbidden"


def test_a_named_page_asks_and_may_read_the_answer_and_refusals(
    crossed: TestClient, rulebook: afterrun.Rulebook
) -> None:
    headers = {"Origin": EHR, "Sec-Fetch-Site": "cross-site"}
    for body, status in ((begun(rulebook), 200), ({}, 422)):
        answer = crossed.post(NEXT, json=body, headers=headers)
        assert (answer.status_code, answer.headers[ALLOWED]) == (status, EHR)
        assert answer.headers["vary"] == "Origin"
        assert answer.headers["access-control-expose-headers"] == "Rulebook-Digest"
    assert crossed.get(SERVICES, headers=headers).headers[ALLOWED] == EHR


@pytest.mark.parametrize("path", ["/api/assess", "/question", "/", "/fhirs", "/diary"])
def test_pages_and_the_api_stay_closed_to_it(crossed: TestClient, path: str) -> None:
    assert ALLOWED not in preflight(crossed, path).headers
    answer = crossed.post(path, json={}, headers={"Origin": EHR})
    assert answer.status_code == 403
    assert ALLOWED not in answer.headers


def test_without_a_named_origin_no_page_may_ask(asked: TestClient, rulebook: afterrun.Rulebook) -> None:
    assert ALLOWED not in preflight(asked, NEXT).headers
    assert asked.post(NEXT, json=begun(rulebook), headers={"Origin": EHR}).status_code == 403


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://ehr.example.org", True),
        ("http://localhost:3000", True),
        ("https://[::1]:8443", True),
        ("https://ehr.example.org:443", False),
        ("https://EHR.example.org", False),
        ("https://ehr.example.org/", False),
        ("https://a@ehr.example.org", False),
        ("https://", False),
        ("ehr.example.org", False),
        ("https://x:y", False),
        ("*", False),
        ("null", False),
    ],
)
def test_an_origin_is_what_a_browser_says(text: str, is_one: bool) -> None:
    assert is_origin(text) == is_one
