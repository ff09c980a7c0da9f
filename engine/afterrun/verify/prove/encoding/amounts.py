"""Measures and plan numbers over all intakes: the same closed set of functions as `rulebook.formulas`.

An amount is a list of cases, each a guard and what the amount then is. What rules choose among a
few is a case each, and a percentage stays a fraction of two numbers until it is compared, so that
all stays linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial, reduce
from math import inf
from typing import Any, NamedTuple

from afterrun.rulebook import NOTHING, OPEN, Mark, Variable, evaluate, rounded_down
from afterrun.rulebook.schema import Operand
from afterrun.verify.prove.encoding.branches import AmountTerm, Branch, Branches, Forks, Ratio, solver_term
from afterrun.verify.prove.encoding.terms import Term, chosen, conj, disj, floored, number

LookUp = Callable[[str], Branches]


def compute(forks: Forks, operand: Operand, look_up: LookUp, parameter: LookUp | None = None) -> Branches:
    """The cases of a formula, as `rulebook.compute` gives its value."""
    return evaluate(operand, _Solved(forks, look_up, parameter or (lambda _: [Branch({}, OPEN)])))


def in_cells(variable: Variable, mask: int, value: AmountTerm) -> Term:
    """Does an amount that is not open lie in the cells of a mask?"""
    if isinstance(value, Mark | Fraction | float):
        return bool(mask >> variable.cell_of_number(value) & 1)
    return disj(
        conj(
            compared(value, sign, bound)
            for sign, bound in ((low_sign, low), (high_sign, high))
            if bound is not None
        )
        for low_sign, low, high_sign, high in _stretches(variable, mask)
    )


def compared(value: AmountTerm, sign: str, other: AmountTerm) -> Term:
    """A comparison of two amounts that are numbers, one of `>=`, `>`, `<=`, `<`, `==`."""
    if isinstance(value, float) or isinstance(other, float):
        if isinstance(value, float) and isinstance(other, float):
            return sign in (">=", "<=", "==")
        return sign in ((">=", ">") if isinstance(value, float) else ("<=", "<"))
    if isinstance(value, Ratio) and isinstance(other, Fraction):
        value, other = value.of * 100, value.to * other
    one, two = as_expression(value), as_expression(other)
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return {">=": one >= two, ">": one > two, "<=": one <= two, "<": one < two, "==": one == two}[sign]
    one, two = solver_term(one), solver_term(two)
    return {">=": one >= two, ">": one > two, "<=": one <= two, "<": one < two, "==": one == two}[sign]


def as_expression(value: AmountTerm) -> Any:
    """A Fraction, or a number of the solver."""
    return solver_term(value.of) * 100 / solver_term(value.to) if isinstance(value, Ratio) else value


def _stretches(variable: Variable, mask: int) -> list[tuple[str, Fraction | None, str, Fraction | None]]:
    """The runs of neighbouring cells in a mask, as (sign, least, sign, most)."""
    edges, cells = variable.thresholds, 2 * len(variable.thresholds) + 1
    runs: list[list[int]] = []
    for cell in range(cells):
        if mask >> cell & 1:
            if runs and runs[-1][1] == cell - 1:
                runs[-1][1] = cell
            else:
                runs.append([cell, cell])
    return [
        (
            ">=" if first % 2 else ">",
            None if first == 0 else edges[(first - 1) // 2],
            "<=" if last % 2 else "<",
            None if last == cells - 1 else edges[last // 2],
        )
        for first, last in runs
    ]


class _Solved(NamedTuple):
    """The arithmetic of cases: each function of every combination of them that can stand together."""

    forks: Forks
    named: LookUp
    parameter: LookUp

    def constant(self, number: Fraction) -> Branches:
        return [Branch({}, number)]

    def sum(self, parts: Iterator[Branches]) -> Branches:
        return self._strict(_sum, *parts)

    def first_known(self, parts: Iterator[Branches]) -> Branches:
        return self.forks.apply(
            lambda *values: next((each for each in values if each is not NOTHING), NOTHING), *parts
        )

    def rounded_down(self, value: Branches, to: Fraction) -> Branches:
        return self._strict(partial(_rounded_down, to), value)

    def percent_change(self, old: Branches, new: Branches) -> Branches:
        return self._strict(partial(_percent_change, self.forks), old, new)

    def difference(self, of: Branches, minus: Branches) -> Branches:
        return self._strict(_difference, of, minus)

    def largest_above_zero(self, parts: Iterator[Branches]) -> Branches:
        return self.forks.apply(lambda *values: _largest_above_zero(self.forks, values), *parts)

    def capped(self, value: Branches, by: Branches) -> Branches:
        return self.forks.apply(_capped, value, by)

    def changed(self, sign: int, value: Branches, percent: Branches) -> Branches:
        return self._strict(partial(_changed, sign), value, percent)

    def _strict(self, function: Callable[..., AmountTerm | Branches], *operands: Branches) -> Branches:
        def guarded(*values: AmountTerm) -> AmountTerm | Branches:
            if any(value is NOTHING for value in values):
                return NOTHING
            return OPEN if any(value is OPEN for value in values) else function(*values)

        return self.forks.apply(guarded, *operands)


def _percent_change(forks: Forks, old: AmountTerm, new: AmountTerm) -> AmountTerm | Branches:
    old, new = as_expression(old), as_expression(new)
    if isinstance(old, Fraction) and isinstance(new, Fraction):
        if old == 0:
            return inf if new > 0 else Fraction(0)
        return (new - old) / old * 100
    if isinstance(old, Fraction):
        # A base that is known: the change is linear as it stands.
        if old == 0:
            return list(forks.fork(compared(new, ">", Fraction(0)), inf, Fraction(0)))
        return (new - solver_term(old)) * solver_term(100 / old)
    change = solver_term(new) - old
    from_nothing = forks.fork(compared(new, ">", Fraction(0)), inf, Fraction(0))
    signs = forks.cases(
        f"sign {old.get_id()}",
        [
            (compared(old, ">", Fraction(0)), Ratio(change, old)),
            (compared(old, "<", Fraction(0)), Ratio(-change, -old)),
            (compared(old, "==", Fraction(0)), None),
        ],
    )
    return list(forks.apply(lambda ratio, zero: zero if ratio is None else ratio, signs, from_nothing))


def _difference(of: AmountTerm, minus: AmountTerm) -> AmountTerm:
    if isinstance(of, float) or isinstance(minus, float):
        if isinstance(minus, float):
            raise NotImplementedError("a difference that takes away infinity has no meaning")
        return inf
    return _both(as_expression(of), as_expression(minus), lambda one, two: one - two)


def _sum(*values: AmountTerm) -> AmountTerm:
    if any(isinstance(value, float) for value in values):
        return inf
    return reduce(lambda one, two: _both(one, two, lambda a, b: a + b), map(as_expression, values))


def _rounded_down(to: Fraction, value: AmountTerm) -> AmountTerm:
    if isinstance(value, float):
        return value
    exact = as_expression(value)
    if isinstance(exact, Fraction):
        return rounded_down(exact, to)
    return floored(exact * number(1 / to)) * number(to)


def _largest_above_zero(forks: Forks, values: Sequence[AmountTerm]) -> AmountTerm | Branches:
    if any(value is OPEN for value in values):
        return OPEN
    numbers = [as_expression(value) for value in values if value is not NOTHING]
    if any(isinstance(value, float) for value in numbers):
        return inf
    if not numbers:
        return NOTHING
    above = disj(compared(value, ">", Fraction(0)) for value in numbers)
    # Where one is above zero, the largest of all is the largest of those above.
    return list(forks.fork(above, reduce(_larger, numbers), NOTHING))


def _capped(value: AmountTerm, by: AmountTerm) -> AmountTerm:
    if isinstance(value, Mark):
        return value
    if isinstance(by, Mark):
        return value if by is NOTHING else OPEN
    if isinstance(value, float) or isinstance(by, float):
        return by if isinstance(value, float) else value
    return _smaller(as_expression(value), as_expression(by))


def _changed(sign: int, base: AmountTerm, percent: AmountTerm) -> AmountTerm:
    if isinstance(base, float) or isinstance(percent, float):
        raise NotImplementedError("an infinite number cannot be changed by a percentage")
    share = _both(as_expression(percent), Fraction(100), lambda one, two: one / two)
    factor = _both(Fraction(1), share, lambda one, two: one + sign * two)
    return _both(as_expression(base), factor, lambda one, two: one * two)


def _smaller(one: Any, two: Any) -> Any:
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return min(one, two)
    return chosen(compared(one, "<=", two), solver_term(one), solver_term(two))


def _larger(one: Any, two: Any) -> Any:
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return max(one, two)
    return chosen(compared(one, ">=", two), solver_term(one), solver_term(two))


def _both(one: Any, two: Any, function: Callable[[Any, Any], Any]) -> Any:
    if isinstance(one, Fraction) and isinstance(two, Fraction):
        return function(one, two)
    return function(solver_term(one), solver_term(two))
