"""Formulas of three-valued logic: what a condition becomes once every name in it is resolved.

A variable ranges over a few *cells* (the options of a question, the stretches between the
thresholds that rules mention), so a test is a set of cells, kept as a bit mask. True, false and
open are `True`, `False` and `None`; the connectives are strong Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

Truth = bool | None
"""True (proved), False (refuted) or None (open)."""

# The connectives are classes and not tuples: as tuples, "all of these" and "any of these" would be
# equal, and one could be taken for the other wherever formulas are kept by value.


class Leaf(NamedTuple):
    """A test: holds when the variable's cell is in the mask."""

    variable: str
    mask: int
    test: str


class Ref(NamedTuple):
    """A proposition, by name."""

    proposition: str


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is refuted."""

    part: Formula


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`needed` of the parts hold."""

    needed: int
    parts: tuple[Formula, ...]


Formula = Leaf | Ref | And | Or | Not | AtLeast


def conjunction(values: Iterable[Truth]) -> Truth:
    """False if any is false, else open if any is open, else true.

    >>> conjunction([True, None]), conjunction([None, False]), conjunction([])
    (None, False, True)
    """
    result: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            result = None
    return result


def disjunction(values: Iterable[Truth]) -> Truth:
    """True if any is true, else open if any is open, else false.

    >>> disjunction([False, None]), disjunction([None, True]), disjunction([])
    (None, True, False)
    """
    result: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            result = None
    return result


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """True once `count` hold, false once too few can.

    >>> at_least(2, [True, None, False]), at_least(2, [True, False, False])
    (None, False)
    """
    known = list(values)
    if sum(value is True for value in known) >= count:
        return True
    return False if sum(value is not False for value in known) < count else None


def negation(value: Truth) -> Truth:
    """The other way round; open stays open."""
    return None if value is None else not value


def truth(formula: Formula, leaf: Callable[[Leaf], Truth], ref: Callable[[str], Truth]) -> Truth:
    """The truth of a formula, given those of its leaves and propositions."""
    match formula:
        case Leaf():
            return leaf(formula)
        case Ref(name):
            return ref(name)
        case And(parts):
            return conjunction(truth(part, leaf, ref) for part in parts)
        case Or(parts):
            return disjunction(truth(part, leaf, ref) for part in parts)
        case Not(part):
            return negation(truth(part, leaf, ref))
        case AtLeast(needed, parts):
            return at_least(needed, [truth(part, leaf, ref) for part in parts])


def truth_given(formula: Formula, facts: Mapping[str, int], truths: Mapping[str, bool]) -> Truth:
    """The truth of a formula, given the cells of known variables and the propositions settled."""

    def leaf(test: Leaf) -> Truth:
        cell = facts.get(test.variable)
        return None if cell is None else bool(test.mask >> cell & 1)

    return truth(formula, leaf, truths.get)


def atoms(formula: Formula) -> Iterator[Leaf | Ref]:
    """Every test and proposition in a formula, in written order."""
    match formula:
        case Leaf() | Ref():
            yield formula
        case Not(part):
            yield from atoms(part)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from atoms(part)
