"""Which unanswered questions can still change the result, and what they can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from afterrun.assessment.ledger import Ledger
from afterrun.assessment.plan import Plan
from afterrun.assessment.triage import reachable_levels
from afterrun.inference import Facts
from afterrun.intake import Answers, PartlyAsked
from afterrun.rulebook import (
    OPEN,
    STATUSES,
    CellTest,
    Formula,
    Ref,
    allowed,
    atoms,
    name_of,
    operands_of,
    truths_given,
    values_in_order,
)
from afterrun.rulebook.schema import Parameter, TriageLevel

PLAN = "plan"
"""What a question can change when it only sets a number or a choice in the plan."""


class Relevance:
    """Walks the undecided parts of undecided conclusions down to the questions that could settle them."""

    def __init__(self, answers: Answers, facts: Facts, ledger: Ledger) -> None:
        self._rulebook = ledger.rulebook
        self._unanswered = [
            name
            for name in self._rulebook.questions
            if name not in answers.values or isinstance(answers.values[name], PartlyAsked)
        ]
        self._ledger = ledger
        self._truths = ledger.truths
        self._truth = truths_given(facts, ledger.truths)
        self._known: dict[str, tuple[str, ...]] = {}

    def changes(self, plan: Plan) -> dict[str, tuple[str, ...]]:
        """The unanswered questions that can still change the result, in the questionnaire's order.

        Each with the conclusions it can change. The test is of form, not of meaning: a question is
        listed when a test on it stands undecided within an undecided conclusion.
        """
        levels = reachable_levels(self._rulebook, self._truths)
        changes: dict[str, dict[str, None]] = {}
        for goal in dict.fromkeys(self._goals(levels)):
            if goal in self._rulebook.propositions:
                for question in self._questions(goal):
                    changes.setdefault(question, {})[goal] = None
        if any(level.shows_plan for level in levels):
            for question in plan.missing:
                changes.setdefault(question, {})[PLAN] = None
        return {name: tuple(changes[name]) for name in self._unanswered if name in changes}

    def settling(self, proposition: str) -> tuple[str, ...]:
        """The unanswered questions that an open proposition waits for, in the questionnaire's order."""
        return self._in_order(self._questions(proposition))

    def within(self, formula: Formula) -> tuple[str, ...]:
        """The unanswered questions that an open condition waits for, in the questionnaire's order."""
        return self._in_order(self._open_in(formula))

    def _in_order(self, questions: Iterable[str]) -> tuple[str, ...]:
        found = set(questions)
        return tuple(name for name in self._unanswered if name in found)

    def _goals(self, levels: Sequence[TriageLevel]) -> Iterator[str]:
        """The propositions that the result can still show, strongest triage level first."""
        for level in levels:
            yield name_of("triage", level.id)
        if any(level.shows_patterns for level in levels):
            for pattern in self._rulebook.patterns.values():
                for strength in pattern.levels:
                    yield name_of("pattern", pattern.id, strength)
        for intervention, status in self._ledger.statuses.items():
            if status is OPEN and any(allowed(level, intervention) for level in levels):
                for each in reversed(STATUSES):
                    yield name_of("intervention", intervention, each)
        if any(level.shows_plan for level in levels):
            for parameter in self._rulebook.parameters.values():
                yield from self._still_winning(parameter)
            for formula in self._rulebook.plan_conditions.values():
                for atom in atoms(formula):
                    if isinstance(atom, Ref):
                        yield atom.proposition

    def _still_winning(self, parameter: Parameter) -> Iterator[str]:
        """The values that may still win."""
        for value in values_in_order(parameter):
            name = name_of("parameter", parameter.id, value)
            yield name
            if self._truths.get(name):
                break

    def _questions(self, proposition: str) -> tuple[str, ...]:
        if proposition in self._truths:
            return ()
        if proposition not in self._known:
            found = (
                question
                for rule in self._rulebook.propositions[proposition]
                for question in self._open_in(rule.formula)
            )
            self._known[proposition] = tuple(dict.fromkeys(found))
        return self._known[proposition]

    def _open_in(self, formula: Formula) -> Iterator[str]:
        if self._truth(formula) is not None:
            return
        if isinstance(formula, CellTest):
            yield from self._rulebook.variables[formula.variable].questions
        elif isinstance(formula, Ref):
            yield from self._questions(formula.proposition)
        for part in operands_of(formula):
            yield from self._open_in(part)
