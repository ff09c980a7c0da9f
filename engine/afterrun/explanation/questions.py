"""Why a question is asked: what it can still change, or what its answer has settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from afterrun.assessment import PLAN, Case, rules_that_ask
from afterrun.errors import UnknownNameError
from afterrun.explanation.words import plan_uses
from afterrun.inference import Engine
from afterrun.intake import Answers, plain
from afterrun.rulebook import LinkedRule, Rulebook

QuestionState = Literal["open", "answered", "skipped", "idle"]
"""`open`: its answer can still change the result. `idle`: not answered, and it no longer can."""


class WhyAsked(NamedTuple):
    """One question, and what hangs on it."""

    question: str
    state: QuestionState
    answer: Any
    changes: tuple[str, ...]
    """The conclusions that an answer can still change or, once answered, those that are open without it."""
    plan_keys: tuple[str, ...]
    """The keys of the plan that speak of the question directly."""
    rules: tuple[LinkedRule, ...]
    """The rules behind these conclusions that test the question."""

    def to_dict(self) -> dict[str, Any]:
        """The reasons as JSON."""
        return {
            "question": self.question,
            "state": self.state,
            "answer": self.answer,
            "changes": list(self.changes),
            "plan_keys": list(self.plan_keys),
            "rules": [
                {"rule": rule.id, "because": rule.because, "sources": list(rule.sources)}
                for rule in self.rules
            ],
        }


def why_asked(
    rulebook: Rulebook,
    intake: Mapping[str, Any] | Answers,
    question: str,
    *,
    engine: Engine = "durable",
) -> WhyAsked:
    """Why a question is asked of this person, at this point, or was.

    Raises UnknownNameError with the nearest name, IntakeError, and EngineFault as `assess` does.
    """
    if question not in rulebook.questions:
        raise UnknownNameError("question", question, rulebook.questions)
    case = Case.of(rulebook, intake, engine)
    answer = None
    changes: tuple[str, ...]
    state: QuestionState
    if question in case.answers.values:
        state, answer = "answered", plain(rulebook.questions[question], case.answers.values[question])
        changes = _settled_by(case, question)
    else:
        changes = case.open_questions.get(question, ())
        state = "open" if changes else "idle"
        skip = rulebook.skips.get(question)
        if skip is not None and not changes and case.truth(skip):
            state = "skipped"
    in_plan = state == "answered" or PLAN in changes
    keys = [item.key for item in rulebook.plan if in_plan and plan_uses(item, question)]
    return WhyAsked(
        question,
        state,
        answer,
        changes,
        tuple(dict.fromkeys(keys)),
        rules_that_ask(rulebook, question, changes),
    )


def _settled_by(case: Case, question: str) -> tuple[str, ...]:
    """The propositions that would be open again if this answer were taken back."""
    rest = {name: value for name, value in case.answers.values.items() if name != question}
    without = Case.of(case.rulebook, case.answers._replace(values=rest), "compiled").truths
    return tuple(name for name in case.rulebook.propositions if name in case.truths and name not in without)
