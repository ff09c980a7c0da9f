"""Which numbers an answer could be changed to: one for each class that rules or measures tell apart.

A number matters through the thresholds that rules compare it with, and through measures. Where a
measure crosses a threshold is solved for exactly, the other answers being given; between two such
points every number means the same, and one stands for all. A question that stands on both sides
of one difference or quotient is only tried at the points of each side.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from afterrun.assessment import Case
from afterrun.inference import FactMaker
from afterrun.intake import MILLION, Value, bounds
from afterrun.rulebook import UNKNOWN, Mark, Quantity, Rulebook, compute, engine_of
from afterrun.rulebook.schema import (
    Capped,
    Difference,
    Function,
    LargestAboveZero,
    Operand,
    PercentChange,
    Question,
    Raised,
    Reduced,
)

Values = Mapping[str, Value]


class Stretch(NamedTuple):
    """Numbers that mean the same: a single one (`low` is `high`), or all between two, ends left out."""

    low: Fraction
    high: Fraction
    value: Fraction
    """The number that stands for the stretch: a plain one, near to what was answered."""


class NumberChanges:
    """What the numbers among some answers could be changed to."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._rulebook = case.rulebook
        self._maker = engine_of(case.rulebook, FactMaker)
        self._values = values = case.answers.values
        self._near = {
            name: value if isinstance(value := values.get(name), Fraction) else Fraction(0)
            for name in case.rulebook.questions
        }

    def stretches(self, question: str, values: Values | None = None) -> list[Stretch]:
        """The classes of numbers for one question while the others are as in `values`, ascending."""
        given = dict(self._values if values is None else values)
        given.pop(question, None)
        return self._between(question, self._points(question, given))

    def together(self, questions: Sequence[str]) -> Iterator[dict[str, Value]]:
        """Numbers for several questions at once, such that every joint class has one among them.

        The last is solved for exactly, given the others; those are tried at every number at which
        some class of the last begins or ends.
        """
        *first, last = questions
        grid = self._grid(questions)
        for chosen in itertools.product(*(grid[question] for question in first)):
            values = {**self._values, **dict(zip(first, chosen, strict=True))}
            for value in self._choices(last, values):
                yield {**dict(zip(first, chosen, strict=True)), last: value}

    def _choices(self, question: str, values: Values) -> list[Value]:
        return [*(each.value for each in self.stretches(question, values)), *self._unknown(question)]

    def _unknown(self, question: str) -> list[Value]:
        return [UNKNOWN] if self._rulebook.questions[question].unknown_reads is not None else []

    def _grid(self, questions: Sequence[str]) -> dict[str, list[Value]]:
        """For each question the numbers at which it meets a class of itself or of another, and between."""
        fixed = {name: value for name, value in self._values.items() if name not in questions}
        points = {name: self._points(name, fixed) for name in questions}
        for _ in range(2):
            grown = {
                name: points[name].union(
                    *(
                        self._points(name, {**fixed, other: at})
                        for other in questions
                        if other != name
                        for at in points[other]
                    )
                )
                for name in questions
            }
            if max(map(len, grown.values())) > MOST_POINTS:
                break
            points = grown
        return {
            name: [*(each.value for each in self._between(name, at)), *self._unknown(name)]
            for name, at in points.items()
        }

    def _points(self, question: str, given: Values) -> set[Fraction]:
        """Where a class of numbers ends: own thresholds, bounds, and where a measure meets one of its own."""
        low, high = self._bounds(question)
        points = {*self._rulebook.variables[question].thresholds, low, high}
        for measure in self._rulebook.measures:
            variable = self._rulebook.variables[measure]
            if question in variable.questions:
                for threshold in variable.thresholds:
                    points |= self._roots(measure, question, threshold, given)
        return {point for point in points if low <= point <= high}

    def _between(self, question: str, points: Iterable[Fraction]) -> list[Stretch]:
        ordered = sorted(points)
        whole = self._rulebook.questions[question].type == "integer"
        near = self._near[question]
        found = []
        for place, point in enumerate(ordered):
            if givable(self._rulebook.questions[question], point):
                found.append(Stretch(point, point, point))
            if place + 1 < len(ordered):
                value = plain_number_within(point, ordered[place + 1], near, whole)
                if value is not None:
                    found.append(Stretch(point, ordered[place + 1], value))
        return found

    def _bounds(self, question: str) -> tuple[Fraction, Fraction]:
        low, high = number_bounds(self._case, question)
        edge = max((abs(at) for at in self._rulebook.variables[question].thresholds), default=Fraction(0))
        return (-edge - 1 if low is None else low), (edge + MILLION if high is None else high)

    def _roots(self, operand: Operand, question: str, target: Fraction, given: Values) -> set[Fraction]:
        """The numbers of `question` at which an operand may begin or cease to be `target`."""
        if isinstance(operand, str):
            if operand in self._rulebook.measures:
                return self._roots(self._rulebook.measures[operand].formula, question, target, given)
            return {target} if operand == question else set()
        if not isinstance(operand, Function):
            return set()

        def number(part: Operand) -> Fraction | None:
            value = compute(part, lambda name: self._number(name, given))
            return value if isinstance(value, Fraction) else None

        def roots(part: Operand, at: Fraction) -> set[Fraction]:
            return self._roots(part, question, at, given)

        found: set[Fraction] = set()
        match operand:
            case PercentChange(from_=old, to=new):
                share = 1 + target / 100
                found |= roots(old, Fraction(0)) | roots(new, Fraction(0))
                if (base := number(old)) is not None:
                    found |= roots(new, base * share)
                if (now := number(new)) is not None and share:
                    found |= roots(old, now / share)
            case Difference(of=of, minus=minus):
                if (less := number(minus)) is not None:
                    found |= roots(of, target + less)
                if (more := number(of)) is not None:
                    found |= roots(minus, more - target)
            case LargestAboveZero(parts=parts):
                for part in parts:
                    found |= roots(part, target) | roots(part, Fraction(0))
            case Capped(value=value, by=by):
                found |= roots(value, target) | roots(by, target)
            case Reduced(value=value, percent=percent) | Raised(value=value, percent=percent):
                sign = 1 if isinstance(operand, Raised) else -1
                if (change := number(percent)) is not None and 1 + sign * change / 100:
                    found |= roots(value, target / (1 + sign * change / 100))
                if start := number(value):
                    found |= roots(percent, sign * (target / start - 1) * 100)
        return found

    def _number(self, name: str, given: Values) -> Quantity:
        return self._maker.numbers(given)(name)


MOST_POINTS = 40
"""Points of one question beyond which no more are gathered: a bound on time, far above what occurs."""


def connected(rulebook: Rulebook, questions: Iterable[str]) -> list[tuple[str, ...]]:
    """Questions that give numbers, those that a measure joins together."""
    numbers = [name for name in questions if is_number(rulebook.questions[name])]
    groups = [{name} for name in numbers]
    for measure in rulebook.measures:
        behind = set(rulebook.variables[measure].questions)
        joined = [group for group in groups if group & behind]
        if joined:
            groups = [group for group in groups if group not in joined]
            groups.append(set().union(*joined))
    return [tuple(name for name in numbers if name in group) for group in groups]


def is_number(question: Question) -> bool:
    """Whether a question asks for a number."""
    return question.type in ("integer", "number")


def number_bounds(case: Case, question: str) -> tuple[Fraction | None, Fraction | None]:
    """The least and the largest number that a question takes, in the unit chosen."""
    each = case.rulebook.questions[question]
    quantity = case.rulebook.quantities[each.quantity] if each.quantity else None
    return bounds(each, quantity, case.answers.units.get(quantity.unit_key) if quantity else None)


def givable(question: Question, number: Fraction) -> bool:
    """Whether a number can be given as an answer: whole where it must be, else to six decimals."""
    return (number * (1 if question.type == "integer" else MILLION)).denominator == 1


def plain_number_within(low: Fraction, high: Fraction, near: Fraction, whole: bool) -> Fraction | None:
    """The number between two others, ends left out, with the fewest digits; of those the nearest to `near`.

    >>> plain_number_within(Fraction(26), Fraction(300), Fraction(20), False)
    Fraction(27, 1)
    >>> plain_number_within(Fraction(1), Fraction("1.3"), Fraction(5), False)
    Fraction(6, 5)
    >>> plain_number_within(Fraction(1), Fraction(2), Fraction(5), True)
    """
    for digits in range(1 if whole else 7):
        step = Fraction(1, 10**digits)
        least, most = math.floor(low / step) + 1, math.ceil(high / step) - 1
        if least <= most:
            return min(max(round(near / step), least), most) * step
    return None


def direction(old: Value | None, new: Value) -> str:
    """In which direction a number is changed; which number it is then matters less."""
    if isinstance(new, Mark):
        return "unknown"
    if not isinstance(old, Fraction):
        return "answered"
    assert isinstance(new, Fraction)
    return "higher" if new > old else "lower"
