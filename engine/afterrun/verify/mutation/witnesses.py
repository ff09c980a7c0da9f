"""An intake under which a changed rulebook says something else, or the proof that there is none."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any, NamedTuple

from afterrun.inference import infer
from afterrun.rulebook import Ref, Rulebook, atoms
from afterrun.verify.cases import FactLanes, Outcome, ReadIntake, SettledLanes, outcome_of, read_flat, shown
from afterrun.verify.mutation.bench import Bench, truths_in
from afterrun.verify.mutation.intakes import many_intakes
from afterrun.verify.mutation.mutants import Mutant
from afterrun.verify.mutation.seen import difference, seen

Solver = Callable[[Rulebook, Rulebook], Mapping[str, Any] | None]
"""Gives an intake under which two rulebooks show different results, or None when there is none."""

MANY = 4000
"""Intakes that are tried before the solver is asked."""


class NotDecided(Exception):
    """The solver gave up."""


class Witness(NamedTuple):
    """An intake, or a check-in's record, that would notice a change."""

    intake: Mapping[str, Any]
    before: Outcome
    after: Outcome

    @property
    def differing(self) -> dict[str, tuple[Any, Any]]:
        """What is shown otherwise, by its key in the result: as it is now, and after the change."""
        one, other = shown(self.before), shown(self.after)
        return {key: (one[key], other[key]) for key in one if one[key] != other[key]}


class ManyIntakes:
    """Many intakes, settled once, to try changes on."""

    def __init__(self, bench: Bench, *, count: int = MANY, seed: int = 0) -> None:
        self.bench = bench
        rulebook = bench.rulebook
        self.given: list[ReadIntake] = many_intakes(rulebook, bench.given, count, random.Random(seed))
        field = FactLanes([each.facts for each in self.given], list(rulebook.variables))
        self.settled = SettledLanes(rulebook, field)
        self._seen = seen(rulebook, field, self.settled.propositions.__getitem__)

    def witness(self, mutant: Mutant) -> Witness | None:
        """The first intake that notices a mutant, if one of the many does."""
        rulebook, rules, only_rules = self.bench.relinker.apply(mutant)
        changed, _ = self.settled.changed(rulebook, rules)
        if not changed and only_rules:
            return None
        before = self.settled.propositions
        after = {**before, **changed}
        now = seen(rulebook, self.settled.facts, after.__getitem__)
        for lane in _bits(difference(self._seen, now)):
            one = (self.bench.rulebook, truths_in(before, lane))
            found = _witness(self.given[lane], one, (rulebook, truths_in(after, lane)))
            if found is not None:
                return found
        return None


def find_solver() -> Solver | None:
    """The solver, where its extra is installed."""
    try:
        from afterrun.verify.prove import Undecided, equivalent
    except ImportError:
        return None

    def solver(one: Rulebook, other: Rulebook) -> Mapping[str, Any] | None:
        try:
            return equivalent(one, other)
        except Undecided as reason:
            raise NotDecided(str(reason)) from reason

    return solver


def ask_solver(bench: Bench, mutant: Mutant, solver: Solver) -> Witness | None:
    """What the solver says: an intake that notices the mutant, or None when there provably is none.

    An intake that the solver gives is tried before it is believed.
    """
    changed = reorder(bench.relinker.apply(mutant).rulebook)
    intake = solver(bench.rulebook, changed)
    if intake is None:
        return None
    given = read_flat(bench.rulebook, intake)
    rulebooks = (bench.rulebook, changed)
    witness = _witness(given, *((each, infer(each, given.facts).truths) for each in rulebooks))
    if witness is None:
        raise AssertionError(f"the solver's intake does not notice {mutant.owner}: {mutant.said}")
    return witness


def _witness(
    given: ReadIntake, before: tuple[Rulebook, Mapping[str, bool]], after: tuple[Rulebook, Mapping[str, bool]]
) -> Witness | None:
    """An intake as a witness, if two rulebooks with what they settle of it show different results."""
    one, other = (outcome_of(rulebook, given, truths) for rulebook, truths in (before, after))
    return Witness(given.intake, one, other) if shown(one) != shown(other) else None


def reorder(rulebook: Rulebook) -> Rulebook:
    """A changed rulebook with its propositions so ordered again that none waits for a later one."""
    waits: dict[str, dict[str, None]] = {name: {} for name in rulebook.propositions}
    for name, rules in rulebook.propositions.items():
        for rule in rules:
            waits[name].update(
                dict.fromkeys(each.proposition for each in atoms(rule.formula) if isinstance(each, Ref))
            )
    order = TopologicalSorter(waits).static_order()
    return replace(rulebook, propositions={name: rulebook.propositions.get(name, ()) for name in order})


def _bits(lanes: int) -> Iterator[int]:
    while lanes:
        lowest = lanes & -lanes
        yield lowest.bit_length() - 1
        lanes ^= lowest
