"""Formulas of three-valued logic: what a condition becomes once every name in it is resolved.

A variable ranges over a few *cells* (the options of a question, the stretches between the
thresholds that rules mention), so a test is a set of cells, kept as a bit mask. True, false and
open are `True`, `False` and `None`; the connectives are strong Kleene's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

Truth = bool | None
"""True (proved), False (refuted) or None (open)."""

# The connectives are classes and not tuples: as tuples, "all of these" and "any of these" would be
# equal, and one could be taken for the other wherever formulas are kept by value.


class CellTest(NamedTuple):
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

    @property
    def needed(self) -> int:
        """How many of the parts must hold."""
        return len(self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Formula, ...]
    needed = 1


@dataclass(frozen=True, slots=True)
class Not:
    """The part is refuted."""

    part: Formula


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`needed` of the parts hold."""

    needed: int
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """The part is proved (refuted, open): true or false, and never open itself.

    No rule can say it, for what is open today may be settled tomorrow; decisions are made of it.
    """

    part: Formula
    truth: Truth = True


class Unsettled(NamedTuple):
    """Always open: what no rule concludes."""


Formula = CellTest | Ref | And | Or | Not | AtLeast | Is | Unsettled

V = TypeVar("V")


class Algebra(Protocol[V]):
    """A form of saying where something holds: in one intake, in lanes of bits, in terms of a solver."""

    def every(self, parts: Iterable[V], /) -> V:
        """Where all of them hold; of none, everywhere."""

    def some(self, parts: Iterable[V], /) -> V:
        """Where at least one of them holds; of none, nowhere."""

    def other(self, part: V, /) -> V:
        """Everywhere else."""


class Evaluation(Generic[V]):
    """Where formulas hold, given where their tests and propositions are proved and where refuted.

    A formula that is met again is not looked at again.
    """

    def __init__(self, algebra: Algebra[V], atom: Callable[[CellTest | Ref], tuple[V, V]]) -> None:
        self._algebra = algebra
        self._atom = atom
        # By identity, since formulas are deep; the formula is kept, so that its place is not taken.
        self._known: dict[tuple[int, Truth], tuple[Formula, V]] = {}

    def where(self, formula: Formula, truth: Truth = True) -> V:
        """Where a formula is proved, or where it is refuted, or open."""
        key = (id(formula), truth)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (formula, self._found(formula, truth))
        return known[1]

    def pair(self, formula: Formula) -> tuple[V, V]:
        """Where a formula is proved, and where it is refuted."""
        return self.where(formula, True), self.where(formula, False)

    def _found(self, formula: Formula, truth: Truth) -> V:
        if truth is None:
            return self._algebra.other(self._algebra.some(self.pair(formula)))
        match formula:
            case CellTest() | Ref():
                return self._atom(formula)[not truth]
            case Not(part):
                return self.where(part, not truth)
            case Unsettled():
                return self._algebra.some(())
        return self._made(formula, truth)

    def _made(self, formula: And | Or | AtLeast | Is, truth: bool) -> V:
        if isinstance(formula, Is):
            here = self.where(formula.part, formula.truth)
            return here if truth else self._algebra.other(here)
        parts = formula.parts
        # It is refuted once so many of the parts are that too few are left.
        needed = formula.needed if truth else len(parts) - formula.needed + 1
        return enough_of(self._algebra, needed, len(parts), (self.where(part, truth) for part in parts))


def enough_of(algebra: Algebra[V], needed: int, count: int, parts: Iterable[V]) -> V:
    """Where `needed` of the `count` parts hold."""
    if needed <= 0 or needed == count:
        return algebra.every(parts if needed > 0 else ())
    if needed == 1 or needed > count:
        return algebra.some(parts if needed == 1 else ())
    # Where at least one, two, three … of those that came so far hold.
    reached: list[V] = []
    for part in parts:
        with_it = [part, *(algebra.every((each, part)) for each in reached)]
        reached = [algebra.some(each) for each in zip(reached, with_it, strict=False)] + with_it[-1:]
        del reached[needed:]
    return reached[-1]


def concluded(algebra: Algebra[V], rules: Collection[tuple[V, V]]) -> tuple[V, V]:
    """Where a proposition is proved, by one of its rules, and where it is refuted, with all of them."""
    return algebra.some(true for true, _ in rules), algebra.every(false for _, false in rules)


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


class _OneIntake:
    """Holds or does not: the truth of one intake."""

    every = staticmethod(all)
    some = staticmethod(any)
    other = staticmethod(operator.not_)


def truth_given(formula: Formula, facts: Mapping[str, int], truths: Mapping[str, bool]) -> Truth:
    """The truth of a formula, given the cells of known variables and the propositions settled.

    >>> parts = (Ref("a"), Ref("b"), Ref("c"))
    >>> [truth_given(AtLeast(needed, parts), {}, {"a": True, "b": False}) for needed in (1, 2, 3)]
    [True, None, False]
    """
    return truths_given(facts, truths)(formula)


def truths_given(facts: Mapping[str, int], truths: Mapping[str, bool]) -> Callable[[Formula], Truth]:
    """The same for many formulas: what they share is looked at once, so that neither mapping may change."""

    def atom(atom: CellTest | Ref) -> Truth:
        if isinstance(atom, Ref):
            return truths.get(atom.proposition)
        cell = facts.get(atom.variable)
        return None if cell is None else bool(atom.mask >> cell & 1)

    return truths_by(atom)


def truth_by(formula: Formula, truth: Callable[[CellTest | Ref], Truth]) -> Truth:
    """The truth of a formula, given that of each of its tests and propositions."""
    return truths_by(truth)(formula)


def truths_by(of_atom: Callable[[CellTest | Ref], Truth]) -> Callable[[Formula], Truth]:
    """The same for many formulas: what they share is looked at once."""

    def sides(atom: CellTest | Ref) -> tuple[bool, bool]:
        value = of_atom(atom)
        return value is True, value is False

    evaluation = Evaluation(_OneIntake(), sides)

    def truth(formula: Formula) -> Truth:
        if evaluation.where(formula):
            return True
        return False if evaluation.where(formula, False) else None

    return truth


def operands_of(formula: Formula) -> tuple[Formula, ...]:
    """The formulas that a formula is made of; a test or a proposition has none."""
    match formula:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts
        case Not(part) | Is(part):
            return (part,)
        case _:
            return ()


def atoms(formula: Formula) -> Iterator[CellTest | Ref]:
    """Every test and proposition in a formula, in written order."""
    if isinstance(formula, CellTest | Ref):
        yield formula
    for part in operands_of(formula):
        yield from atoms(part)
