"""The weeks ahead as they stand now, and whatever a calendar may still hold of earlier ones."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from afterrun.diary.history import History
from afterrun.diary.weeks.onward import schedules_of
from afterrun.rulebook import Rulebook
from afterrun.schedule import Earlier, Schedule


class Ahead(NamedTuple):
    """What lies ahead of someone who keeps a diary."""

    history: History
    schedule: Schedule
    earlier: tuple[Earlier, ...]
    """What stood there before check-ins or a new beginning changed it."""


def weeks_ahead(part: Rulebook, enrolments: Sequence[History], *, usual_time: str | None = None) -> Ahead:
    """The weeks ahead; the enrolments are those of one reading, for between two somebody may delete."""
    *past, history = enrolments
    *before, schedule = schedules_of(part, history, usual_time=usual_time)
    earlier = [Earlier(each, history.changed_from) for each in before]
    for old, new in itertools.pairwise([*past, history]):
        earlier += [Earlier(each, new.noted_at.date()) for each in schedules_of(part, old)]
    return Ahead(history, schedule, tuple(earlier))
