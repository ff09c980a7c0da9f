"""Whether a rule is approved: what its review covers, and whether that still stands on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from afterrun.rulebook.formulas import names_in, parameters_in
from afterrun.rulebook.linking.conditions import propositions_in, tests_in
from afterrun.rulebook.model import LinkedRule, Rulebook
from afterrun.rulebook.proposition import Proposition
from afterrun.rulebook.schema import Publication, as_written

Lack = Literal["never", "changed", "past"]
"""Why a rule is not approved."""

LACKS: Mapping[Lack, str] = {
    "never": "never reviewed",
    "changed": "changed since",
    "past": "past its day",
}
"""The same in words."""


def not_approved(*parts: Rulebook) -> dict[Lack, tuple[str, ...]]:
    """The rules of a rulebook and its parts that nobody answers for, by the reason; all reasons, in order.

    What is past its day is known only of a rulebook that is used on a day: see `Rulebook.on`.
    """
    found = [(rule.id, lack_of(part, rule)) for part in parts for rule in written_rules(part)]
    return {reason: tuple(rule for rule, lack in found if lack == reason) for reason in LACKS}


def approval_words(*parts: Rulebook) -> str:
    """How many rules nobody answers for, and why."""
    every = sum(1 for part in parts for _ in written_rules(part))
    lacking = {LACKS[why]: len(rules) for why, rules in not_approved(*parts).items() if rules}
    if not lacking:
        return f"all {every} rules are approved"
    why = ", ".join(f"{count} {words}" for words, count in lacking.items())
    return f"{sum(lacking.values())} of {every} rules are not approved by {parts[0].identity.expert}: {why}"


def review_words(rulebook: Rulebook, rule: LinkedRule) -> str:
    """Who answers for one rule and until when, or why nobody does."""
    lack = lack_of(rulebook, rule)
    review = rule.written.review if rule.written else None
    if lack or review is None:
        return f"not approved: {LACKS[lack or 'never']}"
    return f"approved by {review.owner} until {review.review_by}"


def lack_of(rulebook: Rulebook, rule: LinkedRule) -> Lack | None:
    """Why a rule is not approved; None if it is."""
    review = rule.written.review if rule.written else None
    if review is None:
        return "never"
    if review.digest != rule_digest(rulebook, rule):
        return "changed"
    return "past" if rulebook.day and rulebook.day.isoformat() > review.review_by else None


def rule_digest(rulebook: Rulebook, rule: LinkedRule) -> str:
    """sha256 of all that a review of a rule covers: the rule, what it shows and asks, and its sources.

    What it waits for of other rules is covered by its words; when they conclude it is theirs to answer for.
    """
    assert rule.written is not None
    condition = rule.written.if_
    covered = {
        "rule": rule.written.changed(review=None),
        "shows": dict(_shown(rulebook, rule.conclusions)),
        "done": dict(_done(rulebook, rule.conclusions)),
        "waits": dict(_shown(rulebook, propositions_in(condition))),
        "asks": dict(_asked(rulebook, [test.subject for test in tests_in(condition)])),
        "sources": dict(_sources(rulebook, rule.sources)),
    }
    canonical = json.dumps(as_written(covered), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def written_rules(rulebook: Rulebook) -> Iterator[LinkedRule]:
    """Those that somebody wrote; levels imply others."""
    return (rule for rule in rulebook.rules.values() if rule.written is not None)


def _shown(rulebook: Rulebook, conclusions: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The knowledge that some conclusions bring up."""
    groups: Mapping[str, Mapping[str, Any]] = {
        "finding": rulebook.findings,
        "triage": rulebook.triage,
        "pattern": rulebook.patterns,
        "intervention": rulebook.interventions,
        "parameter": rulebook.parameters,
    }
    for conclusion in conclusions:
        proposition = Proposition.parse(conclusion)
        yield conclusion, groups[proposition.kind].get(proposition.subject)


def _done(rulebook: Rulebook, conclusions: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How the exercises of interventions are done."""
    for proposition in map(Proposition.parse, conclusions):
        if proposition.kind == "intervention" and proposition.subject in rulebook.doses:
            yield proposition.subject, rulebook.doses[proposition.subject]


def _asked(rulebook: Rulebook, subjects: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The questions that a rule tests, itself or by way of a measure, with units and numbers in these."""
    for subject in subjects:
        if subject in rulebook.questions:
            question = rulebook.questions[subject]
            yield subject, question
            if question.quantity:
                yield f"quantity {question.quantity}", rulebook.quantities[question.quantity]
        elif subject in rulebook.measures:
            measure = rulebook.measures[subject]
            yield subject, measure
            for name in parameters_in(measure.formula):
                yield f"parameter {name}", rulebook.parameters[name]
            yield from _asked(rulebook, names_in(measure.formula))


def _sources(rulebook: Rulebook, keys: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """What the sources of a rule say; that somebody looked at one again changes nothing."""
    for name, entry in rulebook.sources.by_name.items():
        if name in keys:
            plain = entry.plain()
            yield name, {**plain, "looked_at": ""} if isinstance(entry, Publication) else plain
