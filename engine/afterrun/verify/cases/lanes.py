"""Many intakes at once: each bit of an integer is a lane, one intake; a rulebook settled in all of them.

The compiled logic does the same faster for one rulebook. Here a rulebook is settled once and then
again and again with one rule changed, and only what depends on that rule is looked at.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce

from afterrun.inference import Facts, Lanes
from afterrun.rulebook import CellTest, Evaluation, Formula, LinkedRule, Ref, Rulebook, atoms, concluded

_BIT = {cell: bytes(49 if each == cell else 48 for each in range(256)) for cell in range(255)}
_OPEN = 255


class FactLanes:
    """The facts of many intakes, and an algebra of their lanes."""

    def __init__(self, facts: Sequence[Facts], variables: Sequence[str]) -> None:
        self.size = len(facts)
        self.everywhere = (1 << self.size) - 1
        self._cells: dict[str, dict[int, int]] = {}
        for name in variables:
            # Lane 0 is the lowest bit, and so the last digit.
            column = bytes(each.get(name, _OPEN) for each in reversed(facts))
            self._cells[name] = {
                cell: int(column.translate(_BIT[cell]), 2) for cell in sorted({*column} - {_OPEN})
            }
        self._leaves: dict[tuple[str, int], Lanes] = {}

    def every(self, parts: Iterable[int]) -> int:
        """Where all of them hold."""
        return reduce(operator.and_, parts, self.everywhere)

    def some(self, parts: Iterable[int]) -> int:
        """Where at least one of them holds."""
        return reduce(operator.or_, parts, 0)

    def other(self, part: int) -> int:
        """Everywhere else."""
        return self.everywhere ^ part

    def evaluation(self, ref: Callable[[str], Lanes]) -> Evaluation[int]:
        """Where formulas hold, given each proposition's lanes."""
        return Evaluation(
            self, lambda atom: self.leaf(atom) if isinstance(atom, CellTest) else ref(atom.proposition)
        )

    def leaf(self, leaf: CellTest) -> Lanes:
        """Where a test holds, and where it does not."""
        key = (leaf.variable, leaf.mask)
        if key not in self._leaves:
            cells = self._cells[leaf.variable]
            true = self.some(lanes for cell, lanes in cells.items() if leaf.mask >> cell & 1)
            self._leaves[key] = Lanes(true, self.some(cells.values()) ^ true)
        return self._leaves[key]

    def truth(self, formula: Formula, ref: Callable[[str], Lanes]) -> Lanes:
        """Where a formula is true, and where it is false."""
        return Lanes(*self.evaluation(ref).pair(formula))


class Waits(Exception):
    """A changed rule waits for its own conclusion."""


class SettledLanes:
    """A rulebook settled in every lane."""

    def __init__(self, rulebook: Rulebook, facts: FactLanes) -> None:
        self.rulebook = rulebook
        self.facts = facts
        self.propositions: dict[str, Lanes] = {}
        self.rules: dict[str, Lanes] = {}
        self.dependents: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in rulebook.rules.values():
            for name in _names(rule.formula):
                self.dependents[name].append(rule)
        for name, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    self.rules[rule.id] = facts.truth(rule.formula, self.propositions.__getitem__)
            self.propositions[name] = Lanes(*concluded(facts, [self.rules[rule.id] for rule in rules]))

    def changed(
        self, rulebook: Rulebook, rules: Mapping[str, LinkedRule]
    ) -> tuple[dict[str, Lanes], dict[str, Lanes]]:
        """What the propositions and rules become that differ once `rules` stand in their places.

        `rulebook` is this one with those rules in it. Raises Waits when a rule then waits for what
        it concludes.
        """
        touched = self._touched(rules)
        propositions: dict[str, Lanes] = {}
        settled: dict[str, Lanes] = {}
        under_way: set[str] = set()

        def proposition(name: str) -> Lanes:
            if name not in touched:
                return self.propositions[name]
            if name not in propositions:
                if name in under_way:
                    raise Waits
                under_way.add(name)
                concluding = rulebook.propositions.get(name, ())
                propositions[name] = Lanes(*concluded(self.facts, [rule(each) for each in concluding]))
            return propositions[name]

        def rule(each: LinkedRule) -> Lanes:
            if each.id not in settled:
                stays = each.id not in rules and not any(name in touched for name in _names(each.formula))
                settled[each.id] = (
                    self.rules[each.id] if stays else self.facts.truth(each.formula, proposition)
                )
            return settled[each.id]

        for name in touched:
            proposition(name)
        return (
            {name: lanes for name, lanes in propositions.items() if self.propositions.get(name) != lanes},
            {name: lanes for name, lanes in settled.items() if self.rules.get(name) != lanes},
        )

    def _touched(self, rules: Mapping[str, LinkedRule]) -> set[str]:
        """Every proposition that may differ."""
        todo = [
            name
            for rule_id, rule in rules.items()
            for name in (*self.rulebook.rules[rule_id].conclusions, *rule.conclusions)
        ]
        touched: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in touched:
                touched.add(name)
                todo += [each for rule in self.dependents.get(name, ()) for each in rule.conclusions]
        return touched


def _names(formula: Formula) -> frozenset[str]:
    """The propositions that a formula waits for."""
    return frozenset(atom.proposition for atom in atoms(formula) if isinstance(atom, Ref))
