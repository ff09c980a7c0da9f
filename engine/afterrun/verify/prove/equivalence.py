"""Do two rulebooks say the same of every intake? If not, an intake that tells them apart."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from afterrun.assessment import Case
from afterrun.rulebook import Rulebook, engine_of
from afterrun.rulebook.schema import Question
from afterrun.verify.prove.encoding.rulebook import Encoding
from afterrun.verify.prove.encoding.shown import ResultEncoding
from afterrun.verify.prove.encoding.terms import disj
from afterrun.verify.prove.search import Ground, Intake, completed, filled

ROUNDED = Fraction(1, 100)
"""Plan numbers further apart than this are shown as different."""


class Comparison:
    """One rulebook made ready to be held against many others that ask the same questions."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._ground = Ground(rulebook)

    def witness(self, other: Rulebook, *, complete: bool = False) -> Intake | None:
        """The plainest intake of which the other rulebook says something else, or None.

        Raises ValueError when the rulebooks ask different questions, Undecided when the solver gives up.
        """
        if not _same_questions(self.rulebook, other):
            raise ValueError("the rulebooks ask different questions, so that they share no intakes")
        ground = self._ground
        encoding = Encoding(other, ground.world, like=ground.encoding)
        shown = ResultEncoding(encoding)
        wanted = [filled(encoding.world, other)]
        if complete:
            wanted += [ground.complete, completed(encoding.world, other, encoding.skips)]
        for least in (ROUNDED, Fraction(0)):
            apart = disj(ground.shown.display.differences(shown.display, least).values())
            for intake in ground.intakes(apart, *wanted):
                if told_apart(self.rulebook, other, intake):
                    return intake
        return None


def equivalent(one: Rulebook, other: Rulebook, *, complete: bool = False) -> Intake | None:
    """None when two rulebooks show the same result for every intake, whole or partial; else an intake
    that tells them apart. With `complete`, only intakes that leave nothing blank count; of a check-in
    part only those that a record becomes, in which some blanks are read as answers.

    Compared is what a result shows: triage, patterns, interventions with their status and week, and
    the plan to 0.01; not the rules that fired, the proofs, the open questions, or the ledger of what
    the triage set aside. The first rulebook is made ready once, so compare one with many in that order.
    Not for several threads at once.
    """
    return engine_of(one, Comparison).witness(other, complete=complete)


def told_apart(one: Rulebook, other: Rulebook, intake: Intake) -> bool:
    """Does an intake, really assessed, have different results?"""
    return bool(seen(one, intake) != seen(other, intake))


def seen(rulebook: Rulebook, intake: Intake) -> Any:
    """What a result shows, as it is compared."""
    case = Case.of(rulebook, intake, "reference")
    listed = {
        (entry.id, entry.status, entry.from_week) for entry in case.entries if entry.id in case.interventions
    }
    return case.level.id, case.patterns, listed, case.plan.values


def _same_questions(one: Rulebook, other: Rulebook) -> bool:
    return [_asked(each) for each in one.questions.values()] == [
        _asked(each) for each in other.questions.values()
    ] and one.quantities == other.quantities


def _asked(question: Question) -> Any:
    """What decides which answers can be given."""
    return (
        question.id,
        question.type,
        [option.id for option in question.options],
        question.at_least,
        question.at_most,
        question.quantity,
        question.max_choices,
        question.unknown_reads is None,
    )
