"""What was run in, what it says to each question out: an offer with its runs, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.history.runs import Run, RunningHistory
from afterrun.intake import (
    DIGITS,
    FROM_FILES,
    MOST_RUNS,
    FileRun,
    FromFiles,
    Said,
    Silence,
    added_up,
    bounds,
    days_of,
    first_seen,
    measure_of,
    measured,
    measures_of,
    on_day,
    plain_number,
)
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Offered, Question

NO_FILES = "your files hold no activity"


class Offer(NamedTuple):
    """An answer that the person may take, or correct."""

    question: str
    value: Said
    unit: str
    """Of an amount; else empty."""
    found: FromFiles
    """What an intake keeps of it."""
    runs: tuple[Run, ...]
    """The same runs as they were read."""
    note: str = ""
    """What the person should know before taking it, in a sentence without its end."""
    doubtful: bool = False
    """Whether it may lack a run or count one twice, so that it is no answer before the person says so."""

    @property
    def plain(self) -> Any:
        """The answer as JSON holds it."""
        return plain_number(self.value) if isinstance(self.value, Fraction) else self.value


class Offers(NamedTuple):
    """What files say to all questions that the rulebook asks them for."""

    offered: Mapping[str, Offer]
    withheld: Mapping[str, str]
    """Why a question has no offer, in a sentence without its end."""
    unit: str
    """Of all amounts."""

    def answers(self, rulebook: Rulebook) -> dict[str, Any]:
        """Every offer as answers of an intake, with the unit of amounts and with the runs behind each."""
        told: dict[str, Any] = {}
        for offer in self.offered.values():
            quantity = rulebook.questions[offer.question].quantity
            if quantity is not None:
                told[rulebook.quantities[quantity].unit_key] = offer.unit
            told[offer.question] = offer.plain
        return {**told, FROM_FILES: {name: each.found.to_dict() for name, each in self.offered.items()}}


def usual_unit(rulebook: Rulebook, history: RunningHistory) -> str:
    """The unit of distance in which a person reads: miles where their files speak of them, else kilometres.

    Of the rulebook's units of distance the largest is the mile; empty where it has none.
    """
    units = measures_of(rulebook).items()
    by_size = sorted((each.metres, name) for name, each in units if each.metres is not None)
    return by_size[-1 if history.miles else 0][1] if by_size else ""


def offers(rulebook: Rulebook, history: RunningHistory, today: date, unit: str | None = None) -> Offers:
    """What the files say on some day, amounts in a unit or else in the one that the person reads.

    Nothing is assumed: days before the earliest activity of any kind, and after the newest, are not known.
    """
    asked = rulebook.history.offers if rulebook.history is not None else ()
    unit = unit or usual_unit(rulebook, history)
    found = {each.question: _offer(rulebook, each, history, today, unit) for each in asked}
    return Offers(
        {name: each for name, each in found.items() if isinstance(each, Offer)},
        {name: each.reason for name, each in found.items() if isinstance(each, Silence)},
        unit,
    )


def _offer(
    rulebook: Rulebook, asked: Offered, history: RunningHistory, today: date, unit: str
) -> Offer | Silence:
    if history.first is None or history.last is None or history.first.date() > today:
        return Silence(NO_FILES if history.first is None else f"{NO_FILES} up to {on_day(today)}")
    first, newest = history.first.date(), history.last.date()
    runs = [each for each in history.runs if each.day <= today]
    if asked.days is not None:
        begins, ends = days_of(asked.days, today)
        needed = begins
        runs = [each for each in runs if begins <= each.day <= ends]
        found = FromFiles(max(begins, first), today, _kept(runs, _counted(rulebook, unit)))
    else:
        regular = rulebook.history.regular if rulebook.history is not None else None
        assert regular is not None
        begins, needed, ends = first, today - timedelta(regular.stopped_days - 1), today
        found = _least(rulebook, asked, FromFiles(first, today, _kept(runs, "")))
        runs = [each for each in runs if each.day >= found.since]
    if newest < needed:
        return Silence(
            f"the newest activity in your files is of {on_day(newest)}, and they do not tell what came after"
        )
    lacking = [each for each in history.left_out if each.may_fall_within(found.since, ends)]
    question = rulebook.questions[asked.question]
    unit = unit if question.quantity else ""
    said = added_up(rulebook, asked, found, unit)
    if isinstance(said, Silence):
        return said
    if too_much := _beyond(rulebook, question, said, unit):
        return Silence(too_much)
    if len(found.runs) > MOST_RUNS:
        return Silence(f"more than {MOST_RUNS} runs stand behind it")
    if dated := sum(each.day is not None for each in lacking):
        return Silence(_may_be_runs(dated))
    notes = [f"the newest activity in your files is of {on_day(newest)}"] if newest < ends else []
    if twice := sum(found.since <= each <= ends for each in history.perhaps_twice):
        what = "a run" if twice == 1 else f"{twice} runs"
        then = "the number is too high" if asked.days is not None else "this may be wrong"
        notes.append(f"{what} of these days may be told twice, for a clock has no time zone, and then {then}")
    if lacking:
        then = "the number is too low" if asked.days is not None else "this may be wrong"
        notes.append(f"{_may_be_runs(len(lacking))}, and then {then}")
    found = found._replace(left_out=len(lacking))
    return Offer(asked.question, said, unit, found, tuple(runs), "; ".join(notes), bool(twice or lacking))


def _may_be_runs(count: int) -> str:
    what = "a run" if count == 1 else "runs"
    return f"{count} of what was left out may be {what} of these days"


def _least(rulebook: Rulebook, asked: Offered, whole: FromFiles) -> FromFiles:
    """As few of all runs as say the same."""
    since = first_seen(rulebook, asked, whole)
    runs = tuple(each for each in whole.runs if each.day >= since)
    fewer = FromFiles(since, whole.until, _with(runs, measured(runs)))
    return fewer if added_up(rulebook, asked, fewer) == added_up(rulebook, asked, whole) else whole


def _counted(rulebook: Rulebook, unit: str) -> str:
    measure = measure_of(rulebook, unit)
    return "metres" if measure is None or measure.metres is not None else "seconds"


def _kept(runs: Sequence[Run], counted: str) -> tuple[FileRun, ...]:
    """Runs as an intake keeps them."""
    return _with(
        [FileRun(each.day, each.metres, each.seconds, each.found[0].digest[:DIGITS]) for each in runs],
        counted,
    )


def _with(runs: Sequence[FileRun], counted: str) -> tuple[FileRun, ...]:
    """Runs with no more numbers than are counted; with all of them where both may be."""
    match counted:
        case "metres":
            return tuple(each._replace(seconds=None) for each in runs)
        case "seconds":
            return tuple(each._replace(metres=None) for each in runs)
    return tuple(runs)


def _beyond(rulebook: Rulebook, question: Question, said: Said, unit: str) -> str:
    """What is wrong with a number that the question does not take."""
    if not isinstance(said, Fraction):
        return ""
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, unit or None)
    if (low is not None and said < low) or (high is not None and said > high):
        return f"your files come to {float(said):g} {unit or question.unit}, which the question does not take"
    return ""
