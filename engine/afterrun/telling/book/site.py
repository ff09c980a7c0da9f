"""The pages of the book: a static site whose every link resolves within itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from afterrun.explanation import conclusion_words, plan_words
from afterrun.rulebook import Proposition, Rulebook, coverage
from afterrun.telling.book.entries import rule_entries, rules_testing, traced_sources
from afterrun.telling.book.graph import Link, graph_svg
from afterrun.telling.exercises.cards import exercise_card
from afterrun.telling.html import anchor, render, safe
from afterrun.verify import example_count

PAGES = {
    "index": "The rulebook",
    "rules": "Rules",
    "conclusions": "Conclusions",
    "questions": "Questions",
    "care": "What a person is told",
    "statements": "The article, statement by statement",
    "sources": "Publications and resolutions",
    "graph": "What rests on what",
}
"""Each page and its title, in the order of the navigation."""

KINDS = {
    "triage": "Triage",
    "finding": "Findings",
    "pattern": "Patterns",
    "intervention": "Interventions",
    "parameter": "Numbers of the plan",
}


def book_pages(rulebook: Rulebook) -> dict[str, str]:
    """Every file of the site by name."""
    svg = graph_svg(rulebook, lambda kind, name: _link(f"{kind}s", name))
    pages = {name: title for name, title in PAGES.items() if name != "statements" or rulebook.sources.traced}
    words = {**book_parts(rulebook, _link, _source_link), "plain": False, "pages": pages, "svg": safe(svg)}
    files = {
        f"{name}.html": render(f"book/{name}.html.j2", page=name, title=title, **words)
        for name, title in pages.items()
    }
    return {**files, "graph.svg": svg}


def book_parts(rulebook: Rulebook, link: Link, source_link: Callable[[str], str]) -> dict[str, Any]:
    """What pages of the book are drawn from; `link` gives the address of a name on a page."""
    entries = rule_entries(rulebook)
    kinds = {**KINDS, "triage": rulebook.identity.triage_text}
    return {
        "rulebook": rulebook,
        "entries": entries,
        "by_kind": {
            title: [
                each for each in entries.values() if Proposition.parse(each.rule.conclusions[0]).kind == kind
            ]
            for kind, title in kinds.items()
        },
        "traced": traced_sources(rulebook),
        "coverage": coverage(rulebook),
        "examples": example_count(rulebook),
        "words": lambda name, value=True: conclusion_words(rulebook, name, value),
        "example": lambda intake: json.dumps(intake, ensure_ascii=False),
        "link": link,
        "source_link": source_link,
        "kinds": kinds,
        "constant": lambda item: "" if item.value is None else plan_words(rulebook, item, item.value, {}),
        "card": lambda exercise: exercise_card(rulebook, exercise, doses=True),
        "testing": lambda subject: rules_testing(rulebook, subject),
        "waiting": lambda proposition: [
            each.rule.id for each in entries.values() if proposition in _propositions(each.condition)
        ],
    }


def page_of_source(key: str) -> str:
    """The page that tells of a source."""
    return "statements" if key.startswith(("article:", "row:")) else "sources"


def _propositions(condition: Any) -> set[str]:
    own = {condition.place} if condition.page == "conclusions" else set()
    return own.union(*(_propositions(part) for part in condition.parts))


def _source_link(key: str) -> str:
    return f"{page_of_source(key)}.html#source-{anchor(key)}"


def _link(page: str, name: str) -> str:
    return f"{page}.html#{anchor(name)}"
