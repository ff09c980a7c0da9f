"""The questions of a check-in that goes on from a diary, asked in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import afterrun
from afterrun.assessment import Conversation
from afterrun.diary import CheckInQuestions, History
from afterrun.storage import StorageFault
from afterrun.telling import WeekOffers, about_week, beside_question, last_words, no_week_words, stop_words
from afterrun_cli.interview.conversation import Interview, Manner
from afterrun_cli.interview.drafts import Draft
from afterrun_cli.interview.last_words import LastWords, before_the_result
from afterrun_cli.interview.leaving import leave_with_person
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.files import unwritten_words


class DiaryQuestions:
    """What is asked in the terminal of someone whose history the diary holds."""

    def __init__(self, part: afterrun.Rulebook, history: History) -> None:
        self._part = part
        self._history = history
        self._questions = CheckInQuestions(part, history)

    def ask_signs(self, why: str) -> Mapping[str, Any]:
        """New warning signs alone, which no week needs to be over for; nothing where there is none."""
        questions = self._questions
        say(no_week_words(why), "")
        manner = Manner(last_words=self._stop)
        interview = Interview(self._part, questions.known, None, questions.of_signs, manner)
        with leave_with_person(lambda: _kept_words(None)):
            interview.run()
        told = {questions.sign: interview.intake[questions.sign]}
        return told if questions.stops(told) else {}

    def ask_week(
        self, week: int, draft: Draft, offers: Mapping[str, Any], files: WeekOffers | None = None
    ) -> Mapping[str, Any]:
        """The answers of the week; leaves when the person does.

        The draft keeps them until the check-in is written down, for whoever is interrupted. `offers` are
        answers given before, to be taken over or corrected; `files` what the person's own files say.
        """
        questions = self._questions
        try:
            draft.check()
            kept = draft.read()
        except StorageFault as fault:
            say(f"warning: {unwritten_words(fault)}. What you answer is not kept.")
            kept = {}
        with leave_with_person(lambda: _kept_words(draft)):
            say(*about_week(self._part, self._history, week), "")
            if taken_up := questions.taken_up(kept):
                say("You began this check-in before; your answers are taken up. b goes back to them.")
            intake = {**questions.known, **taken_up, **questions.told_of(week)}
            manner = Manner(
                dict.fromkeys(questions.looking_back(), beside_question(self._history, week)),
                lambda talk: self._stop(talk) or before_the_result(talk, "writes the week down"),
            )
            scope = questions.of_week(week, offers)
            if files is not None:
                scope, manner = files.within(scope), manner._replace(of_files=files.lines)
            interview = Interview(self._part, intake, draft, scope, manner)
            interview.run()
        return questions.answers_in(interview.intake)

    def _stop(self, talk: Conversation) -> LastWords | None:
        """What is said where the answers stop the plan: the person is to mean it."""
        answers = self._questions.answers_in(talk.intake)
        words = stop_words(self._questions, answers)
        told = (self._questions.at_once(answers.get(self._questions.sign, ())), words)
        question = last_words(talk).question
        return LastWords(tuple(filter(None, told)), "writes that down", question) if words else None


def _kept_words(draft: Draft | None) -> list[str]:
    if draft is None or not (draft.written or draft.read()):
        return ["Nothing was saved."]
    return [f"This week is not written down yet. Your answers are kept: go on with  {draft.again}"]
