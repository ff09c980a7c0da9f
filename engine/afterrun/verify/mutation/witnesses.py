"""An intake under which a changed rulebook says something else, or the proof that there is none."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any, NamedTuple

from afterrun.inference import infer
from afterrun.rulebook import Decisions, Ref, Rulebook, atoms, engine_of
from afterrun.verify.cases import (
    FactLanes,
    LayOut,
    OfMeasure,
    OfSchedule,
    Outcome,
    ReadIntake,
    Refused,
    SettledLanes,
    outcome_of,
    read_flat,
    settled_anew,
    shown,
    truths_in,
)
from afterrun.verify.mutation.bench import Bench, with_facts
from afterrun.verify.mutation.intakes import many_intakes
from afterrun.verify.mutation.mutants import Mutant
from afterrun.verify.mutation.seen import difference, seen

Solver = Callable[[Rulebook, Rulebook], Mapping[str, Any] | None]
"""Gives an intake under which two rulebooks show different results, or None when there is none."""

MANY = 4000
"""Intakes that are tried before the solver is asked."""

MOST = 400
"""Intakes that are looked at closely, of those that may notice a change."""

MOST_LAID_OUT = 60
"""The same for a change of the schedule, for which every week is laid out."""


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
        decisions = engine_of(rulebook, Decisions)
        where = field.evaluation(self.settled.propositions.__getitem__).where
        self._laid_out = where(decisions.shows_plan) & field.some(
            where(line.gives) for line in decisions.plan
        )

    def witness(self, mutant: Mutant) -> Witness | None:
        """The first intake that notices a mutant, if one of the many does."""
        relinked = self.bench.relinker.apply(mutant)
        rulebook, before = relinked.rulebook, self.settled.propositions
        given: Sequence[ReadIntake] = self.given
        if isinstance(mutant.owner, OfSchedule):
            lanes, after = self._laid_out, before
        elif relinked.same_facts:
            changed, _ = self.settled.changed(rulebook, relinked.rules)
            if not changed and relinked.only_rules:
                return None
            after = {**before, **changed}
            lanes = difference(self._seen, seen(rulebook, self.settled.facts, after.__getitem__))
        else:
            given = [with_facts(relinked, each) for each in given]
            anew = settled_anew(rulebook, [each.facts for each in given])
            after = anew.propositions
            lanes = difference(self._seen, seen(rulebook, anew.facts, after.__getitem__))
            if isinstance(mutant.owner, OfMeasure):
                # A number in the plan may rest on it.
                lanes |= self._laid_out
        lay_out = self.bench.lay_out if isinstance(mutant.owner, OfSchedule) else None
        for lane in islice(_bits(lanes), MOST if lay_out is None else MOST_LAID_OUT):
            one = (self.bench.rulebook, self.given[lane], truths_in(before, lane))
            found = _witness(one, (rulebook, given[lane], truths_in(after, lane)), lay_out)
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
        except (Undecided, NotImplementedError) as reason:
            raise NotDecided(str(reason)) from reason

    return solver


def ask_solver(bench: Bench, mutant: Mutant, solver: Solver) -> Witness | None:
    """What the solver says: an intake that notices the mutant, or None when there provably is none.

    An intake that the solver gives is tried before it is believed.
    """
    if isinstance(mutant.owner, OfSchedule):
        raise NotDecided("the solver knows nothing of weeks")
    relinked = bench.relinker.apply(mutant)
    changed = reorder(relinked.rulebook)
    intake = solver(bench.rulebook, changed)
    if intake is None:
        return None
    given = read_flat(bench.rulebook, intake)
    other = with_facts(relinked, given)
    witness = _witness(
        (bench.rulebook, given, infer(bench.rulebook, given.facts).truths),
        (changed, other, infer(changed, other.facts).truths),
    )
    if witness is None:
        raise AssertionError(f"the solver's intake does not notice {mutant.owner}: {mutant.said}")
    return witness


Side = tuple[Rulebook, ReadIntake, Mapping[str, bool]]
"""A rulebook, an intake as it reads it, and what it settles."""


def _witness(before: Side, after: Side, lay_out: LayOut | None = None) -> Witness | None:
    """An intake as a witness, if two rulebooks with what they settle of it show different results."""
    try:
        one, other = (outcome_of(*side, lay_out) for side in (before, after))
    except Refused:
        return None
    return Witness(before[1].intake, one, other) if shown(one) != shown(other) else None


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
