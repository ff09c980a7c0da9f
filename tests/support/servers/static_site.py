"""The exported site on a plain web server below some path, and a browser that reaches nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from afterrun_web.alone import NAME, export_site
from tests.support.paths import ROOT
from tests.support.servers.folders import folder_served
from tests.support.web.browsers import Scheme, Screen

PYODIDE = ROOT / ".cache" / NAME


def ready() -> None:
    """Skip where what a site is made with is missing."""
    if not PYODIDE.is_file():
        pytest.skip("no Pyodide here (make pyodide fetches it): no site was exported")
    if shutil.which("node") is None:
        pytest.skip("no Node.js here: no site was exported")


def exported(folder: Path) -> Path:
    """The site in a folder of its own."""
    ready()
    return export_site(folder, pyodide=PYODIDE).folder


@contextmanager
def plainly_served(folder: Path) -> Iterator[str]:
    """Serve the folder that the site stands in; the address is that of the site."""
    with folder_served(folder.parent) as address:
        yield f"{address}/{folder.name}/"


class Alone(Screen):
    """A screen with the site on it; whatever it asks for elsewhere is refused and counted."""

    def __init__(
        self, browser: Browser, address: str, width: int = 390, scheme: Scheme = "light", **how: Any
    ) -> None:
        super().__init__(browser, address, width, scheme, **how)
        self.elsewhere: list[str] = []
        self._context.route(lambda url: not url.startswith((address, "blob:")), self._refuse)

    def ready(self) -> None:
        """Wait until Python is there, and cut the network."""
        self.page.locator("html[data-ready]").wait_for(timeout=60_000)
        self._context.set_offline(True)

    def called(self, name: str, *given: object) -> Any:
        """What the pages in the browser say to a call."""
        return self.page.evaluate("([name, given]) => afterrun(name, ...given)", [name, [*given]])

    def kept(self) -> list[object]:
        """What the browser keeps beside the page."""
        found = self.page.evaluate(
            "async () => [document.cookie, localStorage.length, sessionStorage.length,"
            " (await indexedDB.databases()).length, (await caches.keys()).length]"
        )
        return [each for each in found if each]

    def _refuse(self, route: Route) -> None:
        self.elsewhere.append(route.request.url)
        route.abort()
