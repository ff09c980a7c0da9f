"""A server that several share, as browsers and programs meet it: who comes in, and who sees what."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.routing import Route

from afterrun_web.access import Sessions, audience_of
from afterrun_web.access.accounts import Accounts
from afterrun_web.access.roles import NOBODY
from afterrun_web.app import create_app
from afterrun_web.requests.guard import HEADERS
from tests.support.web.accounts import PASSWORDS, Clock, Guest, shared_server
from tests.support.web.browsers import Screen, serious_faults
from tests.support.web.pages import Page
from tests.support.web.visits import Served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Served]:
    with shared_server(tmp_path_factory.mktemp("accounts"), clock) as served:
        yield served


def test_a_stranger_is_asked_to_sign_in_and_sees_nothing_else(server: Served) -> None:
    guest = Guest(server)
    for path in ("/", "/question", "/diary/whose", "/audit/whose", "/nowhere", "//diary/whose"):
        guest.open(path)
        assert guest.sent[-1].endswith("/sign-in"), path
    assert [button.words for button in guest.buttons] == ["Sign in"]
    assert "<script>" not in guest.html
    guest.post("/question", data={"csrf": guest.csrf})
    assert (guest.status, "You were signed out" in guest.text) == (403, True)
    assert {name: guest.headers[name] for name in HEADERS} == HEADERS


def test_the_session_is_new_at_sign_in_and_its_cookie_is_for_this_host_and_no_script(server: Served) -> None:
    guest = Guest(server)
    before = guest.cookie
    guest.sign_in("anna")
    assert "Signed in as anna" in guest.text
    assert guest.cookie != before
    for line in guest.set_cookies:
        assert re.fullmatch(r"__Host-afterrun=[\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax", line), line
    fixed = Guest(server).bring(before).open("/")
    assert "Signed in" not in fixed.text
    first = guest.cookie
    guest.bring(first).open("/sign-in")
    again = Guest(server).bring(first).open("/")
    assert "Signed in as anna" in again.text


def test_a_second_sign_in_from_the_same_browser_ends_the_first(server: Served) -> None:
    guest = Guest(server)
    page = guest.open("/sign-in")
    guest.sign_in("anna")
    first = guest.cookie
    guest.post("/sign-in", data={"csrf": guest.csrf, "name": "berta", "password": PASSWORDS["berta"]})
    assert "Signed in as berta" in page.text
    assert "Signed in" not in Guest(server).bring(first).open("/").text


def test_signing_out_ends_the_session_itself(server: Served) -> None:
    guest = Guest(server, "anna")
    session = guest.cookie
    guest.press("Sign out")
    assert any(line.endswith("Max-Age=0") for line in guest.set_cookies)
    assert "Signed in" not in Guest(server).bring(session).open("/").text


def test_a_session_that_is_not_used_is_over(server: Served, clock: Clock) -> None:
    guest = Guest(server, "anna")
    clock.go_on(timedelta(minutes=119))
    assert "Signed in as anna" in guest.open("/").text
    clock.go_on(timedelta(minutes=119))
    assert "Signed in as anna" in guest.open("/").text
    clock.go_on(timedelta(minutes=120))
    assert "Signed in" not in guest.open("/").text


def test_answers_outlive_a_session_and_are_opened_by_no_other_account(server: Served, clock: Clock) -> None:
    guest = Guest(server, "anna").press("Begin")
    assert guest.press("Continue", answer="41").question == "warning_signs"
    other = Guest(server, "berta")
    token = guest.token
    other.post("/question", data={"csrf": other.csrf, "token": token})
    assert (other.status, "This form cannot be read" in other.text) == (400, True)
    clock.go_on(timedelta(hours=3))
    assert isinstance(guest, Guest)
    guest.press("Continue")
    assert "You were signed out" in guest.text
    assert guest.status == 403
    kept = guest.token
    guest.sign_in("anna")
    assert guest.press("Go on").question == "warning_signs"
    later = Guest(server, "berta")
    later.post("/question", data={"csrf": later.csrf, "token": kept})
    assert later.status == 400


@pytest.mark.parametrize("carried", ["token", "intake"])
def test_what_one_had_open_is_carried_over_a_sign_in_to_no_other(
    server: Served, clock: Clock, carried: str
) -> None:
    for name, goes_on in (("dr. carla", True), ("anna", False)):
        guest = Guest(server, "dr. carla").open("/audit")
        assert isinstance(guest, Guest)
        found = re.search(r'name="whose" value="([0-9a-f]{64})"', guest.html)
        assert found
        clock.go_on(timedelta(hours=3))
        guest.post("/audit", data={"csrf": guest.csrf, "whose": found[1], carried: "a word of hers"})
        assert (guest.status, "kept in this page" in guest.text) == (403, True)
        guest.sign_in("dr. carla" if goes_on else "anna", "not the password")
        guest.sign_in(name)
        assert ("a word of hers" in guest.html, "still here" in guest.text) == (goes_on, goes_on)
        assert f"Signed in as {name}" in guest.text


def test_a_page_of_an_earlier_session_goes_on_after_one_press_more(server: Served) -> None:
    guest = Guest(server, "anna").press("Begin")
    stale = guest.token
    assert isinstance(guest, Guest)
    csrf = guest.csrf
    guest.post("/sign-in", data={"csrf": csrf, "name": "anna", "password": PASSWORDS["anna"]})
    guest.post("/question", data={"csrf": csrf, "token": stale})
    assert (guest.status, "Please send this once more" in guest.text) == (403, True)
    assert guest.press("Go on").question == "age_years"


def test_every_form_brings_what_no_other_site_knows(server: Served) -> None:
    guest = Guest(server)
    pages = [guest.html, guest.sign_in("anna").html, guest.press("Begin").html]
    pages.append(guest.press("Continue", answer="41").html)
    for html in pages:
        forms = re.findall(r"<form\b[^>]*>(<input[^>]*>)?", html)
        assert forms
        assert all(
            re.match(r'<input type="hidden" name="csrf" value="[0-9a-f]{64}">', each) for each in forms
        )


@pytest.mark.parametrize("path", ["/diary/whose", "/question", "/sign-out", "/api/whose"])
@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "another's"])
def test_a_form_without_it_is_refused(server: Served, path: str, csrf: str | None) -> None:
    guest = Guest(server, "anna")
    if csrf == "another's":
        csrf = Guest(server, "anna").csrf
    guest.post(path, data={} if csrf is None else {"csrf": csrf})
    assert guest.status == 403
    assert "Signed in as anna" in guest.open("/").text


def test_an_upload_brings_it_in_its_first_field_and_a_script_in_a_header(server: Served) -> None:
    guest = Guest(server, "anna")
    csrf = guest.csrf
    file = {"file": ("intakes.csv", b"x" * 200_000)}
    assert guest.post("/diary/whose", data={"csrf": csrf}, files=file).status == 200
    assert guest.post("/diary/whose", data={"other": "x"}, files=file).status == 403
    hidden = {
        "file": ("a.csv", b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + csrf.encode())
    }
    assert guest.post("/diary/whose", files=hidden).status == 403
    assert guest.post("/diary/whose", json={}).status == 403
    assert guest.post("/diary/whose", json={}, headers={"X-CSRF-Token": csrf}).status == 200
    assert guest.post("/api/whose", json={}).status == 403
    assert guest.post("/api/whose", json={}, headers={"X-CSRF-Token": csrf}).status == 200


def test_the_page_to_sign_in_wants_it_too(server: Served) -> None:
    guest = Guest(server)
    for csrf in ("", Guest(server).csrf):
        guest.post("/sign-in", data={"csrf": csrf, "name": "anna", "password": PASSWORDS["anna"]})
        assert guest.status == 403
        assert "Signed in" not in guest.open("/").text


@pytest.mark.parametrize(
    ("name", "seen"),
    [("anna", {"/diary/whose"}), ("dr. carla", {"/audit/whose", "/batch/whose"})],
)
def test_each_role_sees_its_own_pages(server: Served, name: str, seen: set[str]) -> None:
    guest = Guest(server, name)
    for path in ("/diary/whose", "/audit/whose", "/batch/whose"):
        assert guest.open(path).status == (200 if path in seen else 403), path
    assert "not for your account" in guest.text or name != "anna"
    assert guest.open("/unlisted").status == 404
    assert guest.open("//diary/whose").status == 404


def test_a_diary_is_that_of_the_account_whatever_a_request_says(server: Served) -> None:
    for name, other in (("anna", "berta"), ("berta", "anna")):
        guest = Guest(server, name)
        csrf = guest.csrf
        for asked in ("person", "account", "name"):
            guest.open(f"/diary/whose?{asked}={other}")
            assert guest.content == f'{{"person":"{name}"}}'.encode()
            guest.post("/diary/whose", data={"csrf": csrf, asked: other})
            assert guest.content == f'{{"person":"{name}"}}'.encode()


def test_every_address_of_the_application_is_for_somebody(server: Served) -> None:
    paths = {route.path for route in _routes(create_app(server.settings))}
    assert "/sign-in" in paths
    assert {path for path in paths if audience_of(path) == NOBODY} == set()


def _routes(app: object) -> Iterator[Route]:
    for each in getattr(app, "routes", ()):
        if isinstance(each, Route):
            yield each
        yield from _routes(getattr(each, "original_router", None) or getattr(each, "app", None))


def test_the_api_wants_a_session_or_a_token(server: Served, clock: Clock) -> None:
    guest = Guest(server)
    guest.open("/api/whose")
    assert (guest.status, guest.headers["www-authenticate"]) == (401, "Bearer")
    assert guest.headers["content-type"] == "application/problem+json"
    assert json.loads(guest.content)["rulebook"]["digest"] == guest.headers["rulebook-digest"]
    assert server.settings.accounts is not None
    token = Sessions(Accounts(server.settings.accounts).engine, clock).new_token("anna")
    bearer = {"Authorization": f"Bearer {token}"}
    assert guest.post("/api/whose", json={}, headers=bearer).content == b'{"account":"anna"}'
    for wrong in (f"Bearer {token}x", "Bearer", f"Basic {token}"):
        assert guest.post("/api/whose", json={}, headers={"Authorization": wrong}).status == 401
    signed_in = Guest(server, "berta")
    assert signed_in.open("/api/whose").content == b'{"account":"berta"}'
    assert signed_in.post("/api/whose", json={}, headers={"Authorization": "Bearer x"}).status == 401
    # For pages a token is nothing: a browser has a session.
    assert Guest(server, Authorization=f"Bearer {token}").open("/diary/whose").sent[-1].endswith("/sign-in")
    clock.go_on(timedelta(days=90))
    assert guest.post("/api/whose", json={}, headers=bearer).status == 401


def test_tries_are_limited_with_a_word_and_a_time(server: Served, clock: Clock) -> None:
    guest = Guest(server)
    for _ in range(5):
        guest.sign_in("berta", "not the password")
        assert guest.status == 403
        assert "do not belong together" in guest.text
    guest.sign_in("berta")
    assert guest.status == 429
    assert "Too many tries. Wait 15 minutes, then try again." in guest.text
    assert guest.headers["retry-after"] == "900"
    assert "Signed in" in Guest(server, "berta").text
    clock.go_on(timedelta(minutes=15))
    assert "Signed in as berta" in guest.sign_in("berta").text


def test_a_name_that_is_none_is_told_as_a_wrong_password(server: Served) -> None:
    known, unknown = Guest(server), Guest(server)
    known.sign_in("anna", "not the password")
    unknown.sign_in("nobody", "not the password")
    assert known.status == unknown.status == 403
    assert known.text == unknown.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": ""},
    ],
)
def test_what_another_site_sends_is_refused_even_with_the_right_field(
    server: Served, headers: dict[str, str]
) -> None:
    guest = Guest(server, "anna")
    csrf = guest.csrf
    assert guest.post("/diary/whose", data={"csrf": csrf}, headers=headers).status == 403
    assert "another site" in guest.text
    assert guest.post("/diary/whose", data={"csrf": csrf}).status == 200


def test_a_way_that_is_not_private_is_refused(server: Served) -> None:
    guest = Guest(server, "anna")
    guest._client.headers["X-Forwarded-Proto"] = "http"
    assert guest.open("/").status == 403
    assert "https://" in guest.text


def test_an_account_that_is_removed_or_has_another_password_is_out_at_once(server: Served) -> None:
    assert server.settings.accounts is not None
    accounts = Accounts(server.settings.accounts)
    guest = Guest(server, "anna")
    accounts.change_password("anna", PASSWORDS["anna"])
    assert "Signed in" not in guest.open("/").text


def test_no_log_says_who_came_or_what_they_said(server: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    guest = Guest(server, "anna").press("Begin").press("Continue", answer="41")
    assert isinstance(guest, Guest)
    session, token = guest.cookie, guest.token
    Guest(server).sign_in("berta", "a wrong password")
    assert guest.open("/question/fault").status == 500
    said = "\n".join(
        f"{each.name} {each.getMessage()}" for each in caplog.records if not each.name.startswith("httpc")
    )
    assert "RuntimeError at" in said
    for secret in (session, token, *PASSWORDS, *PASSWORDS.values(), "a wrong password", "swollen"):
        assert secret not in said, secret


@pytest.mark.process
def test_the_pages_to_sign_in_are_read_by_everybody(server: Served, reader: Screen) -> None:
    guest = Guest(server)
    asked = guest.html
    wrong = guest.sign_in("anna", "not the password").html
    begun = Guest(server, "anna").press("Begin")
    whose = re.findall(r'name="whose" value="(\w+)"', begun.html)[0]
    sent = {"name": "anna", "password": PASSWORDS["anna"], "token": begun.token, "whose": whose}
    guest.post("/sign-in", data={"csrf": guest.csrf, **sent})
    assert "still here" in guest.text
    for html in (asked, wrong, guest.html):
        page = Page(html)
        assert page.headings.count(1) == 1
        assert len(page.ids) == len(set(page.ids))
        assert serious_faults(reader, html) == []
