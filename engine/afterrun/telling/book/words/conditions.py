"""A written condition as a tree of plain words, each leaf knowing what it speaks of."""

from __future__ import annotations

from decimal import Decimal

from afterrun.explanation import conclusion_words, with_unit
from afterrun.rulebook import Rulebook, number_words, parts_of
from afterrun.rulebook.schema import AllOf, AnyOf, Condition, NotThat, Scalar, Test, TestOn
from afterrun.rulebook.schema import AtLeast as WrittenAtLeast
from afterrun.telling.book.words.tree import Place, WordTree


def condition_words(rulebook: Rulebook, condition: Condition, place: Place = str) -> WordTree:
    """A condition as it is read aloud."""
    parts = tuple(condition_words(rulebook, part, place) for _, part in parts_of(condition))
    match condition:
        case str():
            words = _sentence(conclusion_words(rulebook, condition))
            return WordTree(words, "conclusions", place(condition))
        case AllOf():
            return WordTree("All of these:", parts=parts)
        case AnyOf():
            return WordTree("Any of these:", parts=parts)
        case NotThat():
            return WordTree("This is ruled out:", parts=parts)
        case WrittenAtLeast():
            return WordTree(f"At least {condition.at_least.count} of these:", parts=parts)
        case TestOn():
            return _test(rulebook, condition, place)
    raise TypeError(f"no condition: {condition!r}")


def _test(rulebook: Rulebook, on: TestOn, place: Place) -> WordTree:
    measure = rulebook.measures.get(on.subject)
    if measure is not None:
        words = f"{measure.text}: {_values(rulebook, on.subject, on.test, measure.unit)}"
    else:
        question = rulebook.questions[on.subject]
        unit = "" if question.quantity else question.unit
        words = f"{question.ask} {_values(rulebook, on.subject, on.test, unit)}"
    return WordTree(words, "questions", place(on.subject))


def _values(rulebook: Rulebook, subject: str, test: Test, unit: str) -> str:
    def named(value: Scalar) -> str:
        question = rulebook.questions.get(subject)
        if value == "unknown":
            return "“I don't know”"
        if isinstance(value, str):
            options = question.options if question else ()
            return f"“{next((option.text for option in options if option.id == value), value)}”"
        return with_unit(number_words(float(value)), unit)

    def bound(value: Decimal) -> str:
        return with_unit(number_words(float(value)), unit)

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
