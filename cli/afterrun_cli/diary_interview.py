"""The questions of a check-in that goes on from a diary: the week, and the numbers that are missing."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

import afterrun
from afterrun.checkins import part_of
from afterrun.diary.history import History
from afterrun.diary.standing import Standing, asks_next, facts_told, step, written_of
from afterrun_cli.drafts import Draft
from afterrun_cli.exits import INTERRUPTED, UNUSABLE, leave, say
from afterrun_cli.interview import InputClosed, Interview, Left, tolerate_what_is_no_text
from afterrun_cli.question_words import hint_words
from afterrun_cli.typed import Misread, read_line


def asked(part: afterrun.Rulebook, history: History, draft: Draft) -> Mapping[str, Any]:
    """The answers of the week, asked in the terminal; leaves when the person does.

    The draft keeps them until the check-in is written down, for whoever is interrupted.
    """
    try:
        draft.check()
        kept = draft.read()
    except OSError as error:
        say(f"warning: {draft.path} cannot be written: {error.strerror}. What you answer is not kept.")
        kept = {}
    try:
        return _asked(part, history, draft, kept)
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", *_saved(draft))
    except InputClosed:
        leave(UNUSABLE, "", "error: the input ended before the questions did.", *_saved(draft))
    except Left:
        say("", *_saved(draft))
        sys.exit(0)


def _saved(draft: Draft) -> list[str]:
    if not draft.written:
        return ["Nothing was saved."]
    return ["This week is not written down yet. Your answers are kept: go on with  afterrun checkin"]


def _asked(
    part: afterrun.Rulebook, history: History, draft: Draft, kept: Mapping[str, Any]
) -> Mapping[str, Any]:
    standing = history.standing
    known = _known(part, history)
    missing = [
        fact
        for fact, each in written_of(part).asked_first.items()
        if each.in_ == standing.programme and fact not in standing.facts
    ]
    tolerate_what_is_no_text()
    answers = _numbers(part, standing, missing)
    known |= facts_told(part, standing, answers)
    interview = Interview(part, {**known, **_resumed(part, known, kept)}, draft, settled=known)
    interview.run()
    answers |= {key: value for key, value in interview.intake.items() if key not in known}
    # Whoever is led to another part of the plan is asked at once what it needs to begin.
    _, following = step(part, standing, history.intake, answers)
    return {**answers, **_numbers(part, following, asks_next(part, standing, following))}


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
    for name in enrolment.from_answers:
        if name in history.intake:
            known.setdefault(name, history.intake[name])
    for name, reads in enrolment.unsaid.items():
        # A wish is a question of the week; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin:
            known.setdefault(name, int(reads) if not isinstance(reads, str) else reads)
    return known


def _numbers(part: afterrun.Rulebook, standing: Standing, facts: Iterable[str]) -> dict[str, Any]:
    """Numbers that a programme needs; a blank passes one over."""
    _, base = part_of(part)
    keys = [quantity.unit_key for quantity in base.quantities.values()]
    units = {key: standing.facts[key] for key in keys if key in standing.facts}
    found: dict[str, Any] = {}
    for fact in facts:
        question = base.questions[written_of(part).asked_first[fact].question]
        say("", question.ask, hint_words(base, question, units), "Enter passes it over.")
        while True:
            line = sys.stdin.readline()
            if not line:
                raise InputClosed
            if line.strip().lower() == "q":
                raise Left
            if not line.strip():
                break
            try:
                found |= read_line(base, question, line.strip(), units).adds
                break
            except Misread as error:
                say(str(error))
    return {key: value for key, value in found.items() if value != "unknown"}
