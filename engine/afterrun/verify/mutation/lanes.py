"""Many intakes at once: each bit of an integer is a lane, one intake; a rulebook settled in all of them.

The compiled logic does the same faster for one rulebook. Here a rulebook is settled once and then
again and again with one rule changed, and only what depends on that rule is looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from afterrun.inference import Facts, Lanes
from afterrun.rulebook import And, AtLeast, Formula, Leaf, LinkedRule, Not, Or, Ref, Rulebook, atoms

_BIT = {cell: bytes(49 if each == cell else 48 for each in range(256)) for cell in range(255)}
_OPEN = 255


class Field:
    """The facts of many intakes, as lanes."""

    def __init__(self, facts: Sequence[Facts], variables: Sequence[str]) -> None:
        self.size = len(facts)
        self.every = (1 << self.size) - 1
        self._cells: dict[str, dict[int, int]] = {}
        for name in variables:
            # Lane 0 is the lowest bit, and so the last digit.
            column = bytes(each.get(name, _OPEN) for each in reversed(facts))
            self._cells[name] = {
                cell: int(column.translate(_BIT[cell]), 2) for cell in sorted({*column} - {_OPEN})
            }
        self._leaves: dict[tuple[str, int], Lanes] = {}

    def leaf(self, leaf: Leaf) -> Lanes:
        """Where a test holds, and where it does not."""
        key = (leaf.variable, leaf.mask)
        if key not in self._leaves:
            true = false = 0
            for cell, lanes in self._cells[leaf.variable].items():
                if leaf.mask >> cell & 1:
                    true |= lanes
                else:
                    false |= lanes
            self._leaves[key] = Lanes(true, false)
        return self._leaves[key]

    def truth(self, formula: Formula, ref: Callable[[str], Lanes]) -> Lanes:
        """Where a formula is true, and where it is false."""
        match formula:
            case Leaf():
                return self.leaf(formula)
            case Ref(name):
                return ref(name)
            case Not(part):
                true, false = self.truth(part, ref)
                return Lanes(false, true)
            case And(parts):
                true, false = self.every, 0
                for part in parts:
                    here = self.truth(part, ref)
                    true &= here.true
                    false |= here.false
                return Lanes(true, false)
            case Or(parts):
                true, false = 0, self.every
                for part in parts:
                    here = self.truth(part, ref)
                    true |= here.true
                    false &= here.false
                return Lanes(true, false)
            case AtLeast(needed, parts):
                each = [self.truth(part, ref) for part in parts]
                return Lanes(
                    self._enough(needed, [lanes.true for lanes in each]),
                    self._enough(len(parts) - needed + 1, [lanes.false for lanes in each]),
                )

    def _enough(self, needed: int, lanes: Sequence[int]) -> int:
        reached = [self.every] + [0] * max(needed, 0)
        for lane in lanes:
            for count in range(needed, 0, -1):
                reached[count] |= reached[count - 1] & lane
        return reached[max(needed, 0)]


class Waits(Exception):
    """A changed rule waits for its own conclusion."""


class Settled:
    """A rulebook settled in every lane of a field."""

    def __init__(self, rulebook: Rulebook, field: Field) -> None:
        self.rulebook = rulebook
        self.field = field
        self.propositions: dict[str, Lanes] = {}
        self.rules: dict[str, Lanes] = {}
        self.dependents: dict[str, list[LinkedRule]] = defaultdict(list)
        for rule in rulebook.rules.values():
            for name in _names(rule.formula):
                self.dependents[name].append(rule)
        for name, rules in rulebook.propositions.items():
            for rule in rules:
                if rule.id not in self.rules:
                    self.rules[rule.id] = field.truth(rule.formula, self.propositions.__getitem__)
            self.propositions[name] = self._some_of([self.rules[rule.id] for rule in rules])

    def _some_of(self, rules: Sequence[Lanes]) -> Lanes:
        true, false = 0, self.field.every
        for each in rules:
            true |= each.true
            false &= each.false
        return Lanes(true, false)

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
                propositions[name] = self._some_of([rule(each) for each in concluding])
            return propositions[name]

        def rule(each: LinkedRule) -> Lanes:
            if each.id not in settled:
                stays = each.id not in rules and not any(name in touched for name in _names(each.formula))
                settled[each.id] = (
                    self.rules[each.id] if stays else self.field.truth(each.formula, proposition)
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
