"""Whether an intake lies in a region, and whether it flips: by the evaluator, without the solver."""

from __future__ import annotations

import random
from collections.abc import Iterable
from fractions import Fraction
from math import inf
from typing import Any

from afterrun import Rulebook
from afterrun.assessment import Case
from afterrun.inference import numbers_in
from afterrun.intake import as_intake
from afterrun.rulebook import NOTHING, OPEN, UNKNOWN
from afterrun.verify.prove import Condition, Flip, Stretch
from tests.support.random_input.intakes import Intake, random_answer


def inside(conditions: Iterable[Condition], case: Case) -> bool:
    """Every condition holds of the answers."""
    return all(_holds(each, case) for each in conditions)


def _holds(each: Condition, case: Case) -> bool:
    rulebook, answers = case.rulebook, case.answers
    if each.subject in rulebook.measures:
        return any(_is(_measured(case, each.subject), answer) for answer in each.answers)
    value = answers.values.get(each.subject)
    if each.option:
        ticked = isinstance(value, frozenset) and each.option in value
        return ("ticked" if ticked else "not ticked") in each.answers
    if rulebook.questions[each.subject].type == "multi":
        return ("blank" if value is None else "answered") in each.answers
    return any(_is(value, answer) for answer in each.answers)


def _is(value: Any, answer: Stretch | str) -> bool:
    if isinstance(answer, Stretch):
        # A rise from nothing is above any number.
        if not (isinstance(value, Fraction) or value == inf):
            return False
        above = answer.low is None or value > answer.low or (answer.with_low and value == answer.low)
        below = answer.high is None or value < answer.high or (answer.with_high and value == answer.high)
        return above and below
    words = {None: "blank", OPEN: "blank", UNKNOWN: "unknown", NOTHING: "nothing"}
    return bool(words.get(value, value) == answer)


def _measured(case: Case, name: str) -> Any:
    numbers = {
        each: value
        for each, value in as_intake(case.rulebook, case.answers).items()
        if each in case.rulebook.questions and not case.rulebook.questions[each].options
    }
    return numbers_in(case.rulebook, numbers)(name)


def is_complete(case: Case) -> bool:
    """Every question that applies is answered, but for optional ones."""
    return not list(left_blank(case))


def left_blank(case: Case) -> Iterable[str]:
    """The questions that apply and are blank."""
    for name, question in case.rulebook.questions.items():
        if question.optional or name in case.answers.values:
            continue
        skip = case.rulebook.skips.get(name)
        if skip is None or case.truth(skip) is not True:
            yield name


def in_context(flip: Flip, old: Case, new: Case) -> bool:
    """The triage levels, and what is shown beside it, against which the region is told."""
    if flip.of:
        return (old if flip.of == "old" else new).level.id in flip.at
    if old.level.id != new.level.id or (flip.at and old.level.id not in flip.at):
        return False
    return not flip.beside or (_shown(flip, old) != "" and _shown(flip, new) != "")


def is_flipped(flip: Flip, old: Case, new: Case) -> bool:
    """It goes from the one to the other, and what it hangs on stays as it is."""
    if (_shown(flip, old), _shown(flip, new)) != (flip.was, flip.now):
        return False
    if flip.kind == "triage":
        return True
    same = old.level.id == new.level.id
    if flip.kind != "pattern":
        same = same and old.patterns == new.patterns
    if flip.kind == "plan":
        same = same and _listed(old) == _listed(new)
    return same


def _listed(case: Case) -> dict[str, Any]:
    return {each.id: (each.status, each.from_week) for each in case.entries}


def _shown(flip: Flip, case: Case) -> str:
    if flip.kind == "triage":
        return case.level.id
    if flip.kind == "pattern":
        return case.patterns.get(flip.name, "")
    if flip.kind == "intervention":
        return next((each.status for each in case.entries if each.id == flip.name), "")
    assert flip.kind == "plan"
    return str(case.plan.values.get(flip.name, ""))


def near(flip: Flip, books: tuple[Rulebook, Rulebook], chance: random.Random) -> Intake:
    """A whole intake near the border of a region: that of the witness with some answers given anew.

    Most of them are answers that the region speaks of, numbers at the thresholds of either rulebook.
    """
    old, _ = books
    intake = dict(flip.intakes[0])
    spoken = [name for each in flip.only for name in _questions_behind(old, each.subject)]
    for _ in range(chance.randint(0, 3)):
        name = chance.choice(spoken if spoken and chance.random() < 0.7 else [*old.questions])
        _answer(intake, name, chance.choice(books), chance)
    for _ in range(len(old.questions)):
        blank = next(iter(left_blank(Case.of(old, intake, "compiled"))), None)
        if blank is None:
            break
        _answer(intake, blank, old, chance)
    return intake


def _questions_behind(rulebook: Rulebook, subject: str) -> tuple[str, ...]:
    return (subject,) if subject in rulebook.questions else rulebook.variables[subject].questions


def _answer(intake: Intake, name: str, rulebook: Rulebook, chance: random.Random) -> None:
    question = rulebook.questions[name]
    units = {
        each.unit_key: str(intake.get(each.unit_key) or each.units[0].id)
        for each in rulebook.quantities.values()
    }
    if question.quantity:
        key = rulebook.quantities[question.quantity].unit_key
        intake[key] = units[key]
    intake[name] = random_answer(rulebook, question, chance, units)
