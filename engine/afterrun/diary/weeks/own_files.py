"""What a person's own files say of the weeks of a diary: the one that is reported, and those that were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.diary.errors import DiaryError
from afterrun.diary.history import History, KeptCheckIn
from afterrun.diary.standing import written_of
from afterrun.diary.weeks.onward import schedules_of
from afterrun.history import Offer, Run, RunningHistory, offers
from afterrun.intake import FROM_FILES, FromFiles, exact_number
from afterrun.rulebook import Rulebook
from afterrun.schedule import Week, day_words


class OtherSum(NamedTuple):
    """A week that is reported, of which the files now say another amount than was confirmed."""

    kept: KeptCheckIn
    confirmed: float
    offer: Offer
    is_last: bool
    """Whether it can still be corrected."""


def week_ahead(part: Rulebook, history: History, week: int) -> Week | None:
    """A week that has no check-in yet, as the plan holds it; None where the plan does not reach it."""
    return next((each for each in schedules_of(part, history)[-1].weeks if each.number == week), None)


def is_without_running(planned: Week | None) -> bool:
    """Whether the plan says of a week that nothing is to be run in it."""
    return planned is not None and planned.amount is not None and planned.amount.value == 0


def runs_of(history: History, files: RunningHistory, week: int) -> tuple[Run, ...]:
    """The runs of the very days of a week."""
    first, last = history.first_day(week), history.last_day(week)
    return tuple(each for each in files.runs if first <= each.day <= last)


def kept_runs(part: Rulebook, kept: KeptCheckIn) -> FromFiles | None:
    """The runs behind the amount of a check-in; None where it came from no files."""
    entry = (kept.answers.get(FROM_FILES) or {}).get(written_of(part).measures_amount)
    return None if entry is None else FromFiles.of(entry)


def other_sums(part: Rulebook, history: History, files: RunningHistory) -> Iterator[OtherSum]:
    """The weeks whose confirmed amount is not what the files say now; nothing is changed by it.

    An amount that came from files is held against them to the hundredth. One that was typed is somebody's own
    word: it is told of the last week alone, and where the two differ by a step of its unit or more.
    """
    question = written_of(part).measures_amount
    for kept in history.check_ins:
        confirmed = exact_number(kept.answers.get(question))
        if confirmed is None or not history.reports(kept):
            continue
        came = kept_runs(part, kept) is not None
        is_last = kept is history.check_ins[-1]
        unit = _unit(part, question, {**kept.standing.facts, **kept.answers})
        offer = offers(part, files, history.last_day(kept.week), unit).offered.get(question)
        # Files that end before the week is over say too little of it.
        if offer is None or offer.note or not isinstance(offer.value, Fraction):
            continue
        quantity = part.questions[question].quantity
        least = 0 if came or quantity is None else part.quantities[quantity].step_of(offer.unit)
        apart = abs(offer.value - confirmed)
        if apart and apart >= least and (came or is_last):
            yield OtherSum(kept, float(confirmed), offer, is_last)


def refuse_other_days(history: History, week: int, answers: Mapping[str, Any]) -> None:
    """DiaryError where the runs behind an answer are of other days than the week that it is about."""
    for name, until in _until(answers):
        if until != history.last_day(week).isoformat():
            raise DiaryError(
                f"{FROM_FILES}.{name}: these runs are of the days up to {until}, and week {week} ends on "
                f"{day_words(history.last_day(week), year=True)}"
            )


def _until(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    entries = answers.get(FROM_FILES)
    for name, entry in (entries if isinstance(entries, Mapping) else {}).items():
        yield name, entry.get("until")


def _unit(part: Rulebook, question: str, answers: Mapping[str, Any]) -> str | None:
    quantity = part.questions[question].quantity
    return None if quantity is None else answers.get(part.quantities[quantity].unit_key)
