"""Which unanswered questions can still change the result, and what they can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from afterrun.assessment.ledger import allowed, status_of, values_in_order
from afterrun.assessment.plan import Plan
from afterrun.assessment.triage import proposition_of, reachable_levels
from afterrun.inference import Facts, Inference
from afterrun.intake import Answers
from afterrun.rulebook import (
    OPEN,
    STATUSES,
    And,
    AtLeast,
    Formula,
    Leaf,
    Not,
    Or,
    Ref,
    Rulebook,
    atoms,
    name_of,
    truth_given,
)

PLAN = "plan"
"""What a question can change when it only sets a number or a choice in the plan."""


def open_goals(rulebook: Rulebook, truths: Mapping[str, bool]) -> list[str]:
    """The open propositions that the result can still show, strongest triage level first."""
    levels = reachable_levels(rulebook, truths)
    goals = [proposition_of(level) for level in levels]
    if any(level.shows_patterns for level in levels):
        goals += [
            name_of("pattern", key, each)
            for key, pattern in rulebook.patterns.items()
            for each in pattern.levels
        ]
    for intervention in rulebook.interventions:
        may_be_given = any(allowed(level, intervention) for level in levels)
        if may_be_given and status_of(rulebook, truths, intervention) is OPEN:
            goals += [name_of("intervention", intervention, status) for status in reversed(STATUSES)]
    if any(level.shows_plan for level in levels):
        goals += _parameter_goals(rulebook, truths)
        goals += _plan_condition_goals(rulebook)
    return [goal for goal in dict.fromkeys(goals) if goal in rulebook.propositions and goal not in truths]


def open_questions(
    rulebook: Rulebook, answers: Answers, facts: Facts, inference: Inference, plan: Plan
) -> dict[str, tuple[str, ...]]:
    """The unanswered questions that can still change the result, in the questionnaire's order.

    Each with the conclusions it can change. The test is of form, not of meaning: a question is
    listed when a test on it stands undecided within an undecided conclusion.
    """
    changes: dict[str, dict[str, None]] = {}
    walker = _Walker(rulebook, facts, inference.truths)
    for goal in open_goals(rulebook, inference.truths):
        for question in walker.questions(goal):
            if question not in answers.values:
                changes.setdefault(question, {})[goal] = None
    if any(level.shows_plan for level in reachable_levels(rulebook, inference.truths)):
        for question in plan.missing:
            changes.setdefault(question, {})[PLAN] = None
    return {question: tuple(changes[question]) for question in rulebook.questions if question in changes}


def questions_that_settle(
    rulebook: Rulebook, answers: Answers, facts: Facts, inference: Inference, proposition: str
) -> tuple[str, ...]:
    """The unanswered questions that an open proposition waits for, in the questionnaire's order."""
    found = set(_Walker(rulebook, facts, inference.truths).questions(proposition))
    return tuple(name for name in rulebook.questions if name in found and name not in answers.values)


class _Walker:
    """Walks the undecided parts of undecided formulas down to the variables that are missing."""

    def __init__(self, rulebook: Rulebook, facts: Facts, truths: Mapping[str, bool]) -> None:
        self._rulebook = rulebook
        self._facts = facts
        self._truths = truths
        self._known: dict[str, tuple[str, ...]] = {}

    def questions(self, proposition: str) -> tuple[str, ...]:
        if proposition in self._truths:
            return ()
        if proposition not in self._known:
            found: Iterable[str] = (
                question
                for rule in self._rulebook.propositions[proposition]
                for question in self._open_in(rule.formula)
            )
            self._known[proposition] = tuple(dict.fromkeys(found))
        return self._known[proposition]

    def _open_in(self, formula: Formula) -> Iterator[str]:
        if truth_given(formula, self._facts, self._truths) is not None:
            return
        match formula:
            case Leaf(variable):
                yield from self._rulebook.variables[variable].questions
            case Ref(proposition):
                yield from self.questions(proposition)
            case Not(part):
                yield from self._open_in(part)
            case And(parts) | Or(parts) | AtLeast(_, parts):
                for part in parts:
                    yield from self._open_in(part)


def _parameter_goals(rulebook: Rulebook, truths: Mapping[str, bool]) -> Iterator[str]:
    """The values that may still win for each parameter."""
    for parameter in rulebook.parameters.values():
        for value in values_in_order(parameter):
            name = name_of("parameter", parameter.id, value)
            yield name
            if truths.get(name):
                break


def _plan_condition_goals(rulebook: Rulebook) -> Iterator[str]:
    for formula in rulebook.plan_conditions.values():
        for atom in atoms(formula):
            if isinstance(atom, Ref):
                yield atom.proposition
