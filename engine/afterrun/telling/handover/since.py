"""What a diary adds to the page: where the person stands, since when each thing was advised, the picture."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from afterrun.assessment import part_of
from afterrun.inference import Engine
from afterrun.intake import migrate, read_answers
from afterrun.rulebook import Rulebook
from afterrun.schedule import SOMEONE, day_words
from afterrun.telling.diary.picture import Shape, picture_of
from afterrun.telling.diary.settings import goal_words
from afterrun.telling.diary.weeks import Diary, diary_of, phase_words, week_words
from afterrun.telling.handover.contents import (
    Basis,
    answered_words,
    answers_block,
    basis_of,
    foot_of,
    given,
    open_block,
    pattern_block,
    rank_of,
    said_of,
    title_of,
)
from afterrun.telling.handover.sheet import Block, Handover, Item
from afterrun.telling.page import capital
from afterrun.telling.plan import week_amount_words

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn
    from afterrun.schedule import Schedule

DIARY = "the diary"
ON_PAPER = Shape(width=690, chart=46, titled=False)
"""So wide that its words are no smaller on paper than the others."""


def diary_handover(part: Rulebook, history: History, engine: Engine = "durable") -> Handover:
    """The page of someone who keeps a diary, from the first intake to the last check-in."""
    from afterrun.diary import schedules_of

    base = part_of(part)[1]
    basis = _as_told(part, history, engine)
    diary, ahead = diary_of(part, history), schedules_of(part, history)[-1]
    level, do = _now(basis, history)
    whose = f" of {history.person}" if history.person != SOMEONE else ""
    since = day_words(history.start, year=True)
    return Handover(
        title_of(base),
        f"Diary{whose} since {since}, {_reported(diary)}. {answered_words(basis)}",
        level,
        do,
        history.standing.stopped,
        _answers(basis, history),
        (
            Block("Where things stand", tuple(_standing(part, history, diary, ahead)), whole=DIARY),
            pattern_block(basis),
            Block("Said at check-ins, the latest first", tuple(_said(part, history)), whole=DIARY),
            open_block(basis),
            Block("Advised, and since when", _advised(part, basis, history, diary, ahead)),
        ),
        picture_of(diary, ON_PAPER) if diary.weeks else None,
        foot_of(base, part),
    )


def _as_told(part: Rulebook, history: History, engine: Engine) -> Basis:
    """The first intake; what today's questions leave open of an earlier one stands as it was told then."""
    from afterrun.diary import first_result

    base = part_of(part)[1]
    basis = basis_of(base, read_answers(base, migrate(base, history.intake).intake), engine)
    result = first_result(part, history)
    if result.triage == basis.result.triage:
        return basis
    told = {name: level for name, level in history.result["patterns"].items() if name in base.patterns}
    return basis._replace(result=result, patterns=told)


def _answers(basis: Basis, history: History) -> Block:
    """The answers of the first intake, with the day on which they were given."""
    block = answers_block(basis)
    return block._replace(title=f"{block.title}, answered {day_words(history.noted_at, year=True)}")


def _now(basis: Basis, history: History) -> tuple[str, str]:
    """What to do now: what the stop says while the plan is stopped, else what the first intake said."""
    last = history.holding
    triage = basis.result.triage
    if last is not None and history.standing.stopped:
        triage = last.said.get("triage") or triage
    level = basis.rulebook.triage[triage]
    return level.name, said_of(level)


def _reported(diary: Diary) -> str:
    count = sum(each.told == "reported" for each in diary.weeks)
    return f"{count} {'week' if count == 1 else 'weeks'} reported"


def _standing(part: Rulebook, history: History, diary: Diary, ahead: Schedule) -> Iterator[Item]:
    """The week to come, its phase and amount; stops, the goal and missed weeks."""
    phase = phase_words(part, history.standing.programme)
    if history.standing.stopped:
        yield Item("The plan is stopped.", f"Before that: {phase}.")
    else:
        told = " ".join(each for each in (f"{phase}.", _amount_of(ahead)) if each)
        yield Item(f"Next, {week_words(history, history.next_week)}:", told)
    for stop in reversed(diary.stops):
        yield Item(f"{capital(stop.cause)}:", f"{stop.words}.")
    if goal := goal_words(part, history.standing.facts):
        yield Item("Goal:", f"{goal}.")
    missed = [each.number for each in diary.weeks if each.told == "missed"]
    if missed:
        yield Item("Missed:", f"{len(missed)} {'week' if len(missed) == 1 else 'weeks'}.")


def _amount_of(schedule: Schedule) -> str:
    """What the week to come should hold, as the plan lays it out, where that is known."""
    amount = schedule.weeks[0].amount if schedule.weeks else None
    if amount is None or amount.value is None:
        return ""
    return f"{schedule.amount_text}: {week_amount_words(amount, schedule.unit)}."


def _advised(
    part: Rulebook, basis: Basis, history: History, diary: Diary, ahead: Schedule
) -> tuple[Item, ...]:
    """What the first intake gave and the check-ins brought, each with the days from which on it held."""
    from afterrun.diary import written_of

    programmes, since = written_of(part).programmes, f"since {day_words(history.start)}"
    if history.stopped_on is not None:
        since = _until(history.start, history.stopped_on)
    held = [*(each.courses for each in diary.weeks), ahead.weeks[0].courses if ahead.weeks else ()]
    rows = {row.intervention.id: row for row in given(basis)}
    brought = [phase.programme for phase in diary.phases if phase.programme not in rows]
    items = []
    for name, row in rows.items():
        days = _days(_weeks_of(basis, name, held), history, len(held)) if name in programmes else since
        items.append(Item(f"{row.intervention.called}.", f"{days}.", rank_of(row)))
    for name in dict.fromkeys(brought):
        days = _days(_weeks_of(basis, name, held), history, len(held))
        items.append(Item(f"{phase_words(part, name)}.", f"{days}."))
    return tuple(sorted(items, key=lambda item: item.rank))


def _weeks_of(basis: Basis, programme: str, held: list[tuple[str, ...]]) -> list[int]:
    """The weeks of the diary, and the next, for which the plan held a programme."""
    schedule = basis.rulebook.schedule
    courses = {each.id for each in schedule.courses if programme in each.for_} if schedule else set()
    return [number for number, each in enumerate(held, 1) if courses.intersection(each)]


def _days(weeks: list[int], history: History, following: int) -> str:
    """Stretches of weeks by their days; one that holds the week to come has no end."""
    told = []
    for _, run in itertools.groupby(enumerate(weeks), key=lambda each: each[1] - each[0]):
        numbers = [number for _, number in run]
        first, last = history.first_day(numbers[0]), numbers[-1]
        if history.stopped_on is not None and history.last_day(last) >= history.stopped_on:
            told.append(_until(first, history.stopped_on))
        elif last == following:
            told.append(f"since {day_words(first)}")
        else:
            told.append(f"{day_words(first)} to {day_words(history.last_day(last))}")
    return ", ".join(told) or "not begun yet"


def _until(first: date, stopped: date) -> str:
    """The days until the plan was stopped; what begins later was never begun."""
    return (
        f"{day_words(first)} to {day_words(stopped)}, then stopped" if first <= stopped else "not begun yet"
    )


def _said(part: Rulebook, history: History) -> Iterator[Item]:
    """Each thing that check-ins said, the latest first: how often, and when last."""
    days: dict[str, list[KeptCheckIn]] = {}
    for kept in history.check_ins:
        for action in kept.said["actions"]:
            days.setdefault(action, []).append(kept)
    for action, kept_ones in sorted(days.items(), key=lambda each: each[1][-1].number, reverse=True):
        name = part.interventions[action].called if action in part.interventions else action
        first, last = (day_words(each.day) for each in (kept_ones[0], kept_ones[-1]))
        often = f"{len(kept_ones)} times, first {first}, last {last}." if len(kept_ones) > 1 else f"{last}."
        yield Item(f"{name}.", often)
