"""When a question is asked: `skip_when` as the conditions that every form understands alike.

Forms differ over `!=` and over several conditions that must all hold. So only one comparison is written, or
several that enable it each by itself; what cannot be said so is left to the rules. Then a form asks too
much, never too little, and what is answered in vain changes nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from afterrun.interchange.asked.codes import ABSENT_REASONS, option_coding, unknown_coding
from afterrun.rulebook import UNKNOWN, Rulebook, engine_of
from afterrun.rulebook.schema import AllOf, AnyOf, Condition, Question, Test, TestOn

_COMPARED = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_REFUTED_BY = {"at_least": "<", "at_most": ">", "over": "<=", "under": ">="}


UNKNOWN_ITEM = ".unknown"


class Enabling(NamedTuple):
    """The conditions of which one enables a question; none where it is always asked."""

    whens: tuple[dict[str, Any], ...] = ()
    """Each as an `enableWhen`."""
    whole: bool = True
    """Whether they say all that `skip_when` says."""


def enabling_of(rulebook: Rulebook, question: Question) -> Enabling:
    """When a question is asked, as far as every form can be told."""
    return engine_of(rulebook, _Enablings).of[question.id]


class _Enablings:
    """When each question of a rulebook is asked, worked out once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.of = {
            name: Enabling() if each.skip_when is None else _refuting(rulebook, each.skip_when)
            for name, each in rulebook.questions.items()
        }


def subjects_of(rulebook: Rulebook, question: Question) -> set[str]:
    """The questions on whose answers it hangs whether a form asks this one."""
    return {_subject(when) for when in enabling_of(rulebook, question).whens}


def is_enabled(rulebook: Rulebook, question: Question, intake: Mapping[str, Any]) -> bool | None:
    """Whether a form that has these answers asks the question; None where nothing it hangs on is answered."""
    whens = enabling_of(rulebook, question).whens
    if not whens:
        return True
    met = [_met(when, intake[subject]) for when in whens if (subject := _subject(when)) in intake]
    return any(met) if met else None


def _subject(when: Mapping[str, Any]) -> str:
    return str(when["question"]).removesuffix(UNKNOWN_ITEM)


def _met(when: Mapping[str, Any], answer: Any) -> bool:
    coding = when.get("answerCoding")
    if coding is not None:
        return bool(answer == (UNKNOWN.value if coding["system"] == ABSENT_REASONS else coding["code"]))
    number = when.get("answerInteger", when.get("answerDecimal"))
    return not isinstance(answer, str) and bool(_COMPARED[when["operator"]](answer, number))


def unknown_item(question: str) -> str:
    """The linkId of the item that takes 'I don't know' in place of a number."""
    return f"{question}{UNKNOWN_ITEM}"


_NOT_SAID = Enabling(whole=False)


def _refuting(rulebook: Rulebook, condition: Condition) -> Enabling:
    """Answers of which any refutes the condition, as far as that can be said."""
    match condition:
        case TestOn():
            return (
                Enabling(tuple(_refuting_test(rulebook, condition)))
                if _can(rulebook, condition)
                else _NOT_SAID
            )
        case AllOf():
            parts = [_refuting(rulebook, each) for each in condition.all]
            if all(each.whens for each in parts):
                whens = tuple(when for each in parts for when in each.whens)
                return Enabling(whens, all(each.whole for each in parts))
        case AnyOf():
            # To be asked, each must be refuted: one alone asks too much, never too little.
            parts = [_refuting(rulebook, each) for each in condition.any]
            said = next((each for each in parts if each.whens), _NOT_SAID)
            return said._replace(whole=said.whole and len(parts) == 1)
    return _NOT_SAID


def _can(rulebook: Rulebook, on: TestOn) -> bool:
    """Whether a test is of a question that is asked in every case, and of one kind of number."""
    subject = rulebook.questions.get(on.subject)
    if subject is None or subject.type == "multi" or subject.skip_when is not None or subject.quantity:
        return False
    return subject.type == "single" or _comparisons(subject, on.test) is not None


def _refuting_test(rulebook: Rulebook, on: TestOn) -> list[dict[str, Any]]:
    subject, variable = rulebook.questions[on.subject], rulebook.variables[on.subject]
    holds = variable.mask(on.test)
    refuted = [cell.raw for place, cell in enumerate(variable.cells) if not holds >> place & 1]
    whens: list[dict[str, Any]] = []
    if subject.type == "single":
        whens = [
            _equals(subject.id, option_coding(rulebook, subject.id, str(raw)))
            for raw in refuted
            if raw is not UNKNOWN
        ]
    else:
        kind = "answerInteger" if subject.type == "integer" else "answerDecimal"
        whens = [
            {"question": subject.id, "operator": operator, kind: number}
            for operator, number in _comparisons(subject, on.test) or ()
        ]
    if UNKNOWN in refuted:
        asked = subject.id if subject.type == "single" else unknown_item(subject.id)
        whens.append(_equals(asked, unknown_coding("")))
    return whens


def _equals(question: str, coding: dict[str, Any]) -> dict[str, Any]:
    return {"question": question, "operator": "=", "answerCoding": coding}


def _comparisons(subject: Question, test: Test) -> list[tuple[str, int | float]] | None:
    """Comparisons of which any refutes a test on a number; None where there are no such."""
    if test.one_of is not None:
        return None
    given = {name: getattr(test, name) for name in _REFUTED_BY}
    found = [(_REFUTED_BY[name], bound) for name, bound in given.items() if bound is not None]
    if test.is_ is not None:
        if isinstance(test.is_, str):
            return None
        below = subject.at_least is None or test.is_ > subject.at_least
        above = subject.at_most is None or test.is_ < subject.at_most
        found += [(operator, test.is_) for operator, can in (("<", below), (">", above)) if can]
    numbers = [(operator, _number(bound)) for operator, bound in found]
    fits = subject.type == "number" or all(isinstance(number, int) for _, number in numbers)
    return numbers if numbers and fits else None


def _number(bound: int | Decimal) -> int | float:
    return int(bound) if bound == int(bound) else float(bound)
