"""The settings of a diary in words: as they are, each change of them, and the weeks that it changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from afterrun.assessment import part_of
from afterrun.explanation import amount_words
from afterrun.rulebook import Rulebook, number_words
from afterrun.schedule import (
    Preferences,
    Schedule,
    Week,
    WeekChange,
    changes_between,
    day_words,
)
from afterrun.telling.page import Page, Point, Section, page_of
from afterrun.telling.preferences import conflicts_section, preference_points, weekday_words

if TYPE_CHECKING:
    from afterrun.diary import History

SHOWN = 8
"""Stretches of changed weeks that are told one by one."""
GOAL = "Goal"
NONE = "none"


def settings_page(part: Rulebook, history: History, schedule: Schedule) -> Page:
    """What holds now, and what of it the weeks cannot hold."""
    rows = tuple(Point(name, value) for name, value in _rows(part, history).items())
    return page_of(
        "Your settings",
        "They hold for the weeks ahead." if len(rows) > 1 else "Days and times are those of the plan.",
        (Section("As they are", rows, table=True), conflicts_section(schedule)),
        schedule.rulebook,
    )


def changed_settings_page(
    part: Rulebook, histories: tuple[History, History], schedules: tuple[Schedule, Schedule]
) -> Page:
    """What a change of settings changed: itself, the coming weeks, and when the goal is reached."""
    (old, new), (before, after) = (_rows(part, each) for each in histories), schedules
    rows = tuple(
        Point(name, f"{old.get(name, NONE)} → {new.get(name, NONE)}")
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    )
    changes = changes_between(*schedules)
    today = histories[1].settings[-1].noted_at.date() if histories[1].settings else after.start
    reached = tuple(_reached(each, today) for each in schedules)
    weeks = tuple(_weeks(changes, after.unit or before.unit))
    if reached[0] != reached[1]:
        weeks = (Point("Goal reached", " → ".join(reached)), *weeks)
    return page_of(
        "Your settings are changed",
        "They hold from now on." if weeks else "They change none of the weeks that are laid out.",
        (
            Section("What changed", rows, table=True),
            Section("Your weeks, before and after", weeks, table=True),
            conflicts_section(after),
        ),
        after.rulebook,
    )


def settings_lines(part: Rulebook, history: History, check_ins: int) -> Iterator[str]:
    """Each change of settings between that many check-ins and the next, in a line."""
    for number, each in enumerate(history.settings):
        if each.after == check_ins:
            old, new = (_rows(part, _until(history, count)) for count in (number, number + 1))
            said = (
                f"{name}: {old.get(name, NONE)} → {new.get(name, NONE)}"
                for name in dict.fromkeys((*old, *new))
                if old.get(name) != new.get(name)
            )
            yield f"{day_words(each.noted_at, year=True)}, settings: {'; '.join(said)}"


def _until(history: History, settings: int) -> History:
    """The history as it stood after so many changes of settings."""
    kept = history.settings[:settings]
    last = history.settings[min(settings, len(history.settings) - 1)]
    return history._replace(settings=kept, check_ins=history.check_ins[: last.after])


def _rows(part: Rulebook, history: History) -> dict[str, str]:
    base = part_of(part)[1]
    found: dict[str, str] = {}
    for each in preference_points(base, Preferences.of(history.preferences_now)):
        found[each.name] = f"{found[each.name]}; {each.text}" if each.name in found else each.text
    return {GOAL: goal_words(part, history.standing.facts) or NONE, **found}


def goal_words(part: Rulebook, facts: Mapping[str, Any]) -> str:
    """The amount at which adding stops; nothing where none was named."""
    from afterrun.diary import goal_question

    question, base = goal_question(part), part_of(part)[1]
    value = None if question is None else facts.get(question.id)
    if question is None or not value or isinstance(value, str):
        return ""
    quantity = base.quantities.get(question.quantity or "")
    return f"{number_words(value) if quantity is None else amount_words(quantity, value, facts)} a week"


def _reached(schedule: Schedule, today: date) -> str:
    """When the goal is reached, if that lies within the weeks that are laid out."""
    if schedule.goal is None:
        return NONE
    for week in schedule.weeks:
        value = None if week.amount is None else week.amount.value
        if value is not None and value >= schedule.goal:
            if week.start <= today or week is schedule.weeks[0]:
                return "already: your amount is not below it"
            return f"week {week.number}, from {day_words(week.start, year=True)}"
    return "not within the weeks laid out"


def _weeks(changes: tuple[WeekChange, ...], unit: str) -> Iterator[Point]:
    """The changed weeks, those that change alike as one."""
    stretches = [
        (words, list(stretch))
        for words, stretch in itertools.groupby(changes, key=lambda each: _change(each, unit))
    ]
    for words, stretch in stretches[:SHOWN]:
        first, last = stretch[0], stretch[-1].number
        week = first.after or first.before
        assert week is not None
        which = f"Week {last}" if first.number == last else f"Weeks {first.number} to {last}"
        yield Point(f"{which}, from {day_words(week.start)}", words)
    if len(stretches) > SHOWN:
        yield Point("And on", f"up to week {changes[-1].number}; the plan has all of them")


def _change(change: WeekChange, unit: str) -> str:
    """What differs of a week, before and after: its amount, its days, or both."""
    old, new = change.before, change.after
    if old is None or new is None:
        return "no longer laid out" if new is None else "new"
    said = []
    if _amount(old, unit) != _amount(new, unit):
        said.append(f"{_amount(old, unit)} → {_amount(new, unit)}")
    days = [_days(old), _days(new)]
    for name in dict.fromkeys((*days[0], *days[1])):
        before, after = (each.get(name, "no day") for each in days)
        if before != after:
            said.append(f"{name} {before} → {after}")
    return "; ".join(said) or "as it was, but for how its amount is shared out"


def _amount(week: Week, unit: str) -> str:
    value = None if week.amount is None else week.amount.value
    return "no amount" if value is None else f"{number_words(value)} {unit}".strip()


def _days(week: Week) -> dict[str, str]:
    """The days and times of each kind of session."""
    found = {}
    for name in dict.fromkeys(each.name for each in week.doings):
        own = [each for each in week.doings if each.name == name]
        times = " and ".join(dict.fromkeys(f"{each.at:%H:%M}" for each in own))
        found[name] = f"{weekday_words(f'{each.at:%a}' for each in own)} at {times}"
    return found
