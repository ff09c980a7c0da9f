"""What is said while questions are asked, the same in a terminal and on a page."""

from __future__ import annotations

from typing import NamedTuple

from afterrun.assessment import Conversation, NextQuestion
from afterrun.intake import Doubted
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import TriageLevel
from afterrun.telling.audit.words import answer_in_words

NEEDED = "An answer is needed here."
FIRST = "This is the first question."


class Alarm(NamedTuple):
    """A red flag that is proved, told before the next question though something stronger is still open."""

    level: TriageLevel
    words: str
    more: str
    """How many questions could make it more urgent."""


class LastWords(NamedTuple):
    """What is said before an interview ends: a slip can be taken back before anything follows from it."""

    said: str
    """The last answer."""
    end: str
    """That it was the last, or what ends the questions early."""
    early: TriageLevel | None
    """The level that ends them early, where one does."""

    @property
    def words(self) -> str:
        """All of it."""
        return f"{self.said} {self.end}".strip()


def heading_words(talk: Conversation, name: str, step: NextQuestion | None) -> str:
    """Which question it is, and how many are left; one to which one goes back has been asked before."""
    asked = talk.asked
    if name in asked:
        return f"Question {asked.index(name) + 1}, asked before"
    left = f", at most {step.left_at_most} left" if step is not None else ""
    return f"Question {len(asked) + 1}{left}"


def alarm_of(rulebook: Rulebook, step: NextQuestion) -> Alarm | None:
    """What stands already when the next question is asked; None where nothing is settled."""
    level = rulebook.triage[step.triage]
    if not level.settles:
        return None
    questions = "question" if step.left_at_most == 1 else "questions"
    more = f"{step.left_at_most} more {questions} could make it more urgent."
    return Alarm(level, f"From what you said: {level.name}. {level.do}", more)


def last_words(talk: Conversation) -> LastWords:
    """The last answer, and what ends the questions early where something does."""
    said, end, early = "", "That was the last question.", None
    if asked := talk.asked:
        intake = talk.intake
        if asked[-1] in intake:
            answer = answer_in_words(talk.rulebook, asked[-1], intake[asked[-1]], intake)
            said = f"Your answer: {answer.rstrip('.')}."
        if not (level := talk.level).shows_plan and not level.pending:
            end, early = f"That ends the questions. {level.name}: {level.do}", level
    return LastWords(said, end, early)


def doubt_words(doubt: Doubted) -> str:
    """A number that may be a slip, as it is asked about."""
    return f"{doubt.words}. Is that right?"
