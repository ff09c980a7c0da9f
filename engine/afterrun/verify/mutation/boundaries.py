"""Intakes just below, at and just above every threshold, and what each of them gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.errors import IntakeError
from afterrun.inference import FactMaker, facts_of, infer, questions_of
from afterrun.intake import MILLION, bounds, read_answers
from afterrun.rulebook import Formula, KeyPath, LinkedRule, Rulebook, Truth, truth_given
from afterrun.rulebook.schema import TestOn
from afterrun.verify import rule_truth
from afterrun.verify.cases import outcome_of, tests_with_paths
from afterrun.verify.mutation.mutants import COMPARISONS, FINE
from afterrun.verify.mutation.relinking import Relinker

Intake = Mapping[str, Any]

OPERATORS = (*COMPARISONS, "is", "one_of")
SIDES = ("below", "at", "above")
_HOLDS: Mapping[str, tuple[bool, bool, bool]] = {
    "at_least": (False, True, True),
    "at_most": (True, True, False),
    "over": (False, False, True),
    "under": (True, False, False),
    "is": (False, True, False),
    "one_of": (False, True, False),
}
"""Whether a test holds below, at and above its threshold."""


class Threshold(NamedTuple):
    """One number that a rule compares with."""

    rule: str
    path: KeyPath
    """Where it stands, from the rule on."""
    subject: str
    operator: str
    value: Fraction

    def __str__(self) -> str:
        return f"{self.subject} {self.operator.replace('_', ' ')} {_number(self.value)}"


class Boundary(NamedTuple):
    """One intake at a threshold."""

    threshold: Threshold
    side: str
    value: Fraction
    answers: Intake
    holds: bool
    """Whether the test holds, as it must on this side; tried, not assumed."""
    rule: Truth
    """Whether the rule is proved, refuted or open."""
    triage: str
    patterns: Mapping[str, str]

    @property
    def id(self) -> str:
        """A record id that tells what the intake is for."""
        return f"{self.threshold.rule}: {self.threshold}: {_number(self.value)}"


class Tried(NamedTuple):
    """A threshold with its intakes."""

    threshold: Threshold
    boundaries: tuple[Boundary, ...]
    matters: bool
    """Whether the rule itself turns as the number passes."""
    left_out: tuple[str, ...]
    """Sides that no intake can reach, since the question does not take the number."""


def thresholds(rulebook: Rulebook) -> Iterator[Threshold]:
    """Every threshold of every rule, in written order."""
    for rule in rulebook.rules.values():
        if rule.written is not None:
            for path, on in tests_with_paths(rule.written.if_, ("if",)):
                yield from _thresholds_in(rule.id, path, on)


def boundaries(rulebook: Rulebook) -> Iterator[Tried]:
    """The intakes around every threshold."""
    relinker = Relinker(rulebook)
    for threshold in thresholds(rulebook):
        yield _tried(rulebook, relinker, threshold)


def answers_giving(rulebook: Rulebook, subject: str, value: Fraction, base: Intake) -> Intake | None:
    """The base with such answers that a question or measure has exactly this value, if that can be."""
    if subject in rulebook.questions:
        return _valid(rulebook, {**base, subject: _number(value)})
    questions = list(dict.fromkeys(questions_of(rulebook, subject)))
    for others in (base, *(dict.fromkeys(questions, each) for each in (10, 100, 1))):
        for free in reversed(questions):
            found = _solved(rulebook, subject, value, {**base, **others}, questions, free)
            if found is not None:
                return found
    return None


def _thresholds_in(rule: str, path: KeyPath, on: TestOn) -> Iterator[Threshold]:
    written = on.test.plain()
    for operator, value in written.items():
        values = value if isinstance(value, tuple | list) else [value]
        for place, each in enumerate(values):
            if operator in OPERATORS and isinstance(each, int | Decimal):
                here: KeyPath = (*path, operator, place) if operator == "one_of" else (*path, operator)
                yield Threshold(rule, here, on.subject, operator, Fraction(each))


def _tried(rulebook: Rulebook, relinker: Relinker, threshold: Threshold) -> Tried:
    rule = rulebook.rules[threshold.rule]
    step = _step(rulebook, threshold.subject)
    values = dict(zip(SIDES, (threshold.value - step, threshold.value, threshold.value + step), strict=True))
    values = {side: value for side, value in values.items() if _takes(rulebook, threshold.subject, value)}
    test = relinker.formula(_single(threshold))
    best: tuple[Boundary, ...] = ()
    for base in _bases(rule):
        found = _around(rulebook, relinker, rule, threshold, test, values, base)
        if len(found) == len(values):
            if len({each.rule for each in found}) > 1:
                return Tried(threshold, found, True, _left_out(values))
            best = best or found
    return Tried(threshold, best, False, _left_out(values))


def _around(
    rulebook: Rulebook,
    relinker: Relinker,
    rule: LinkedRule,
    threshold: Threshold,
    test: Formula,
    values: Mapping[str, Fraction],
    base: Intake,
) -> tuple[Boundary, ...]:
    """The intakes on a base, those left out under which the test does not do as it must."""
    found = []
    for side, value in values.items():
        answers = answers_giving(rulebook, threshold.subject, value, base)
        wanted = _HOLDS[threshold.operator][SIDES.index(side)]
        if answers is None or _test_truth(relinker.rulebook, test, answers) is not wanted:
            continue
        read = read_answers(rulebook, answers)
        facts = facts_of(rulebook, read)
        outcome = outcome_of(rulebook, read, facts, infer(rulebook, facts).truths)
        found.append(
            Boundary(
                threshold,
                side,
                value,
                answers,
                wanted,
                rule_truth(rulebook, rule, answers),
                outcome["triage"],
                outcome["patterns"],
            )
        )
    return tuple(found)


def _bases(rule: LinkedRule) -> Iterable[Intake]:
    """The rule's own examples: under those that fire, the rest of the rule holds."""
    assert rule.written is not None
    examples = rule.written.examples
    return (*examples.fires, *examples.open, *examples.silent, {})


def _single(threshold: Threshold) -> TestOn:
    value = _decimal(threshold.value)
    test = {"one_of": [value]} if threshold.operator == "one_of" else {threshold.operator: value}
    return TestOn.of(threshold.subject, test)


def _test_truth(rulebook: Rulebook, test: Formula, intake: Intake) -> Truth:
    facts = facts_of(rulebook, read_answers(rulebook, intake))
    return truth_given(test, facts, infer(rulebook, facts).truths)


def _solved(
    rulebook: Rulebook, measure: str, value: Fraction, base: Intake, questions: list[str], free: str
) -> Intake | None:
    """Set one answer so that a measure has a value: a line through two points, then tried."""
    maker = rulebook.compiled(FactMaker)
    values = {name: Fraction(str(base[name])) for name in questions if _is_number(base.get(name))}

    def measured(answer: Fraction) -> Fraction | None:
        found = maker.number(measure, {**values, free: answer})
        return found if isinstance(found, Fraction) else None

    # Two points far out: there a maximum or a cap of the others has no say.
    low, high = Fraction(1000), Fraction(2000)
    at_low, at_high = measured(low), measured(high)
    if at_low is None or at_high is None or at_low == at_high:
        return None
    answer = low + (value - at_low) * (high - low) / (at_high - at_low)
    if measured(answer) != value or (answer * MILLION).denominator != 1:
        return None
    kept = {name: base[name] for name in questions if name in base}
    return _valid(rulebook, {**base, **kept, free: _number(answer)})


def _valid(rulebook: Rulebook, intake: Intake) -> Intake | None:
    units = {
        quantity.unit_key: quantity.units[0].id
        for quantity in rulebook.quantities.values()
        if any(_is_number(intake.get(each.id)) for each in _of_quantity(rulebook, quantity.id))
    }
    whole = {**units, **intake}
    try:
        read_answers(rulebook, whole)
    except IntakeError:
        return None
    return {name: whole[name] for name in (*rulebook.questions, *units) if name in whole}


def _of_quantity(rulebook: Rulebook, quantity: str) -> Iterator[Any]:
    return (each for each in rulebook.questions.values() if each.quantity == quantity)


def _takes(rulebook: Rulebook, subject: str, value: Fraction) -> bool:
    """Whether a question takes a number; a measure is asked to take any that it can have."""
    if subject not in rulebook.questions:
        return answers_giving(rulebook, subject, value, {}) is not None
    question = rulebook.questions[subject]
    quantity = rulebook.quantities[question.quantity] if question.quantity else None
    low, high = bounds(question, quantity, None)
    return (low is None or value >= low) and (high is None or value <= high)


def _step(rulebook: Rulebook, subject: str) -> Fraction:
    question = rulebook.questions.get(subject)
    return Fraction(1) if question is not None and question.type == "integer" else Fraction(FINE)


def _left_out(values: Mapping[str, Fraction]) -> tuple[str, ...]:
    return tuple(side for side in SIDES if side not in values)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _decimal(value: Fraction) -> Decimal | int:
    return int(value) if value.denominator == 1 else Decimal(value.numerator) / Decimal(value.denominator)
