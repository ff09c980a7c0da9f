"""The rulebook as a book: a page for each thing that it tells of, lists of them, and a search."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

import afterrun
from afterrun.rulebook import engine_of
from afterrun.telling import SHELVES, Shelf, book_parts, page_of_source, search
from afterrun_web.drawing import page
from afterrun_web.pages.site import Site
from afterrun_web.refusing import Refused

BOOK = "/rulebook"
A_PAGE = 50
"""Leaves on a page of a list, so that none is long to load."""
LONGEST = 100
"""Characters of what is looked for."""
T = TypeVar("T")


def router(site: Site) -> APIRouter:
    """The pages of the book."""
    pages = APIRouter(prefix=BOOK)

    @pages.get("")
    def book() -> Response:
        return _page(site, "home.html.j2", title="The rulebook")

    # Words of a search stand in the address: so that one comes back to what was found, and none is logged.
    @pages.get("/search")
    def look(q: str = "", part: str = "1") -> Response:
        wanted = " ".join(q.split())[:LONGEST]
        came = search(site.books.today().main, wanted)
        shown, parts = _part(came.found, part, f"{BOOK}/search?{urlencode({'q': wanted})}&")
        return _page(
            site,
            "search.html.j2",
            title="Search the rulebook",
            wanted=wanted,
            came=came,
            shown=[came.shown(each) for each in shown],
            parts=parts,
        )

    @pages.get("/{shelf}")
    def listed(shelf: str, part: str = "1") -> Response:
        leaves = engine_of(site.books.today().main, Shelf).on(shelf)
        if not leaves:
            raise _NOWHERE
        shown, parts = _part(leaves, part, f"{BOOK}/{shelf}?")
        groups = [(name, list(each)) for name, each in groupby(shown, lambda leaf: leaf.group)]
        return _page(site, "list.html.j2", title=SHELVES[shelf], shelf=shelf, groups=groups, parts=parts)

    @pages.get("/{shelf}/{key}")
    def one(shelf: str, key: str) -> Response:
        leaf = engine_of(site.books.today().main, Shelf).leaf(shelf, key)
        if leaf is None:
            raise _NOWHERE
        title = f"Rule {key}" if shelf == "rules" else leaf.title
        return _page(site, "leaf.html.j2", title=title, shelf=shelf, leaf=leaf)

    return pages


_NOWHERE = Refused(
    404,
    "The rulebook has no such page",
    "Perhaps the rulebook has changed since.",
    "Look for it by its words.",
    home=(BOOK, "The rulebook"),
)


def link(shelf: str, name: str) -> str:
    """The address of what the book tells of something."""
    return f"{BOOK}/{shelf}/{quote(name, safe=':')}"


def rule_link(rulebook: afterrun.Rulebook, name: str) -> str:
    """The address of a rule; nothing where nobody wrote it."""
    rule = rulebook.rules.get(name)
    return link("rules", name) if rule is not None and rule.written is not None else ""


def _page(site: Site, template: str, **words: Any) -> Response:
    rulebook = site.books.today().main
    parts = engine_of(rulebook, _parts)
    return page(
        f"book/{template}",
        identity=rulebook.identity,
        plain=False,
        shelves={name: title for name, title in SHELVES.items() if engine_of(rulebook, Shelf).on(name)},
        address=lambda leaf: link(leaf.shelf, leaf.key),
        **parts,
        **{"shelf": "", "wanted": "", **words},
    )


def _parts(rulebook: afterrun.Rulebook) -> dict[str, Any]:
    return book_parts(rulebook, link, lambda key: link(page_of_source(key), key))


def _part(all: Sequence[T], part: str, before: str) -> tuple[Sequence[T], list[tuple[str, str]]]:
    """So many of a list, and the words and addresses of its other parts; the one shown has no address."""
    begins = range(0, len(all), A_PAGE)
    number = int(part) if part.isascii() and part.isdigit() and 1 <= int(part[:6]) <= len(begins) else 1
    others = [
        (f"{at + 1} to {min(at + A_PAGE, len(all))}", "" if place == number else f"{before}part={place}")
        for place, at in enumerate(begins, 1)
    ]
    return all[(number - 1) * A_PAGE : number * A_PAGE], others if len(others) > 1 else []
