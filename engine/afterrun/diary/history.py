"""What a diary tells of one person: how it began, and each check-in since; no database here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from afterrun.diary.errors import DiaryError, NotYetError
from afterrun.diary.settings import KeptSettings, settled
from afterrun.diary.standing import Standing

_DAYS = {
    "day": date.fromisoformat,
    "noted_at": datetime.fromisoformat,
    "seen_on": date.fromisoformat,
    "taken_back_on": date.fromisoformat,
}


class KeptCheckIn(NamedTuple):
    """One check-in as it stands in the diary."""

    number: int
    week: int
    """The last week that is reported then; a stop takes none of its own."""
    day: date
    noted_at: datetime
    answers: Mapping[str, Any]
    seen: bool
    said: Mapping[str, Any]
    rulebook: Mapping[str, str]
    standing: Standing
    corrected: tuple[KeptCheckIn, ...] = ()
    """The same check-in as it stood before each correction, the oldest first."""
    seen_on: date | None = None
    """The day on which the person, whose plan it stopped, had been seen and might go on."""
    taken_back_on: date | None = None
    """The day on which the person said that what stopped it was ticked by mistake."""

    @property
    def left(self) -> Standing:
        """Where it leaves the person, seen or not."""
        stands = self.seen_on is None and self.taken_back_on is None
        return self.standing if stands else self.standing._replace(stopped=False)

    def to_columns(self) -> dict[str, Any]:
        """As plain JSON values, but for the days."""
        corrected = [each.to_dict() for each in self.corrected]
        return {**self._asdict(), "standing": self.standing.to_dict(), "corrected": corrected}

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        columns = self.to_columns()
        return columns | {name: columns[name] and columns[name].isoformat() for name in _DAYS}

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> KeptCheckIn:
        """From what `to_columns` or `to_dict` gave."""
        # One that was corrected before stops could be taken back says nothing of it.
        written = {"taken_back_on": None, **written}
        days = {
            name: read(written[name]) if isinstance(written[name], str) else written[name]
            for name, read in _DAYS.items()
        }
        standing, corrected = Standing.of(written["standing"]), tuple(map(cls.of, written["corrected"]))
        return cls(**{**written, **days, "standing": standing, "corrected": corrected})


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
    check_ins: tuple[KeptCheckIn, ...]
    seen: bool = False
    """Whether the person had been seen, where the plan before this one was stopped."""
    preferences: Mapping[str, Any] = {}
    """What the person chose for the weeks when the plan began."""
    settings: tuple[KeptSettings, ...] = ()
    """Each change of it, and of the goal, since then."""

    @property
    def standing(self) -> Standing:
        """Where the person stands now."""
        left = self.check_ins[-1].left if self.check_ins else self.first
        return settled(left, self.settings_after(len(self.check_ins)))

    @property
    def preferences_now(self) -> Mapping[str, Any]:
        """What the person chose for the weeks, as it holds now."""
        return self.settings[-1].preferences if self.settings else self.preferences

    def settings_after(self, check_ins: int) -> tuple[KeptSettings, ...]:
        """The changes of settings between that many check-ins and the next."""
        return tuple(each for each in self.settings if each.after == check_ins)

    @property
    def next_week(self) -> int:
        """The first week that has no check-in yet, nor one after it."""
        return self.check_ins[-1].week + 1 if self.check_ins else 1

    @property
    def changed_from(self) -> date:
        """The first day that the last check-in decides about; a stop holds at once."""
        last = self.check_ins[-1] if self.check_ins else None
        if last is not None and last.standing.stopped:
            return last.day
        begins = self.first_day(self.next_week)
        return begins if last is None else max(begins, self.decided_at(last).date())

    def decided_at(self, kept: KeptCheckIn) -> datetime:
        """From when on a check-in decides: what lies before it is over, and is not moved.

        A week that was forgotten and told later decides from its day on; a correction from when the first
        was told.
        """
        if kept.seen_on is not None:
            return datetime.combine(kept.seen_on, time.min)
        told = (kept.corrected[0] if kept.corrected else kept).noted_at
        in_time = kept.day <= told.date() <= self.last_day(kept.week + 1)
        return told if in_time else datetime.combine(kept.day, time.min)

    def unreported(self, week: int) -> range:
        """The weeks that a check-in on a week would pass over."""
        return range(self.next_week, week)

    def before_last(self) -> History:
        """The history without its last check-in, which is to be corrected; DiaryError where it cannot be."""
        if not self.check_ins:
            raise DiaryError("there is no check-in yet that could be corrected")
        if self.check_ins[-1].standing.stopped:
            raise DiaryError("a stop is not corrected: it stands, or it is taken back as a mistake")
        settings = tuple(each for each in self.settings if each.after < len(self.check_ins))
        return self._replace(check_ins=self.check_ins[:-1], settings=settings)

    def refuse_taking_back(self) -> None:
        """One stop alone is taken back: where there were several, each may be true."""
        if not self.standing.stopped:
            raise DiaryError("the plan is not stopped")
        if self._replace(check_ins=self.check_ins[:-1]).standing.stopped:
            raise DiaryError(
                "more than one check-in stopped the plan, so none is taken back. When you have been seen and "
                "told that you may go on:  afterrun checkin --seen"
            )

    def first_day(self, week: int) -> date:
        """The day on which a week begins."""
        return self.start + timedelta(days=7 * (week - 1))

    def last_day(self, week: int) -> date:
        """From when on a week may be reported."""
        return self.start + timedelta(days=7 * week - 1)

    def week_in(self, day: date) -> int:
        """The week in which a day lies; the first for one before the plan."""
        return max(1, (day - self.start).days // 7 + 1)

    def week_of(self, day: date, today: date) -> int:
        """The week that a check-in on a day looks back on.

        Raises NotYetError while there is none to report, and DiaryError for a day that has not come.
        """
        if day > today:
            raise DiaryError(f"{day} has not come (today is {today}): a week is reported when it is over")
        if day < self.start:
            raise NotYetError(f"{day} lies before the plan, which starts on {self.start}")
        week = ((day - self.start).days + 1) // 7
        if week < 1:
            raise NotYetError(f"week 1 is not over: check in from {self.last_day(1)} on")
        if week < self.next_week:
            last = self.next_week - 1
            raise NotYetError(
                f"week {last} has its check-in already; "
                f"week {self.next_week} can be reported from {self.last_day(self.next_week)} on"
            )
        return week

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "person": self.person,
            "number": self.number,
            "start": self.start.isoformat(),
            "seen": self.seen,
            "noted_at": self.noted_at.isoformat(),
            "rulebook": dict(self.rulebook),
            "intake": dict(self.intake),
            "result": dict(self.result),
            "preferences": dict(self.preferences),
            "settings": [each.to_dict() for each in self.settings],
            "first": self.first.to_dict(),
            "standing": self.standing.to_dict(),
            "check_ins": [each.to_dict() for each in self.check_ins],
        }


def refuse_stopped(history: History, seen: bool) -> None:
    """After a warning sign the plan goes on only when the person says that they have been seen."""
    if history.standing.stopped and not seen:
        raise DiaryError(
            "the plan is stopped since a new warning sign was reported.",
            "When you have been seen and told that you may go on:  afterrun checkin --seen",
            "Or, with new answers:  afterrun start FILE --again --seen",
        )


def passed_over(history: History, week: int, at_most: int) -> str:
    """What to say of the weeks that a check-in on a week would pass over; `at_most` as in `miscounted`."""
    before = history.unreported(week)
    missed = min(len(before), at_most)
    first, last = before[0], before[-1]
    which = f"week {first} has" if first == last else f"weeks {first} to {last} have"
    return (
        f"{which} no check-in. If you did nothing of the plan then, count {missed} as missed; "
        f"if you did, report week {first} first:  afterrun checkin --date {history.last_day(first)}"
    )


def miscounted(history: History, week: int, missed: Any, at_most: int) -> str:
    """What is wrong with the number of missed weeks: each week is reported or missed, none passed over.

    `at_most` is the largest number that can be answered; after a longer gap it stands for all of them.
    """
    before = history.unreported(week)[-at_most:]
    if isinstance(missed, int) and missed > len(before) + 1:
        return f"{missed} weeks were missed, but only {len(before) + 1} went by since the last check-in"
    if before and (not isinstance(missed, int) or missed < len(before)):
        return passed_over(history, week, at_most)
    return ""
