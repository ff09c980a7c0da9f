"""What the weeks of a diary hold that can be drawn."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import afterrun

if TYPE_CHECKING:
    from afterrun.diary import History


class Told(NamedTuple):
    """What a week's answers say of pain and amount, where they say it."""

    week: int
    start: date
    pain: float | None
    amount: float | None
    reported: bool
    """Whether the week has a check-in."""


def weeks_of(part: afterrun.Rulebook, history: History) -> list[Told]:
    """Every week up to the last reported, with the answers that the rulebook calls pain and amount."""
    from afterrun.diary import written_of

    written = written_of(part)
    kept = {each.week: each for each in history.check_ins if not each.standing.stopped}
    weeks = []
    for week in range(1, history.next_week):
        answers = kept[week].answers if week in kept else {}
        pains = [answers.get(name) for name in written.measures_pain]
        done = answers.get(written.measures_amount)
        weeks.append(
            Told(
                week,
                history.first_day(week),
                max((pain for pain in pains if isinstance(pain, int)), default=None),
                float(done) if isinstance(done, int | float) else None,
                week in kept,
            )
        )
    return weeks
