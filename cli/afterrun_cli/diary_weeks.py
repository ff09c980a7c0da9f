"""What the weeks of a diary hold that can be drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import afterrun

if TYPE_CHECKING:
    from afterrun.diary.history import History


class Told(NamedTuple):
    """What a week's answers say of pain and amount, where they say it."""

    week: int
    pain: float | None
    amount: float | None


def weeks_of(part: afterrun.Rulebook, history: History) -> list[Told]:
    """The answers that the rulebook calls pain and amount."""
    from afterrun.diary.standing import written_of

    written = written_of(part)
    weeks = []
    for each in history.check_ins:
        pains = [each.answers.get(name) for name in written.measures_pain]
        done = each.answers.get(written.measures_amount)
        weeks.append(
            Told(
                each.week,
                max((pain for pain in pains if isinstance(pain, int)), default=None),
                float(done) if isinstance(done, int | float) else None,
            )
        )
    return weeks
