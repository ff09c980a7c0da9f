"""A rulebook held against its sources: which rows and statements are reached, and pins of the article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.errors import Problem
from afterrun.rulebook.linking.references.knowledge import known_sources
from afterrun.rulebook.model import Rulebook


class Coverage(NamedTuple):
    """Which rows and statements some rule or knowledge entry names among its sources."""

    reached: Mapping[str, tuple[str, ...]]
    """For each source that is reached: the rules and entries that name it."""
    pending: Mapping[str, str]
    """Rows declared as not encoded yet, with the reason."""
    missing: tuple[str, ...]


def coverage(rulebook: Rulebook, *parts: Rulebook) -> Coverage:
    """Rows of the agreed rule table and statements of the article, and what reaches them."""
    reached: dict[str, list[str]] = {}
    for each in (rulebook, *parts):
        for name, sources in _cited(each):
            for source in sources:
                reached.setdefault(source, []).append(name)
    pending = {f"row:{row.id}": row.pending for row in rulebook.sources.rows if row.pending}
    owed = [each for each in sorted(known_sources(rulebook.sources)) if each.startswith(("row:", "article:"))]
    # That the literature was asked about a row encodes nothing of it.
    encoded = {name for name, by in reached.items() if not all(each.startswith("evidence ") for each in by)}
    missing = tuple(each for each in owed if each not in encoded and each not in pending)
    return Coverage({name: tuple(by) for name, by in reached.items()}, pending, missing)


def check_pins(rulebook: Rulebook, article: str) -> list[Problem]:
    """The statements whose pinned paragraph does not stand in the article's text.

    A pin is the sha256 of a run of consecutive lines that are not blank, joined by one blank, with
    all white space folded.
    """
    lines = [" ".join(line.split()) for line in article.splitlines()]
    lines = [line for line in lines if line]
    hashes = {
        hashlib.sha256(" ".join(lines[start:end]).encode()).hexdigest()
        for start in range(len(lines))
        for end in range(start + 1, min(start + 12, len(lines)) + 1)
    }
    return [
        Problem(
            f"no paragraph of this text matches the pin of {statement.id}",
            "knowledge/sources.yaml",
            key=statement.id,
        )
        for statement in rulebook.sources.statements
        if statement.sha256 not in hashes
    ]


def coverage_problems(rulebook: Rulebook, *parts: Rulebook) -> Iterator[Problem]:
    """What is never reached, and what is marked pending although a rule encodes it."""
    found = coverage(rulebook, *parts)
    for source in found.missing:
        yield Problem(
            "no rule and no knowledge entry names it among its sources", "knowledge/sources.yaml", key=source
        )
    for source in found.pending:
        if any(name.startswith("rule ") for name in found.reached.get(source, ())):
            yield Problem("is marked pending, but a rule encodes it", "knowledge/sources.yaml", key=source)


def _cited(rulebook: Rulebook) -> Iterator[tuple[str, Iterable[str]]]:
    """Everything that names sources, by a name a reader can find."""
    for rule in rulebook.rules.values():
        if rule.written is not None:
            yield f"rule {rule.id}", rule.sources
    groups: dict[str, Mapping[str, Any]] = {
        "question": rulebook.questions,
        "measure": rulebook.measures,
        "triage level": rulebook.triage,
        "pattern": rulebook.patterns,
        "intervention": rulebook.interventions,
        "parameter": rulebook.parameters,
        "exercise": rulebook.exercises,
    }
    for kind, group in groups.items():
        for name, item in group.items():
            yield f"{kind} {name}", item.sources
    for plan_item in rulebook.plan:
        yield f"plan {plan_item.key}", plan_item.sources
    if rulebook.schedule is not None:
        yield "schedule length", rulebook.schedule.length.sources
        if rulebook.schedule.check_in is not None:
            yield "schedule check_in", rulebook.schedule.check_in.sources
        for course in rulebook.schedule.courses:
            yield f"schedule {course.id}", course.sources
    if rulebook.history is not None:
        if rulebook.history.regular is not None:
            yield "history regular", rulebook.history.regular.sources
        for offer in rulebook.history.offers:
            yield f"history {offer.question}", offer.sources
    for entry in rulebook.background:
        yield f"background {entry.id}", entry.sources
    for verdict in rulebook.evidence:
        yield f"evidence {verdict.id}", verdict.sources
