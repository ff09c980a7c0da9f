"""The next question: only one whose answer can still change the result, safety first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from afterrun.assessment.plan import plan_of
from afterrun.assessment.relevance import open_questions
from afterrun.assessment.triage import triage_level
from afterrun.inference import Cones, conclude, facts_of
from afterrun.intake import Answers, read_answers
from afterrun.rulebook import Leaf, LinkedRule, Rulebook, atoms
from afterrun.rulebook.schema import Question


class NextQuestion(NamedTuple):
    """What to ask now, why, and how far it is to the end."""

    question: Question
    changes: tuple[str, ...]
    """The conclusions that an answer can still change."""
    left_at_most: int
    """Questions left, this one included; answers can only make it fewer."""
    triage: str
    """What stands so far: a red flag that is proved is told before the next question."""


def next_question(
    rulebook: Rulebook, intake: Mapping[str, Any] | Answers, passed_over: frozenset[str] = frozenset()
) -> NextQuestion | None:
    """The next question to ask, or None when no answer can change the result any more.

    `passed_over` are optional questions that the person chose not to answer. Asking in this order
    and stopping at None is safe: whatever the questions never asked would be answered, triage,
    patterns, interventions and plan stay as they are.
    """
    answers = intake if isinstance(intake, Answers) else read_answers(rulebook, intake)
    facts = facts_of(rulebook, answers)
    inference = conclude(rulebook, facts)
    plan = plan_of(rulebook, answers, facts, inference)
    waiting = open_questions(rulebook, answers, facts, inference, plan)
    left = [name for name in waiting if name not in passed_over]
    if not left:
        return None
    name = left[0]
    level = triage_level(rulebook, inference.truths)
    return NextQuestion(rulebook.questions[name], waiting[name], len(left), level.id)


def rules_that_ask(rulebook: Rulebook, question: str, conclusions: tuple[str, ...]) -> tuple[LinkedRule, ...]:
    """The rules for these conclusions, or for what they wait for, that test the question."""
    cones = rulebook.compiled(Cones)
    cone = {name for each in conclusions if each in rulebook.propositions for name in cones.of(each)}
    return tuple(
        rule
        for rule in rulebook.rules.values()
        if cone.intersection(rule.conclusions)
        and any(
            question in rulebook.variables[atom.variable].questions
            for atom in atoms(rule.formula)
            if isinstance(atom, Leaf)
        )
    )
