"""The book as files: a static site whose every link resolves within itself, or one piece for paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from afterrun.rulebook import Rulebook, coverage
from afterrun.telling.book.entries import in_yaml
from afterrun.telling.book.graph import Link, graph_svg
from afterrun.telling.book.parts import claim_rows
from afterrun.telling.book.shelf import QUESTIONS, RULES, SHELVES, Leaf, Shelf, shelf_of_source
from afterrun.telling.formats.html import anchor, render, safe
from afterrun.telling.handover.sheet import Paper
from afterrun.verify import example_count


def book_pages(parts: Mapping[str, Rulebook]) -> dict[str, str]:
    """Every file of the site by name; the main part of the rulebook is named ''."""
    shelf = Shelf(parts)
    pictures, words = _pictures(shelf), _site_words(shelf, "")
    of_one: dict[str, dict[str, Any]] = {
        "graph": {"pictures": [(shelf.parts[part], file, safe(svg)) for part, file, svg in pictures]},
        "search": {"index": _index(shelf)},
    }
    files = {}
    for name, title in _pages(shelf).items():
        template = "shelf" if name in SHELVES else name
        own = {"groups": _grouped(shelf, name)} if name in SHELVES else of_one.get(name, {})
        files[f"{name}.html"] = render(f"book/{template}.html.j2", page=name, title=title, **words, **own)
    words = _site_words(shelf, "../")
    for leaf in shelf.on(RULES):
        title = f"Rule {leaf.key}"
        files[_rule_file(leaf.key)] = render("book/rule.html.j2", page="", title=title, leaf=leaf, **words)
    return files | {file: svg for _, file, svg in pictures}


def book_html(parts: Mapping[str, Rulebook], paper: Paper) -> str:
    """The whole book in one piece, to be printed."""
    shelf = Shelf(parts)
    words = book_parts(shelf, _within, lambda key: _within(shelf_of_source(key), key))
    groups = {name: _grouped(shelf, name) for name in shelf.titles}
    title = shelf.parts[""].rulebook.identity.title
    return render(
        "book/whole.html.j2",
        title=title,
        page="",
        up="",
        pages={},
        groups=groups,
        paper=paper,
        plain=False,
        **words,
    )


def book_parts(shelf: Shelf, link: Link, source_link: Callable[[str], str]) -> dict[str, Any]:
    """What pages of the book are drawn from; `link` gives the address of a place on a shelf."""
    books = [each.rulebook for each in shelf.parts.values()]
    return {
        "rulebook": books[0],
        "books": books,
        "shelves": shelf.titles,
        "parts": shelf.parts,
        "traced": shelf.traced,
        "claims": {each.verdict.id: each for each in claim_rows(tuple(shelf.parts.values()))},
        "coverage": coverage(*books),
        "examples": sum(map(example_count, books)),
        "counts": {
            "rules": len(shelf.on(RULES)),
            "questions": len(shelf.on(QUESTIONS)),
            "invariants": sum(len(each.invariants) for each in books),
        },
        "example": in_yaml,
        "link": link,
        "source_link": source_link,
        "leaf_id": lambda leaf: _id(leaf.shelf, leaf.key),
    }


def _pages(shelf: Shelf) -> dict[str, str]:
    """Each page and its title, in the order of the navigation; each rule has one beside them."""
    around = {"graph": "What rests on what", "search": "Search"}
    return {"index": "The rulebook", **shelf.titles, **around}


def _site_words(shelf: Shelf, up: str) -> dict[str, Any]:
    def link(name: str, key: str) -> str:
        return f"{up}{_address_of(name, key)}"

    words = book_parts(shelf, link, lambda key: link(shelf_of_source(key), key))
    return {**words, "plain": False, "pages": _pages(shelf), "up": up}


def _index(shelf: Shelf) -> str:
    """What is looked through, in a form that no word of it can end."""
    leaves = [
        (_named(each), SHELVES[each.shelf], _address_of(each.shelf, each.key), each.text)
        for each in shelf.leaves
    ]
    return safe(json.dumps(leaves, ensure_ascii=False).replace("<", "\\u003c"))


def _named(leaf: Leaf) -> str:
    return f"{leaf.title} ({leaf.key})" if leaf.kind == "rule" else leaf.title


def _pictures(shelf: Shelf) -> list[tuple[str, str, str]]:
    """For each part the picture of what rests on what, and the name of its file."""

    def of(name: str) -> tuple[str, str, str]:
        part = shelf.parts[name]
        svg = graph_svg(part.rulebook, lambda kind, key: _address_of(f"{kind}s", part.place(key)))
        return name, f"graph-{name}.svg" if name else "graph.svg", svg

    return [of(name) for name in shelf.parts]


def _grouped(shelf: Shelf, name: str) -> list[tuple[str, list[Leaf]]]:
    return [(group, list(leaves)) for group, leaves in groupby(shelf.on(name), lambda leaf: leaf.group)]


def _address_of(name: str, key: str) -> str:
    return _rule_file(key) if name == RULES else f"{name}.html#{_id(name, key)}"


def _within(name: str, key: str) -> str:
    return f"#{_id(name, key)}"


def _rule_file(key: str) -> str:
    return f"rules/{anchor(key)}.html"


def _id(name: str, key: str) -> str:
    return f"{name}-{anchor(key)}"
