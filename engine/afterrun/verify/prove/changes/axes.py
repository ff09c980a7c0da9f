"""The answers along which a region is told: each question, option or measure with its few kinds of answer.

Numbers are cut at every threshold that either of two rulebooks mentions, as `rulebook.variables` cuts them at
those of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from afterrun.rulebook import Variable, names_in, number_cells
from afterrun.verify.prove.changes.joint import Joint, Side
from afterrun.verify.prove.encoding.amounts import in_cells
from afterrun.verify.prove.encoding.terms import Term, conj, disj, neg


class Stretch(NamedTuple):
    """Numbers between two bounds; None is without end."""

    low: Fraction | None
    with_low: bool
    high: Fraction | None
    with_high: bool


Answer = Stretch | str
"""An option, a stretch of numbers, or one of the words below."""

TICKED, NOT_TICKED = "ticked", "not ticked"
UNKNOWN_ANSWER, BLANK, ANSWERED, NOTHING_THERE = "unknown", "blank", "answered", "nothing"


class Axis(NamedTuple):
    """One thing that a region may say something of, and each kind of answer to it with its condition."""

    subject: str
    """The question or measure."""
    option: str
    """One of a multiple choice, else empty."""
    answers: tuple[Answer, ...]
    terms: tuple[Term, ...]

    def term(self, mask: int) -> Term:
        """The answer is one of these."""
        return disj(term for place, term in enumerate(self.terms) if mask >> place & 1)


def axes_of(joint: Joint) -> tuple[Axis, ...]:
    """All of them: what both rulebooks ask, what one of them does, and the measures that are the same."""
    found: list[Axis] = []
    for side, names in _asked(joint):
        for name in names:
            found += _of_question(joint, side, name)
    tested = [name for name in joint.old.rulebook.measures if name in joint.old.rulebook.variables]
    found += [_of_measure(joint, name) for name in tested if _is_same(joint, name)]
    return tuple(found)


def _is_same(joint: Joint, name: str) -> bool:
    """Whether a question or measure, and all that it is made of, comes to the same number in both."""
    old, new = (each.rulebook for each in joint.sides)
    if name in old.measures:
        same = old.measures[name].formula == getattr(new.measures.get(name), "formula", None)
        return same and all(_is_same(joint, each) for each in names_in(old.measures[name].formula))
    return name in joint.shared and old.questions[name].unknown_reads == new.questions[name].unknown_reads


def _asked(joint: Joint) -> Iterator[tuple[Side, list[str]]]:
    both = {*joint.shared}
    yield joint.old, [name for name in joint.old.rulebook.questions if name in both]
    yield joint.new, [name for name in joint.new.rulebook.questions if name not in both]
    yield joint.old, [name for name in joint.old.rulebook.questions if name not in both]


def _of_question(joint: Joint, side: Side, name: str) -> Iterator[Axis]:
    asked, question = side.world.asked[name], side.rulebook.questions[name]
    may_be_blank = question.optional or question.skip_when is not None
    if question.type == "multi":
        for option, ticked in asked.options.items():
            yield Axis(name, option, (NOT_TICKED, TICKED), (neg(ticked), ticked))
        if may_be_blank:
            yield Axis(name, "", (ANSWERED, BLANK), (asked.answered, neg(asked.answered)))
        return
    answers: list[Answer] = [*asked.options]
    terms: list[Term] = [*asked.options.values()]
    if asked.number is not None:
        variable = _cut(joint, name)
        for place, stretch in enumerate(_stretches(variable.thresholds)):
            answers.append(stretch)
            terms.append(conj((asked.is_number, in_cells(variable, 1 << place, asked.number))))
    if asked.unknown is not False:
        answers.append(UNKNOWN_ANSWER)
        terms.append(asked.unknown)
    yield Axis(name, "", (*answers, BLANK), (*terms, neg(asked.answered)))


def _of_measure(joint: Joint, name: str) -> Axis:
    variable = _cut(joint, name)
    encoding = joint.old.encoding
    answers: list[Answer] = [*_stretches(variable.thresholds), NOTHING_THERE]
    terms = [encoding.within(variable, 1 << place) for place in range(len(answers))]
    return Axis(name, "", (*answers, BLANK), (*terms, neg(disj(terms))))


def _cut(joint: Joint, name: str) -> Variable:
    """A number, cut at the thresholds of both rulebooks."""
    found = [each.rulebook.variables[name] for each in joint.sides if name in each.rulebook.variables]
    edges = tuple(sorted({edge for each in found for edge in each.thresholds}))
    questions = found[0].questions if found else (name,)
    last = next((each.cells[-1] for each in found if len(each.cells) % 2 == 0), None)
    cells = number_cells(edges, last) if last else (*number_cells(edges, None), *number_cells((), None))
    return Variable(name, name, None, questions, cells, edges, edges)


def _stretches(edges: tuple[Fraction, ...]) -> Iterator[Stretch]:
    for place in range(len(edges) + 1):
        low = edges[place - 1] if place else None
        high = edges[place] if place < len(edges) else None
        yield Stretch(low, False, high, False)
        if high is not None:
            yield Stretch(high, True, high, True)
