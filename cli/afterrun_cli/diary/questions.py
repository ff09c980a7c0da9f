"""The questions of a check-in that goes on from a diary: the week, and what the diary does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import afterrun
from afterrun.assessment import Conversation, Scope, part_of
from afterrun.diary import (
    History,
    miscounted,
    most_missed,
    passed_over,
    planned_by,
    signs_of,
    step,
    stops,
    written_of,
)
from afterrun.intake import migrate, unsaid
from afterrun.storage import StorageFault
from afterrun.telling import answer_in_words, capital, days_words
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
        self._known = _known(part, history)
        self._signs = signs_of(part)

    def ask_signs(self, why: str) -> Mapping[str, Any]:
        """New warning signs alone, which no week needs to be over for; nothing where there is none."""
        sign = self._signs.id
        say(f"No week to report: {why}. A new warning sign, though, is taken on any day.", "")
        scope, manner = Scope(settled=self._known, only=(sign,)), Manner(last_words=self._stop)
        interview = Interview(self._part, self._known, None, scope, manner)
        with leave_with_person(lambda: _kept_words(None)):
            interview.run()
        return {sign: interview.intake[sign]} if self._stop(interview.talk) else {}

    def ask_week(self, week: int, draft: Draft, offers: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers of the week; leaves when the person does.

        The draft keeps them until the check-in is written down, for whoever is interrupted. `offers` are
        answers given before, to be taken over or corrected.
        """
        try:
            draft.check()
            kept = draft.read()
        except StorageFault as fault:
            say(f"warning: {unwritten_words(fault)}. What you answer is not kept.")
            kept = {}
        # Where no week lies between, none was missed, and that is not asked.
        missed = {} if self._history.unreported(week) else {written_of(self._part).missed: 0}
        with leave_with_person(lambda: _kept_words(draft)):
            days = self._tell_week(week)
            intake = {**self._known, **self._resumed(kept), **missed}
            manner = Manner(
                dict.fromkeys(self._looking_back(), f"That is week {week}, {days}."),
                lambda talk: self._stop(talk) or before_the_result(talk, "writes the week down"),
            )
            interview = Interview(self._part, intake, draft, self._scope(week, offers, missed), manner)
            interview.run()
        return {key: value for key, value in interview.intake.items() if key not in self._known}

    def _tell_week(self, week: int) -> str:
        """Say which week it is about; gives its days."""
        history = self._history
        days = days_words(history.first_day(week), year=True)
        say(f"This check-in looks back on week {week}, {days}.")
        if history.unreported(week):
            # No stop behind it: it ends in a command.
            say(capital(passed_over(history, week, most_missed(self._part))))
        say("")
        return days

    def _looking_back(self) -> list[str]:
        """The questions about the week that is reported, and not about the one ahead."""
        part, ahead = self._part, written_of(self._part).looks_ahead
        enrolment, _ = part_of(part)
        weekly = [name for name in enrolment.checkin if not part.sections[name].safety]
        return [name for name, each in part.questions.items() if each.section in weekly and name not in ahead]

    def _scope(self, week: int, offers: Mapping[str, Any], told: Mapping[str, Any]) -> Scope:
        part, history, written = self._part, self._history, written_of(self._part)
        missed = written.missed
        return Scope(
            settled={**self._known, **told},
            always=(missed,) if history.unreported(week) else (),
            never=[name for name in written.from_plan if part.questions[name].optional],
            offers=offers,
            refuses=lambda adds: (
                miscounted(history, week, adds[missed], most_missed(part)) if missed in adds else ""
            ),
        )

    def _stop(self, talk: Conversation) -> LastWords | None:
        """What is said where the answers stop the plan: the person is to mean it."""
        part, history, sign = self._part, self._history, self._signs.id
        answers = {key: value for key, value in talk.intake.items() if key not in self._known}
        if not stops(part, step(part, history.standing, history.intake, answers)[0]):
            return None
        told = {sign: answers[sign]}
        if not stops(part, step(part, history.standing, history.intake, told)[0]):
            return LastWords("With these answers the plan stops.", "writes that down")
        said = answer_in_words(part, sign, answers[sign], answers)
        return LastWords(f"You report: {said}. That stops the plan.", "writes that down")

    def _resumed(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of an unfinished check-in, but for warning signs: those may be new since."""
        part = self._part
        safe = {name for name, each in part.questions.items() if part.sections[each.section].safety}
        found = {key: value for key, value in kept.items() if key not in self._known and key not in safe}
        try:
            afterrun.next_question(part, {**self._known, **found})
        except afterrun.IntakeError:
            return {}
        if found:
            say("You began this check-in before; your answers are taken up. b goes back to them.")
        return found


def _kept_words(draft: Draft | None) -> list[str]:
    if draft is None or not (draft.written or draft.read()):
        return ["Nothing was saved."]
    return [f"This week is not written down yet. Your answers are kept: go on with  {draft.again}"]


def _known(part: afterrun.Rulebook, history: History) -> dict[str, Any]:
    """What is not asked: the diary holds it, or there is nothing to say of it."""
    enrolment, _ = part_of(part)
    standing, written = history.standing, written_of(part)
    known = {**standing.facts, written.programme: standing.programme, written.looks_back_on: standing.week}
    known |= planned_by(part, standing)
    first = migrate(part_of(part)[1], history.intake).intake
    for name in enrolment.from_answers:
        if name in first:
            known.setdefault(name, first[name])
    for name, reads in unsaid(part, enrolment).items():
        # What belongs to the week is asked each time; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin and name not in written.may_change:
            known.setdefault(name, reads)
    return known
