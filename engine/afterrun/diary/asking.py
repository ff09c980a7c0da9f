"""What a check-in asks that goes on from a diary: a week or new warning signs alone, and what is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from afterrun.assessment import Scope, next_question, part_of, told_at_once, urgency_of
from afterrun.diary.errors import NotYetError
from afterrun.diary.history import History, miscounted
from afterrun.diary.standing import (
    most_missed,
    no_sign_of,
    planned_by,
    signs_of,
    step,
    stops,
    written_of,
)
from afterrun.errors import IntakeError
from afterrun.intake import migrate, unsaid
from afterrun.rulebook import Rulebook


class Asked(NamedTuple):
    """What there is to ask on a day."""

    week: int | None
    """The week to look back on; None where only new warning signs are taken."""
    why: str = ""
    """Why there is no week to report."""


def asked_on(history: History, day: date, today: date, *, seen: bool) -> Asked:
    """What a check-in on a day asks; DiaryError for a day that has not come."""
    if history.standing.stopped and not seen:
        # A worse sign than the first is taken, too; without one the plan stays as it is.
        return Asked(None, "the plan is stopped")
    try:
        return Asked(history.week_of(day, today))
    except NotYetError as error:
        return Asked(None, str(error))


class CheckInQuestions:
    """The questions that are left for someone whose history the diary holds."""

    def __init__(self, part: Rulebook, history: History) -> None:
        self.part = part
        self.history = history
        self.known = _known(part, history)
        """What is not asked: the diary holds it, or there is nothing to say of it."""
        self.sign = signs_of(part).id
        """The question of new warning signs."""

    @property
    def of_signs(self) -> Scope:
        """New warning signs alone, which no week needs to be over for."""
        return Scope(settled=self.known, only=(self.sign,))

    def of_week(self, week: int, offers: Mapping[str, Any], *, commands: bool = True) -> Scope:
        """A week, and how many before it were missed; `commands` as in `miscounted`."""
        part, history, written = self.part, self.history, written_of(self.part)
        missed = written.missed
        return Scope(
            settled={**self.known, **self.told_of(week)},
            always=(missed,) if history.unreported(week) else (),
            never=[name for name in written.from_plan if part.questions[name].optional],
            offers=offers,
            refuses=lambda adds: (
                miscounted(history, week, adds[missed], most_missed(part), commands=commands)
                if missed in adds
                else ""
            ),
        )

    def told_of(self, week: int) -> dict[str, Any]:
        """Where no week lies between, none was missed, and that is not asked."""
        return {} if self.history.unreported(week) else {written_of(self.part).missed: 0}

    def looking_back(self) -> list[str]:
        """The questions about the week that is reported, and not about the one ahead."""
        part, ahead = self.part, written_of(self.part).looks_ahead
        weekly = [name for name in part_of(part)[0].checkin if not part.sections[name].safety]
        return [name for name, each in part.questions.items() if each.section in weekly and name not in ahead]

    def answers_in(self, intake: Mapping[str, Any]) -> dict[str, Any]:
        """What of an intake the person said."""
        return {key: value for key, value in intake.items() if key not in self.known}

    def stops(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers stop the plan."""
        return stops(self.part, step(self.part, self.history.standing, self.history.intake, answers)[0])

    def at_once(self, signs: Collection[str]) -> str:
        """What is told before all else where these signs are new; nothing where none asks for it."""
        new = set(signs).difference(no_sign_of(self.part))
        intake = migrate(part_of(self.part)[1], self.history.intake).intake
        return " ".join(told_at_once(self.part, intake, new)) if new else ""

    def stopped_by(self, asked: Collection[str]) -> dict[str, dict[str, str]]:
        """Each single answer to what is asked that stops the plan, with how soon to be seen then.

        Told before anybody answers, for a page that nobody can be asked about.
        """
        part, standing, intake = self.part, self.history.standing, self.history.intake
        sign, no_sign, held = signs_of(part), no_sign_of(part), self.unseen
        tried: list[tuple[str, str, dict[str, Any]]]
        tried = [(sign.id, each.id, {sign.id: [*held, each.id]}) for each in sign.options if not each.alone]
        for name in set(written_of(part).measures_pain).intersection(asked):
            low, high = part.questions[name].at_least, part.questions[name].at_most
            if low is not None and high is not None:
                values = range(int(low), int(high) + 1)
                tried += [(name, str(each), {sign.id: no_sign, name: each}) for each in values]
        found = dict[str, dict[str, str]]()
        for name, value, answers in tried:
            said, _ = step(part, standing, intake, answers)
            if stops(part, said) and said.triage is not None:
                found.setdefault(name, {})[value] = said.triage
        return found

    def worse_together(self, alone: Mapping[str, str]) -> dict[tuple[str, str], str]:
        """Each two warning signs that are more urgent together than `alone`, with how soon to be seen."""
        part, held = self.part, self.unseen
        intake = migrate(part_of(part)[1], self.history.intake).intake
        order = list(part_of(part)[1].triage)
        found = {}
        for pair in combinations(alone, 2):
            most = min(order.index(alone[each]) for each in pair)
            # Nothing is more urgent than the first level.
            level = urgency_of(part, intake, (*held, *pair)) if most else order[0]
            if order.index(level) < most:
                found[pair] = level
        return found

    @property
    def unseen(self) -> list[str]:
        """The signs of a stop that nobody has looked at yet."""
        holding = self.history.holding
        told = holding.answers.get(self.sign) if holding is not None and holding.left.stopped else None
        return [each for each in told or () if each not in no_sign_of(self.part)]

    def taken_up(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The answers of an unfinished check-in, but for warning signs: those may be new since."""
        part = self.part
        safe = {name for name, each in part.questions.items() if part.sections[each.section].safety}
        found = {key: value for key, value in self.answers_in(kept).items() if key not in safe}
        try:
            next_question(part, {**self.known, **found})
        except IntakeError:
            return {}
        return found


def _known(part: Rulebook, history: History) -> dict[str, Any]:
    enrolment, base = part_of(part)
    standing, written = history.standing, written_of(part)
    known = {**standing.facts, written.programme: standing.programme, written.looks_back_on: standing.week}
    known |= planned_by(part, standing)
    first = migrate(base, history.intake).intake
    for name in enrolment.from_answers:
        if name in first:
            known.setdefault(name, first[name])
    for name, reads in unsaid(part, enrolment).items():
        # What belongs to the week is asked each time; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin and name not in written.may_change:
            known.setdefault(name, reads)
    return known
