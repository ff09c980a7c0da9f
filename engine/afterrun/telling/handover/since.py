"""What a diary adds to the page: where the person stands, since when each thing was advised, the picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afterrun.assessment import part_of
from afterrun.inference import Engine
from afterrun.intake import migrate, read_answers
from afterrun.rulebook import Rulebook
from afterrun.schedule import SOMEONE
from afterrun.telling.diary.picture import Shape, picture_of
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
    title_of,
)
from afterrun.telling.handover.sheet import Block, Handover, Item
from afterrun.telling.page import day_words

if TYPE_CHECKING:
    from afterrun.diary import History, KeptCheckIn

DIARY = "the diary"
ON_PAPER = Shape(width=690, chart=46, titled=False)
"""So wide that its words are no smaller on paper than the others."""


def diary_handover(part: Rulebook, history: History, engine: Engine = "durable") -> Handover:
    """The page of someone who keeps a diary, from the first intake to the last check-in."""
    base = part_of(part)[1]
    basis = basis_of(base, read_answers(base, migrate(base, history.intake).intake), engine)
    diary = diary_of(part, history)
    level, do = _now(basis, history)
    whose = f" of {history.person}" if history.person != SOMEONE else ""
    since = day_words(history.start, year=True)
    return Handover(
        title_of(base),
        f"Diary{whose} since {since}, {_reported(diary)}. {answered_words(basis)}",
        level,
        do,
        history.standing.stopped,
        answers_block(basis),
        (
            Block("Where things stand", tuple(_standing(part, history, diary)), whole=DIARY),
            pattern_block(basis),
            Block("Said at check-ins, the latest first", tuple(_said(part, history)), whole=DIARY),
            open_block(basis),
            Block("Advised, and since when", _advised(part, basis, history, diary)),
        ),
        picture_of(diary, ON_PAPER) if diary.weeks else None,
        foot_of(base, part),
    )


def _now(basis: Basis, history: History) -> tuple[str, str]:
    """What to do now: what the stop says while the plan is stopped, else what the first intake said."""
    last = history.check_ins[-1] if history.check_ins else None
    triage = basis.result.triage
    if last is not None and history.standing.stopped:
        triage = last.said.get("triage") or triage
    level = basis.rulebook.triage[triage]
    return level.name, level.do


def _reported(diary: Diary) -> str:
    count = sum(each.told == "reported" for each in diary.weeks)
    return f"{count} {'week' if count == 1 else 'weeks'} reported"


def _standing(part: Rulebook, history: History, diary: Diary) -> Iterator[Item]:
    """The week to come and its phase; stops and missed weeks."""
    phase = phase_words(part, history.standing.programme)
    if history.standing.stopped:
        yield Item("The plan is stopped.", f"Before that: {phase}.")
    else:
        yield Item(f"Next, {week_words(history, history.next_week)}:", f"{phase}.")
    for stop in reversed(diary.stops):
        yield Item("A warning sign:", f"{stop.words}.")
    missed = [each.number for each in diary.weeks if each.told == "missed"]
    if missed:
        yield Item("Missed:", f"{len(missed)} {'week' if len(missed) == 1 else 'weeks'}.")


def _advised(part: Rulebook, basis: Basis, history: History, diary: Diary) -> tuple[Item, ...]:
    """What the first intake gave and the check-ins brought, each with the days from which on it held."""
    from afterrun.diary import written_of

    programmes, since = written_of(part).programmes, f"since {day_words(history.start)}"
    rows = {row.intervention.id: row for row in given(basis)}
    brought = (phase.programme for phase in diary.phases if phase.programme not in rows)
    items = [
        Item(
            f"{row.intervention.called}.",
            f"{_held(name, history, diary) if name in programmes else since}.",
            rank_of(row),
        )
        for name, row in rows.items()
    ]
    items += [
        Item(f"{phase_words(part, name)}.", f"{_held(name, history, diary)}.")
        for name in dict.fromkeys(brought)
    ]
    return tuple(sorted(items, key=lambda item: item.rank))


def _held(programme: str, history: History, diary: Diary) -> str:
    """The days of a programme's phases, or that it has not had its turn."""
    held = [
        f"{day_words(history.first_day(each.first))} to {day_words(history.last_day(each.last))}"
        for each in diary.phases
        if each.programme == programme
    ]
    if history.standing.programme == programme and not history.standing.stopped:
        now = diary.phases[-1] if diary.phases and diary.phases[-1].programme == programme else None
        begun = history.first_day(history.next_week if now is None else now.first)
        held[len(held) - (now is not None) :] = [f"since {day_words(begun)}"]
    return ", ".join(held) or "not begun yet"


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
