"""A formula of the plan or of a measure as a tree of plain words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from afterrun.explanation import PHRASES
from afterrun.rulebook import Rulebook, evaluate, number_words
from afterrun.rulebook.schema import Operand
from afterrun.telling.book.words.tree import Place, WordTree


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

    def constant(self, number: Fraction) -> WordTree:
        return WordTree(number_words(number))

    def sum(self, parts: Iterator[WordTree]) -> WordTree:
        return WordTree(PHRASES["sum"].aloud, parts=tuple(parts))

    def first_known(self, parts: Iterator[WordTree]) -> WordTree:
        return WordTree(PHRASES["first_known"].aloud, parts=tuple(parts))

    def rounded_down(self, value: WordTree, to: Fraction) -> WordTree:
        return WordTree(PHRASES["rounded_down"].aloud.format("", number_words(to)), parts=(value,))

    def percent_change(self, old: WordTree, new: WordTree) -> WordTree:
        return WordTree(PHRASES["percent_change"].aloud, parts=(old, new))

    def difference(self, of: WordTree, minus: WordTree) -> WordTree:
        return WordTree(PHRASES["difference"].aloud, parts=(of, minus))

    def largest_above_zero(self, parts: Iterator[WordTree]) -> WordTree:
        several, phrase = tuple(parts), PHRASES["largest_above_zero"]
        return WordTree(phrase.aloud if len(several) > 1 else phrase.alone_aloud, parts=several)

    def capped(self, value: WordTree, by: WordTree) -> WordTree:
        return WordTree(PHRASES["capped"].aloud, parts=(value, by))

    def changed(self, sign: int, value: WordTree, percent: WordTree) -> WordTree:
        words = PHRASES["raised" if sign > 0 else "reduced"].aloud
        return WordTree(words, parts=(value, percent))
