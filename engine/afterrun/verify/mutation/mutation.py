"""Every mutant tried on every case: which changes to the rules would go unnoticed.

A mutant is killed by a case whose expectations no longer hold. The rules' own examples are held
against it too, as a second column: they belong to the rule, not to the cases, and count apart.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from afterrun.assessment import part_of, triage_again
from afterrun.errors import AfterrunError
from afterrun.inference import Lanes, facts_of
from afterrun.intake import read_answers, read_check_in
from afterrun.rulebook import Rulebook, Truth
from afterrun.verify.cases import (
    Case,
    Given,
    Outcome,
    as_check_in,
    check_cases,
    differences,
    given,
    outcome_of,
)
from afterrun.verify.mutation.lanes import Field, Settled, Waits
from afterrun.verify.mutation.mutants import Mutant, mutants_of
from afterrun.verify.mutation.relinking import Relinked, Relinker

_WANTED: Mapping[str, Truth] = {"fires": True, "silent": False, "open": None}


class Tried(NamedTuple):
    """One mutant and what noticed it."""

    mutant: Mutant
    by_cases: tuple[str, ...]
    """The ids of cases whose expectations no longer hold; the first alone, unless all were asked for."""
    by_examples: tuple[str, ...]
    """The ids of rules with an example that does otherwise; the first alone, unless all were asked for."""
    stillborn: bool = False
    """A rule would wait for its own conclusion: loading refuses such a rulebook."""


class Example(NamedTuple):
    """One example of a rule."""

    rule: str
    wanted: Truth


class CaseFailsError(AfterrunError):
    """A case that does not hold under the rules as they are cannot notice a change of them."""

    def __init__(self, failing: Mapping[str, Sequence[str]]) -> None:
        self.failing = failing
        super().__init__("\n".join(f"{name}: {'; '.join(each)}" for name, each in failing.items()))


class Bench:
    """A rulebook, its mutants, and the cases and examples to try them on."""

    def __init__(self, rulebook: Rulebook, cases: Sequence[Case]) -> None:
        check_cases(rulebook, cases)
        self.mutants = list(mutants_of(rulebook))
        self.relinker = Relinker(rulebook, self.mutants)
        self.rulebook = self.relinker.rulebook
        self.cases = list(cases)
        self.given = [given(self.rulebook, case.answers) for case in cases]
        self._triage_again = [_triage_again(self.rulebook, case) for case in cases]
        self.settled = Settled(self.rulebook, Field([each.facts for each in self.given], self._variables()))
        self.examples, intakes = self._examples()
        # As they stand: what a record reads into a blank is not the rule's own example.
        facts = [facts_of(self.rulebook, read_answers(self.rulebook, each)) for each in intakes]
        self.settled_examples = Settled(self.rulebook, Field(facts, self._variables()))
        self._refuse_failing_cases()

    def try_all(
        self,
        mutants: Sequence[Mutant],
        *,
        jobs: int = 1,
        until: float | None = None,
        every_killer: bool = False,
    ) -> Iterator[Tried]:
        """Each mutant in turn; ends early once the clock (`time.monotonic`) passes `until`."""
        if jobs > 1 and "fork" in multiprocessing.get_all_start_methods() and len(mutants) > 100:
            yield from _forked(self, mutants, jobs, until, every_killer)
            return
        for mutant in mutants:
            if until is not None and time.monotonic() > until:
                return
            yield self.try_one(mutant, every_killer)

    def try_one(self, mutant: Mutant, every_killer: bool = False) -> Tried:
        """What notices one mutant."""
        relinked = self.relinker.apply(mutant)
        try:
            by_cases = self._killing_cases(relinked)
            by_examples = self._killing_examples(relinked, mutant)
            if not every_killer:
                return Tried(mutant, tuple(_first(by_cases)), tuple(_first(by_examples)))
            return Tried(mutant, tuple(by_cases), tuple(dict.fromkeys(by_examples)))
        except Waits:
            return Tried(mutant, (), (), stillborn=True)

    def outcome(self, settled: Settled, given: Given, lane: int, relinked: Relinked | None = None) -> Any:
        """What is seen in one lane, as the rules are or with a change in them."""
        changed = {} if relinked is None else settled.changed(relinked.rulebook, relinked.rules)[0]
        rulebook = self.rulebook if relinked is None else relinked.rulebook
        truths = truths_in({**settled.propositions, **changed}, lane)
        return outcome_of(rulebook, given.answers, given.facts, truths)

    def _killing_cases(self, relinked: Relinked) -> Iterator[str]:
        changed, _ = self.settled.changed(relinked.rulebook, relinked.rules)
        # A change in the plan or in a skip can change numbers without changing any proposition.
        lanes = 0 if relinked.only_rules else self.settled.field.every
        for name, now in changed.items():
            before = self.settled.propositions.get(name, Lanes(0, self.settled.field.every))
            lanes |= (before.true ^ now.true) | (before.false ^ now.false)
        whole = {**self.settled.propositions, **changed}
        for lane, (case, each) in enumerate(zip(self.cases, self.given, strict=True)):
            if lanes >> lane & 1:
                outcome = outcome_of(relinked.rulebook, each.answers, each.facts, truths_in(whole, lane))
                if any(True for _ in differences(self._said(outcome, lane), case.expect)):
                    yield case.id

    def _killing_examples(self, relinked: Relinked, mutant: Mutant) -> Iterator[str]:
        _, rules = self.settled_examples.changed(relinked.rulebook, relinked.rules)
        for lane, (rule, wanted) in enumerate(self.examples):
            # Whoever drops a rule drops its examples with it.
            if rule in rules and not (mutant.kind == "rule" and mutant.owner == rule):
                now = _truth(rules[rule], lane)
                if now is not wanted:
                    yield rule

    def _examples(self) -> tuple[list[Example], list[Mapping[str, Any]]]:
        found, intakes = [], []
        for rule in self.rulebook.rules.values():
            if rule.written is not None:
                for kind, wanted in _WANTED.items():
                    for intake in getattr(rule.written.examples, kind):
                        found.append(Example(rule.id, wanted))
                        intakes.append(intake)
        return found, intakes

    def _refuse_failing_cases(self) -> None:
        failing = {}
        for lane, (case, each) in enumerate(zip(self.cases, self.given, strict=True)):
            outcome = self.outcome(self.settled, each, lane)
            found = list(differences(self._said(outcome, lane), case.expect))
            if found:
                failing[case.id] = found
        if failing:
            raise CaseFailsError(failing)

    def _said(self, outcome: Outcome, lane: int) -> Outcome:
        """The outcome of a case in the words in which the case speaks of it."""
        return outcome if self.rulebook.enrolment is None else as_check_in(outcome, self._triage_again[lane])

    def _variables(self) -> list[str]:
        return list(self.rulebook.variables)


def sampled(mutants: Sequence[Mutant], count: int | None, seed: int) -> list[Mutant]:
    """All of them, or some by chance in the order in which they stand."""
    if count is None or count >= len(mutants):
        return list(mutants)
    places = sorted(random.Random(seed).sample(range(len(mutants)), count))
    return [mutants[place] for place in places]


def _triage_again(rulebook: Rulebook, case: Case) -> str | None:
    """What the main part says of a check-in's new signs; no change to the check-in part can touch it."""
    if rulebook.enrolment is None:
        return None
    again = triage_again(
        rulebook, read_check_in(rulebook, *part_of(rulebook), case.answers), engine="compiled"
    )
    return again.level if again else None


def truths_in(propositions: Mapping[str, Lanes], lane: int) -> dict[str, bool]:
    """What is settled in one lane."""
    return {
        name: bool(lanes.true >> lane & 1)
        for name, lanes in propositions.items()
        if (lanes.true | lanes.false) >> lane & 1
    }


def _truth(lanes: Lanes, lane: int) -> Truth:
    return True if lanes.true >> lane & 1 else False if lanes.false >> lane & 1 else None


def _first(found: Iterator[str]) -> Iterator[str]:
    return islice(found, 1)


_bench: Bench | None = None
"""The bench of a worker, inherited when it was forked."""
_CHUNK = 50


def _forked(
    bench: Bench, mutants: Sequence[Mutant], jobs: int, until: float | None, every_killer: bool
) -> Iterator[Tried]:
    global _bench
    _bench = bench
    chunks = [mutants[start : start + _CHUNK] for start in range(0, len(mutants), _CHUNK)]
    try:
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            work: Callable[[Any], Any] = _try_chunk
            for tried in pool.imap(work, [(chunk, until, every_killer) for chunk in chunks]):
                yield from tried
    finally:
        _bench = None


def _try_chunk(work: tuple[Sequence[Mutant], float | None, bool]) -> list[Tried]:
    assert _bench is not None
    mutants, until, every_killer = work
    return list(_bench.try_all(mutants, until=until, every_killer=every_killer))
