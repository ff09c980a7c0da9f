"""What a diary tells of one person: how it began, and each check-in since; no database here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from afterrun.assessment import assess
from afterrun.checkins import part_of
from afterrun.diary.errors import DiaryError
from afterrun.diary.standing import Standing, begin, step
from afterrun.rulebook import Rulebook


class Kept(NamedTuple):
    """One check-in as it stands in the diary."""

    number: int
    week: int
    day: date
    noted_at: datetime
    answers: Mapping[str, Any]
    seen: bool
    said: Mapping[str, Any]
    rulebook: Mapping[str, str]
    standing: Standing


class History(NamedTuple):
    """One enrolment and its check-ins."""

    person: str
    number: int
    start: date
    noted_at: datetime
    intake: Mapping[str, Any]
    result: Mapping[str, Any]
    rulebook: Mapping[str, str]
    first: Standing
    check_ins: tuple[Kept, ...]

    @property
    def standing(self) -> Standing:
        """Where the person stands now."""
        return self.check_ins[-1].standing if self.check_ins else self.first

    @property
    def next_week(self) -> int:
        """The first week that has no check-in yet, nor one after it."""
        return self.check_ins[-1].week + 1 if self.check_ins else 1

    def last_day(self, week: int) -> date:
        """From when on a week may be reported."""
        return self.start + timedelta(days=7 * week - 1)

    def week_of(self, day: date, today: date) -> int:
        """The week that a check-in on a day looks back on; DiaryError if it cannot be."""
        if day > today:
            raise DiaryError(f"{day} has not come (today is {today}): a week is reported when it is over")
        if day < self.start:
            raise DiaryError(f"{day} lies before the plan, which starts on {self.start}")
        week = ((day - self.start).days + 1) // 7
        if week < 1:
            raise DiaryError(f"week 1 is not over: check in from {self.last_day(1)} on")
        if week < self.next_week:
            last = self.check_ins[-1]
            raise DiaryError(
                f"week {last.week} has its check-in already (of {last.day}); "
                f"week {self.next_week} can be reported from {self.last_day(self.next_week)} on"
            )
        return week

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "person": self.person,
            "number": self.number,
            "start": self.start.isoformat(),
            "noted_at": self.noted_at.isoformat(),
            "rulebook": dict(self.rulebook),
            "intake": dict(self.intake),
            "result": dict(self.result),
            "first": self.first.to_dict(),
            "standing": self.standing.to_dict(),
            "check_ins": [
                {
                    **each._asdict(),
                    "day": each.day.isoformat(),
                    "noted_at": each.noted_at.isoformat(),
                    "standing": each.standing.to_dict(),
                }
                for each in self.check_ins
            ],
        }


def replay(part: Rulebook, history: History) -> list[Standing]:
    """Every standing from the first on, worked out anew from the intake and the answers alone."""
    _, base = part_of(part)
    standings = [begin(part, assess(base, history.intake))]
    for kept in history.check_ins:
        standings.append(step(part, standings[-1], history.intake, kept.answers)[1])
    return standings


def refuse_stopped(history: History, seen: bool) -> None:
    """After a warning sign the plan goes on only when the person says that they have been seen."""
    if history.standing.stopped and not seen:
        raise DiaryError(
            "the plan is stopped since a new warning sign was reported. When you have been seen and told "
            "that you may go on, add --seen; with new answers begin anew: afterrun start FILE --again"
        )
