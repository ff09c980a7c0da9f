"""The rulebook as a book: a page for each thing that it tells of, lists of them, and a search."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.responses import Response

import afterrun
from afterrun.telling import SHELVES, Shelf, book_parts, search, shelf_of_source
from afterrun_web.books import Book
from afterrun_web.drawing import page
from afterrun_web.pages.site import Site
from afterrun_web.requests.refusing import Refused

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
        came = search(shelf_of(site), wanted)
        shown, pieces = _part(came.found, part, f"{BOOK}/search?{urlencode({'q': wanted})}&")
        return _page(
            site,
            "search.html.j2",
            title="Search the rulebook",
            wanted=wanted,
            came=came,
            shown=[came.shown(each) for each in shown],
            pieces=pieces,
        )

    @pages.get("/{shelf}")
    def listed(shelf: str, part: str = "1") -> Response:
        leaves = shelf_of(site).on(shelf)
        if not leaves:
            raise _NOWHERE
        shown, pieces = _part(leaves, part, f"{BOOK}/{shelf}?")
        groups = [(name, list(each)) for name, each in groupby(shown, lambda leaf: leaf.group)]
        return _page(site, "list.html.j2", title=SHELVES[shelf], shelf=shelf, groups=groups, pieces=pieces)

    @pages.get("/{shelf}/{key}")
    def one(shelf: str, key: str) -> Response:
        leaf = shelf_of(site).leaf(shelf, key)
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


def shelf_of(site: Site) -> Shelf:
    """All that the book of today tells of."""
    return _drawn(site.books.today())[0]


@lru_cache(maxsize=2)
def _drawn(book: Book) -> tuple[Shelf, dict[str, Any]]:
    """The shelf of a rulebook, and what its pages are drawn from."""
    check_in = {"checkin": book.check_in} if book.check_in is not None else {}
    shelf = Shelf({"": book.main, **check_in})
    return shelf, book_parts(shelf, link, lambda key: link(shelf_of_source(key), key))


def _page(site: Site, template: str, **words: Any) -> Response:
    book = site.books.today()
    return page(
        f"book/{template}",
        identity=book.main.identity,
        plain=False,
        address=lambda leaf: link(leaf.shelf, leaf.key),
        **_drawn(book)[1],
        **{"shelf": "", "wanted": "", **words},
    )


def _part(all: Sequence[T], part: str, before: str) -> tuple[Sequence[T], list[tuple[str, str]]]:
    """So many of a list, and the words and addresses of its other parts; the one shown has no address."""
    begins = range(0, len(all), A_PAGE)
    number = int(part) if part.isascii() and part.isdigit() and 1 <= int(part[:6]) <= len(begins) else 1
    others = [
        (f"{at + 1} to {min(at + A_PAGE, len(all))}", "" if place == number else f"{before}part={place}")
        for place, at in enumerate(begins, 1)
    ]
    return all[(number - 1) * A_PAGE : number * A_PAGE], others if len(others) > 1 else []
