"""A written condition as a tree of plain words, each leaf knowing what it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from afterrun.explanation import conclusion_words, number, with_unit
from afterrun.rulebook import Rulebook, parts_of
from afterrun.rulebook.schema import AllOf, AnyOf, Condition, NotThat, Scalar, Test, TestOn
from afterrun.rulebook.schema import AtLeast as WrittenAtLeast


class ConditionWords(NamedTuple):
    """A condition in words; `parts` are what a connective joins."""

    words: str
    page: str = ""
    """The page that tells of what a leaf speaks of, and the place there."""
    place: str = ""
    parts: tuple[ConditionWords, ...] = ()


def condition_words(rulebook: Rulebook, condition: Condition) -> ConditionWords:
    """A condition as it is read aloud."""
    parts = tuple(condition_words(rulebook, part) for _, part in parts_of(condition))
    match condition:
        case str():
            return ConditionWords(_sentence(conclusion_words(rulebook, condition)), "conclusions", condition)
        case AllOf():
            return ConditionWords("All of these:", parts=parts)
        case AnyOf():
            return ConditionWords("Any of these:", parts=parts)
        case NotThat():
            return ConditionWords("This is ruled out:", parts=parts)
        case WrittenAtLeast():
            return ConditionWords(f"At least {condition.at_least.count} of these:", parts=parts)
        case TestOn():
            return _test(rulebook, condition)
    raise TypeError(f"no condition: {condition!r}")


def as_lines(condition: ConditionWords, depth: int = 0) -> Iterator[str]:
    """The tree as indented lines."""
    yield f"{'  ' * depth}- {condition.words}"
    for part in condition.parts:
        yield from as_lines(part, depth + 1)


def _test(rulebook: Rulebook, on: TestOn) -> ConditionWords:
    if on.subject in rulebook.measures:
        measure = rulebook.measures[on.subject]
        return ConditionWords(
            f"{measure.text}: {_values(rulebook, on.subject, on.test, measure.unit)}", "questions", measure.id
        )
    question = rulebook.questions[on.subject]
    unit = "" if question.quantity else question.unit
    return ConditionWords(
        f"{question.ask} {_values(rulebook, on.subject, on.test, unit)}", "questions", question.id
    )


def _values(rulebook: Rulebook, subject: str, test: Test, unit: str) -> str:
    def named(value: Scalar) -> str:
        question = rulebook.questions.get(subject)
        if value == "unknown":
            return "“I don't know”"
        if isinstance(value, str):
            options = question.options if question else ()
            return f"“{next((option.text for option in options if option.id == value), value)}”"
        return with_unit(number(float(value)), unit)

    def bound(value: Decimal) -> str:
        return with_unit(number(float(value)), unit)

    said = [named(test.is_)] if test.is_ is not None else []
    said += [" or ".join(map(named, test.one_of))] if test.one_of else []
    said += [named(test.includes)] if test.includes is not None else []
    said += [" or ".join(map(named, test.includes_any))] if test.includes_any else []
    bounds = {
        "at least": test.at_least,
        "more than": test.over,
        "at most": test.at_most,
        "less than": test.under,
    }
    said += [f"{words} {bound(value)}" for words, value in bounds.items() if value is not None]
    return ", ".join(said)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
