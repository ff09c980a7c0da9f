"""A diary worked out anew, to be held against what it says."""

from __future__ import annotations

import afterrun
from afterrun.diary import History, Standing, step
from afterrun.diary.settings import settled
from afterrun.diary.standing import begin


def replay(part: afterrun.Rulebook, history: History) -> list[Standing]:
    """Every standing from the first on, worked out anew from the intake and the answers alone."""
    assert part.base is not None
    standings = [begin(part, afterrun.assess(part.base, history.intake))]
    for number, kept in enumerate(history.check_ins):
        standing = settled(standings[-1], history.settings_after(number))
        standings.append(step(part, standing, history.intake, kept.answers)[1])
    return standings
