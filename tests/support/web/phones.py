"""A phone in the system's Chromium: what it keeps of a diary, and how a check-in is filled in on it."""

from __future__ import annotations

import contextlib
from typing import Any

from playwright.sync_api import Browser, Error, Page, expect

from tests.support.diaries.weeks import GOOD
from tests.support.web.browsers import Screen

WEEK = {**GOOD, "volume_done": 16}
KEEP, REMOVE = "Keep my plan on this phone", "Remove it from this phone"
SEND = "Send the check-in"
NONE_WAITS = "waiting().then(all => !all.length)"
NOTHING_LEFT = (
    "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"
    ".then(all => all.every(each => !each.length))"
)
WAITS = "Your check-in is kept on this phone."
BY_HAND = "A check-in from this phone is not written down yet"
LEFT = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"


class Phone(Screen):
    """A phone at the diary."""

    def __init__(self, browser: Browser, server: str, width: int = 390, **how: Any) -> None:
        super().__init__(browser, f"{server}/diary", width, **how)
        self._server = server

    def open(self, path: str = "/diary") -> Page:
        """Go to an address."""
        self.page.goto(f"{self._server}{path}")
        return self.page

    def keep(self) -> Phone:
        """Ask for the plan to be kept, and wait until it is."""
        self.page.get_by_role("button", name=KEEP).click()
        expect(self.page.get_by_role("button", name=REMOVE)).to_be_visible(timeout=30_000)
        return self

    def net(self, there: bool) -> None:
        """Cut the net, or have it again."""
        self._context.set_offline(not there)

    def fill_in(self, **answers: Any) -> None:
        """Open the check-in of this phone, and fill it in."""
        page = self.open("/diary/check-in/offline")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        for name, value in {**WEEK, **answers}.items():
            for each in value if isinstance(value, list) else [value]:
                field = page.locator(f"[name={name}]")
                if not field.count() or each is None:
                    continue
                kind = field.first.evaluate("each => each.type")
                if kind in ("checkbox", "radio"):
                    page.locator(f"[name={name}][value={each}]").check()
                elif kind == "select-one":
                    field.select_option(str(each))
                else:
                    field.first.fill(str(each))

    def look_at_it(self) -> None:
        """Be led to what needs a hand."""
        self.click("Look at it")

    def until(self, promised: str) -> None:
        """Wait until what a page promises is so."""
        for _ in range(600):
            # A page that is left meanwhile promises nothing.
            with contextlib.suppress(Error):
                if self.page.evaluate(promised):
                    return
            self.page.wait_for_timeout(50)
        raise AssertionError(promised)

    def settles(self) -> None:
        """Wait until all that a page does of itself is done."""
        self.until("alone(() => Promise.resolve(true))")

    @property
    def waiting(self) -> list[Any]:
        """What waits on this phone, and whether it needs a hand."""
        found: list[Any] = self.page.evaluate("waiting().then(all => all.map(each => each.byHand))")
        return found

    @property
    def left(self) -> list[list[Any]]:
        """Caches, databases and workers that the browser has of this server."""
        found: list[list[Any]] = self.page.evaluate(LEFT)
        return found
