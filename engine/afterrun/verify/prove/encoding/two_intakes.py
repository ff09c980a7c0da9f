"""Two intakes at once: one that differs from another in a single answer, or that says more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterrun.rulebook import Rulebook
from afterrun.verify.prove.encoding.shown import Display, ResultEncoding, ShownAmount
from afterrun.verify.prove.encoding.terms import Pair, Term, replaced
from afterrun.verify.prove.encoding.world import World

_LATER = "'"


class SecondIntake:
    """Another intake beside that of an encoding, and what its result shows."""

    def __init__(self, shown: ResultEncoding, question: str | None = None) -> None:
        """`question` is the one answer that may differ; without it all may."""
        self._shown = shown
        world = shown.encoding.world
        rulebook: Rulebook = shown.rulebook
        self.world = world.with_another(question, _LATER) if question else World.of(rulebook, _LATER)
        mine = list(world.asked[question].unknowns()) if question else world.unknowns()
        theirs = list(self.world.asked[question].unknowns()) if question else self.world.unknowns()
        self._pairs: Sequence[tuple[Any, Any]] = list(zip(mine, theirs, strict=True))

    def term(self, term: Term) -> Term:
        """A term of the one intake, said of the other."""
        return replaced(term, self._pairs)

    def pair(self, pair: Pair) -> Pair:
        """A proposition of the one intake, said of the other."""
        return Pair(self.term(pair.true), self.term(pair.false))

    def differences(self) -> dict[str, Term]:
        """When each thing shown differs between the two."""
        one = self._shown.display
        facts = {name: self.term(term) for name, term in one.facts.items()}
        amounts = {
            name: ShownAmount(self.term(each.shown), self.term(each.value))
            for name, each in one.amounts.items()
        }
        return one.differences(Display(facts, amounts))
