"""Two rulebooks over the answers that both understand, and what each would show of them.

A question that both ask is one unknown of the solver, so that one intake is read by both. What only one of
them asks is an answer that the other never sees. An option, unit or "I don't know" that only one offers is
not compared: the other has no result for it, which the structure of the change tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.shown import ResultEncoding
from afterrun.verify.prove.encoding.terms import Term, conj, neg
from afterrun.verify.prove.encoding.world import AskedQuestion, World
from afterrun.verify.prove.search import Search, completed, filled


class Side(NamedTuple):
    """One of two rulebooks."""

    rulebook: Rulebook
    world: World
    encoding: Encoding
    shown: ResultEncoding


class Joint:
    """An old and a new rulebook, and the solver that searches the intakes of both."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        both = [name for name in old.questions if name in new.questions]
        self.apart = tuple(name for name in both if _kind(old, name) != _kind(new, name))
        """Questions that take another kind of answer now: each rulebook has its own."""
        self.shared = tuple(name for name in both if name not in self.apart)
        self.old, self.new = (_side(old, ()), _side(new, self.apart))
        self.sides = (self.old, self.new)
        self.domain = conj(self._domain())
        """What both rulebooks can read."""
        self.complete = conj(completed(each.world, each.rulebook, each.encoding.skips) for each in self.sides)
        """And nothing is blank that applies."""
        self.search = Search(self.old.world)
        self.search.require(self.domain)

    def _domain(self) -> Iterator[Term]:
        yield from self.new.world.rules
        for side in self.sides:
            yield filled(side.world, side.rulebook)
        for name in self.shared:
            yield from _only_in_one(*(each.world.asked[name] for each in self.sides))
        for one, other in ((self.old, self.new), (self.new, self.old)):
            for key, units in one.world.units.items():
                theirs = other.world.units.get(key)
                yield from (
                    neg(term) for unit, term in units.items() if theirs is not None and unit not in theirs
                )


def _side(rulebook: Rulebook, apart: tuple[str, ...]) -> Side:
    world = World.of(rulebook, apart=apart)
    encoding = Encoding(rulebook, world)
    return Side(rulebook, world, encoding, ResultEncoding(encoding))


def _only_in_one(old: AskedQuestion, new: AskedQuestion) -> Iterator[Term]:
    for one, other in ((old, new), (new, old)):
        yield from (neg(term) for option, term in one.options.items() if option not in other.options)
        if other.unknown is False and one.unknown is not False:
            yield neg(one.unknown)


def _kind(rulebook: Rulebook, name: str) -> object:
    question = rulebook.questions[name]
    return question.type, question.quantity if not question.options else None
