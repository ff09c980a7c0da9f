"""What helps to answer a question: what is meant, an example, why it is asked, and what it can change."""

from __future__ import annotations

from collections.abc import Iterator

from afterrun.rulebook import Proposition, Rulebook
from afterrun.rulebook.schema import Question
from afterrun.telling.page import Point

_KINDS = {"pattern": "what it looks like", "intervention": "what to do about it"}
_PLAN = "what your plan holds"


def question_help(rulebook: Rulebook, question: Question, changes: tuple[str, ...]) -> list[Point]:
    """Help on a question, piece by piece; `changes` are the conclusions that an answer can still change.

    Only their kinds are named. Which they are, and why, speaks of signs that the person may never have
    had; a clinician reads that in `explain`.
    """
    written = {
        "What is meant": question.means,
        "For example": question.example,
        "Why it is asked": question.why,
    }
    points = [Point(name, text) for name, text in written.items() if text]
    kinds = "; ".join(dict.fromkeys(_kinds(rulebook, changes)))
    left = kinds or "nothing now, since your other answers are enough"
    return [*points, Point("Your answer can still change", f"{left}.")]


def _kinds(rulebook: Rulebook, changes: tuple[str, ...]) -> Iterator[str]:
    for each in changes:
        kind = Proposition.parse(each).kind
        if kind == "triage":
            text = rulebook.identity.triage_text
            yield f"{text[:1].lower()}{text[1:]}"
        else:
            yield _KINDS.get(kind, _PLAN)
