"""A phone that several share: what one keeps no other sees, and nothing stays once somebody signs out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, expect

import afterrun
from afterrun.diary import Diary
from afterrun_web.app import create_app
from afterrun_web.serving import listening_at, new_key
from afterrun_web.settings import Settings
from tests.support.diaries.weeks import at, end_of, enrol
from tests.support.servers.certificates import certificate
from tests.support.web.accounts import PASSWORDS, quick_accounts
from tests.support.web.browsers import chromium
from tests.support.web.phones import KEEP, NONE_WAITS, NOTHING_LEFT, REMOVE, SEND, WAITS, WEEK, Phone
from tests.support.web.visits import CACHE

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # A worker is taken over no way that the browser doubts.
    with chromium("--ignore-certificate-errors") as started:
        yield started


class House:
    """A shared server, with a diary of anna and one of berta whose first week is over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "diary.sqlite"
        self.now = at(end_of(1)).astimezone()
        quick_accounts(folder / "accounts.sqlite")
        self.settings = Settings(
            new_key(),
            cache=CACHE,
            shared=True,
            accounts=folder / "accounts.sqlite",
            diary=str(self.file),
            now=lambda: self.now,
        )
        self.address = ""

    def anew(self, part: afterrun.Rulebook) -> None:
        """Both begin."""
        for each in self.folder.glob("diary.sqlite*"):
            each.unlink()
        self.now = at(end_of(1)).astimezone()
        diary = Diary(str(self.file), create=True)
        for person in ("anna", "berta"):
            enrol(diary, part, person)
        diary.close()

    def written(self, person: str) -> list[dict[str, Any]]:
        """The check-ins of one of them."""
        diary = Diary(str(self.file))
        try:
            return [dict(each.answers) for each in diary.history(person).check_ins]
        finally:
            diary.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    house = House(folder)
    cert, key = certificate(folder, datetime.now())
    with listening_at(0) as listening:
        config = uvicorn.Config(
            create_app(house.settings), log_config=None, access_log=False, ssl_certfile=cert, ssl_keyfile=key
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        house.address = f"https://127.0.0.1:{listening.getsockname()[1]}"
        try:
            yield house
        finally:
            server.should_exit = True
            thread.join(20)


@pytest.fixture
def house(opened: House, checkin_part: afterrun.Rulebook) -> House:
    opened.anew(checkin_part)
    return opened


def signs_in(phone: Phone, name: str) -> Phone:
    phone.open("/sign-in")
    phone.page.fill("#name", name)
    phone.page.fill("#password", PASSWORDS[name])
    phone.click("Sign in")
    phone.open()
    return phone


def checks_in_without_a_net(phone: Phone) -> None:
    phone.net(False)
    phone.fill_in()
    phone.page.get_by_role("button", name=SEND).click()
    expect(phone.page.get_by_text(WAITS)).to_be_visible()


def test_what_one_keeps_goes_when_another_signs_in_and_what_waits_is_sent_for_its_own(
    house: House, browser: Browser
) -> None:
    with Phone(browser, house.address) as phone:
        page = signs_in(phone, "anna").page
        checks_in_without_a_net(phone.keep())
        house.now += timedelta(hours=13)
        phone.net(True)
        phone.open()
        assert "Sign in" in page.inner_text("h1")
        # Nobody is in: it waits, and what was kept is still read without a net.
        assert phone.waiting == [False]
        phone.net(False)
        assert "You are offline." in phone.open("/diary/plan").inner_text("body")
        phone.net(True)
        signs_in(phone, "berta")
        expect(page.get_by_role("button", name=KEEP)).to_be_visible(timeout=30_000)
        assert not page.get_by_text(WAITS).is_visible()
        caches, *_ = phone.left
        assert caches == []
        page.context.clear_cookies()
        signs_in(phone, "anna")
        phone.until(NONE_WAITS)
        assert (house.written("anna"), house.written("berta")) == ([WEEK], [])


def test_signing_out_leaves_nothing_and_says_so_before_where_something_waits(
    house: House, browser: Browser
) -> None:
    with Phone(browser, house.address) as phone:
        page = signs_in(phone, "anna").page
        checks_in_without_a_net(phone.keep())
        page.context.route("**/check-in/offline", lambda route: route.abort())
        phone.net(True)
        phone.open()
        expect(page.get_by_text(WAITS)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        assert "To sign out removes it." in page.get_by_role("alert").filter(visible=True).inner_text()
        assert phone.waiting == [False]
        phone.click("Sign out")
        phone.until(NOTHING_LEFT)
    assert house.written("anna") == []


def test_back_after_signing_out_brings_nothing_to_whoever_signs_in_next(
    house: House, browser: Browser
) -> None:
    pasted = "a word of hers"
    with Phone(browser, house.address) as phone:
        page = signs_in(phone, "dr. carla").page
        phone.open("/audit")
        # Two steps of the tab's history: a browser itself forgets the one that leads to the sign-in.
        for text in (pasted, f"{pasted}, once more"):
            page.fill("#intake", text)
            with page.expect_response("**/audit"):
                page.get_by_role("button", name="Audit what stands here").click()
            expect(page.locator("#intake")).to_have_text(text)
            expect(page.get_by_text("cannot be audited yet")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("#name")).to_be_visible()
        sent: list[str] = []
        page.on("request", lambda each: sent.append(each.post_data or ""))

        def back() -> None:
            page.go_back()
            page.wait_for_load_state("networkidle")
            assert pasted not in page.content()
            assert page.evaluate("history.state") is None

        back()
        page.fill("#name", "anna")
        page.fill("#password", PASSWORDS["anna"])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Signed in as anna")).to_be_visible()
        assert "still here" not in page.content()
        back()
        back()
        assert page.url.endswith("/audit")
        assert [each for each in sent if "hers" in each] == []


def test_a_clinician_who_signs_in_finds_nothing_of_a_runner(house: House, browser: Browser) -> None:
    with Phone(browser, house.address) as phone:
        signs_in(phone, "anna").keep()
        assert phone.page.get_by_role("button", name=REMOVE).is_visible()
        phone.page.context.clear_cookies()
        phone.open("/sign-in")
        phone.page.fill("#name", "dr. carla")
        phone.page.fill("#password", PASSWORDS["dr. carla"])
        phone.click("Sign in")
        phone.until("caches.keys().then(all => !all.length)")
