"""The questions of a check-in that goes on from a diary: the week, and what the diary does not know."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import afterrun
from afterrun.assessment import part_of
from afterrun.diary import History, miscounted, most_missed, passed_over, planned_by, step, stops, written_of
from afterrun_cli.runner.drafts import Draft
from afterrun_cli.runner.interview import InputClosed, Interview, Left
from afterrun_cli.runner.question_words import current_words
from afterrun_cli.terminal.exits import INTERRUPTED, UNUSABLE, leave, say
from afterrun_cli.terminal.text import wrapped


def asked(
    part: afterrun.Rulebook, history: History, week: int, draft: Draft, offers: Mapping[str, Any]
) -> Mapping[str, Any]:
    """The answers of the week, asked in the terminal; leaves when the person does.

    The draft keeps them until the check-in is written down, for whoever is interrupted. `offers` are
    answers given before, to be taken over or corrected.
    """
    try:
        draft.check()
        kept = draft.read()
    except OSError as error:
        say(f"warning: {draft.path} cannot be written: {error.strerror}. What you answer is not kept.")
        kept = {}
    with _until_left(draft):
        answers = _asked(part, history, week, draft, kept, offers)
    return answers


def signs_told(part: afterrun.Rulebook, history: History, why: str) -> Mapping[str, Any]:
    """New warning signs alone, which no week needs to be over for; nothing where there is none."""
    enrolment, _ = part_of(part)
    sign = enrolment.signs.question
    known = _known(part, history)
    say(wrapped(f"No week to report: {why}. A new warning sign, though, is taken on any day."), "")
    interview = Interview(part, dict(known), None, settled=known, only=(sign,))
    with _until_left(None):
        interview.run()
        answers = {sign: interview.intake[sign]}
        return answers if _stops(part, history, interview, answers) else {}


def _stops(part: afterrun.Rulebook, history: History, interview: Interview, answers: dict[str, Any]) -> bool:
    """Whether the answers stop the plan, and the person means it, for a stop cannot be taken back."""
    enrolment, _ = part_of(part)
    question = part.questions[enrolment.signs.question]
    while stops(part, step(part, history.standing, history.intake, answers)[0]):
        say("", wrapped(f"You report: {current_words(part, question, answers)}. That stops the plan."))
        if interview.confirmed(question):
            return True
        answers[question.id] = interview.intake[question.id]
    return False


@contextmanager
def _until_left(draft: Draft | None) -> Iterator[None]:
    """Leaves when the person does, with a word on what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", *_saved(draft))
    except InputClosed:
        leave(UNUSABLE, "", "error: the input ended before the questions did.", *_saved(draft))
    except Left:
        say("", *_saved(draft))
        sys.exit(0)


def _saved(draft: Draft | None) -> list[str]:
    if draft is None or not (draft.written or draft.read()):
        return ["Nothing was saved."]
    return [f"This week is not written down yet. Your answers are kept: go on with  {draft.again}"]


def _asked(
    part: afterrun.Rulebook,
    history: History,
    week: int,
    draft: Draft,
    kept: Mapping[str, Any],
    offers: Mapping[str, Any],
) -> Mapping[str, Any]:
    known = _known(part, history)
    skipped, missed = history.unreported(week), written_of(part).missed
    days = f"{history.first_day(week)} to {history.last_day(week)}"
    say(f"This check-in looks back on week {week}, {days}.")
    if skipped:
        words = passed_over(history, week)
        say(wrapped(words[:1].upper() + words[1:] + "."))
    say("")
    interview = Interview(
        part,
        {**known, **_resumed(part, known, kept)},
        draft,
        settled=known,
        always=(missed,) if skipped else (),
        never=[name for name in written_of(part).from_plan if part.questions[name].optional],
        offers=offers,
        refuses=lambda adds: (
            miscounted(history, week, adds[missed], most_missed(part)) if missed in adds else ""
        ),
    )
    interview.run()
    sign = part_of(part)[0].signs.question
    signs = interview.intake[sign]
    if not _stops(part, history, interview, {sign: signs}) and interview.intake[sign] != signs:
        # Taken back: the rest of the week is asked now.
        interview.run()
    return _told(interview, known)


def _told(interview: Interview, known: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in interview.intake.items() if key not in known}


def _resumed(part: afterrun.Rulebook, known: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of an unfinished check-in, but for warning signs: those may be new since."""
    safe = {name for name, each in part.questions.items() if part.sections[each.section].safety}
    found = {key: value for key, value in kept.items() if key not in known and key not in safe}
    try:
        afterrun.next_question(part, {**known, **found})
    except afterrun.IntakeError:
        return {}
    if found:
        say("You began this check-in before; your answers are taken up. b goes back to them.")
    return found


def _known(part: afterrun.Rulebook, history: History) -> dict[str, Any]:
    """What is not asked: the diary holds it, or there is nothing to say of it."""
    enrolment, _ = part_of(part)
    standing = history.standing
    known = {**standing.facts, "programme": standing.programme, "week": standing.week}
    known |= planned_by(part, standing)
    for name in enrolment.from_answers:
        if name in history.intake:
            known.setdefault(name, history.intake[name])
    asked = written_of(part).may_change
    for name, reads in enrolment.unsaid.items():
        # What belongs to the week is asked each time; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin and name not in asked:
            known.setdefault(name, int(reads) if not isinstance(reads, str) else reads)
    return known
