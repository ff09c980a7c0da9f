"""Random intakes that any rulebook allows: blanks, 'I don't know', ticks, and numbers at every edge.

One generator for both uses: a loop over seeds, and laws under Hypothesis.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from afterrun import Rulebook
from afterrun.intake import bounds
from afterrun.rulebook import engine_of
from afterrun.rulebook.schema import Question

Intake = dict[str, Any]


def as_many(count: int) -> int:
    """So many random inputs in `make test`; a tenth of them in the quick loop, five times more at length."""
    profile = settings.get_current_profile_name()
    return count // 10 if profile == "quick" else count * 5 if profile == "long" else count


LAW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=as_many(100),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
"""A law is tried on the same inputs in every run: a red build is one that the next run repeats.

The quick loop tries the first few of them; `make attack` many more."""

CALM: Intake = {
    "age_years": 34,
    "warning_signs": ["none"],
    "injury_onset": "no",
    "right_now": ["none"],
    "knee_behaviour": ["none"],
    "worrying_signs": ["none"],
    "health_conditions": ["none"],
    "worst_pain": 3,
    "pain_timing": "after_within_hours",
}
"""Answers without a warning sign, in the shipped rulebook: nearly every random intake else has one."""


def randoms() -> st.SearchStrategy[random.Random]:
    """A source of chance for one intake: seeded, since what Hypothesis draws itself is mostly blank."""
    return st.integers(min_value=0, max_value=2**32 - 1).map(random.Random)


def random_intake(
    rulebook: Rulebook, chance: random.Random, mostly: Mapping[str, Any] | None = None
) -> Intake:
    """One valid intake; `mostly` holds answers to prefer in most intakes."""
    blank = chance.choice((0.0, 0.0, 0.05, 0.2, 0.6))
    preferred = (mostly or {}) if chance.random() < 0.7 else {}
    # Answers picked among a few in each intake bring about the coincidences that rules speak of.
    scale = chance.choice((1, 10, 16.7, 20))
    units = {quantity.unit_key: chance.choice(quantity.units).id for quantity in rulebook.quantities.values()}
    intake: Intake = dict(units)
    for question in rulebook.questions.values():
        if question.id in units:
            continue
        if chance.random() < blank:
            if chance.random() < 0.3:
                intake[question.id] = chance.choice((None, "", []))
        elif question.id in preferred and chance.random() < 0.95:
            intake[question.id] = preferred[question.id]
        else:
            intake[question.id] = random_answer(rulebook, question, chance, units, scale)
    return intake


def random_answer(
    rulebook: Rulebook,
    question: Question,
    chance: random.Random,
    units: Mapping[str, str],
    scale: float = 10,
) -> Any:
    """One valid answer to a question, in the units named."""
    options = [option.id for option in question.options]
    if question.type == "multi":
        if "none" in options and chance.random() < 0.4:
            return ["none"]
        most = min(len(options), question.max_choices or len(options))
        return chance.sample(options, chance.randint(1, chance.randint(1, most)))
    if question.unknown_reads is not None and chance.random() < 0.15:
        return "unknown"
    if question.type == "single":
        return chance.choice(options)
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, units[quantity.unit_key] if quantity else None)
    edges = engine_of(rulebook, _Edges).of(question, scale)
    return _within(chance.choice(edges), low, high, question)


def blank_questions(rulebook: Rulebook, intake: Intake) -> list[str]:
    """The questions that an intake does not answer."""
    return [name for name in rulebook.questions if intake.get(name) in (None, "", [])]


class _Edges:
    """Numbers at, just below and just above every threshold, and others that make one in a measure."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._made: dict[tuple[str, float], list[float]] = {}

    def of(self, question: Question, scale: float) -> list[float]:
        """Those of a question, ascending."""
        key = (question.id, scale)
        if key not in self._made:
            self._made[key] = sorted(_edges(self._rulebook, question, scale))
        return self._made[key]


def _edges(rulebook: Rulebook, question: Question, scale: float) -> set[float]:
    own = [float(each) for each in rulebook.variables[question.id].thresholds]
    around = {round(each + step, 2) for each in own for step in (-1, -0.01, 0, 0.01, 1)}
    around |= {0, scale} | {float(each) for each in (question.at_least, question.at_most) if each is not None}
    for percent in _thresholds_of_measures(rulebook):
        for step in (-0.01, 0, 0.01):
            around.add(round(scale * (1 + percent / 100) + step, 4))
    return around


def _thresholds_of_measures(rulebook: Rulebook) -> Iterator[float]:
    for measure in rulebook.measures:
        yield from (float(each) for each in rulebook.variables[measure].thresholds)


def _within(number: float, low: Fraction | None, high: Fraction | None, question: Question) -> int | float:
    least = float(low) if low is not None else number
    most = float(high) if high is not None else number
    kept = min(max(number, least), most)
    return int(kept) if question.type == "integer" or kept == int(kept) else kept
