"""A rulebook as a forward-chaining program: conjunctions only, each with what it asserts.

durable-rules is right within a narrow subset of its language. Every rule and its negation go to
negation normal form; each conjunction becomes one step, each disjunct a step of its own, and
"X is false" is a conjunction over "rule r of X is false". Tests on one variable are merged,
because the engine never joins one fact with itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from afterrun.rulebook import And, AtLeast, CellTest, Formula, LinkedRule, Not, Or, Ref, Rulebook

WIDEST_JOIN = 15
"""Facts that one step may wait for; the engine joins 16."""


class Cells(NamedTuple):
    """A variable's cell lies in the mask."""

    variable: str
    mask: int

    @property
    def subject(self) -> object:
        """What it is about."""
        return self.variable


class Conclusion(NamedTuple):
    """A proposition is proved or refuted."""

    proposition: str
    value: bool

    @property
    def subject(self) -> object:
        """What it is about."""
        return ("is", self.proposition)

    @property
    def id(self) -> str:
        """The name of the fact."""
        return f"p.{self.proposition}.{'t' if self.value else 'f'}"


class Refutation(NamedTuple):
    """A rule that shares its conclusion with others is refuted."""

    rule: str

    @property
    def subject(self) -> object:
        """What it is about."""
        return ("refuted", self.rule)

    @property
    def id(self) -> str:
        """The name of the fact."""
        return f"r.{self.rule}"


class Auxiliary(NamedTuple):
    """A part of a rule's condition holds."""

    number: int

    @property
    def subject(self) -> object:
        """What it is about."""
        return ("part", self.number)

    @property
    def id(self) -> str:
        """The name of the fact."""
        return f"a.{self.number}"


class Hit(NamedTuple):
    """One part of a count holds."""

    group: int
    part: int

    @property
    def subject(self) -> object:
        """What it is about."""
        return ("hit", self.group)

    @property
    def id(self) -> str:
        """The name of the fact."""
        return f"h.{self.group}.{self.part}"


Derived = Conclusion | Refutation | Auxiliary | Hit
Literal = Cells | Derived


class _All(NamedTuple):
    parts: tuple[_Node, ...]


class _Any(NamedTuple):
    parts: tuple[_Node, ...]


class _Count(NamedTuple):
    needed: int
    parts: tuple[_Node, ...]


_Node = Literal | _All | _Any | _Count


class Step(NamedTuple):
    """When all conditions hold (or `count` hits of one group), assert the conclusions."""

    conditions: tuple[Literal, ...]
    concludes: tuple[Derived, ...]
    rule: str | None
    """The rule that this step settles, when it settles one."""
    holds: bool
    count_of: tuple[int, int] | None = None
    """(how many, of which group of hits), in place of conditions."""


def program_of(rulebook: Rulebook) -> tuple[Step, ...]:
    """The steps that compute exactly what the reference evaluator means."""
    return _Compiler(rulebook).steps()


class _Compiler:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.sizes = {name: len(variable.cells) for name, variable in rulebook.variables.items()}
        self.made: list[Step] = []
        self.auxiliaries = 0
        self.groups = 0

    def steps(self) -> tuple[Step, ...]:
        done: set[str] = set()
        for proposition, rules in self.rulebook.propositions.items():
            for rule in rules:
                if rule.id not in done:
                    done.add(rule.id)
                    self._rule(rule)
            if len(rules) > 1:
                refuted = tuple(Refutation(rule.id) for rule in rules)
                self._conjunction(refuted, (Conclusion(proposition, False),), None, False)
        return tuple(self.made)

    def _rule(self, rule: LinkedRule) -> None:
        shared = [name for name in rule.conclusions if len(self.rulebook.propositions[name]) > 1]
        proved: tuple[Derived, ...] = tuple(Conclusion(name, True) for name in rule.conclusions)
        refuted: list[Derived] = [Conclusion(name, False) for name in rule.conclusions if name not in shared]
        if shared:
            refuted.append(Refutation(rule.id))
        self._emit(self._normal(rule.formula, True), proved, rule.id, True)
        self._emit(self._normal(rule.formula, False), tuple(refuted), rule.id, False)

    def _normal(self, formula: Formula, positive: bool) -> _Node:
        """Negation normal form: negations pushed down into masks and truth values."""
        match formula:
            case CellTest(variable, mask):
                full = (1 << self.sizes[variable]) - 1
                return Cells(variable, mask if positive else full & ~mask)
            case Ref(proposition):
                return Conclusion(proposition, positive)
            case Not(part):
                return self._normal(part, not positive)
            case And(parts):
                return self._joined(parts, positive, _All if positive else _Any)
            case Or(parts):
                return self._joined(parts, positive, _Any if positive else _All)
            case AtLeast(count, parts):
                needed = count if positive else len(parts) - count + 1
                return _Count(needed, tuple(self._normal(part, positive) for part in parts))
            case _:
                raise TypeError(f"no condition of a rule: {formula}")

    def _joined(self, parts: Iterable[Formula], positive: bool, kind: type[_All] | type[_Any]) -> _Node:
        flat: list[_Node] = []
        for part in parts:
            node = self._normal(part, positive)
            flat += node.parts if isinstance(node, kind) else (node,)
        return flat[0] if len(flat) == 1 else kind(tuple(flat))

    def _emit(self, node: _Node, concludes: tuple[Derived, ...], rule: str | None, holds: bool) -> None:
        match node:
            case _All(parts):
                self._conjunction(tuple(self._as_literal(part) for part in parts), concludes, rule, holds)
            case _Any(parts):
                for part in parts:
                    self._emit(part, concludes, rule, holds)
            case _Count(count, parts):
                group, self.groups = self.groups, self.groups + 1
                possible = 0
                for place, part in enumerate(parts):
                    before = len(self.made)
                    self._emit(part, (Hit(group, place),), None, holds)
                    hit = Hit(group, place)
                    possible += any(hit in step.concludes for step in self.made[before:])
                # A test that no answer passes makes no step, so its hit never comes.
                if possible >= count:
                    self.made.append(Step((), concludes, rule, holds, (count, group)))
            case _:
                self._conjunction((node,), concludes, rule, holds)

    def _as_literal(self, node: _Node) -> Literal:
        if not isinstance(node, _All | _Any | _Count):
            return node
        auxiliary = self._auxiliary()
        self._emit(node, (auxiliary,), None, True)
        return auxiliary

    def _auxiliary(self) -> Auxiliary:
        self.auxiliaries += 1
        return Auxiliary(self.auxiliaries)

    def _conjunction(
        self, literals: tuple[Literal, ...], concludes: tuple[Derived, ...], rule: str | None, holds: bool
    ) -> None:
        merged = _merged(literals)
        if any(isinstance(literal, Cells) and literal.mask == 0 for literal in merged):
            return
        while len(merged) > WIDEST_JOIN:
            auxiliary = self._auxiliary()
            self.made.append(Step(merged[:WIDEST_JOIN], (auxiliary,), None, True))
            merged = (auxiliary, *merged[WIDEST_JOIN:])
        if merged:
            self.made.append(Step(merged, concludes, rule, holds))


def _merged(literals: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """Each variable once: its cell lies in every mask."""
    on_variable: dict[str, list[Cells]] = defaultdict(list)
    for literal in literals:
        if isinstance(literal, Cells):
            on_variable[literal.variable].append(literal)
    merged: dict[Literal, None] = {}
    for literal in literals:
        if isinstance(literal, Cells):
            same = on_variable[literal.variable]
            mask = same[0].mask
            for other in same[1:]:
                mask &= other.mask
            literal = Cells(literal.variable, mask)
        merged[literal] = None
    return tuple(merged)
