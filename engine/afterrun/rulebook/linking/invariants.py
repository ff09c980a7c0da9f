"""Invariants as written in, claims whose every name is known out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from afterrun.errors import Problem, nearest
from afterrun.rulebook.linking.compile import Vocabulary
from afterrun.rulebook.linking.index import Items, WrittenFile
from afterrun.rulebook.linking.references import known_sources
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
from afterrun.rulebook.yaml12 import KeyPath


def link_invariants(items: Items, file: WrittenFile | None) -> tuple[LinkedInvariant, ...]:
    """Resolve every name of the invariants; what does not resolve becomes a problem of `items`."""
    if file is None:
        return ()
    linker = _Linker(items, file)
    written = list(enumerate(file.model))
    for place, invariant in written:
        for claim, path in claims_of(invariant):
            linker.check(claim, (place, *path))
    vocabulary = linker.vocabulary
    for _, invariant in written:
        for claim, _ in claims_of(invariant):
            condition = condition_of(claim)
            if condition is not None:
                vocabulary.note_thresholds(condition)
    vocabulary.make_variables()
    linked = []
    seen: set[str] = set()
    for place, invariant in written:
        if invariant.id in seen:
            linker.problem((place,), f"the invariant id '{invariant.id}' is taken")
        seen.add(invariant.id)
        linker.check_sources(invariant, (place, "sources"))
        formulas = {
            path: vocabulary.compile(condition, (place, *path), linker.problem)
            for claim, path in claims_of(invariant)
            if (condition := condition_of(claim)) is not None
        }
        line = file.document.line((place,))
        linked.append(
            LinkedInvariant(invariant.id, invariant, formulas, vocabulary.variables, file.name, line)
        )
    return tuple(linked)


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


class _Linker:
    def __init__(self, items: Items, file: WrittenFile) -> None:
        self._items = items
        self._file = file
        self._plan = {item.value.key for item in items.plan}
        asked = {key for key, item in items.questions.items() if item.value.type in ("integer", "number")}
        self._numbers = {*asked, *items.measures}
        self._sources = known_sources(items.sources)
        concluded = chain.from_iterable(item.value.conclusions for item in items.rules.values())
        levels = (each.name for each in items.propositions() if each.kind == "pattern")
        self.vocabulary = Vocabulary(
            {key: item.value for key, item in items.questions.items()},
            {key: item.value for key, item in items.measures.items()},
            {*concluded, *levels},
        )
        for _, condition, _ in items.conditions():
            self.vocabulary.note_thresholds(condition)

    def problem(self, path: KeyPath, message: str, near: str = "") -> None:
        line = self._file.document.line(path)
        self._items.problems.append(Problem(message, self._file.name, line, nearest=near))

    def check_sources(self, invariant: Invariant, path: KeyPath) -> None:
        for source in invariant.sources:
            if source not in self._sources:
                self.problem(
                    path,
                    f"the source '{source}' does not stand in knowledge/sources.yaml",
                    nearest(source, self._sources),
                )

    def check(self, claim: Claim, path: KeyPath) -> None:
        items = self._items
        match claim:
            case Triage():
                self._named("triage level", claim.triage, items.triage, path)
            case Shows() if claim.shows != ANY:
                self._named("pattern", claim.shows, items.patterns, path)
            case Gives() if claim.gives != ANY:
                self._named("intervention", claim.gives, items.interventions, path)
            case GivesNow():
                self._named("intervention", claim.gives_now, items.interventions, path)
            case Blank():
                self._named("question or section", claim.blank, [*items.questions, *items.sections], path)
            case Planned(plan=str(key)):
                self._named("key of the plan", [key] if key != ANY else [], self._plan, path)
            case Planned(plan=dict(tests)):
                bounds = [bound for test in tests.values() for bound in test.given().values()]
                keys = [bound.plan for bound in bounds if isinstance(bound, PlanNumber)]
                answers = [bound.answer for bound in bounds if isinstance(bound, AnswerNumber)]
                self._named("key of the plan", [*tests, *keys], self._plan, path)
                self._named("number question or measure", answers, self._numbers, path)

    def _named(self, kind: str, names: Iterable[Any], known: Iterable[str], path: KeyPath) -> None:
        known = list(known)
        for name in names:
            if name not in known:
                self.problem(path, f"there is no {kind} '{name}'", nearest(name, known))
