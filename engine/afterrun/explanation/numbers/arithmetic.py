"""A formula in, its arithmetic out: as it is written, and step by step with the numbers put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf
from typing import Any, NamedTuple

from afterrun.explanation.numbers.phrases import PHRASES
from afterrun.explanation.words import with_unit
from afterrun.intake import plain_number
from afterrun.rulebook import NOTHING, OPEN, Arithmetic, Exact, Mark, Quantity, Rulebook, evaluate
from afterrun.rulebook.schema import Formula, Measure

Read = Callable[[str], Quantity]
"""What a question is read as, or what was chosen for a parameter."""

_EXACT = Exact(lambda _: OPEN, lambda _: OPEN)
_NO_NUMBER = {NOTHING: "nothing", OPEN: "not known yet"}


class Step(NamedTuple):
    """One step of a calculation."""

    text: str
    value: str
    measure: str = ""
    """The measure whose number it gives."""

    @property
    def words(self) -> str:
        """The step as it is read."""
        name = f"{self.measure}: " if self.measure else ""
        return f"{name}{self.text} = {self.value}"


class Working(NamedTuple):
    """How a number came about."""

    formula: str
    """As it is written, by the names of what it is made from."""
    value: Quantity
    unit: str
    steps: tuple[Step, ...]
    """None while the number is not known yet: there is nothing to reckon with."""
    questions: tuple[str, ...]
    """Those that it was read off, in the order of reading."""

    @property
    def words(self) -> str:
        """The number with its unit."""
        return _with_unit(self.value, self.unit)

    def to_dict(self) -> dict[str, Any]:
        """The calculation as JSON."""
        return {
            "formula": self.formula,
            "value": plain_number(self.value) if isinstance(self.value, Fraction) else None,
            "unit": self.unit,
            "words": self.words,
            "steps": [each.words for each in self.steps],
        }


def work_out(rulebook: Rulebook, formula: Formula, read: Read, parameter: Read, unit: str = "") -> Working:
    """The calculation of a formula, down to the questions that it reads."""
    tracer = _Traced(rulebook, read, parameter)
    found = evaluate(formula, tracer)
    steps = () if found.value is OPEN else tuple(tracer.steps)
    return Working(evaluate(formula, _Written()).words, found.value, unit, steps, tuple(tracer.questions))


def measured(rulebook: Rulebook, measure: Measure, read: Read) -> Working:
    """The calculation of a measure."""
    return work_out(rulebook, measure.formula, read, lambda _: OPEN, measure.unit)


def exact_words(value: Quantity) -> str:
    """A number with all its digits, as far as it has an end.

    >>> exact_words(Fraction("17.488")), exact_words(Fraction(100, 3)), exact_words(inf)
    ('17.488', 'about 33.333', 'without bound')
    """
    if isinstance(value, Mark):
        return _NO_NUMBER.get(value, value.value)
    if value == inf:
        return "without bound"
    exact = Fraction(value)
    whole, short = (f"{float(exact):.{places}f}".rstrip("0").rstrip(".") for places in (8, 3))
    return whole if Fraction(whole) == exact else f"about {short}"


def _with_unit(value: Quantity, unit: str) -> str:
    words = exact_words(value)
    return words if isinstance(value, Mark) or value == inf else with_unit(words, unit)


class _Part(NamedTuple):
    """A part of a formula: what stands for it in the next step, and its number."""

    words: str
    value: Quantity = OPEN
    joined: bool = False
    """Whether its words are several, so that brackets hold them together."""

    @property
    def inner(self) -> str:
        return f"({self.words})" if self.joined else self.words


class _Phrases(Arithmetic[_Part]):
    """Each function in words; what a number is does not matter here."""

    def sum(self, parts: Iterator[_Part]) -> _Part:
        found = tuple(parts)
        words = found[0].inner
        for each in found[1:]:
            words = PHRASES["sum"].within.format(words, each.inner)
        return self._made(words, _EXACT.sum(_values(found)))

    def first_known(self, parts: Iterator[_Part]) -> _Part:
        looked: list[_Part] = []
        value = _EXACT.first_known(_noted(parts, looked))
        return self._made(PHRASES["first_known"].within.format(_listed(looked)), value)

    def rounded_down(self, value: _Part, to: Fraction) -> _Part:
        made = PHRASES["rounded_down"].within.format(value.inner, exact_words(to))
        return self._made(made, _EXACT.rounded_down(value.value, to))

    def percent_change(self, old: _Part, new: _Part) -> _Part:
        phrase = PHRASES["percent_change"]
        # A share of nothing is none that could be divided out.
        words = phrase.alone if old.value == 0 else phrase.within
        value = _EXACT.percent_change(old.value, new.value)
        return self._made(words.format(old.inner, new.inner), value, "%")

    def difference(self, of: _Part, minus: _Part) -> _Part:
        words = PHRASES["difference"].within.format(of.inner, minus.inner)
        return self._made(words, _EXACT.difference(of.value, minus.value))

    def largest_above_zero(self, parts: Iterator[_Part]) -> _Part:
        found, phrase = tuple(parts), PHRASES["largest_above_zero"]
        words = phrase.within if len(found) > 1 else phrase.alone
        return self._made(words.format(_listed(found)), _EXACT.largest_above_zero(_values(found)))

    def capped(self, value: _Part, by: _Part) -> _Part:
        phrase = PHRASES["capped"]
        words = phrase.alone if by.value is NOTHING else phrase.within
        return self._made(words.format(value.inner, by.inner), _EXACT.capped(value.value, by.value))

    def changed(self, sign: int, value: _Part, percent: _Part) -> _Part:
        words = PHRASES["raised" if sign > 0 else "reduced"].within
        exact = _EXACT.changed(sign, value.value, percent.value)
        return self._made(words.format(value.inner, percent.inner), exact)

    def constant(self, number: Fraction) -> _Part:
        return _Part(exact_words(number), number)

    def _made(self, text: str, value: Quantity, unit: str = "") -> _Part:
        raise NotImplementedError


class _Written(_Phrases):
    """A formula as it is written."""

    def named(self, name: str) -> _Part:
        return _Part(name)

    def parameter(self, name: str) -> _Part:
        return _Part(name)

    def first_known(self, parts: Iterator[_Part]) -> _Part:
        return self._made(PHRASES["first_known"].within.format(_listed(list(parts))), OPEN)

    def _made(self, text: str, value: Quantity, unit: str = "") -> _Part:
        return _Part(text, joined=True)


class _Traced(_Phrases):
    """A formula worked out, every step noted."""

    def __init__(self, rulebook: Rulebook, read: Read, chosen: Read) -> None:
        self._measures = rulebook.measures
        self._read = read
        self._chosen = chosen
        self.steps: list[Step] = []
        self.questions: dict[str, None] = {}

    def named(self, name: str) -> _Part:
        if name not in self._measures:
            self.questions[name] = None
            value = self._read(name)
            return _Part(exact_words(value), value)
        found = evaluate(self._measures[name].formula, self)
        # The last step is that of the measure itself: a formula is at least one function.
        self.steps[-1] = self.steps[-1]._replace(measure=name)
        return found

    def parameter(self, name: str) -> _Part:
        value = self._chosen(name)
        return _Part(exact_words(value), value)

    def _made(self, text: str, value: Quantity, unit: str = "") -> _Part:
        self.steps.append(Step(text, _with_unit(value, unit)))
        return _Part(exact_words(value), value)


def _values(parts: tuple[_Part, ...]) -> Iterator[Quantity]:
    return (each.value for each in parts)


def _noted(parts: Iterator[_Part], looked: list[_Part]) -> Iterator[Quantity]:
    for each in parts:
        looked.append(each)
        yield each.value


def _listed(parts: list[_Part] | tuple[_Part, ...]) -> str:
    return ", ".join(each.inner for each in parts)
