"""The solver's terms, built with the obvious cut short: the least that all of proving speaks.

A term is the solver's own, or a Python bool where the truth is plain; most of a rulebook's
conditions shrink that way before the solver sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import z3

from afterrun.rulebook import Algebra, enough_of

Term = Any
"""A Boolean of the solver, or a plain bool."""
Expression = Any
"""A number of the solver."""


class Pair(NamedTuple):
    """When something is proved and when it is refuted; it is open in between."""

    true: Term
    false: Term

    @property
    def open(self) -> Term:
        """Neither proved nor refuted."""
        return conj((neg(self.true), neg(self.false)))


UNSETTLED = Pair(False, False)


def boolean(name: str) -> Term:
    """A Boolean unknown."""
    return z3.Bool(name)


def whole(name: str) -> Expression:
    """A whole number that is unknown, as a term that compares with fractions."""
    return z3.ToReal(z3.Int(name))


def real(name: str) -> Expression:
    """An unknown number."""
    return z3.Real(name)


def number(value: Fraction) -> Expression:
    """A number that is known."""
    return z3.RealVal(value)


def conj(terms: Iterable[Term]) -> Term:
    """All of them."""
    kept: dict[int, Term] = {}
    for term in terms:
        if term is True:
            continue
        if term is False:
            return False
        kept[term.get_id()] = term
    if not kept:
        return True
    return next(iter(kept.values())) if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def disj(terms: Iterable[Term]) -> Term:
    """Some of them."""
    kept: dict[int, Term] = {}
    for term in terms:
        if term is False:
            continue
        if term is True:
            return True
        kept[term.get_id()] = term
    if not kept:
        return False
    return next(iter(kept.values())) if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def _joined(make: Callable[..., Any], terms: dict[int, Term]) -> Term:
    """What z3.And and z3.Or do, without a third of a millisecond of looking at sorts."""
    context = z3.main_ctx()
    asts = (z3.Ast * len(terms))(*(term.as_ast() for term in terms.values()))
    return z3.BoolRef(make(context.ref(), len(terms), asts), context)


def neg(term: Term) -> Term:
    """Not."""
    if isinstance(term, bool):
        return not term
    return term.arg(0) if z3.is_not(term) else z3.Not(term)


def implies(one: Term, other: Term) -> Term:
    """The other wherever the one."""
    return disj((neg(one), other))


def differ(one: Term, other: Term) -> Term:
    """Exactly one of the two."""
    if isinstance(one, bool):
        return neg(other) if one else other
    if isinstance(other, bool):
        return neg(one) if other else one
    return False if one.eq(other) else z3.Xor(one, other)


class _Terms:
    """Where something holds, said as a term."""

    every = staticmethod(conj)
    some = staticmethod(disj)
    other = staticmethod(neg)


TERMS: Algebra[Term] = _Terms()


def enough(needed: int, terms: Sequence[Term]) -> Term:
    """At least `needed` of them."""
    return enough_of(TERMS, needed, len(terms), terms)


def at_most_one(terms: Sequence[Term]) -> list[Term]:
    """No two of them."""
    return [disj((neg(one), neg(two))) for place, one in enumerate(terms) for two in terms[:place]]


def chosen(condition: Term, one: Expression, other: Expression) -> Expression:
    """The one under a condition, else the other."""
    if isinstance(condition, bool):
        return one if condition else other
    return z3.If(condition, one, other)


def floored(term: Expression) -> Expression:
    """The largest whole number that is not above it."""
    return z3.ToReal(z3.ToInt(term))


def same_term(one: Any, other: Any) -> bool:
    """Are two terms one and the same, without asking the solver?"""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one.eq(other))


def replaced(term: Any, pairs: Sequence[tuple[Any, Any]]) -> Any:
    """The same term of other unknowns."""
    return term if isinstance(term, bool | Fraction) else z3.substitute(term, *pairs)
