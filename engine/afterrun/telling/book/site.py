"""The pages of the book: a static site whose every link resolves within itself."""

from __future__ import annotations

import json
from typing import Any

from afterrun.explanation import conclusion_words, plan_words
from afterrun.rulebook import Proposition, Rulebook, coverage
from afterrun.telling.book.entries import rule_entries, rules_testing, traced_sources
from afterrun.telling.book.graph import graph_svg
from afterrun.telling.exercises.cards import exercise_card
from afterrun.telling.html import anchor, render, safe
from afterrun.verify import example_count

PAGES = {
    "index": "The rulebook",
    "rules": "Rules",
    "conclusions": "Conclusions",
    "questions": "Questions",
    "care": "What a runner is told",
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
    svg = graph_svg(rulebook, _link)
    entries = rule_entries(rulebook)
    kinds = {**KINDS, "triage": rulebook.identity.triage_text}
    words: dict[str, Any] = {
        "rulebook": rulebook,
        "plain": False,
        "pages": PAGES,
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
        "svg": safe(svg),
        "words": lambda name, value=True: conclusion_words(rulebook, name, value),
        "example": lambda intake: json.dumps(intake, ensure_ascii=False),
        "source_link": _source_link,
        "kinds": kinds,
        "constant": lambda item: "" if item.value is None else plan_words(rulebook, item, item.value, {}),
        "card": lambda exercise: exercise_card(rulebook, exercise, doses=True),
        "testing": lambda subject: rules_testing(rulebook, subject),
        "waiting": lambda proposition: [
            each.rule.id for each in entries.values() if proposition in _propositions(each.condition)
        ],
    }
    files = {
        f"{name}.html": render(f"book/{name}.html.j2", page=name, title=title, **words)
        for name, title in PAGES.items()
    }
    return {**files, "graph.svg": svg}


def _propositions(condition: Any) -> set[str]:
    own = {condition.place} if condition.page == "conclusions" else set()
    return own.union(*(_propositions(part) for part in condition.parts))


def _source_link(key: str) -> str:
    page = "statements" if key.startswith(("article:", "row:")) else "sources"
    return f"{page}.html#source-{anchor(key)}"


def _link(kind: str, name: str) -> str:
    return f"{kind}s.html#{anchor(name)}"
