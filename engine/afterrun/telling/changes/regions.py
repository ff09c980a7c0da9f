"""A region of answers in words: each question with the answers to it that lie within."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from afterrun.explanation import with_unit
from afterrun.rulebook import Rulebook, number_words

if TYPE_CHECKING:
    from afterrun.verify.prove import Condition, Stretch

_WORDS = {
    "unknown": "I don't know",
    "blank": "not answered, or skipped",
    "answered": "answered",
    "nothing": "nothing to count",
}


def region_lines(
    books: Sequence[Rulebook], region: Iterable[Condition], *, asked: bool = False
) -> Iterator[str]:
    """One line a question, option or measure; `books` are looked in for words, the first that has them.

    A question goes by its name, or as it is `asked`.
    """
    for each in region:
        subject = subject_words(books, each.subject) if asked else each.subject
        yield f"{subject}: {_answers(books, each)}"


def subject_words(books: Sequence[Rulebook], subject: str) -> str:
    """What a question asks or a measure is, and its name."""
    for book in books:
        if subject in book.questions:
            return f"{book.questions[subject].ask} ({subject})"
        if subject in book.measures:
            return f"{book.measures[subject].text} ({subject})"
    return subject


def _answers(books: Sequence[Rulebook], each: Condition) -> str:
    if each.option:
        ticked = "ticked" in each.answers
        return f"{_option(books, each.subject, each.option)} {'ticked' if ticked else 'not ticked'}"
    inside, outside = ([*_told(books, each.subject, some)] for some in (each.answers, each.others))
    if each.others == ("blank",):
        # Who says that they don't know has answered, and is in the region.
        return f'answered, or "{_WORDS["unknown"]}"' if "unknown" in each.answers else "known"
    if 0 < len(outside) < len(inside):
        return f"anything but {' or '.join(outside)}"
    return " or ".join(inside)


def _told(books: Sequence[Rulebook], subject: str, answers: Iterable[Stretch | str]) -> Iterator[str]:
    stretches = [each for each in answers if not isinstance(each, str)]
    whole, unit = _counted(books, subject)
    for low, high in _merged(stretches):
        yield _range(low, high, whole, unit)
    measured = any(subject in book.measures for book in books)
    for each in answers:
        if each == "blank" and measured:
            yield "not known"
        elif isinstance(each, str):
            yield _WORDS[each] if each in _WORDS else _option(books, subject, each)


def _merged(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, Stretch]]:
    """Neighbours put together, by the first and the last of each run."""
    run: list[Stretch] = []
    for each in stretches:
        if run and run[-1].high == each.low and (run[-1].with_high != each.with_low):
            run.append(each)
            continue
        if run:
            yield run[0], run[-1]
        run = [each]
    if run:
        yield run[0], run[-1]


def _range(first: Stretch, last: Stretch, whole: bool, unit: str) -> str:
    low, with_low, high, with_high = first.low, first.with_low, last.high, last.with_high
    if whole:
        # Of whole numbers "more than 8" is "at least 9".
        if low is not None and not with_low:
            low, with_low = Fraction(low.numerator // low.denominator + 1), True
        if high is not None and not with_high:
            high, with_high = Fraction(-(-high.numerator // high.denominator) - 1), True
    if low is not None and low == high:
        return with_unit(number_words(low), unit)
    parts = []
    if low is not None:
        parts.append(f"{'at least' if with_low else 'over'} {number_words(low)}")
    if high is not None:
        parts.append(f"{'at most' if with_high else 'under'} {number_words(high)}")
    return with_unit(" and ".join(parts), unit) if parts else "any number"


def _counted(books: Sequence[Rulebook], subject: str) -> tuple[bool, str]:
    """Whether a number is a whole one, and its unit."""
    for book in books:
        if subject in book.questions:
            question = book.questions[subject]
            return question.type == "integer", question.unit
        if subject in book.measures:
            return False, book.measures[subject].unit
    return False, ""


def _option(books: Sequence[Rulebook], question: str, option: str) -> str:
    for book in books:
        for each in book.questions[question].options if question in book.questions else ():
            if each.id == option:
                return f'"{each.clinician or each.text}" ({option})'
    return option
