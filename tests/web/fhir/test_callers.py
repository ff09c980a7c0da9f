"""Who may call the hooks: where clients are named each call brings a token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun_web.app import create_app
from tests.support.fhir.hook_calls import (
    SERVICE,
    SERVICES,
    answered,
    call,
    card_of,
)
from tests.support.fhir.hook_clients import SERVED_AT, clients_file, token
from tests.support.web.accounts import Clock
from tests.support.web.visits import SETTINGS
from tests.web.fhir.test_feedback import ACCEPTED
from tests.web.fhir.test_fhir_routes import told


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
