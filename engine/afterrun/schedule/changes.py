"""Two schedules of one plan, before and after: which weeks differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from afterrun.schedule.nouns import Schedule, Week


class WeekChange(NamedTuple):
    """A week of the calendar that a check-in changed; one of the two is None where it is new or gone."""

    number: int
    before: Week | None
    after: Week | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"week": self.number, "before": _told(self.before), "after": _told(self.after)}


def changes_between(before: Schedule, after: Schedule, from_week: int = 1) -> tuple[WeekChange, ...]:
    """The weeks that differ in courses, amount, sessions or their days, in order, from a week on."""
    old, new = _by_number(before), _by_number(after)
    found = [WeekChange(number, old.get(number), new.get(number)) for number in sorted({*old, *new})]
    return tuple(
        each for each in found if each.number >= from_week and _told(each.before) != _told(each.after)
    )


def _by_number(schedule: Schedule) -> Mapping[int, Week]:
    return {week.number: week for week in schedule.weeks}


def _told(week: Week | None) -> dict[str, Any] | None:
    """What makes a week what it is to the person."""
    if week is None:
        return None
    amount = week.amount
    return {
        "courses": list(week.courses),
        "amount": None if amount is None else amount.value,
        "sessions": [session.title for session in week.sessions],
        "at": [session.at.isoformat(timespec="minutes") for session in week.doings],
    }
