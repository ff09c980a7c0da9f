"""Texts that speak of the plan's numbers take them from the plan: a number stands in one place alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.rulebook.linking.index import Item, Items
from afterrun.rulebook.numerals import NUMBER_WORDS, value_words
from afterrun.rulebook.schema import PLACEHOLDER, Exercise, Intervention, Line, PlanItem, WrittenSchedule

_TEXTS = ("name", "short", "steps", "more")
"""Of an intervention, in which keys of the plan may stand in braces."""
_ON_CARDS = ("set_up", "movement", "side", "depth", "feel", "dose")
"""Of an exercise: how it is done. What is easier or harder is no number of the plan."""
_NUMBER = rf"(?:\d+(?:\.\d+)?|{'|'.join(NUMBER_WORDS)})"
_COUNTED = ("of 10", "a week")
"""What a number of the plan that has no unit may be counted in, by its own text."""


class _Held(NamedTuple):
    """A number of the plan, and what a sentence would have to say to mean one like it."""

    key: str
    amount: re.Pattern[str]


def fill_texts(items: Items) -> None:
    """Put the plan's numbers into the texts of the interventions, for braces that name its keys.

    Adds a problem for each key that holds no single constant, and for each amount that is typed where
    the plan holds one in the same unit for the same thing.
    """
    for name, item in list(items.interventions.items()):
        intervention: Intervention = item.value
        held = _held(items, [name])
        changed: dict[str, str | tuple[str, ...]] = {}
        for field in _TEXTS:
            told = getattr(intervention, field)
            _refuse_typed(items, item.at(field), told, held, intervention.own_amounts)
            filled = tuple(_filled(items, at, text, name) for at, text in _each(item.at(field), told))
            changed[field] = filled[0] if isinstance(told, str) else filled
        try:
            items.interventions[name] = item._replace(value=intervention.changed(**changed))
        except ValueError as error:
            # What was too long before it was filled has been told already.
            items.problem(item, str(error))
    if items.doses is not None:
        for name, lines in items.doses.value.items():
            _refuse_typed(items, items.doses.at(name), lines, _held(items, [name]))
    for item in items.exercises.values():
        exercise: Exercise = item.value
        programmes = {
            name
            for each in items.plan
            if each.value.names_exercise(exercise.id)
            for name in each.value.for_ or ()
        }
        held = _held(items, sorted(programmes))
        for field in _ON_CARDS:
            _refuse_typed(items, item.at(field), getattr(exercise, field), held)
    if items.schedule is not None:
        _refuse_in_weeks(items, items.schedule)


def _filled(items: Items, at: Item, text: str, intervention: str) -> str:
    """The text with every key in braces replaced by what the plan holds."""

    def words(found: re.Match[str]) -> str:
        key, part = found[1], found[2] or ""
        entries = [each for each in plan if each.key == key]
        told = value_words(_constant(entries, intervention), part)
        if told is not None:
            return told.capitalize() if found.start() == 0 else told
        if entries:
            items.problem(at, f"'{found[0]}' is no one number that the plan holds")
        return found[0]

    plan = _plan(items)
    named = [key for key, _ in PLACEHOLDER.findall(text)]
    items.look_up(at, "key of the plan", named, {each.key for each in plan})
    return PLACEHOLDER.sub(words, text)


def _plan(items: Items) -> list[PlanItem]:
    """What the plan holds, and that of the main part."""
    return [*(item.value for item in items.plan), *(items.written.base.plan if items.written.base else ())]


def _constant(entries: Iterable[PlanItem], intervention: str) -> object:
    """What entries of one key hold for an intervention, whatever its status, or else for everybody."""
    held: dict[tuple[str, str], object] = {}
    for place, each in enumerate(entries):
        # The first that stands for a status is the one that counts.
        statuses = each.for_ or {}
        stands: list[tuple[str, str]] = [(name, status) for name in statuses for status in statuses[name]]
        for when in stands or [("", str(place))]:
            held.setdefault(when, each.value)
    own = [value for (name, _), value in held.items() if name == intervention]
    values = own or list(held.values())
    return values[0] if values and all(value == values[0] for value in values) else None


def _held(items: Items, interventions: Iterable[str]) -> list[_Held]:
    """The constants that the plan holds for these."""
    wanted = set(interventions)
    return [
        _Held(each.key, re.compile(rf"\b{_NUMBER}(?: (?:to|or) {_NUMBER})?{unit}(?!\w)", re.IGNORECASE))
        for each in _plan(items)
        if each.value is not None and wanted & (each.for_ or {}).keys()
        for unit in _units(each)
    ]


def _units(item: PlanItem) -> Iterator[str]:
    """What a sentence says after a number of this kind, as a pattern; there may be one word between."""
    if item.unit == "%":
        yield r" ?%"
    elif item.unit:
        yield rf"(?: \w+)? {re.escape(item.unit.removesuffix('s'))}s?"
    else:
        yield from (
            rf" {each}" if each[0] == "o" else rf" \w+ {each}" for each in _COUNTED if each in item.text
        )


def _refuse_in_weeks(items: Items, schedule: Item) -> None:
    """Where the sentences of a course, or of its sessions, type what the plan holds for it."""
    written: WrittenSchedule = schedule.value
    for place, course in enumerate(written.courses):
        held = _held(items, course.for_)
        sentences = [(schedule.at("courses", place, "do"), course.do)]
        sentences += [
            (schedule.at("sessions", at, field), getattr(kind, field))
            for at, kind in enumerate(written.sessions)
            if kind.id in course.sessions
            for field in ("title", "week", "do")
        ]
        for at_field, told in sentences:
            lines = told if isinstance(told, tuple) else (told or "",)
            _refuse_typed(items, at_field, [_said(line) for line in lines], held)


def _said(line: str | Line) -> str:
    return line if isinstance(line, str) else f"{line.say} {line.otherwise}"


def _refuse_typed(
    items: Items,
    place: Item,
    texts: str | Iterable[str],
    held: Iterable[_Held],
    own: tuple[str, ...] | None = None,
) -> None:
    """`own` are other amounts that the texts may speak of; None where none can be named."""
    way_out = "write the key in braces"
    if own is not None:
        way_out += "; if it is another amount, name it under 'own_amounts'"
    others = {each.lower() for each in own or ()}
    for at, text in _each(place, texts):
        typed: dict[str, list[str]] = {}
        for key, amount in held:
            for found in amount.finditer(text):
                if found[0].lower() not in others:
                    typed.setdefault(found[0], []).append(key)
        for amount_typed, keys in typed.items():
            either = " or ".join(f"'{key}'" for key in dict.fromkeys(keys))
            items.problem(at, f"'{amount_typed}' is typed, and the plan holds {either}: {way_out}")


def _each(place: Item, texts: str | Iterable[str]) -> Iterator[tuple[Item, str]]:
    """One text or several, each with its place."""
    if isinstance(texts, str):
        yield place, texts
    else:
        yield from ((place.at(each), text) for each, text in enumerate(texts))
