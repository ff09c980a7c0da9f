"""A conversation: what to ask next, back, another answer, until nothing can change the result any more.

Its state is the answers in the order in which they were given; None stands for a question passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from afterrun.assessment.case import Case
from afterrun.assessment.interview import NextQuestion, next_question
from afterrun.inference import Engine
from afterrun.intake import FROM_FILES, Doubted, doubted, spared_by, unasked, with_answers, without
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question, TriageLevel


class Scope(NamedTuple):
    """What a conversation asks, beyond what the rulebook says of it."""

    settled: Collection[str] = ()
    """What the answers hold that is no answer to go back to."""
    always: Collection[str] = ()
    """Asked though it can change nothing."""
    only: Collection[str] | None = None
    """Where it is given, all that is asked."""
    never: Collection[str] = ()
    offers: Mapping[str, Any] = {}
    """Answers that can be taken over, but for those about safety."""
    of_files: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda intake: {}
    """The same that the person's own files give beside the answers so far, with the runs behind them."""
    refuses: Callable[[Mapping[str, Any]], str] = lambda adds: ""
    """Says what is wrong with an answer beyond what the question itself allows."""


WHOLE_RULEBOOK = Scope()


class Conversation:
    """One conversation; whoever shows it keeps `answers` and nothing else."""

    def __init__(
        self,
        rulebook: Rulebook,
        answers: Mapping[str, Any],
        scope: Scope = WHOLE_RULEBOOK,
        *,
        engine: Engine = "durable",
    ) -> None:
        self.answers = dict(answers)
        self.rulebook = rulebook
        self._scope = scope
        self._engine = engine
        self.given = ""
        """The question that was answered last in this sitting, whatever its place among the others."""
        others = () if scope.only is None else set(rulebook.questions).difference(scope.only)
        self._never = {*scope.never, *others}

    @property
    def intake(self) -> dict[str, Any]:
        """The answers as an intake holds them: without what was passed over."""
        return {key: value for key, value in self.answers.items() if value is not None}

    @property
    def asked(self) -> list[str]:
        """Every question dealt with, in the order in which one goes back through them."""
        settled = self._scope.settled
        return [name for name in self.answers if name in self.rulebook.questions and name not in settled]

    @property
    def case(self) -> Case:
        """What the answers so far come to."""
        return Case.of(self.rulebook, self._read(), self._engine)

    @property
    def level(self) -> TriageLevel:
        """What stands so far."""
        return self.case.level

    def next(self) -> NextQuestion | None:
        """What to ask now; None at the end."""
        answers = self._read()
        step = self._step(answers, self._passed_over())
        if step is not None:
            return self._spared_first(step)
        left = [name for name in self._scope.always if name not in self.answers]
        if not left:
            return None
        case = self.case
        if case.level.settles:
            return None
        question = self.rulebook.questions[left[0]]
        return NextQuestion(question, (), len(left), case.level.id, case.at_once)

    def still_asked(self) -> list[Question]:
        """Every question that may come yet, in the questionnaire's order: which do depends on the answers."""
        left = Case.of(self.rulebook, self._read()).open_questions
        always = [name for name in self._scope.always if name not in self.answers]
        passed = self._passed_over()
        return [
            each
            for name, each in self.rulebook.questions.items()
            if (name in left and name not in passed) or name in always
        ]

    def before(self, name: str | None) -> str | None:
        """The question dealt with before one of those dealt with, or before the next; None at the first."""
        asked = self.asked
        place = len(asked) if name not in asked else asked.index(name)
        return asked[place - 1] if place else None

    def take(self, adds: Mapping[str, Any]) -> None:
        """Take what an answer adds, the unit of an amount among it; what confirmed another number is gone."""
        enrolment = self.rulebook.enrolment
        for doubt in enrolment.doubts if enrolment is not None else ():
            if doubt.answer in adds:
                self.answers.pop(doubt.confirmed_by, None)
        self.answers = with_answers(self.rulebook, self.answers, adds)
        self.given = next((name for name in adds if name in self.rulebook.questions), self.given)

    def pass_over(self, question: Question) -> None:
        """Leave an optional question without an answer."""
        self.answers.setdefault(question.id, None)
        self.given = question.id

    def refused(self, adds: Mapping[str, Any]) -> str:
        """What is wrong with an answer that the question itself would allow."""
        return self._scope.refuses(adds)

    def offer(self, question: Question) -> dict[str, Any]:
        """What files say, or what was said at another time; nothing about safety, for a sign may be new."""
        if self.rulebook.sections[question.section].safety:
            return {}
        given = (self._scope.of_files(self.intake), self._scope.offers)
        offers = next((each for each in given if question.id in each), None)
        if offers is None:
            return {}
        units = {each.unit_key for each in self.rulebook.quantities.values()} if question.quantity else ()
        told = {key: offers[key] for key in units if key in offers}
        entries = offers.get(FROM_FILES, {})
        behind = {FROM_FILES: {question.id: entries[question.id]}} if question.id in entries else {}
        return {question.id: offers[question.id], **told, **behind}

    def is_of_files(self, question: Question) -> bool:
        """Whether what is offered is what the files say now."""
        return question.id in self._scope.of_files(self.intake)

    def can_change(self, question: Question) -> tuple[str, ...]:
        """What the question's answer can change, all other answers as they are."""
        others = self.rulebook.questions.keys() - {question.id}
        answers = without(self._read(), [question.id])
        step = self._step(answers, others)
        return step.changes if step is not None else ()

    def doubt(self) -> Doubted | None:
        """A number that may be a slip, until it is confirmed."""
        enrolment = self.rulebook.enrolment
        found = doubted(enrolment, self.intake) if enrolment is not None else ()
        return next((each for each in found if not self.answers.get(each.doubt.confirmed_by)), None)

    def confirm(self, doubt: Doubted) -> None:
        """Take the number as it was said."""
        self.answers[doubt.doubt.confirmed_by] = True
        self.given = doubt.doubt.answer

    def _step(self, answers: Mapping[str, Any], passed_over: Collection[str]) -> NextQuestion | None:
        return next_question(self.rulebook, answers, frozenset(passed_over), engine=self._engine)

    def _spared_first(self, step: NextQuestion) -> NextQuestion:
        """Another question where its answer may spare one to ask this: whether one ran before how it hurt."""
        enrolment = self.rulebook.enrolment
        if enrolment is None:
            return step
        first = spared_by(self.rulebook, enrolment, self.intake, step.question.id)
        if first is None or first in self._passed_over():
            return step
        return step._replace(question=self.rulebook.questions[first], left_at_most=step.left_at_most + 1)

    def _passed_over(self) -> set[str]:
        return {*self._never, *(name for name, value in self.answers.items() if value is None)}

    def _read(self) -> dict[str, Any]:
        """The answers to questions, with what a programme does not ask as it is read."""
        enrolment = self.rulebook.enrolment
        if enrolment is None:
            return self.intake
        asides = {doubt.confirmed_by for doubt in enrolment.doubts}
        given = {key: value for key, value in self.intake.items() if key not in asides}
        return {**unasked(self.rulebook, enrolment, given), **given}
