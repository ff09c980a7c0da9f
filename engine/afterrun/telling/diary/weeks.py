"""The weeks of a diary so far, in numbers: what was planned, what was done, how it hurt, in which phase."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from afterrun.assessment import part_of
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import BEYOND, Course
from afterrun.schedule import day_words

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn
    from afterrun.schedule import Week

Told = Literal["reported", "missed", "not yet"]
"""Whether a week has a check-in, was counted as missed, or has not been reported yet."""


class DiaryWeek(NamedTuple):
    """One week of the diary; what nobody said is None."""

    number: int
    start: date
    programme: str
    phase: str
    """The programme in words."""
    pain: float | None
    planned: float | None
    """The amount that the plan held for it before its check-in."""
    done: float | None
    told: Told
    courses: tuple[str, ...] = ()
    """What the plan held for it beside the amount, by the names of the rulebook."""
    place: int = 0
    """Of its programme among the courses of the plan, so that it looks the same in every picture."""

    @property
    def days(self) -> str:
        """Its first and last day."""
        return days_words(self.start)


class Stop(NamedTuple):
    """What stopped the plan, and the day on which it was seen to, or taken back."""

    day: date
    seen_on: date | None
    taken_back_on: date | None
    week: int
    """The week of the diary in which it was told."""
    cause: str = ""
    """The signs, or how much it hurt."""

    @property
    def words(self) -> str:
        """Since when, and until when."""
        until = "not seen yet"
        if self.seen_on is not None:
            until = f"seen {day_words(self.seen_on)}"
        elif self.taken_back_on is not None:
            until = f"taken back {day_words(self.taken_back_on)}"
        return f"stopped {day_words(self.day)}, {until}"

    @property
    def told(self) -> str:
        """The same with what stopped it."""
        return f"{self.words}: {self.cause}" if self.cause else self.words


class Phase(NamedTuple):
    """Weeks in a row of one programme."""

    programme: str
    name: str
    first: int
    last: int
    place: int
    """Of the programme among the courses of the plan."""


class Diary(NamedTuple):
    """A history in numbers, and what these are numbers of."""

    start: date
    weeks: tuple[DiaryWeek, ...]
    stops: tuple[Stop, ...]
    worst: float
    """The most that pain can be."""
    pain_name: str
    amount_name: str
    unit: str

    @property
    def has_amounts(self) -> bool:
        """Whether any amount was planned or done; else there is nothing to compare."""
        return any(each.planned or each.done for each in self.weeks)

    @property
    def amounts_of(self) -> str:
        """What the amounts are amounts of, with their unit."""
        return f"{self.amount_name}, {self.unit}" if self.unit else self.amount_name

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The programmes one after the other; one may come again."""
        runs = (list(run) for _, run in itertools.groupby(self.weeks, key=lambda each: each.programme))
        return tuple(
            Phase(run[0].programme, run[0].phase, run[0].number, run[-1].number, run[0].place) for run in runs
        )


def diary_of(part: Rulebook, history: History) -> Diary:
    """Every week up to the last that was reported, or in which the plan was stopped."""
    from afterrun.diary import worst_pain, written_of

    written, base = written_of(part), part_of(part)[1]
    stops = tuple(_stops(part, history))
    latest = max((stop.week for stop in stops), default=0)
    return Diary(
        history.start,
        tuple(_weeks(part, history, latest)),
        stops,
        worst_pain(part),
        written.pain_text,
        base.schedule.amount_text if base.schedule is not None else "Amount",
        history.standing.facts.get("volume_unit", ""),
    )


def phase_words(part: Rulebook, programme: str) -> str:
    """A programme as the weeks of the plan call it; as the check-in offers it where it has no weeks."""
    enrolment, base = part_of(part)
    course = _course_of(part, programme)
    if course is not None:
        named = course[1].name
        covered = programme not in base.interventions or base.interventions[programme].covered
        return named if covered else f"{named} ({BEYOND})"
    offered = (
        option
        for question in part.questions.values()
        if question.section in enrolment.enrolled
        for option in question.options
    )
    return next((option.text for option in offered if option.id == programme), programme)


def _course_of(part: Rulebook, programme: str) -> tuple[int, Course] | None:
    """The course that a programme is laid out as, with its place among all that there are."""
    base = part_of(part)[1]
    courses = base.schedule.courses if base.schedule is not None else ()
    return next(((place, each) for place, each in enumerate(courses) if programme in each.for_), None)


def days_words(start: date, *, year: bool = False) -> str:
    """The days of the week that begins on a day.

    >>> days_words(date(2027, 3, 29))
    '29 Mar to 4 Apr'
    """
    return f"{day_words(start)} to {day_words(start + timedelta(days=6), year=year)}"


def week_words(history: History, number: int) -> str:
    """A week of the diary with its days, the one number that a week has for the person."""
    return f"week {number}, {days_words(history.first_day(number))}"


def planned_weeks(part: Rulebook, history: History) -> dict[int, Week]:
    """Each week as it stood before its check-in; none where the rulebook lays out no weeks."""
    from afterrun.diary import weeks_as_planned

    return weeks_as_planned(part, history) if part_of(part)[1].schedule is not None else {}


def _weeks(part: Rulebook, history: History, latest: int) -> Iterator[DiaryWeek]:
    """Every week that was reported or missed, and on to the `latest` in which the plan was stopped."""
    from afterrun.diary import written_of

    written, planned = written_of(part), planned_weeks(part, history)
    before, first = history.first, 1
    for kept in history.check_ins:
        for number in range(first, kept.week + 1):
            answers = kept.answers if number == kept.week else None
            gone = kept.week - first + 1
            missed = answers is None or (answers.get(written.missed) or 0) >= gone
            yield _week(
                part,
                (number, history.first_day(number), before.programme),
                {} if answers is None else answers,
                planned.get(number),
                "missed" if missed else "reported",
            )
        before, first = kept.left, kept.week + 1
    for number in range(first, latest + 1):
        yield _week(
            part, (number, history.first_day(number), before.programme), {}, planned.get(number), "not yet"
        )


def _week(
    part: Rulebook,
    which: tuple[int, date, str],
    answers: Any,
    planned: Week | None,
    told: Told,
) -> DiaryWeek:
    from afterrun.diary import pain_told, written_of

    number, start, programme = which
    written = written_of(part)
    done = answers.get(written.measures_amount)
    amount = planned.amount if planned is not None else None
    return DiaryWeek(
        number,
        start,
        programme,
        phase_words(part, programme),
        pain_told(part, answers),
        None if amount is None else amount.value,
        float(done) if isinstance(done, int | float) else None,
        told,
        () if planned is None else planned.courses,
        (_course_of(part, programme) or (0,))[0],
    )


def _stops(part: Rulebook, history: History) -> Iterator[Stop]:
    from afterrun.diary import stop_cause

    for kept in history.check_ins:
        # What stopped the plan while a check-in was corrected is kept beside it once it is taken back.
        slips = [each for each in kept.corrected if each.taken_back_on is not None]
        for each in (*slips, *([kept] if kept.standing.stopped else [])):
            seen = None if each.taken_back_on is not None else _seen_on(history, each)
            week = history.week_in(each.day)
            yield Stop(each.day, seen, each.taken_back_on, week, stop_cause(part, history, each))


def _seen_on(history: History, stop: KeptCheckIn) -> date | None:
    """The day on which a stop had been seen, with those after it; a check-in can say so, too."""
    for kept in history.check_ins[stop.number - 1 :]:
        if kept.taken_back_on is not None:
            continue
        if kept.seen and kept.number > stop.number:
            return kept.day
        if kept.seen_on is not None:
            return kept.seen_on
    return None
