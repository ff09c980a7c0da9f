"""What is said while questions are asked, and what helps to answer them, in a terminal and on pages alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterrun.assessment import Conversation, NextQuestion
from afterrun.explanation import answer_in_words
from afterrun.intake import Doubted
from afterrun.rulebook import Proposition, Rulebook, name_of
from afterrun.rulebook.schema import Question, TriageLevel
from afterrun.telling.page import Point

NEEDED = "An answer is needed here."
UNIT_NEEDED = "In which unit? Choose one below the number."
FIRST = "This is the first question."
_KINDS = {"pattern": "what it looks like", "intervention": "what to do about it"}
_PLAN = "what your plan holds"


class Alarm(NamedTuple):
    """What is told before the next question: a red flag that is proved, and what cannot wait."""

    at_once: str
    """What the person does if a sign may be there; nothing where no answer asks for it."""
    level: TriageLevel | None
    """The level that is settled, though something stronger is still open."""
    words: str
    """What it says to do."""
    more: str
    """How many questions could make it more urgent."""


class LastWords(NamedTuple):
    """What is said before an interview ends: a slip can be taken back before anything follows from it."""

    at_once: str
    """What comes before all else."""
    said: str
    """The answer that was given last, or the one that ends the questions."""
    end: str
    """That it was the last, or which answer ends the questions early."""
    early: TriageLevel | None
    """The level that ends them early, where one does."""
    question: str
    """The question whose answer is taken back where it was a slip; empty where nothing was answered."""

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, in paragraphs."""
        level = f"{self.early.name}: {self.early.do}" if self.early is not None else ""
        return tuple(filter(None, (self.at_once, f"{self.said} {self.end}".strip(), level)))


def heading_words(talk: Conversation, name: str, step: NextQuestion | None) -> str:
    """Which question it is, and how many are left; one to which one goes back has been asked before."""
    asked = talk.asked
    if name in asked:
        return f"Question {asked.index(name) + 1}, asked before"
    left = f", at most {step.left_at_most} left" if step is not None else ""
    return f"Question {len(asked) + 1}{left}"


def alarm_of(rulebook: Rulebook, step: NextQuestion) -> Alarm | None:
    """What stands already when the next question is asked; None where nothing is settled."""
    level, at_once = rulebook.triage[step.triage], " ".join(step.at_once)
    if not level.settles:
        return Alarm(at_once, None, "", "") if at_once else None
    questions = "question" if step.left_at_most == 1 else "questions"
    more = f"{step.left_at_most} more {questions} could make it more urgent."
    return Alarm(at_once, level, f"From what you said: {level.name}. {level.do}", more)


def last_words(talk: Conversation) -> LastWords:
    """The answer just given, and the one that ends the questions early where one does."""
    case, asked = talk.case, talk.asked
    level, at_once = case.level, " ".join(case.at_once)
    given = talk.given or (asked[-1] if asked else "")
    if level.shows_plan or level.pending:
        end = "That was the last question." if asked[-1:] == [given] else "There is nothing more to ask."
        return LastWords(at_once, _said(talk, [given]), end, None, given)
    proof = case.prover.proof(name_of("triage", level.id))
    behind = [name for name in asked if proof is not None and name in proof.answers()]
    if not behind or given in behind:
        end = "That ends the questions." if asked else ""
        return LastWords(at_once, _said(talk, behind or [given]), end, level, given)
    asks = talk.rulebook.questions
    told = (f'to "{asks[name].ask}": {words}' for name, words in _answers(talk, behind))
    which = "are your answers" if behind[1:] else "is your answer"
    ends = f"What ends the questions {which} {'; '.join(told).rstrip('.')}."
    said = "".join(f"You just answered: {words.rstrip('.')}." for _, words in _answers(talk, [talk.given]))
    return LastWords(at_once, said, ends, level, behind[-1])


def _said(talk: Conversation, names: list[str]) -> str:
    """The answers to some questions, as the person gave them."""
    told = [words for _, words in _answers(talk, names)]
    return f"Your answer{'s' if len(told) > 1 else ''}: {'; '.join(told).rstrip('.')}." if told else ""


def _answers(talk: Conversation, names: list[str]) -> Iterator[tuple[str, str]]:
    """Those of some questions that are answered, each with its answer in words."""
    intake = talk.intake
    for name in names:
        if name in intake:
            yield name, answer_in_words(talk.rulebook, name, intake[name], intake)


def doubt_words(doubt: Doubted) -> str:
    """A number that may be a slip, as it is asked about."""
    return f"{doubt.words}. Is that right?"


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
