"""A conversation in the terminal: numbered lines, one answer a line, no cursor tricks.

Everything here goes to stderr; stdout is for the result alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import afterrun
from afterrun.assessment import WHOLE_RULEBOOK, Conversation, Scope
from afterrun.explanation import answer_in_words
from afterrun.intake import Doubted, Misread, typed_answer
from afterrun.rulebook.schema import Question
from afterrun.storage import StorageFault
from afterrun.telling import (
    FIRST,
    NEEDED,
    Alarm,
    alarm_of,
    capital,
    doubt_words,
    heading_words,
)
from afterrun_cli.interview.drafts import Draft
from afterrun_cli.interview.last_words import LastWords, before_the_result
from afterrun_cli.interview.leaving import PersonLeft
from afterrun_cli.interview.question_words import (
    gate_lines,
    hint_words,
    option_lines,
    why_lines,
)
from afterrun_cli.terminal.exits import say, say_text
from afterrun_cli.terminal.paging import pages_of
from afterrun_cli.terminal.typing import InputClosed, tolerate_what_is_no_text, typed_line


class Manner(NamedTuple):
    """How an interview is led, beyond what it asks."""

    beside: Mapping[str, str] = {}
    """By question, what is said with it: which days it is about."""
    last_words: Callable[[Conversation], LastWords | None] = before_the_result
    """None where there is nothing to agree to."""
    welcomes: bool = True
    """False where another interview just did."""
    of_files: Callable[[str, Mapping[str, Any]], list[str]] = lambda question, intake: []
    """What the person's own files say to a question, beside the answers so far."""


PLAIN = Manner()


class Interview:
    """One interview: asks until no answer can change the result any more, and the person agrees."""

    def __init__(
        self,
        rulebook: afterrun.Rulebook,
        intake: Mapping[str, Any],
        draft: Draft | None,
        scope: Scope = WHOLE_RULEBOOK,
        manner: Manner = PLAIN,
    ) -> None:
        self.talk = Conversation(rulebook, intake, scope)
        self._rulebook = rulebook
        self._draft = draft
        self._manner = manner
        self._section = ""
        self._alarm: Alarm | None = None

    @property
    def intake(self) -> dict[str, Any]:
        """The answers so far."""
        return self.talk.intake

    def run(self) -> None:
        """Ask; raises PersonLeft, InputClosed or KeyboardInterrupt when the end is not reached."""
        tolerate_what_is_no_text()
        if self._manner.welcomes:
            self._welcome()
        back_to: str | None = None
        while True:
            self._ask_from(back_to)
            if (doubt := self.talk.doubt()) is not None:
                back_to = self._settled(doubt)
                continue
            last = self._manner.last_words(self.talk)
            if last is None or self._agreed(last, ends=True):
                return
            back_to = last.question or self.talk.before(None)

    def _ask_from(self, back_to: str | None) -> None:
        """Ask to the end, first the question to go back to, if there is one."""
        while True:
            if back_to is not None:
                question, step = self._rulebook.questions[back_to], None
            elif (step := self.talk.next()) is not None:
                self._tell_alarm(step)
                question = step.question
            else:
                return
            heading = heading_words(self.talk, question.id, step)
            if self._ask(question, heading):
                doubt = self.talk.doubt()
                back_to = self._settled(doubt) if doubt and doubt.doubt.answer == question.id else None
            elif (earlier := self.talk.before(back_to)) is not None:
                back_to = earlier
            else:
                say(FIRST)

    def _settled(self, doubt: Doubted) -> str | None:
        """Ask whether a number is right; gives the question to go back to where it is not."""
        if self._agreed(LastWords((doubt_words(doubt),), "keeps it"), ends=False):
            self.talk.confirm(doubt)
            return None
        return doubt.doubt.answer

    def _agreed(self, last: LastWords, *, ends: bool) -> bool:
        """Whether the person lets something stand; False to go back. After what `ends` nothing is asked."""
        way = f"Enter {last.enter}. b goes back."

        def show() -> None:
            say_text("", *last.words, way)

        show()
        while True:
            try:
                line = typed_line(show)
            except InputClosed:
                # A file that answered all has said it. A doubt, and a person, are to say so.
                if ends and not sys.stdin.isatty():
                    return True
                raise
            match line.lower():
                case "" | "y" | "yes":
                    return True
                case "q":
                    raise PersonLeft
                case "b":
                    return False
                case _:
                    say(way)

    def _welcome(self) -> None:
        identity = self._rulebook.identity
        say(identity.title, "")
        say_text(*identity.limits[:2], "")
        leaves = "q saves and leaves" if self._draft is not None else "q leaves"
        say(f"At every question: b goes back, ? helps to answer, {leaves}.")

    def _tell_alarm(self, step: afterrun.NextQuestion) -> None:
        """A red flag that is proved is told at once, though something stronger is still open."""
        alarm = alarm_of(self._rulebook, step)
        told = alarm._replace(more="") if alarm else None
        if alarm and told != self._alarm:
            say("", *filter(None, (alarm.at_once, alarm.words, alarm.more)))
        self._alarm = told

    def _ask(self, question: Question, heading: str) -> bool:
        """Ask one question until it has its answer; False to go back."""
        folded = bool(question.gate) and question.id not in self.talk.answers
        line = self._show(question, heading, folded)
        while True:
            match line.lower():
                case "b":
                    return False
                case "q":
                    raise PersonLeft
                case "?":
                    self._help(question)
                case "l" if folded:
                    folded = False
                    line = self._show(question, "", folded)
                    continue
                case "n" if question.gate:
                    self._take(question, {question.id: [each.id for each in question.options if each.alone]})
                    return True
                case "" if self._let_stand(question):
                    return True
                case "":
                    say(f"{NEEDED} {self._hint(question, folded)}")
                case _ if self._understood(question, line):
                    return True
            line = typed_line(self._show_again)

    def _let_stand(self, question: Question) -> bool:
        """Whether an empty line answers: the answer stays, one of another time is taken, or none is given."""
        if question.id in self.talk.answers:
            return True
        if offer := self.talk.offer(question):
            self._take(question, offer)
            return True
        if question.optional:
            self.talk.pass_over(question)
            self._keep()
            return True
        return False

    def _understood(self, question: Question, line: str) -> bool:
        """Whether a line is an answer; if not, what is wrong with it is said."""
        try:
            typed = typed_answer(self._rulebook, question, line, self.talk.intake)
        except Misread as error:
            say(str(error))
            return False
        if wrong := self.talk.refused(typed.adds):
            say(capital(wrong))
            return False
        if typed.note:
            say(typed.note)
        self._take(question, typed.adds)
        return True

    def _show(self, question: Question, heading: str, folded: bool) -> str:
        """Show a question, in pages where it is longer than the screen, and read what is typed first."""
        section = self._rulebook.sections[question.section]
        head = []
        if section.id != self._section:
            head += ["", section.title, "-" * len(section.title)]
            self._section = section.id
        ask = question.gate if folded else question.ask
        head += ["", *([heading] if heading else []), ask]
        if beside := self._manner.beside.get(question.id):
            head.append(beside)
        if question.help:
            head.append(question.help)
        intake = self.talk.intake
        head += self._manner.of_files(question.id, intake)
        options = gate_lines(question) if folded else option_lines(question, intake)
        *before, last = pages_of(["\n".join(head), *options, "\n".join(self._foot(question, folded))])
        for page in before:
            self._say_page(page)
            ways = f" {self._hint(question, folded)}" if folded else " Or type your answer."
            say(f"More follow. Enter shows them.{ways}")
            while (line := typed_line(self._show_again)) == "?":
                self._help(question)
            if line:
                return line
        self._say_page(last)
        return typed_line(self._show_again)

    def _help(self, question: Question) -> None:
        say_text(*why_lines(self._rulebook, question, self.talk.can_change(question)))

    def _foot(self, question: Question, folded: bool) -> list[str]:
        intake, lines = self.talk.intake, []
        offer = self.talk.offer(question)
        then = {**intake, **offer}
        told = answer_in_words(self._rulebook, question.id, then[question.id], then) if offer else ""
        if question.id in intake:
            kept = answer_in_words(self._rulebook, question.id, intake[question.id], intake)
            if offer and self.talk.is_of_files(question) and kept != told:
                lines.append(f"Your files say: {told}")
            lines.append(f"Enter keeps your answer: {kept}")
        elif offer:
            whose = "your files say" if self.talk.is_of_files(question) else "you said before"
            lines.append(f"Enter takes what {whose}: {told}")
        return [*lines, self._hint(question, folded)]

    def _hint(self, question: Question, folded: bool) -> str:
        if folded:
            return "Type n for none of these, or l to see the list."
        return hint_words(self._rulebook, question, self.talk.intake)

    def _say_page(self, page: list[str]) -> None:
        self._shown = page
        say_text(*page)

    def _show_again(self) -> None:
        say_text(*self._shown)

    def _take(self, question: Question, adds: Mapping[str, Any]) -> None:
        self.talk.take(adds)
        self._keep()

    def _keep(self) -> None:
        if self._draft is None:
            return
        try:
            self._draft.write(self.talk.intake)
        except StorageFault as fault:
            say(f"warning: this answer could not be saved: {fault.reason}")
