"""The questions of a check-in that goes on from a diary: the week, and what the diary does not know."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import afterrun
from afterrun.checkins import part_of
from afterrun.diary.history import History
from afterrun.diary.standing import written_of
from afterrun_cli.drafts import Draft
from afterrun_cli.exits import INTERRUPTED, UNUSABLE, leave, say
from afterrun_cli.interview import InputClosed, Interview, Left


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
    known = _known(part, history)
    interview = Interview(part, {**known, **_resumed(part, known, kept)}, draft, settled=known)
    interview.run()
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
    for name in enrolment.from_answers:
        if name in history.intake:
            known.setdefault(name, history.intake[name])
    asked = written_of(part).may_change
    for name, reads in enrolment.unsaid.items():
        # What belongs to the week is asked each time; all else that is unsaid the diary would know.
        if part.questions[name].section not in enrolment.checkin and name not in asked:
            known.setdefault(name, int(reads) if not isinstance(reads, str) else reads)
    return known
