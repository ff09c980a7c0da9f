"""All the numbers that would do: neighbouring stretches joined into unbroken runs, each told as one range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.assessment import Case
from afterrun.explanation.counterfactual.number_changes import (
    Stretch,
    givable,
    number_bounds,
    plain_number_within,
)
from afterrun.explanation.counterfactual.search import ChangeSet
from afterrun.intake import plain_number
from afterrun.rulebook import Rulebook


class NumberRange(NamedTuple):
    """The numbers that would do; an end that is None lies beyond what the question takes."""

    low: Fraction | None
    low_included: bool
    high: Fraction | None
    high_included: bool

    def to_dict(self) -> dict[str, Any]:
        """The range as JSON: at_least or over, at_most or under."""
        ends = {}
        if self.low is not None:
            ends["at_least" if self.low_included else "over"] = plain_number(self.low)
        if self.high is not None:
            ends["at_most" if self.high_included else "under"] = plain_number(self.high)
        return ends


def nearest_by_run(
    rulebook: Rulebook, alternatives: list[ChangeSet]
) -> Iterator[tuple[ChangeSet, list[tuple[str, Stretch]]]]:
    """Of sets that change the same, the one with the nearest numbers.

    Where one number alone is changed, one for each unbroken run of numbers that do, with that run.
    """
    found: list[tuple[str, Stretch, ChangeSet]] = []
    for each in alternatives:
        numbers = [(name, change.stretch) for change in each for name in change.answers if change.stretch]
        if len(numbers) != 1 or any(len(change.keys) > 1 for change in each):
            yield min(alternatives, key=_distance), []
            return
        found.append((*numbers[0], each))
    runs: list[list[tuple[str, Stretch, ChangeSet]]] = []
    for name, stretch, each in sorted(found, key=lambda one: one[1][:2]):
        if runs and not _parted(rulebook, name, runs[-1][-1][1], stretch):
            runs[-1].append((name, stretch, each))
        else:
            runs.append([(name, stretch, each)])
    for run in runs:
        yield min((each for _, _, each in run), key=_distance), [(name, stretch) for name, stretch, _ in run]


def ranges_of(case: Case, run: list[tuple[str, Stretch]]) -> dict[str, NumberRange]:
    """The run as one range: whole numbers with their own ends, and none where the question itself ends."""
    if not run:
        return {}
    name, first = run[0]
    last = run[-1][1]
    question = case.rulebook.questions[name]
    least, most = number_bounds(case, name)
    low, high = first.low, last.high
    low_in, high_in = first.low == first.high, last.low == last.high
    if question.type == "integer":
        low = Fraction(math.ceil(low) if low_in else math.floor(low) + 1)
        high = Fraction(math.floor(high) if high_in else math.ceil(high) - 1)
        low_in = high_in = True
    return {
        name: NumberRange(
            low if least is None or low > least or not low_in else None,
            low_in,
            high if most is None or high < most or not high_in else None,
            high_in,
        )
    }


def _parted(rulebook: Rulebook, name: str, lower: Stretch, upper: Stretch) -> bool:
    """Whether some number that can be given lies between two stretches, outside both."""
    question = rulebook.questions[name]
    between = plain_number_within(lower.high, upper.low, lower.high, question.type == "integer")
    ends = {lower.high, upper.low}
    covered = {each.low for each in (lower, upper) if each.low == each.high}
    return between is not None or any(givable(question, end) for end in ends - covered)


def _distance(chosen: ChangeSet) -> Fraction:
    return sum((change.distance for change in chosen), Fraction(0))
