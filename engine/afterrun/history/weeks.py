"""What was run in, week by week out: the weeks that end with today, the earliest first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from afterrun.history.runs import Run, RunningHistory

WEEKS = 16
DAYS = 7


class RunWeek(NamedTuple):
    """Seven days."""

    first: date
    last: date
    runs: tuple[Run, ...]
    known: bool
    """Whether the files reach over all of it; of a week that they do not, they tell at most a part."""

    @property
    def metres(self) -> int:
        """Of all runs that have a distance."""
        return sum(each.metres or 0 for each in self.runs)

    @property
    def seconds(self) -> int:
        """Of all runs that have a duration."""
        return sum(each.seconds or 0 for each in self.runs)


def weeks_up_to(history: RunningHistory, today: date, count: int = WEEKS) -> tuple[RunWeek, ...]:
    """The weeks up to a day, which ends the last of them."""
    first = history.first.date() if history.first is not None else date.max
    newest = history.last.date() if history.last is not None else date.min
    found = []
    for back in reversed(range(count)):
        last = today - timedelta(back * DAYS)
        begins = last - timedelta(DAYS - 1)
        runs = tuple(each for each in history.runs if begins <= each.day <= last)
        # The week of the newest activity may go on yet; one after it is not known at all.
        found.append(RunWeek(begins, last, runs, first <= begins and newest >= begins))
    return tuple(found)
