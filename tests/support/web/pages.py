"""Pages read as a browser or a link checker reads them."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

from tests.support.paths import ROOT

AXE = ROOT / ".cache" / "axe.min.js"


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
