"""What every check stands on: a rulebook over all intakes, and the solver that searches them."""

from __future__ import annotations

from collections.abc import Sequence

from afterrun.rulebook import Rulebook
from afterrun.verify.prove.encoding import Encoding
from afterrun.verify.prove.search import Intake, Search, completed, intake_of
from afterrun.verify.prove.shown import Shown
from afterrun.verify.prove.terms import Term
from afterrun.verify.prove.world import World


class Ground:
    """A rulebook over all intakes, and the solver that searches them: what every check stands on."""

    def __init__(self, rulebook: Rulebook, *, examples: bool = False) -> None:
        self.rulebook = rulebook
        self.world = World.of(rulebook)
        self.encoding = Encoding(rulebook, self.world)
        self.shown = Shown(self.encoding)
        self.search = Search(rulebook, self.world)
        self.complete = completed(self.world, rulebook, self.encoding.skips)
        """No question is blank that applies, but for the optional ones."""
        self.everything = completed(self.world, rulebook, self.encoding.skips, optional=True)
        self.wants_examples = examples
        self.written = [rule for rule in rulebook.rules.values() if rule.written is not None]

    def intakes(self, *terms: Term, worlds: Sequence[World] = ()) -> tuple[Intake, ...]:
        """The plainest intakes that fulfil the terms; none if there are none."""
        found = self.search.witnesses(*terms, worlds=worlds or (self.world,))
        return tuple(intake_of(self.rulebook, answers) for answers in found)
