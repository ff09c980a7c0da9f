"""The next question: only one whose answer can still change the result, safety first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from afterrun.assessment.case import Case
from afterrun.inference import Cones, Engine
from afterrun.intake import Answers
from afterrun.rulebook import CellTest, LinkedRule, Rulebook, atoms, engine_of
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
    at_once: tuple[str, ...] = ()
    """What is told before all else."""


def next_question(
    rulebook: Rulebook,
    intake: Mapping[str, Any] | Answers,
    passed_over: frozenset[str] = frozenset(),
    *,
    engine: Engine = "durable",
) -> NextQuestion | None:
    """The next question to ask, or None when no answer can change the result any more.

    `passed_over` are optional questions that the person chose not to answer. Asking in this order
    and stopping at None is safe: whatever the questions never asked would be answered, triage,
    patterns, interventions and plan stay as they are.
    """
    case = Case.of(rulebook, intake, engine)
    left = [name for name in case.open_questions if name not in passed_over]
    if not left:
        return None
    name = left[0]
    changes = case.open_questions[name]
    return NextQuestion(rulebook.questions[name], changes, len(left), case.level.id, case.at_once)


def rules_that_ask(rulebook: Rulebook, question: str, conclusions: tuple[str, ...]) -> tuple[LinkedRule, ...]:
    """The rules for these conclusions, or for what they wait for, that test the question."""
    cones = engine_of(rulebook, Cones)
    concluded = (each for each in conclusions if each in rulebook.propositions)
    behind = {rule.id for each in concluded for rule in cones.rules(each)}
    return tuple(
        rule
        for rule in rulebook.rules.values()
        if rule.id in behind
        and any(
            question in rulebook.variables[atom.variable].questions
            for atom in atoms(rule.formula)
            if isinstance(atom, CellTest)
        )
    )
