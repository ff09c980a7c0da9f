"""Intakes just below, at and just above every threshold, and what each of them gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.errors import IntakeError
from afterrun.inference import FactMaker, facts_of, infer, questions_of
from afterrun.intake import MILLION, bounds, read_answers
from afterrun.rulebook import (
    Formula,
    KeyPath,
    LinkedRule,
    Rulebook,
    Truth,
    Vocabulary,
    demands_of,
    engine_of,
    truth_given,
    walk,
)
from afterrun.rulebook.schema import Question, TestOn
from afterrun.verify.cases.outcomes import outcome_of
from afterrun.verify.cases.places import OfRule
from afterrun.verify.cases.read import Intake, ReadIntake

FINE = Decimal("0.01")
"""The step of a threshold on anything that is not counted in whole numbers."""

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

    rule: OfRule
    path: KeyPath
    """Where it stands, from the rule on."""
    test: TestOn
    """The comparison alone."""
    operator: str
    value: Fraction

    @property
    def subject(self) -> str:
        """The question or measure compared."""
        return self.test.subject

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


class Crossing(NamedTuple):
    """A threshold with the intakes on either side of it."""

    threshold: Threshold
    boundaries: tuple[Boundary, ...]
    matters: bool
    """Whether the rule itself turns as the number passes."""
    left_out: tuple[str, ...]
    """Sides that no intake can reach, since the question does not take the number."""


def rule_thresholds(rulebook: Rulebook) -> Iterator[Threshold]:
    """Every threshold of every rule, in written order."""
    for rule in rulebook.rules.values():
        for path, each in walk(rule.written.if_, ("if",)) if rule.written is not None else ():
            for demand in demands_of(each, path) if isinstance(each, TestOn) else ():
                if demand.operator in _HOLDS and isinstance(demand.value, int | Decimal):
                    number = Fraction(demand.value)
                    yield Threshold(OfRule(rule.id), demand.path, demand.alone, demand.operator, number)


def boundaries_of(rulebook: Rulebook) -> Iterator[Crossing]:
    """The intakes around every threshold."""
    vocabulary = Vocabulary.of(rulebook)
    for threshold in rule_thresholds(rulebook):
        yield _cross(rulebook, threshold, vocabulary.formula(threshold.test))


def limits_of(rulebook: Rulebook, question: Question) -> tuple[Fraction | None, Fraction | None]:
    """The least and the largest number that a question takes in some unit."""
    return bounds(question, rulebook.quantities[question.quantity] if question.quantity else None, None)


def answers_giving(rulebook: Rulebook, subject: str, value: Fraction, base: Intake) -> Intake | None:
    """The base with such answers that a question or measure has exactly this value, if that can be."""
    if subject in rulebook.questions:
        return _valid(rulebook, {**base, subject: _number(value)})
    questions = list(dict.fromkeys(questions_of(rulebook, subject)))
    for others in (base, *(dict.fromkeys(questions, each) for each in (10, 100, 1))):
        for free in reversed(questions):
            found = _solve(rulebook, subject, value, {**base, **others}, questions, free)
            if found is not None:
                return found
    return None


def _cross(rulebook: Rulebook, threshold: Threshold, test: Formula) -> Crossing:
    rule, subject, value = rulebook.rules[threshold.rule.id], threshold.subject, threshold.value
    question = rulebook.questions.get(subject)
    step = Fraction(1) if question is not None and question.type == "integer" else Fraction(FINE)
    values = dict(zip(SIDES, (value - step, value, value + step), strict=True))
    values = {side: value for side, value in values.items() if _takes(rulebook, subject, value)}
    left_out = tuple(side for side in SIDES if side not in values)
    best: tuple[Boundary, ...] = ()
    for base in _bases(rule):
        tried = (_boundary(rulebook, threshold, test, side, values[side], base) for side in values)
        found = tuple(each for each in tried if each is not None)
        if len(found) == len(values):
            if len({each.rule for each in found}) > 1:
                return Crossing(threshold, found, True, left_out)
            best = best or found
    return Crossing(threshold, best, False, left_out)


def _boundary(
    rulebook: Rulebook, threshold: Threshold, test: Formula, side: str, value: Fraction, base: Intake
) -> Boundary | None:
    """The intake on one side, made of a base; None if the test does not do there as it must."""
    answers = answers_giving(rulebook, threshold.subject, value, base)
    if answers is None:
        return None
    given = read_answers(rulebook, answers)
    facts = facts_of(rulebook, given)
    truths = infer(rulebook, facts).truths
    holds = _HOLDS[threshold.operator][SIDES.index(side)]
    if truth_given(test, facts, truths) is not holds:
        return None
    rule = truth_given(rulebook.rules[threshold.rule.id].formula, facts, truths)
    outcome = outcome_of(rulebook, ReadIntake(answers, given, facts), truths)
    return Boundary(threshold, side, value, answers, holds, rule, outcome["triage"], outcome["patterns"])


def _bases(rule: LinkedRule) -> Iterable[Intake]:
    """The rule's own examples: under those that fire, the rest of the rule holds."""
    assert rule.written is not None
    examples = rule.written.examples
    return (*examples.fires, *examples.open, *examples.silent, {})


def _solve(
    rulebook: Rulebook, measure: str, value: Fraction, base: Intake, questions: list[str], free: str
) -> Intake | None:
    """Set one answer so that a measure has a value: a line through two points, then tried."""
    maker = engine_of(rulebook, FactMaker)
    values = {name: Fraction(str(base[name])) for name in questions if _is_number(base.get(name))}

    def measured(answer: Fraction) -> Fraction | None:
        found = maker.numbers({**values, free: answer})(measure)
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
        if any(
            each.quantity == quantity.id and _is_number(intake.get(each.id))
            for each in rulebook.questions.values()
        )
    }
    whole = {**units, **intake}
    try:
        read_answers(rulebook, whole)
    except IntakeError:
        return None
    return {name: whole[name] for name in (*rulebook.questions, *units) if name in whole}


def _takes(rulebook: Rulebook, subject: str, value: Fraction) -> bool:
    """Whether a question takes a number; a measure is asked to take any that it can have."""
    if subject not in rulebook.questions:
        return answers_giving(rulebook, subject, value, {}) is not None
    low, high = limits_of(rulebook, rulebook.questions[subject])
    return (low is None or value >= low) and (high is None or value <= high)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
