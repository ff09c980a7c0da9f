"""Exercises in, sections of words and a drawing out: one card each, for whoever has never done it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Exercise
from afterrun.schedule import PlanValues, Schedule, State, filled
from afterrun.telling.exercises.picture import exercise_svg
from afterrun.telling.page import Page, Point, Section, page_of


class ExerciseGroup(NamedTuple):
    """The exercises of one kind of session."""

    title: str
    cards: tuple[Section, ...]


def exercises_page(rulebook: Rulebook, exercises: Iterable[Exercise]) -> Page:
    """Some cards, each with the dose of every programme that it belongs to."""
    cards = tuple(exercise_card(rulebook, each, doses=True) for each in exercises)
    title, lead = (
        "How the exercises are done",
        "In a drawing the dark leg is the one that works. The arrow shows the way.",
    )
    return page_of(title, lead, cards, rulebook.stamp)


def how_command(ids: Iterable[str]) -> str:
    """What shows the cards of some exercises, for whatever cannot draw them."""
    return f"afterrun exercises {' '.join(ids)}"


def exercise_groups(rulebook: Rulebook, schedule: Schedule) -> tuple[ExerciseGroup, ...]:
    """The cards that the sessions of a plan name, each once; the plan itself says how much."""
    kinds: dict[str, dict[str, None]] = {}
    told: set[str] = set()
    for session in schedule.sessions:
        new = [each for each in session.exercises if each not in told]
        if new:
            kinds.setdefault(session.name, {}).update(dict.fromkeys(new))
            told.update(new)
    return tuple(
        ExerciseGroup(
            name, tuple(exercise_card(rulebook, rulebook.exercises[each], doses=False) for each in ids)
        )
        for name, ids in kinds.items()
    )


def exercise_card(rulebook: Rulebook, exercise: Exercise, *, doses: bool) -> Section:
    """One card: start, movement, which leg, how deep, how it feels, and what is easier or harder."""
    points = [
        Point("Start", exercise.set_up),
        Point("Move", exercise.movement),
        Point("Which leg", exercise.side),
        Point("How far", exercise.depth),
        Point("It should feel like", exercise.feel),
    ]
    for title, lines in _doses(rulebook, exercise, doses):
        points.append(Point(title, steps=lines))
    for title, steps in (
        ("Easier", exercise.easier),
        ("Harder", exercise.harder),
        ("Without weights, step by step", exercise.ladder),
    ):
        if steps:
            points.append(Point(title, steps=tuple(_step_words(rulebook, steps))))
    return Section(exercise.name, tuple(points), picture=exercise_svg(exercise), id=exercise.id)


def dose_lines(rulebook: Rulebook, lines: Iterable[str]) -> Iterator[str]:
    """Lines with the constants of the plan in them; one that needs more than that is left out."""
    values = PlanValues(rulebook, State(triage="", ledger=(), plan={}, answers={}))

    def value(key: str) -> Any:
        found = values.told(key)
        if isinstance(found, Mapping) and key in rulebook.schemes:
            return ", ".join(f"{entry} in week {weeks}" for weeks, entry in found.items())
        return found

    for line in lines:
        said = filled(line, value, 1)
        if said is not None:
            yield said


def _doses(rulebook: Rulebook, exercise: Exercise, wanted: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    """How much, for each programme that the exercise belongs to; its own dose counts for all of them."""
    if exercise.dose:
        yield "How much", tuple(dose_lines(rulebook, exercise.dose))
        return
    given = {name for item in rulebook.plan if item.names_exercise(exercise.id) for name in item.for_ or ()}
    for name, lines in rulebook.doses.items() if wanted else ():
        if name in given:
            yield f"How much, {rulebook.interventions[name].called}", tuple(dose_lines(rulebook, lines))


def _step_words(rulebook: Rulebook, steps: Iterable[str]) -> Iterator[str]:
    """Steps in words: another exercise by its name."""
    for step in steps:
        yield f"{rulebook.exercises[step].name}." if step in rulebook.exercises else step
