"""What is said before an interview ends: a slip can be taken back before anything follows from it."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.assessment import Conversation
from afterrun.telling import answer_in_words


class LastWords(NamedTuple):
    """What is said before the end, which waits until the person agrees."""

    words: str
    enter: str
    """What Enter does."""


def before_the_result(talk: Conversation, enter: str = "shows the result") -> LastWords:
    """The last answer, and what ends the questions early where something does."""
    said, end = "", "That was the last question."
    if asked := talk.asked:
        intake = talk.intake
        if asked[-1] in intake:
            answer = answer_in_words(talk.rulebook, asked[-1], intake[asked[-1]], intake)
            said = f"Your answer: {answer.rstrip('.')}. "
        if not (level := talk.level).shows_plan and not level.pending:
            end = f"That ends the questions. {level.name}: {level.do}"
    return LastWords(f"{said}{end}", enter)
