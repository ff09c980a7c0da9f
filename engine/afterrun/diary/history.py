"""What a diary tells of one person: how it began, and each check-in since; no database here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from afterrun.diary.errors import DiaryError, NotYetError
from afterrun.diary.settings import KeptSettings, settled
from afterrun.diary.standing import Standing
from afterrun.schedule import day_words

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
    """The last week that is reported then; a stop takes one only where it tells of a whole week."""
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
        left = self.first if self.holding is None else self.holding.left
        return settled(left, self.settings_after(len(self.check_ins)))

    @property
    def holding(self) -> KeptCheckIn | None:
        """The check-in that holds now."""
        return self.holding_after(len(self.check_ins))

    def holding_after(self, check_ins: int) -> KeptCheckIn | None:
        """The one that holds after so many: the last that was not taken back."""
        told = reversed(self.check_ins[:check_ins])
        return next((each for each in told if each.taken_back_on is None), None)

    def reports(self, kept: KeptCheckIn) -> bool:
        """Whether a check-in takes a week of its own."""
        return kept.week > (self.check_ins[kept.number - 2].week if kept.number > 1 else 0)

    @property
    def stopped_on(self) -> date | None:
        """Since when the plan is stopped."""
        since = None
        for kept in reversed(self.check_ins if self.standing.stopped else ()):
            if kept.taken_back_on is None and not kept.left.stopped:
                break
            since = since if kept.taken_back_on is not None else kept.day
        return since

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

    def without_last(self) -> History:
        """The history as it was before its last check-in."""
        settings = tuple(each for each in self.settings if each.after < len(self.check_ins))
        return self._replace(check_ins=self.check_ins[:-1], settings=settings)

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
            raise DiaryError(f"{not_come(day, today)}: a week is reported when it is over")
        if day < self.start:
            begins = day_words(self.start, year=True)
            raise NotYetError(f"{day_words(day, year=True)} lies before the plan, which starts on {begins}")
        week = ((day - self.start).days + 1) // 7
        if week < 1:
            raise NotYetError(
                f"week 1 is not over: check in from {day_words(self.last_day(1), year=True)} on"
            )
        if week < self.next_week:
            last, over = self.next_week - 1, day_words(self.last_day(self.next_week), year=True)
            raise NotYetError(
                f"week {last} has its check-in already; week {self.next_week} can be reported from {over} on"
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


def not_come(day: date, today: date) -> str:
    """What is wrong with a day that lies ahead."""
    return f"{day_words(day, year=True)} has not come (today is {day_words(today, year=True)})"


def passed_over(history: History, week: int, at_most: int, *, commands: bool = True) -> str:
    """What to say of the weeks that a check-in on a week would pass over; the rest as in `miscounted`."""
    before = history.unreported(week)
    missed = min(len(before), at_most)
    first, last = before[0], before[-1]
    which = f"week {first} has" if first == last else f"weeks {first} to {last} have"
    return (
        f"{which} no check-in. If you did nothing of the plan then, count {missed} as missed; "
        f"if you did, report week {first} first"
        + (f":  afterrun checkin --date {history.last_day(first)}" if commands else ".")
    )


def miscounted(history: History, week: int, missed: Any, at_most: int, *, commands: bool = True) -> str:
    """What is wrong with the number of missed weeks: each week is reported or missed, none passed over.

    `at_most` is the largest number that can be answered; after a longer gap it stands for all of them.
    `commands` says whether the way out is told as one.
    """
    before = history.unreported(week)[-at_most:]
    if isinstance(missed, int) and missed > len(before):
        between = f"between {'the last check-in' if history.check_ins else 'the start'} and week {week}"
        if not before:
            return f"no week lies {between}, so none was missed: 0"
        weeks = "1 week lies" if len(before) == 1 else f"{len(before)} weeks lie"
        return f"{missed} weeks were missed, but only {weeks} {between}"
    if before and (not isinstance(missed, int) or missed < len(before)):
        return passed_over(history, week, at_most, commands=commands)
    return ""
