"""A diary worked out anew, to be held against what it says."""

from __future__ import annotations

import json

import afterrun
from afterrun.diary import History, Standing, step
from afterrun.diary.settings import settled
from afterrun.diary.standing import begin

Known = dict[str, Standing]
"""What came of an intake, or of a standing and its answers, when it was worked out before."""


def replay(part: afterrun.Rulebook, history: History, known: Known | None = None) -> list[Standing]:
    """Every standing from the first on, worked out anew from the intake and the answers alone.

    Of a story that is told again as it grows, `known` keeps what was worked out for the telling before.
    """
    assert part.base is not None
    known = {} if known is None else known
    intake = json.dumps(dict(history.intake))
    if intake not in known:
        known[intake] = begin(part, afterrun.assess(part.base, history.intake))
    standings = [known[intake]]
    for number, kept in enumerate(history.check_ins):
        standing = settled(standings[-1], history.settings_after(number))
        key = json.dumps([intake, standing.to_dict(), dict(kept.answers)])
        if key not in known:
            known[key] = step(part, standing, history.intake, kept.answers)[1]
        standings.append(known[key])
    return standings
