"""Pages read as a browser or a link checker reads them; axe-core in headless Chromium, where there is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

AXE = ROOT / ".cache" / "axe.min.js"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AND_PRINT = ("--virtual-time-budget=60000", "--dump-dom")


class Page(HTMLParser):
    """What a page holds that others can point at, and what it points at itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        """Addresses that a browser would fetch on its own."""
        self.headings: list[int] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif "src" in given or (tag == "link" and "href" in given):
            self.loads.append(given.get("src", given.get("href", "")))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """The words of the page, white space folded."""
        return " ".join(" ".join(self.words).split())

    def skipped_headings(self) -> list[tuple[int, int]]:
        """Places where a heading stands more than one level below the one before it."""
        pairs = zip(self.headings, self.headings[1:], strict=False)
        return [(one, two) for one, two in pairs if two > one + 1]


DATA = '<script type="application/json" id="leaves">'
"""What a page looks through: it runs nothing."""


def policy_faults(html: str) -> list[str]:
    """Where a page may do more than it should: fetch, run what is not its own, send, lead to no address."""
    faults: list[str] = []
    policies = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    if len(policies) != 1 or re.search("<(script|style|link|img)", html.split(policies[0])[0]):
        return [f"{len(policies)} policies, or one that comes too late"]
    allowed = {name: set(words) for name, *words in (each.split() for each in policies[0].split(";"))}
    none = ("default-src", "base-uri", "form-action")
    faults += [name for name in none if allowed.get(name) != {"'none'"}]
    scripts = [each.encode() for each in re.findall("<script>(.*?)</script>", html, re.DOTALL)]
    own = {f"'sha256-{b64encode(sha256(each).digest()).decode()}'" for each in scripts} or {"'none'"}
    faults += [] if allowed.get("script-src") == own else ["script-src"]
    html = html.replace(DATA, "")
    faults += [f"<{each}>" for each in re.findall(r"<script[^>]+>|<[a-z][^<>]* on[a-z]+=[^<>]*>", html)]
    links = re.findall(r'(?:href|src|action)="([^"]*)"', html)
    return faults + [each for each in links if ":" in each and not each.startswith(("https://", "http://"))]


def serious_faults(html: str) -> list[str]:
    """What axe-core calls serious or critical; skips the test where browser or axe-core is missing."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no chromium here (apt-get install chromium): the page's accessibility was not looked at")
    if not AXE.is_file() or not AXE.stat().st_size:
        pytest.skip(
            "no axe-core here (make .cache/axe.min.js fetches it): the page's accessibility was not looked at"
        )
    script = (
        f"<script>{AXE.read_text(encoding='utf-8')}</script><script>"
        "document.querySelectorAll('details').forEach(each => { each.open = true; });"
        "axe.run().then(found => { const told = document.createElement('pre'); told.id = 'axe-told';"
        "told.textContent = JSON.stringify(found.violations.map(each => [each.impact, each.id, "
        "each.nodes.length, each.nodes[0].html])); document.body.append(told); });</script></body>"
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        # What looks at the page is a script, which the page's own policy may refuse.
        open_to_scripts = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        page.write_text(open_to_scripts.replace("</body>", script), encoding="utf-8")
        ran = subprocess.run(
            [browser, *FLAGS, f"--user-data-dir={folder}/profile", *AND_PRINT, page.as_uri()],
            capture_output=True,
            check=False,
            timeout=240,
        )
        told = Page(ran.stdout.decode()).words
    listed = [json.loads(each) for each in told if each.startswith("[[") or each == "[]"]
    assert listed, ran.stderr.decode()[-2000:]
    faults: list[list[Any]] = listed[-1]
    return [str(each) for each in faults if each[0] in ("serious", "critical")]
