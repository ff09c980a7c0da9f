"""A loaded rulebook held against its own promises: examples, coverage, and pins of the article."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.errors import IntakeError, Problem
from afterrun.facts import facts_of
from afterrun.intake import read_answers
from afterrun.logic import Truth, truth_given
from afterrun.reference import infer
from afterrun.references import known_sources
from afterrun.rulebook import LinkedRule, Rulebook

_WANTED: Mapping[str, Truth] = {"fires": True, "silent": False, "open": None}
_WORDS: Mapping[Truth, str] = {True: "is proved", False: "is refuted", None: "is open"}


class Coverage(NamedTuple):
    """Which rows and statements some rule or knowledge entry names among its sources."""

    reached: Mapping[str, tuple[str, ...]]
    """For each source that is reached: the rules and entries that name it."""
    pending: Mapping[str, str]
    """Rows declared as not encoded yet, with the reason."""
    missing: tuple[str, ...]


def check_rulebook(rulebook: Rulebook, *parts: Rulebook) -> list[Problem]:
    """Every promise that the rulebook breaks: examples that do otherwise, sources never reached.

    `parts` are the other parts of it, which share its sources.
    """
    examples = (problem for each in (rulebook, *parts) for problem in _example_problems(each))
    return [*examples, *_coverage_problems(rulebook, *parts)]


def coverage(rulebook: Rulebook, *parts: Rulebook) -> Coverage:
    """Rows of the agreed rule table and statements of the article, and what reaches them."""
    reached: dict[str, list[str]] = {}
    for each in (rulebook, *parts):
        for name, sources in _cited(each):
            for source in sources:
                reached.setdefault(source, []).append(name)
    pending = {f"row:{row.id}": row.pending for row in rulebook.sources.rows if row.pending}
    owed = [each for each in sorted(known_sources(rulebook.sources)) if each.startswith(("row:", "article:"))]
    missing = tuple(each for each in owed if each not in reached and each not in pending)
    return Coverage({name: tuple(by) for name, by in reached.items()}, pending, missing)


def example_count(rulebook: Rulebook) -> int:
    """How many examples the rules bring."""
    return sum(1 for rule in rulebook.rules.values() for _ in _examples(rule))


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
        for statement in rulebook.sources.article.statements
        if statement.sha256 not in hashes
    ]


def _examples(rule: LinkedRule) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    if rule.written is not None:
        for kind in _WANTED:
            for place, example in enumerate(getattr(rule.written.examples, kind)):
                yield kind, place, example


def _example_problems(rulebook: Rulebook) -> Iterator[Problem]:
    for rule in rulebook.rules.values():
        for kind, place, example in _examples(rule):
            where = f"{rule.id}, example {kind}[{place}]"
            try:
                outcome = rule_truth(rulebook, rule, example)
            except IntakeError as error:
                yield from (
                    each._replace(file=rule.file, line=rule.line, key=f"{where}: {each.key}")
                    for each in error.problems
                )
                continue
            if outcome is not _WANTED[kind]:
                message = f"the rule {_WORDS[outcome]}, but the example says it {_WORDS[_WANTED[kind]]}"
                yield Problem(message, rule.file, rule.line, where)


def rule_truth(rulebook: Rulebook, rule: LinkedRule, intake: Mapping[str, Any]) -> Truth:
    """Whether one rule is proved, refuted or open under an intake."""
    facts = facts_of(rulebook, read_answers(rulebook, intake))
    return truth_given(rule.formula, facts, infer(rulebook, facts).truths)


def _coverage_problems(rulebook: Rulebook, *parts: Rulebook) -> Iterator[Problem]:
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
    }
    for kind, group in groups.items():
        for name, item in group.items():
            yield f"{kind} {name}", item.sources
    for plan_item in rulebook.plan:
        yield f"plan {plan_item.key}", plan_item.sources
    if rulebook.schedule is not None:
        yield "schedule length", rulebook.schedule.length.sources
        yield "schedule check_in", rulebook.schedule.check_in.sources
        for course in rulebook.schedule.courses:
            yield f"schedule {course.id}", course.sources
    for entry in rulebook.background:
        yield f"background {entry.id}", entry.sources
    for verdict in rulebook.evidence:
        yield f"evidence {verdict.id}", verdict.sources
