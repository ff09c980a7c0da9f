"""What may be asked of one intake in one go, and the answers to all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.explanation import Explained, Nearest, explained, nearest_changes, what_if, why_asked
from afterrun.intake import Answers
from afterrun.rulebook import Rulebook
from afterrun.telling.audit.findings import Findings

AT_MOST = 3
"""Answers that a nearest change changes, unless more is asked for; with 5 a search takes a minute."""


class Inquiry(NamedTuple):
    """What is asked of one intake; nothing at all asks for every conclusion."""

    conclusions: Sequence[str] = ()
    """Why they are so, or not so: conclusions, keys of the plan, rules and sources, by their names."""
    questions: Sequence[str] = ()
    """Why they are asked."""
    instead: Mapping[str, Any] = {}
    """What would differ with these answers."""
    nearest: Sequence[str] = ()
    """What it would take to prove or refute these."""
    at_most: int = AT_MOST

    def findings(self, rulebook: Rulebook, answers: Answers) -> Findings:
        """The answers; raises UnknownNameError, IntakeError, and EngineFault as `explain` does."""
        everything = not any(self[:4])
        told = Explained()
        if self.conclusions or everything:
            told = explained(Case.of(rulebook, answers), self.conclusions)
        why = tuple(why_asked(rulebook, answers, name) for name in self.questions)
        compared = what_if(rulebook, answers, self.instead) if self.instead else None
        nearest: list[Nearest] = []
        for name in self.nearest:
            nearest += nearest_changes(rulebook, answers, name, at_most=self.at_most)
        return Findings(
            told.explanations,
            why,
            compared,
            tuple(nearest),
            standings=told.standings,
            numbers=told.numbers,
            rules=told.rules,
            cited=told.sources,
            everything=everything,
        )
