"""A diary that was begun under an earlier questionnaire goes on: what its first answers still say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from afterrun.assessment import Entry, Result, assess, part_of
from afterrun.diary.history import History
from afterrun.intake import migrate
from afterrun.rulebook import DISPLAY, Rulebook


def first_result(part: Rulebook, history: History) -> Result:
    """What the plan began with; where its answers no longer suffice for one, as it was told then."""
    base = part_of(part)[1]
    result = assess(base, migrate(base, history.intake).intake)
    if base.triage[result.triage].shows_plan:
        return result
    told = history.result
    entries = ({key: each[key] for key in Entry._fields if key in each} for each in told["ledger"])
    plan: Mapping[str, Any] = {key: value for key, value in told["plan"].items() if key != DISPLAY}
    return replace(result, triage=told["triage"], ledger=tuple(Entry(**each) for each in entries), plan=plan)


def asked_again(part: Rulebook, history: History) -> tuple[str, ...]:
    """The questions of today that the first answers of an earlier questionnaire leave open."""
    base = part_of(part)[1]
    if history.rulebook.get("version") == base.identity.version:
        return ()
    return assess(base, migrate(base, history.intake).intake).open_questions
