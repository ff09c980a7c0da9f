"""`afterrun serve accounts`, `--check`, and a shared server with a certificate of its own."""

from __future__ import annotations

import re
import ssl
from datetime import datetime
from pathlib import Path

import httpx2
import pytest

from afterrun_web.serving import PROXIES
from afterrun_web.settings import is_loopback
from tests.support.cli_runs import run
from tests.support.servers.certificates import certificate
from tests.support.servers.serve_runs import serving
from tests.support.terminals import Terminal
from tests.support.web.accounts import quick_accounts

PASSWORD = "four words of mine"
pytestmark = pytest.mark.slow


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "house" / "accounts.sqlite"
    quick_accounts(path)
    return path


@pytest.mark.process
def test_a_password_is_typed_twice_and_never_shown(tmp_path: Path) -> None:
    words = ("serve", "accounts", "add", "Dora", "--role", "person")
    with Terminal(*words, home=tmp_path) as terminal:
        for typed, told in (("short", "at least 12 characters"), (PASSWORD, "The same once more:")):
            terminal.wait_for_prompt("Password for Dora:")
            terminal.type(typed)
            terminal.wait_for(told)
        terminal.type("another")
        terminal.wait_for("not the same")
        for told in ("Password for Dora:", "The same once more:"):
            terminal.wait_for(told)
            terminal.type(PASSWORD)
        assert terminal.end() == 0
    assert "Dora can sign in as a person." in terminal.said
    assert PASSWORD not in terminal.said
    assert run("serve", "accounts", "list", home=tmp_path).out == "person     Dora\n"
    (kept,) = tmp_path.rglob("accounts.sqlite")
    assert kept.stat().st_mode & 0o777 == 0o600
    with Terminal("serve", "accounts", "password", "dora", home=tmp_path) as terminal:
        for told in ("Password for dora:", "The same once more:"):
            terminal.wait_for(told)
            terminal.type(f"{PASSWORD}!")
        assert terminal.end() == 0
    with Terminal("serve", "accounts", "password", "dora", home=tmp_path) as terminal:
        terminal.wait_for("Password for dora:")
        terminal.press("ctrl-d")
        assert terminal.end() == 2
    assert "Nothing was changed." in terminal.said


def test_a_password_comes_from_no_argument_and_no_pipe(file: Path) -> None:
    ran = run("serve", "accounts", "password", "anna", "--accounts", file, stdin=f"{PASSWORD}\n" * 2)
    assert (ran.code, "typed at a terminal" in ran.err) == (2, True)
    ran = run("serve", "accounts", "password", "anna", PASSWORD, "--accounts", file)
    assert ran.code == 2


def test_accounts_are_listed_and_removed_and_a_token_is_shown_once(file: Path) -> None:
    told = run("serve", "accounts", "list", "--accounts", file)
    assert told.out == "person     anna\nperson     berta\nclinician  dr. carla\n"
    tokens = {run("serve", "accounts", "token", "anna", "--accounts", file).out for _ in range(2)}
    assert len(tokens) == 2
    assert all(re.fullmatch(r"[\w-]{43}\n", each) for each in tokens)
    ran = run("serve", "accounts", "remove", "anna", "--accounts", file)
    assert (ran.code, "A diary under that name stays" in ran.err) == (0, True)
    for command in ("remove", "password", "token"):
        ran = run("serve", "accounts", command, "anna", "--accounts", file)
        assert (ran.code, ran.err) == (2, "error: there is no account 'anna'\n")
    ran = run("serve", "accounts", "add", "Berta", "--role", "person", "--accounts", file)
    assert (ran.code, ran.err) == (2, "error: there is an account 'Berta' already\n")


def test_check_says_what_is_unsafe_and_such_a_server_does_not_start(tmp_path: Path) -> None:
    safe = run("serve", "--check", home=tmp_path)
    assert (safe.code, safe.err) == (0, "Nothing unsafe was found.\n")
    assert not list(tmp_path.rglob("serve.key"))
    ran = run("serve", "--check", "--host", "0.0.0.0", home=tmp_path)
    assert (ran.code, "Add --shared" in ran.err) == (1, True)
    ran = run("serve", "--host", "0.0.0.0", home=tmp_path)
    assert (ran.code, "It does not start like this." in ran.err) == (3, True)
    ran = run("serve", "--shared", "--check", home=tmp_path)
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["unsafe"] * 2
    assert "--certificate" in lines[0]
    assert "afterrun serve accounts add NAME --role person" in lines[1]


@pytest.mark.process
def test_a_shared_server_speaks_https_with_the_certificate_that_it_is_given(
    file: Path, tmp_path: Path
) -> None:
    pair = certificate(tmp_path, datetime.now().astimezone())
    words = ("--shared", "--port", "0", "--certificate", pair[0], "--key", pair[1], "--accounts", file)
    with serving(tmp_path, *words) as server:
        assert re.fullmatch(r"https://127\.0\.0\.1:\d+/", server.address)
        trusts = ssl.create_default_context(cafile=str(pair[0]))
        with httpx2.Client(base_url=server.address, verify=trusts, timeout=60) as client:
            page = client.get("/sign-in").text
            csrf = re.findall(r'name="csrf" value="(\w+)"', page)[0]
            # The client keeps the cookie as a browser does: it was sent on a private way.
            sent = {"csrf": csrf, "name": "anna", "password": "four words of anna"}
            lies = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "203.0.113.9"}
            assert client.post("/sign-in", data=sent, headers=lies).headers["location"] == "/"
            assert "Signed in as anna" in client.get("/").text
        assert "anna" not in server.said + server.end()


@pytest.mark.process
def test_behind_a_proxy_it_takes_what_came_by_https_alone(file: Path, tmp_path: Path) -> None:
    with serving(tmp_path, "--shared", "--port", "0", "--behind-proxy", "--accounts", file) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", server.address)
        with httpx2.Client(base_url=server.address, timeout=60) as client:
            assert client.get("/sign-in").status_code == 403
            assert client.get("/sign-in", headers={"X-Forwarded-Proto": "http"}).status_code == 403
            assert client.get("/sign-in", headers={"X-Forwarded-Proto": "https"}).status_code == 200


def test_only_this_machine_is_believed_about_where_a_request_came_from() -> None:
    assert PROXIES
    assert all(is_loopback(each) for each in PROXIES)
