"""What it would take for a conclusion to turn: sets of changed answers, those that are alike told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from afterrun.explanation import TRUTH_WORDS, AnswerChange, Nearest, NearestChange
from afterrun.telling.audit.proofs.tree import section_about
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import Difference, change_words
from afterrun.telling.page import Line, Section

MOST_SETS = 20
"""Sets of changes to one conclusion that are told at once; the page has a button for all."""
FEW_SETS = 5
"""The same where several conclusions are told."""


def nearest_answers(view: View, change: NearestChange) -> list[Difference]:
    """One set of changes, answer by answer: as it is, and what to answer instead."""
    return [
        Difference(
            view.ask(each.question),
            view.answer(each.question, each.now),
            change_words(view.rulebook, each, change.intake),
            each.question,
        )
        for each in change.changes
    ]


def held_fixed(view: View, *told: Nearest) -> str:
    """What searches for changes leave as it is."""
    at_most = max(each.at_most for each in told)
    most = f"up to {at_most} answers or ticks" if at_most > 1 else "one answer or tick"
    names = dict.fromkeys(name for each in told for name in each.fixed)
    never = "; ".join(f'"{view.ask(name)}"{view.id(name)}' for name in names)
    fixed = f" Never changed: {never}." if never else ""
    return f"Held fixed: every answer that a change does not name. A change is of {most}.{fixed}"


def nearest_sections(view: View, told: Sequence[Nearest], *, full: bool) -> Iterator[Section]:
    """The sets of changes that would prove or refute each of some propositions; in short the first."""
    if not told:
        return
    yield Section(held_fixed(view, *told))
    most = None if full else MOST_SETS if len(told) == 1 else FEW_SETS
    yield from (_nearest_section(view, each, most) for each in told if each.sets)
    for wanted in (True, False):
        none = [each for each in told if not each.sets and each.wanted is wanted]
        if none:
            answers = f"{none[0].at_most} answer{'s' if none[0].at_most > 1 else ''}"
            lines = (_named(view, each) for each in none)
            title = (
                f"No change of up to {answers} would make {'these' if none[1:] else 'this'} {_aim(none[0])}:"
            )
            yield Section(title, lines=tuple(Line(f"- {each}") for each in lines))


def _nearest_section(view: View, told: Nearest, most: int | None) -> Section:
    which = f"any one of these {len(told.sets)} changes" if len(told.sets) > 1 else "this change"
    lines = [Line(f"It would {_aim(told)} with {which} of answers:")]
    for place, each in enumerate(_groups(told.sets[:most]), 1):
        lines += _group_lines(view, each, place)
    left = len(told.sets[most:]) if most is not None else 0
    if left:
        lines.append(Line(f"… and {left} more; --full tells all, --format json too."))
    return section_about(view, told.conclusion, told.value, lines)


class _Group(NamedTuple):
    """Sets of changes that have all but one question in common, which stands last."""

    sets: tuple[NearestChange, ...]
    common: tuple[AnswerChange, ...]
    question: str
    """The one in which they differ; of a set alone the last."""


def _groups(sets: Sequence[NearestChange]) -> list[_Group]:
    """Sets in their order, each beside the first that it is like but for the answer to one question."""
    found: list[_Group] = []
    for each in sets:
        for place, group in enumerate(found):
            if (joined := _joined(group, each)) is not None:
                found[place] = joined
                break
        else:
            *common, last = each.changes
            found.append(_Group((each,), tuple(common), last.question))
    return found


def _joined(group: _Group, other: NearestChange) -> _Group | None:
    """The group with one more set; None where that differs in more than the one question."""
    first = group.sets[0]
    if [each.question for each in first.changes] != [each.question for each in other.changes]:
        return None
    differ = [a.question for a, b in zip(first.changes, other.changes, strict=True) if a != b]
    if len(differ) != 1 or (len(group.sets) > 1 and differ[0] != group.question):
        return None
    common = tuple(each for each in first.changes if each.question != differ[0])
    return _Group((*group.sets, other), common, differ[0])


def _group_lines(view: View, group: _Group, place: int) -> Iterator[Line]:
    told = [{each.id: each for each in nearest_answers(view, one)} for one in group.sets]
    ways = [each[group.question] for each in told]
    asked = [*(told[0][change.question] for change in group.common), ways[0]]
    for step, each in enumerate(asked):
        yield Line(f"{'and' if step else f'{place}.'} {each.name}{view.id(each.id)}", 2 if step else 1)
        if step < len(group.common):
            yield Line(f"{each.then} (now: {each.now})", 3)
    if len(ways) == 1:
        yield Line(f"{ways[0].then} (now: {ways[0].now})", 3)
        return
    yield Line(f"now: {ways[0].now}; instead any one of", 3)
    yield from (Line(f"- {each.then}", 3) for each in ways)


def _aim(told: Nearest) -> str:
    return "hold" if told.wanted else "be ruled out"


def _named(view: View, told: Nearest) -> str:
    words = view.words(told.conclusion, told.value)
    return words if view.plain else f"{told.conclusion}, which is {TRUTH_WORDS[told.value]}: {words}"
