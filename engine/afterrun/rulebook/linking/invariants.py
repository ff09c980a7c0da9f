"""Invariants as written in, claims whose every name is known out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from afterrun.rulebook.documents import KeyPath
from afterrun.rulebook.linking.index import Items
from afterrun.rulebook.linking.written_files import Item
from afterrun.rulebook.logic import Formula
from afterrun.rulebook.model import LinkedInvariant
from afterrun.rulebook.schema import (
    ANY,
    AllClaims,
    AnswerNumber,
    AnyClaim,
    Blank,
    Claim,
    Condition,
    Gives,
    GivesNow,
    Invariant,
    NotClaim,
    Open,
    Planned,
    PlanNumber,
    Refuted,
    Shows,
    TestOn,
    Triage,
)


def link_invariants(items: Items) -> tuple[LinkedInvariant, ...]:
    """Resolve every name of the invariants; what does not resolve becomes a problem of `items`."""
    concluded = chain.from_iterable(item.value.conclusions for item in items.rules.values())
    levels = (each.name for each in items.propositions() if each.kind == "pattern")
    vocabulary = items.vocabulary((*concluded, *levels))
    asks = []
    for item in items.invariants.values():
        for claim, path in claims_of(item.value):
            _check(items, claim, item.at(*path))
            condition = condition_of(claim)
            if condition is not None:
                vocabulary.note_thresholds(condition)
                asks.append((item, path, condition))
    vocabulary.make_variables()
    formulas: dict[str, dict[KeyPath, Formula]] = {name: {} for name in items.invariants}
    for item, path, condition in asks:
        complain = items.complain_of(item.file)
        formulas[item.value.id][path] = vocabulary.compile(condition, item.at(*path).path, complain)
    return tuple(
        LinkedInvariant(name, item.value, formulas[name], vocabulary.variables, item.file.name, item.line)
        for name, item in items.invariants.items()
    )


def claims_of(invariant: Invariant) -> Iterator[tuple[Claim, KeyPath]]:
    """Every claim of an invariant and all within, each with its place."""
    for key in ("when", "never", "always"):
        claim = getattr(invariant, key)
        if claim is not None:
            yield from _within(claim, (key,))


def condition_of(claim: Claim) -> Condition | None:
    """What a claim asks of the rules or the answers themselves, as a rule would put it."""
    if isinstance(claim, str | TestOn):
        return claim
    if isinstance(claim, Refuted):
        return claim.refuted
    return claim.open if isinstance(claim, Open) else None


def _within(claim: Claim, path: KeyPath) -> Iterator[tuple[Claim, KeyPath]]:
    yield claim, path
    if isinstance(claim, NotClaim):
        yield from _within(claim.not_, (*path, "not"))
    elif isinstance(claim, AllClaims | AnyClaim):
        key = "all" if isinstance(claim, AllClaims) else "any"
        for place, part in enumerate(getattr(claim, key)):
            yield from _within(part, (*path, key, place))


def _check(items: Items, claim: Claim, at: Item) -> None:
    keys = {item.value.key for item in items.plan}
    match claim:
        case Triage():
            items.look_up(at, "triage level", claim.triage, items.triage)
        case Shows() if claim.shows != ANY:
            items.look_up(at, "pattern", claim.shows, items.patterns)
        case Gives() if claim.gives != ANY:
            items.look_up(at, "intervention", claim.gives, items.interventions)
        case GivesNow():
            items.look_up(at, "intervention", claim.gives_now, items.interventions)
        case Blank():
            items.look_up(at, "question or section", claim.blank, [*items.questions, *items.sections])
        case Planned(plan=str(key)):
            items.look_up(at, "key of the plan", key if key != ANY else None, keys)
        case Planned(plan=dict(tests)):
            bounds = [bound for test in tests.values() for bound in test.given().values()]
            named = [bound.plan for bound in bounds if isinstance(bound, PlanNumber)]
            answers = [bound.answer for bound in bounds if isinstance(bound, AnswerNumber)]
            items.look_up(at, "key of the plan", [*tests, *named], keys)
            items.look_up(at, "number question or measure", answers, items.numbers())
