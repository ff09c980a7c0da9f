"""An intake of the earlier questionnaire in, one of today's out, and what must be answered again.

Only what is unambiguous is carried over. An option that was split, or that says less than it did, is
never read as one of its halves: its question is left open, and so counts as not answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from afterrun.rulebook import Rulebook
from afterrun.rulebook.schema import Question


class AskedAgain(NamedTuple):
    """A question whose old answer does not say enough."""

    question: str
    reasons: tuple[str, ...]
    ticked: tuple[str, ...]
    """Options of the old answer that still mean the same, to be ticked again."""


class Migration(NamedTuple):
    """An intake rewritten."""

    intake: Mapping[str, Any]
    """What carries over, as it stood."""
    again: tuple[AskedAgain, ...]
    """What was left out of it, in the questionnaire's order."""


def migrate(rulebook: Rulebook, intake: Mapping[str, Any]) -> Migration:
    """Rewrite a flat object of answers of the earlier questionnaire.

    One that answers a question that is new is none of the old, and stays as it is. What no
    questionnaire allows stays too, for `read_answers` to tell.
    """
    new = (question.id for question in rulebook.questions.values() if question.new)
    if any(intake.get(name) not in (None, "", []) for name in new):
        return Migration(intake, ())
    again = tuple(_asked_again(rulebook, intake))
    left_out = {each.question for each in again}
    return Migration({key: value for key, value in intake.items() if key not in left_out}, again)


def _asked_again(rulebook: Rulebook, intake: Mapping[str, Any]) -> Iterator[AskedAgain]:
    for question in rulebook.questions.values():
        ticked = _ticked(intake.get(question.id))
        if question.earlier is None or not ticked:
            continue
        reasons = tuple(_reasons(question, ticked, intake))
        if reasons:
            known = {option.id for option in question.options if not option.alone}
            still = known.difference(question.earlier.narrower)
            yield AskedAgain(question.id, reasons, tuple(option for option in ticked if option in still))


def _reasons(question: Question, ticked: list[str], intake: Mapping[str, Any]) -> Iterator[str]:
    earlier = question.earlier
    assert earlier is not None
    for option in ticked:
        if option in earlier.gone:
            yield f"{option} is {' or '.join(earlier.gone[option])} now"
        elif option in earlier.narrower:
            yield f"{option} says less than it did"
    if earlier.asks_more and all(
        option in _ticked(intake.get(other)) for other, option in earlier.where.items()
    ):
        yield earlier.asks_more


def _ticked(raw: Any) -> list[str]:
    """The words of an answer to a choice, single or multiple; of anything else none."""
    words = raw if isinstance(raw, list | tuple) else [raw]
    return [word for word in words if isinstance(word, str) and word]
