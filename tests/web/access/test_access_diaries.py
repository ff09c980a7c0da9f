"""Diaries on a shared server: each account keeps its own on the same pages, and sees nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextvars import copy_context
from datetime import timedelta
from pathlib import Path

import pytest

import afterrun
from afterrun.diary import Diary
from afterrun_web.visitors import Role, arrived
from afterrun_web.visitors import Visitor as Account
from tests.support.diaries.weeks import runner
from tests.support.web.accounts import Clock, Guest, shared_server
from tests.support.web.visits import Served, Visitor

pytestmark = pytest.mark.slow


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(tmp_path: Path, clock: Clock) -> Iterator[Served]:
    with shared_server(tmp_path, clock) as served:
        yield served


def begin(guest: Guest, server: Served, name: str, rulebook: afterrun.Rulebook, clock: Clock) -> Visitor:
    """Keep a diary of the plan that the answers of this account give."""

    def sealed() -> str:
        arrived(Account(name, frozenset({Role.PERSON})))
        return server.seal(rulebook, runner())

    guest.post("/diary/start", data={"csrf": guest.csrf, "token": copy_context().run(sealed)})
    return guest.press("Begin the plan", start=clock().date().isoformat())


def persons(server: Served, *names: str) -> list[int]:
    """How many plans each has in the file."""
    diary = Diary(str(server.settings.diary))
    try:
        return [len(diary.all_of(name)) if diary.is_kept(name) else 0 for name in names]
    finally:
        diary.close()


def test_each_account_keeps_its_own_diary(server: Served, clock: Clock, rulebook: afterrun.Rulebook) -> None:
    anna, berta = Guest(server, "anna"), Guest(server, "berta")
    begin(anna, server, "anna", rulebook, clock)
    assert anna.status == 200, anna.text
    assert "Your diary" in anna.open("/diary").text
    assert persons(server, "anna", "berta", "owner", "me") == [1, 0, 0, 0]

    assert "no diary" in berta.open("/diary").text.lower()
    for path in ("plan", "exercises", "calendar", "delete"):
        berta.open(f"/diary/{path}?person=anna")
        assert berta.status == 409 or "nothing" in berta.text.lower(), (path, berta.text)
    assert json.loads(berta.open("/diary/export?person=anna").content)["enrolments"] == []
    assert len(json.loads(anna.open("/diary/export").content)["enrolments"]) == 1
    csrf = berta.open("/diary/delete").csrf  # type: ignore[attr-defined]
    berta.post("/diary/delete", data={"csrf": csrf, "person": "anna", "agreed": "yes"})
    assert persons(server, "anna") == [1]


def test_what_one_was_shown_writes_nothing_for_another(
    server: Served, clock: Clock, rulebook: afterrun.Rulebook
) -> None:
    anna, berta = Guest(server, "anna"), Guest(server, "berta")
    begin(anna, server, "anna", rulebook, clock)
    begin(berta, server, "berta", rulebook, clock)
    assert persons(server, "anna", "berta") == [1, 1]
    anna.open("/diary/delete")
    button = next(each for each in anna.buttons if each.words.startswith("Delete"))
    fields = {**dict(button.fields), "csrf": berta.open("/diary/delete").csrf}  # type: ignore[attr-defined]
    berta.post(button.action, data=fields)
    assert berta.status in (400, 409), berta.text
    assert persons(server, "anna", "berta") == [1, 1]


def test_a_check_in_goes_on_where_a_session_ended_in_it(
    server: Served, clock: Clock, rulebook: afterrun.Rulebook
) -> None:
    anna = Guest(server, "anna")
    begin(anna, server, "anna", rulebook, clock)
    anna.open("/diary").press("Tell of a new warning sign")
    anna.press("Show the list").press("Continue", answer="calf_swollen")
    clock.go_on(timedelta(hours=3))
    anna.press("Yes, write that down")
    assert anna.status == 403
    anna.sign_in("anna").press("Go on")
    assert (anna.status, "answers of a check-in" in anna.text) == (409, True)
    anna.press("Go on").press("Yes, write that down")
    assert "Stopped, to be seen first." in anna.open("/diary").text


def test_signing_out_clears_the_phone_though_the_session_is_over(server: Served, clock: Clock) -> None:
    anna = Guest(server, "anna")
    clock.go_on(timedelta(hours=3))
    anna.press("Sign out")
    assert "storage" in anna.headers["clear-site-data"]


def test_a_clinician_keeps_no_diary_and_is_offered_none(
    server: Served, clock: Clock, rulebook: afterrun.Rulebook
) -> None:
    carla = Guest(server, "dr. carla")
    assert "Your diary" not in carla.open("/").text
    assert carla.open("/diary").status == 403
    carla.open("/").press("Begin")
    for path in ("/diary/start", "/diary/begin"):
        assert carla.post(path, data={"csrf": carla.csrf}).status == 403
    assert not Path(str(server.settings.diary)).exists()
