"""A shared server: FHIR wants an account's token and no session, hooks a client's and no account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import afterrun
from afterrun_web.access import Accounts, Sessions
from afterrun_web.app import create_app
from tests.support.fhir.conversations import begun
from tests.support.fhir.hook_calls import SERVICE, SERVICES, call
from tests.support.fhir.hook_clients import SERVED_AT, clients_file, token
from tests.support.web.accounts import PASSWORDS, Clock, quick_accounts
from tests.support.web.visits import SETTINGS
from tests.web.fhir.test_fhir_routes import told

NEXT = "/fhir/Questionnaire/$next-question"
"""Any address below /fhir."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


def shared(folder: Path, clock: Clock, **more: Any) -> TestClient:
    file = folder / "accounts.sqlite"
    quick_accounts(file)
    settings = SETTINGS._replace(shared=True, accounts=file, now=clock, **more)
    return TestClient(create_app(settings), base_url="https://knee.example.org")


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[TestClient]:
    """One that several share, and that knows its clients."""
    with shared(tmp_path, clock, hook_clients=clients_file(tmp_path)) as client:
        yield client


def test_fhir_wants_an_accounts_token(
    server: TestClient, tmp_path: Path, clock: Clock, rulebook: afterrun.Rulebook
) -> None:
    for answer in (server.get("/fhir/metadata"), server.post(NEXT, json=begun(rulebook))):
        (issue,) = told(answer, 401)
        assert issue["code"] == "login"
        assert answer.headers["www-authenticate"] == "Bearer"
    told(server.get("/fhir/metadata", headers={"Authorization": "Bearer wrong"}), 401)
    mine = {"Authorization": f"Bearer {token_of(tmp_path, clock)}"}
    assert server.get("/fhir/metadata", headers=mine).status_code == 200
    assert server.post(NEXT, json=begun(rulebook), headers=mine).status_code == 200
    # No hook is opened by it.
    told(server.get(SERVICES, headers=mine), 401)


def token_of(folder: Path, clock: Clock) -> str:
    return Sessions(Accounts(folder / "accounts.sqlite").engine, clock).new_token("anna")


def test_a_session_counts_for_nothing_below_fhir(
    server: TestClient, tmp_path: Path, rulebook: afterrun.Rulebook
) -> None:
    page = server.get("/sign-in")
    csrf = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert csrf
    signs = {"csrf": csrf[1], "name": "anna", "password": PASSWORDS["anna"]}
    assert server.post("/sign-in", data=signs).status_code == 200
    assert server.get("/api/rulebook").status_code == 200
    told(server.get("/fhir/metadata"), 401)
    told(server.post(NEXT, json=begun(rulebook)), 401)


def test_hooks_want_a_clients_token_and_no_account(server: TestClient, clock: Clock) -> None:
    told(server.get(SERVICES), 401)
    bearer = {"Authorization": f"Bearer {token(f'{SERVED_AT}{SERVICES}', clock())}"}
    assert server.get(SERVICES, headers=bearer).status_code == 200
    clock.go_on(timedelta(seconds=1))
    bearer = {"Authorization": f"Bearer {token(f'{SERVED_AT}{SERVICE}', clock())}"}
    nothing = call() | {"prefetch": {"response": None}}
    assert server.post(SERVICE, json=nothing, headers=bearer).status_code == 200
    # The name by which a request comes makes no other audience.
    bearer = {"Authorization": f"Bearer {token(f'https://evil.example.org{SERVICES}', clock())}"}
    told(server.get(SERVICES, headers={**bearer, "Host": "evil.example.org"}), 401)


def test_without_named_clients_hooks_are_open_to_nobody(tmp_path: Path, clock: Clock) -> None:
    with shared(tmp_path, clock) as server:
        for answer in (server.get(SERVICES), server.post(SERVICE, json=call())):
            (issue,) = told(answer, 401)
            assert "--cds-clients" in issue["details"]["text"]


def test_none_of_it_comes_without_https(tmp_path: Path, clock: Clock) -> None:
    with shared(tmp_path, clock, hook_clients=clients_file(tmp_path)) as server:
        for path in ("/fhir/metadata", SERVICES):
            (issue,) = told(server.get(f"http://knee.example.org{path}"), 403)
            assert "Others on the way" in issue["details"]["text"]
