"""Amounts in branches: what an amount is, and which branch it takes at each fork for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.rulebook import Mark
from afterrun.verify.prove.encoding.terms import Expression, Term, chosen, conj, disj, neg, number


class Ratio(NamedTuple):
    """A percentage: `of` / `to` x 100, where `to` is above zero."""

    of: Any
    to: Any


_MANY = 5
"""Cases of one amount that are too many to combine with those of others."""

AmountTerm = Any
"""OPEN, NOTHING, infinity (the only float), a Fraction, a number of the solver, or a Ratio."""


class Branch(NamedTuple):
    """What an amount is under a guard: the branch taken at each fork."""

    guard: Mapping[str, int]
    value: AmountTerm


Branches = Sequence[Branch]


class Forks:
    """Where cases part: each fork has a name and the condition of each branch."""

    def __init__(self) -> None:
        self._branches: dict[str, Sequence[Term]] = {}

    def cases(self, name: str, branches: Sequence[tuple[Term, AmountTerm]]) -> Branches:
        """The cases of a fork, without those that can never be."""
        self._branches[name] = [condition for condition, _ in branches]
        return [
            Branch({name: place}, value)
            for place, (condition, value) in enumerate(branches)
            if condition is not False
        ]

    def fork(self, condition: Term, yes: AmountTerm, no: AmountTerm) -> Branches:
        """One value under a condition, another without it."""
        if isinstance(condition, bool):
            return [Branch({}, yes if condition else no)]
        return self.cases(f"if {condition.get_id()}", [(condition, yes), (neg(condition), no)])

    def term(self, case: Branch) -> Term:
        """When the case holds."""
        return conj(self._branches[name][place] for name, place in case.guard.items())

    def merged(self, branches: Branches) -> Branches:
        """The same amount in one case a kind: each fork once, however often it is looked up later.

        A percentage stays as it is, a fraction of two numbers.
        """
        if len(branches) < _MANY or any(isinstance(case.value, Ratio) for case in branches):
            return branches
        kinds: dict[object, list[Branch]] = {}
        for case in branches:
            kind = case.value if isinstance(case.value, Mark | float) else None
            kinds.setdefault(kind, []).append(case)
        numbers = kinds.pop(None, [])
        found: list[tuple[Term, AmountTerm]] = [
            (disj(self.term(case) for case in cases), cases[0].value) for cases in kinds.values()
        ]
        if numbers:
            value = solver_term(numbers[-1].value)
            for case in numbers[-2::-1]:
                value = chosen(self.term(case), solver_term(case.value), value)
            found.append((disj(self.term(case) for case in numbers), value))
        ids = " ".join(str(term if isinstance(term, bool) else term.get_id()) for term, _ in found)
        return self.cases(f"merged {ids}", found)

    def apply(self, function: Callable[..., AmountTerm | Branches], *operands: Branches) -> Branches:
        """The function of every combination of cases that can stand together."""
        found: list[tuple[Mapping[str, int], tuple[AmountTerm, ...]]] = [({}, ())]
        for cases in operands:
            found = [
                (joined, (*values, case.value))
                for guard, values in found
                for case in cases
                if (joined := _joined(guard, case.guard)) is not None
            ]
        result: list[Branch] = []
        for guard, values in found:
            outcome = function(*values)
            for case in outcome if isinstance(outcome, list) else [Branch({}, outcome)]:
                joined = _joined(guard, case.guard)
                if joined is not None:
                    result.append(Branch(joined, case.value))
        return result


def _joined(one: Mapping[str, int], other: Mapping[str, int]) -> Mapping[str, int] | None:
    if any(one.get(name, place) != place for name, place in other.items()):
        return None
    return {**one, **other}


def solver_term(value: Any) -> Expression:
    """A Fraction as a number of the solver; what is one already stays."""
    return number(value) if isinstance(value, Fraction) else value
