"""The words for answers, for changes of answers, and for the two sides of a comparison."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.assessment import Result
from afterrun.explanation import (
    STATUS_WORDS,
    AnswerChange,
    NumberRange,
    answer_in_words,
    answer_words,
    plan_entry,
    plan_words,
    with_unit,
)
from afterrun.rulebook import NOTHING, Rulebook, number_words
from afterrun.rulebook.schema import Scalar

WINS = {
    "strongest": "the strongest",
    "overrules": "which overrules the rest",
    "largest": "the largest",
    "smallest": "the smallest",
}
"""Why one of several stands."""


class Difference(NamedTuple):
    """One thing as it is, and as it would be."""

    name: str
    now: str
    then: str
    id: str = ""
    """Of the question, where it is one."""


def unknown_words(rulebook: Rulebook, name: str) -> str:
    """What rules read "I don't know" as, where this question is answered so."""
    return _read_words(rulebook, name, rulebook.questions[name].unknown_reads)


def skipped_words(rulebook: Rulebook, name: str) -> str:
    """What rules read a question as while it is skipped."""
    return _read_words(rulebook, name, rulebook.questions[name].skipped_reads)


def _read_words(rulebook: Rulebook, name: str, reads: Scalar | None) -> str:
    question = rulebook.questions[name]
    if reads is None or reads == NOTHING.value:
        return "no answer"
    if isinstance(reads, str):
        return f'"{answer_words(rulebook, question, reads)}"'
    variable, value = rulebook.variables[name], Fraction(reads)
    # No rule tells the numbers of one stretch apart: that is how it is read, and not as one number.
    place = bisect_left(variable.thresholds, value)
    if value in variable.thresholds or not variable.thresholds:
        return answer_words(rulebook, question, float(value))
    low = variable.thresholds[place - 1] if place else None
    high = variable.thresholds[place] if place < len(variable.thresholds) else None
    return range_words(NumberRange(low, False, high, False), question.unit)


def change_words(rulebook: Rulebook, change: AnswerChange, answers: Mapping[str, Any]) -> str:
    """What to answer instead, without what was answered.

    Numbers are told as all that would do, with one that stands for them.
    """
    question = rulebook.questions[change.question]
    instead = answer_in_words(rulebook, change.question, change.instead, answers)
    if question.type == "multi":
        alone = {option.id for option in question.options if option.alone and change.ticked}
        # What stands alone gives way to any tick, so that to untick it is no change of its own.
        unticked = [option for option in change.unticked if option not in alone]
        return "; ".join(
            f"{verb}: {answer_words(rulebook, question, list(options))}"
            for verb, options in (("tick", change.ticked), ("untick", unticked))
            if options
        )
    if change.range is None:
        return f"such as {instead}" if isinstance(change.instead, int | float) else instead
    unit = question.unit
    if question.quantity is not None:
        unit = str(answers.get(rulebook.quantities[question.quantity].unit_key, ""))
    words = range_words(change.range, unit)
    exact = change.range.low is not None and change.range.low == change.range.high
    return instead if exact or not words else f"{words}, such as {instead}"


def range_words(numbers: NumberRange, unit: str) -> str:
    """A range of numbers in words.

    >>> from fractions import Fraction
    >>> range_words(NumberRange(Fraction(30), False, None, False), "km")
    'more than 30 km'
    >>> range_words(NumberRange(Fraction(2), True, Fraction(5), False), "")
    'at least 2 and less than 5'
    """
    low = high = ""
    if numbers.low is not None:
        low = ("at least " if numbers.low_included else "more than ") + number_words(numbers.low)
    if numbers.high is not None:
        high = ("at most " if numbers.high_included else "less than ") + number_words(numbers.high)
    return with_unit(" and ".join(part for part in (low, high) if part), unit if low or high else "")


def plan_value_words(rulebook: Rulebook, key: str, value: Any, result: Result) -> str:
    """A key of the plan as one side of a comparison."""
    if key not in result.plan:
        return "not in the plan"
    if value is None:
        return "not known yet"
    return plan_words(rulebook, plan_entry(rulebook, key), value, result.answers)


def status_words(status: str | None) -> str:
    """An intervention's status as one side of a comparison."""
    return "not given" if status is None else STATUS_WORDS.get(status, status)
