"""Pages in the system's Chromium, as somebody sees and types them; skipped where it is missing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.web.pages import AXE

Scheme = Literal["light", "dark"]
SIZES = {390: 844, 1280: 900, 320: 640, 800: 600}
"""Height of a screen by its width."""


# The popup of the address bar is two pages of the browser's own, loaded for each window: together they take
# longer than ours. Of two such lists the last counts, so what Playwright keeps from a browser is named again.
WITHOUT = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The browser, started."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no chromium here (apt-get install chromium): no page was looked at in a browser")
    with sync_playwright() as driver:
        lean = f"--disable-features={','.join(WITHOUT)}"
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", lean, *flags])
        yield browser
        browser.close()


class Look(NamedTuple):
    """How a page is shown: the width of the screen, light or dark, and what the person set for all pages."""

    width: int
    scheme: Scheme
    forced_colors: Literal["active", "none"] = "none"
    reduced_motion: Literal["reduce", "no-preference"] = "no-preference"


class Screen:
    """One person's screen: a page, what it asked for, and what the browser complained of."""

    def __init__(
        self, browser: Browser, address: str, width: int = 390, scheme: Scheme = "light", **how: Any
    ) -> None:
        size = {"width": width, "height": SIZES[width]}
        self._context = browser.new_context(viewport=size, color_scheme=scheme, **how)  # type: ignore[arg-type]
        self._address = address
        self.page: Page = self._context.new_page()
        self.asked: list[str] = []
        self._turns = 0
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Self:
        self.page.goto(self._address)
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    @property
    def focused(self) -> str:
        """The words, or the value, of what has the focus."""
        return str(
            self.page.evaluate(
                "(each => (each.closest('label') || each).innerText.trim() || each.name || each.tagName)"
                "(document.activeElement)"
            )
        )

    def tab_to(self, words: str, most: int = 200) -> None:
        """Press Tab until something of these words has the focus, and see that it shows."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.focused.startswith(words):
                ringed = self.page.evaluate(
                    "(each => [each, each.closest('label')].some("
                    "one => one && getComputedStyle(one).outlineStyle !== 'none'))(document.activeElement)"
                )
                assert ringed, f"nobody sees that {words!r} has the focus"
                return
        raise AssertionError(f"Tab does not lead to {words!r}")

    def press(self, words: str) -> None:
        """Go to a button by keyboard and press it."""
        self.tab_to(words)
        with self.turned():
            self.page.keyboard.press("Enter")

    def click(self, name: str, role: Literal["button", "link"] = "button", *, exact: bool = False) -> None:
        """Press what leads to another page, and see that one whole."""
        with self.turned():
            self.page.get_by_role(role, name=name, exact=exact).first.click()

    @contextmanager
    def turned(self) -> Iterator[None]:
        """Until another page stands there, loaded; a click alone waits for none, shown in place or not."""
        self._turns += 1
        self.page.locator("main").evaluate("(main, turn) => { main.dataset.turn = turn; }", self._turns)
        yield
        self.page.locator(f"main:not([data-turn='{self._turns}'])").wait_for()
        self.page.wait_for_load_state()

    def faults(self) -> list[str]:
        """What axe-core finds, at any level, and what is wider than the screen; all is unfolded for it."""
        if not AXE.is_file() or not AXE.stat().st_size:
            pytest.skip("no axe-core here (make .cache/axe.min.js fetches it): no page was held against it")
        self.page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(
            "axe.run().then(told => told.violations.map("
            "each => [each.impact, each.id, each.nodes[0].html].join(' ')))"
        )
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return found + ([f"{self.page.title()}: {wide} pixels too wide"] if wide > 0 else [])

    def faults_in(self, looks: Iterable[Look]) -> list[str]:
        """The same in one look after another, of the page as it stands there."""
        found = []
        for look in looks:
            self.page.set_viewport_size({"width": look.width, "height": SIZES[look.width]})
            self.page.emulate_media(
                color_scheme=look.scheme,
                forced_colors=look.forced_colors,
                reduced_motion=look.reduced_motion,
            )
            # A colour that is on its way to another is neither.
            self.page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished))")
            found += [f"{look}: {each}" for each in self.faults()]
        return found

    def send(self, path: str, fields: dict[str, str]) -> None:
        """Send a form of the page that is shown, so that its own policy lets it be sent."""
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
        with self.turned():
            self.page.evaluate(
                "([path, inputs]) => { const form = document.createElement('form'); form.method = 'post';"
                "form.action = path; form.innerHTML = inputs; document.body.append(form); form.submit(); }",
                [path, inputs],
            )


@contextmanager
def reading(browser: Browser) -> Iterator[Screen]:
    """A screen for one page in a file after another: to open a new one takes longer than most of them."""
    # What looks at a page is a script, which the page's own policy may refuse.
    with Screen(browser, "about:blank", 800, bypass_csp=True) as screen:
        yield screen


def serious_faults(reader: Screen, html: str) -> list[str]:
    """What axe-core calls serious or critical in a page that lies in a file."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        reader.page.goto(page.as_uri())
        return [each for each in reader.faults() if each.startswith(("serious ", "critical "))]
