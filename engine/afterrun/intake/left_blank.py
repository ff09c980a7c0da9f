"""What a check-in leaves unsaid and how it is read, and the numbers that are asked about again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from afterrun.intake.numbers import exact_number, plain_number
from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Doubt, Enrolment


class Doubted(NamedTuple):
    """A number that is not taken until it is said again."""

    doubt: Doubt
    words: str
    """What is odd about it."""


def unasked(rulebook: Rulebook, enrolment: Enrolment, flat: Mapping[str, Any]) -> dict[str, Any]:
    """What the programme of a check-in does not ask, as it is read; what is brought all the same stays."""
    return {
        name: as_answer(rulebook, name, reads)
        for each in enrolment.unasked
        if _is_where(flat, each.where)
        for name, reads in each.facts.items()
        if name not in flat
    }


def spared_by(rulebook: Rulebook, enrolment: Enrolment, flat: Mapping[str, Any], name: str) -> str | None:
    """The unanswered question that may spare one to ask another; None where there is no such question."""
    for each in enrolment.unasked:
        if name in each.facts and name not in flat:
            left = [key for key in each.where if key in rulebook.questions and key not in flat]
            rest = {key: values for key, values in each.where.items() if key not in left}
            if len(left) == 1 and _is_where(flat, rest):
                return left[0]
    return None


def unsaid(rulebook: Rulebook, enrolment: Enrolment) -> dict[str, Any]:
    """What a record need not say, as it is read."""
    return {name: as_answer(rulebook, name, reads) for name, reads in enrolment.unsaid.items()}


def as_answer(rulebook: Rulebook, name: str, reads: Any) -> Any:
    """What is read for an answer, in the shape in which it would be given."""
    if not isinstance(reads, str):
        return int(reads)
    return [reads] if rulebook.questions[name].type == "multi" else reads


def doubted(enrolment: Enrolment, flat: Mapping[str, Any]) -> Iterator[Doubted]:
    """The numbers that are far above others."""
    for doubt in enrolment.doubts:
        told, other = (exact_number(flat.get(name)) for name in (doubt.answer, doubt.over))
        if told is None or not other or told <= other * Fraction(doubt.times):
            continue
        if _is_where(flat, doubt.where):
            planned, most = plain_number(other), plain_number(doubt.times)
            yield Doubted(
                doubt, f"{plain_number(told)} is more than {most} times what was planned, {planned}"
            )


def _is_where(flat: Mapping[str, Any], where: Mapping[str, Collection[Any]]) -> bool:
    """Whether each of some answers has one of some values."""
    return all(any(_same(flat.get(name), value) for value in values) for name, values in where.items())


def _same(given: Any, value: Any) -> bool:
    if isinstance(value, str):
        return bool(given == value)
    number = exact_number(given)
    return number is not None and number == Fraction(value)
