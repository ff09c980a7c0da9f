"""A formula of the plan or of a measure as a tree of plain words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from afterrun.explanation import number
from afterrun.rulebook import Rulebook, evaluate
from afterrun.rulebook.schema import Operand
from afterrun.telling.book.word_tree import Place, WordTree


def formula_words(rulebook: Rulebook, formula: Operand, place: Place = str) -> WordTree:
    """A formula as it is read aloud: what is done, and below it to what."""
    return evaluate(formula, _Words(rulebook, place))


class _Words(NamedTuple):
    """The arithmetic that says what it would do."""

    rulebook: Rulebook
    place: Place

    def named(self, name: str) -> WordTree:
        if name in self.rulebook.measures:
            return WordTree(self.rulebook.measures[name].text, "questions", self.place(name))
        return WordTree(self.rulebook.questions[name].ask, "questions", self.place(name))

    def parameter(self, name: str) -> WordTree:
        parameter = self.rulebook.parameters[name]
        return WordTree(f"{parameter.text}, as the rules choose it", "plan", self.place(f"parameter-{name}"))

    def constant(self, number_: Fraction) -> WordTree:
        return WordTree(number(number_))

    def sum(self, parts: Iterator[WordTree]) -> WordTree:
        return WordTree("All of these together:", parts=tuple(parts))

    def first_known(self, parts: Iterator[WordTree]) -> WordTree:
        return WordTree("The first of these that there is:", parts=tuple(parts))

    def rounded_down(self, value: WordTree, to: Fraction) -> WordTree:
        return WordTree(f"Rounded down to whole steps of {number(to)}:", parts=(value,))

    def percent_change(self, old: WordTree, new: WordTree) -> WordTree:
        return WordTree("By how many percent the second is more than the first:", parts=(old, new))

    def difference(self, of: WordTree, minus: WordTree) -> WordTree:
        return WordTree("The first less the second:", parts=(of, minus))

    def largest_above_zero(self, parts: Iterator[WordTree]) -> WordTree:
        several = tuple(parts)
        words = "The largest of these above zero:" if len(several) > 1 else "Where it is above zero:"
        return WordTree(words, parts=several)

    def capped(self, value: WordTree, by: WordTree) -> WordTree:
        return WordTree("The smaller of these; the second only where there is one:", parts=(value, by))

    def changed(self, sign: int, value: WordTree, percent: WordTree) -> WordTree:
        return WordTree(
            f"The first, {'more' if sign > 0 else 'less'} by so many percent of itself:",
            parts=(value, percent),
        )
