"""The questions in the terminal: numbered lines, one answer a line, no cursor tricks.

Everything here goes to stderr; stdout is for the result alone.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import afterrun
from afterrun.intake import doubted, unasked
from afterrun.rulebook.schema import Question
from afterrun.storage import StorageFault
from afterrun.telling import Page
from afterrun_cli.runner.drafts import Draft
from afterrun_cli.runner.question_words import current_words, hint_words, option_lines, why_lines
from afterrun_cli.runner.typed_answers import Misread, read_line
from afterrun_cli.terminal.exits import INTERRUPTED, RAN, UNUSABLE, leave, say
from afterrun_cli.terminal.show import show_rest
from afterrun_cli.terminal.text import wrapped

LONGEST_LINE = 1000
"""Characters read of a typed line; no answer comes near."""


class PersonLeft(Exception):
    """The person asked to leave."""


class InputClosed(Exception):
    """There is nothing more to read, and questions are open."""


class Scope(NamedTuple):
    """What an interview asks, beyond what the rulebook says of it."""

    settled: Collection[str] = ()
    """What the intake holds that is no answer to go back to."""
    always: Collection[str] = ()
    """Asked though it can change nothing."""
    only: Collection[str] | None = None
    """Where it is given, all that is asked."""
    never: Collection[str] = ()
    offers: Mapping[str, Any] = {}
    """Answers that Enter takes over, but for those about safety."""
    refuses: Callable[[Mapping[str, Any]], str] = lambda adds: ""
    """Says what is wrong with an answer beyond what the question itself allows."""


WHOLE_RULEBOOK = Scope()


@contextmanager
def leave_with_person(kept: Callable[[], list[str]], so: str = "") -> Iterator[None]:
    """Leave when the person does before the end, with a word on what is kept and what follows from it."""
    try:
        yield
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", *kept())
    except InputClosed:
        ended = "the input ended before the questions did"
        leave(UNUSABLE, "", f"error: {ended}{so and ': '}{so}.", *kept())
    except PersonLeft:
        leave(RAN, "", *kept())


def offer_rest(page: Page) -> None:
    """After an interview the answers are gone, so what follows on the first screen is offered at once."""
    if not (page.more and sys.stdin.isatty()):
        return
    say("", "Enter shows the rest, with how and why. q leaves.")
    if sys.stdin.readline(LONGEST_LINE).strip(" \r") == "\n":
        show_rest(page)


def tolerate_what_is_no_text() -> None:
    """What is not text is a wrong answer, told as any other; to be said before the first line is read."""
    if isinstance(sys.stdin, io.TextIOWrapper) and sys.stdin.errors != "replace":
        sys.stdin.reconfigure(errors="replace")


class Interview:
    """One interview: asks until no answer can change the result any more."""

    def __init__(
        self,
        rulebook: afterrun.Rulebook,
        intake: dict[str, Any],
        draft: Draft | None,
        scope: Scope = WHOLE_RULEBOOK,
    ) -> None:
        self.intake = intake
        self._rulebook = rulebook
        self._draft = draft
        self._scope = scope
        self._asked = [name for name in rulebook.questions if name in intake and name not in scope.settled]
        """Every question dealt with, in the order in which `b` goes back through them."""
        others = () if scope.only is None else set(rulebook.questions).difference(scope.only)
        self._passed_over = {*scope.never, *others}
        self._section = ""
        self._alarm = ""

    def run(self) -> None:
        """Ask; raises PersonLeft, InputClosed or KeyboardInterrupt when the end is not reached."""
        tolerate_what_is_no_text()
        self._welcome()
        self._ask_all()
        while self._doubts():
            # Another number may open other questions.
            self._ask_all()

    def _doubts(self) -> bool:
        """Ask again about numbers that may be a slip; whether one is another now."""
        enrolment = self._rulebook.enrolment
        for doubt, words in doubted(enrolment, self.intake) if enrolment else ():
            say("", wrapped(f"{words}. Is that right?"))
            if not self.confirmed(self._rulebook.questions[doubt.answer]):
                return True
            self.intake[doubt.confirmed_by] = True
        return False

    def _answers(self) -> dict[str, Any]:
        """The answers to questions, with what a programme does not ask as it is read."""
        enrolment = self._rulebook.enrolment
        if enrolment is None:
            return self.intake
        asides = {doubt.confirmed_by for doubt in enrolment.doubts}
        given = {key: value for key, value in self.intake.items() if key not in asides}
        return {**unasked(self._rulebook, enrolment, given), **given}

    def _ask_all(self) -> None:
        back_to: int | None = None
        while (step := self._next()) is not None:
            self._tell_alarm(step)
            if back_to is None:
                heading = f"Question {len(self._asked) + 1}, at most {step.left_at_most} left"
                question = step.question
            else:
                heading = f"Question {back_to + 1}, asked before"
                question = self._rulebook.questions[self._asked[back_to]]
            if self._ask(question, heading):
                back_to = None
            elif back_to != 0 and self._asked:
                back_to = (len(self._asked) if back_to is None else back_to) - 1
            else:
                say("This is the first question.")

    def confirmed(self, question: Question) -> bool:
        """Whether an answer stands; where it does not, the question is asked again."""
        say("Enter writes that down; b goes back to the question.")
        while True:
            try:
                line = self._read()
            except InputClosed:
                # Whoever says no more has said it.
                return True
            match line.lower():
                case "" | "y" | "yes":
                    return True
                case "q":
                    raise PersonLeft
                case "b":
                    self.intake.pop(question.id, None)
                    if not self._ask(question, "Once more"):
                        say("This is the first question.")
                        continue
                    return False
                case _:
                    say("Press Enter, or type b to go back.")

    def _next(self) -> afterrun.NextQuestion | None:
        answers = self._answers()
        step = afterrun.next_question(self._rulebook, answers, frozenset(self._passed_over))
        left = [name for name in self._scope.always if name not in self.intake]
        if step is not None or not left:
            return step
        status = afterrun.assess(self._rulebook, answers).triage
        if self._rulebook.triage[status].settles:
            return None
        return afterrun.NextQuestion(self._rulebook.questions[left[0]], (), len(left), status)

    def _welcome(self) -> None:
        identity = self._rulebook.identity
        say(identity.title, "")
        say(*(wrapped(limit) for limit in identity.limits[:2]), "")
        leaves = "q saves and leaves" if self._draft is not None else "q leaves"
        say(f"At every question: b goes back, ? tells why it is asked, {leaves}.")

    def _tell_alarm(self, step: afterrun.NextQuestion) -> None:
        """A red flag that is proved is told at once, though something stronger is still open."""
        level = self._rulebook.triage[step.triage]
        alarm = level.id if level.settles else ""
        if alarm and alarm != self._alarm:
            questions = "question" if step.left_at_most == 1 else "questions"
            say("", wrapped(f"From what you said: {level.name}. {level.do}"))
            say(wrapped(f"{step.left_at_most} more {questions} could make it more urgent."))
        self._alarm = alarm

    def _ask(self, question: Question, heading: str) -> bool:
        """Ask one question until it has its answer; False to go back."""
        self._show(question, heading)
        while True:
            line = self._read()
            match line.lower():
                case "b":
                    return False
                case "q":
                    raise PersonLeft
                case "?":
                    say(*why_lines(self._rulebook, question, self._can_change(question)))
                    continue
                case "":
                    if question.id in self.intake:
                        return True
                    if offer := self._offer(question):
                        self._take(question, offer)
                        return True
                    if question.optional:
                        self._pass_over(question)
                        return True
                    say("An answer is needed here. " + hint_words(self._rulebook, question, self.intake))
                    continue
            try:
                typed = read_line(self._rulebook, question, line, self.intake)
            except Misread as error:
                say(str(error))
                continue
            if wrong := self._scope.refuses(typed.adds):
                say(wrapped(wrong[:1].upper() + wrong[1:] + "."))
                continue
            if typed.note:
                say(typed.note)
            self._take(question, typed.adds)
            return True

    def _show(self, question: Question, heading: str) -> None:
        section = self._rulebook.sections[question.section]
        if section.id != self._section:
            say("", section.title, "-" * len(section.title))
            self._section = section.id
        say("", heading, wrapped(question.ask))
        if question.help:
            say(wrapped(question.help))
        say(*option_lines(self._rulebook, question, self.intake))
        if question.id in self.intake:
            say(f"Enter keeps your answer: {current_words(self._rulebook, question, self.intake)}")
        elif offer := self._offer(question):
            given = {**self.intake, **offer}
            say(f"Enter takes what you said before: {current_words(self._rulebook, question, given)}")
        say(hint_words(self._rulebook, question, self.intake))

    def _offer(self, question: Question) -> dict[str, Any]:
        """The answer given before; none about safety, for a sign may be new since."""
        safe = self._rulebook.sections[question.section].safety
        if safe or question.id not in self._scope.offers:
            return {}
        units = {each.unit_key for each in self._rulebook.quantities.values()} if question.quantity else ()
        told = {key: self._scope.offers[key] for key in units if key in self._scope.offers}
        return {question.id: self._scope.offers[question.id], **told}

    def _can_change(self, question: Question) -> tuple[str, ...]:
        """What the question's answer can change, all other answers as they are."""
        others = frozenset(self._rulebook.questions) - {question.id}
        intake = {key: value for key, value in self._answers().items() if key != question.id}
        step = afterrun.next_question(self._rulebook, intake, others)
        return step.changes if step is not None else ()

    def _pass_over(self, question: Question) -> None:
        self._passed_over.add(question.id)
        self._note(question)

    def _take(self, question: Question, adds: dict[str, Any]) -> None:
        self._passed_over.discard(question.id)
        self.intake.update(adds)
        self._note(question)
        if self._draft is None:
            return
        try:
            self._draft.write(self.intake)
        except StorageFault as fault:
            say(f"warning: this answer could not be saved: {fault.reason}")

    def _note(self, question: Question) -> None:
        if question.id not in self._asked:
            self._asked.append(question.id)

    def _read(self) -> str:
        """One line from the person, or from a file in their place."""
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline(LONGEST_LINE)
        if not line:
            raise InputClosed
        line = line.strip()
        if not sys.stdin.isatty():
            say(line)
        return line
