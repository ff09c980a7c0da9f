"""What changed between two rulebooks, shortly: no proofs, and of mere texts the names."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from afterrun.explanation import answer_in_words
from afterrun.rulebook import stamp_words
from afterrun.telling.changes.flips import flip_name, flip_place_words, flip_way, flip_words, regions_of
from afterrun.telling.changes.page import (
    SORT_TITLES,
    edit_point,
    flipped_sections,
    lead_words,
    level_section,
    not_known_sections,
    plain_words,
)
from afterrun.telling.changes.regions import region_lines
from afterrun.telling.page import Page, Point, Section, capital

if TYPE_CHECKING:
    from afterrun.batch import FlippedRows
    from afterrun.verify.changes import Edit, PartChange, RulebookChange, Sort
    from afterrun.verify.prove import Flip

_TITLES = {
    "triage": "Levels that flip",
    "pattern": "Patterns that flip",
    "intervention": "Interventions that flip",
    "start": "Interventions that begin in another week",
    "plan": "Parts of the plan that flip",
}
_MOST = {"triage": 30}
"""Regions told of one thing that flips, the smallest first; the others are named."""
_ELSE = 2
_MOST_KEYS = 6
"""Keys told of one entry that is written otherwise; the others are counted."""
_NUMBERED = re.compile(r" \(\d+\)$")
"""Which of several rules about one key it is."""
_SAYS = ("because", "name", "claim", "title", "hazard", "text")
"""Where an entry says what it is, the first that it has."""
_NAMED: tuple[Sort, ...] = ("weeks", "text", "source", "example", "approval")
"""Sorts of edits of which the entries are named."""


def brief_change_page(change: RulebookChange, on: FlippedRows | None = None) -> Page:
    """As `rulebook_change_page`, of a length that can be read in one go: what it leaves out it counts."""
    sections = [_level(change)]
    if on is not None:
        sections += flipped_sections(change.parts[0], on)
    for part in change.parts:
        of_part = f" ({part.part})" if part.part else ""
        for section in (*not_known_sections(part), *_flips(part), *_written(part)):
            sections.append(section._replace(title=f"{section.title}{of_part}"))
    main = change.parts[0]
    return Page(
        f"What changed: {main.new.identity.title}",
        lead_words(change),
        tuple(each for each in sections if not each.is_empty),
        capital("; ".join(map(_stamps, change.parts))),
    )


def _stamps(part: PartChange) -> str:
    between = f"from {stamp_words(part.old.stamp)} to {stamp_words(part.new.stamp)}"
    return f"{part.part}: {between}" if part.part else between


def _level(change: RulebookChange) -> Section:
    """How much changed, with all reasons of a level in one, and what has the same reason told together."""
    section = level_section(change)
    texts: dict[str, dict[str, dict[str, None]]] = {}
    shared = Counter(each.text.rpartition(": ")[2] for each in section.points)
    for each in section.points:
        what, _, why = each.text.rpartition(": ")
        if shared[why] == 1:
            what, why = "", each.text
        of_why = texts.setdefault(each.name, {}).setdefault(why, {})
        if what:
            of_why[_NUMBERED.sub("", what)] = None
    return section._replace(
        points=tuple(
            Point(name, "; ".join(f"{why}: {', '.join(some)}" if some else why for why, some in whys.items()))
            for name, whys in texts.items()
        )
    )


def _flips(part: PartChange) -> Iterator[Section]:
    """The regions by what flips; the answers that most examples share are told once."""
    whole = regions_of(part)
    usual = _usual(whole)
    if usual:
        words = tuple(_answer(part, name, value, usual) for name, value in usual.items())
        yield Section(
            "What examples answer",
            (Point("Unless an example says otherwise", "", words),),
            note="Each example was assessed by both rulebooks, and its result is not the same.",
        )
    for kind, title in _TITLES.items():
        points: list[Point] = []
        for name in dict.fromkeys(each.name for each in whole if each.kind == kind):
            points += _of_name(
                part, [each for each in whole if (each.kind, each.name) == (kind, name)], usual
            )
        yield Section(title, tuple(points))
    for title, some in (
        ("Only while questions are unanswered", [each for each in part.flips if each.partial]),
        ("Findings behind it that flip", [each for each in part.flips if each.kind == "finding"]),
    ):
        names = dict.fromkeys(f"{flip_name(part, each)}" for each in some)
        yield Section(f"{title}: {len(names)}", tuple(map(Point, names)))


def _of_name(part: PartChange, flips: Sequence[Flip], usual: Mapping[str, Any]) -> Iterator[Point]:
    most = _MOST.get(flips[0].kind, _ELSE)
    for each in flips[:most]:
        books = (part.new, part.old)
        region = "; ".join(region_lines(books, each.only))
        sure = "for everybody" if each.exact else "for some"
        words = f"{capital(sure)} {flip_place_words(part, each)}{f' {region}.' if region else ''}"
        yield Point(flip_words(part, each), words, (f"For example: {_example(part, each, usual)}",))
    if left := flips[most:]:
        ways = "; ".join(flip_way(part, each) for each in left)
        yield Point(f"{flip_name(part, left[0])}: {len(left)} more", ways)


def _joint(flip: Flip) -> dict[str, Any]:
    """The example as both rulebooks read it: they differ only by what one of them asks."""
    return {**flip.intakes[0], **flip.intakes[1]}


def _usual(flips: Sequence[Flip]) -> dict[str, Any]:
    """What more than half of the examples answer to a question."""
    examples = [_joint(each) for each in flips]
    counts: Counter[tuple[str, str]] = Counter(
        (name, json.dumps(value)) for each in examples for name, value in each.items()
    )
    return {
        name: json.loads(value) for (name, value), count in counts.items() if 2 * count > len(examples) > 1
    }


def _example(part: PartChange, flip: Flip, usual: Mapping[str, Any]) -> str:
    answers = _joint(flip)
    told = [
        _answer(part, name, answers[name], answers) for name in answers if answers[name] != usual.get(name)
    ]
    told += [_answer(part, name, None, answers) for name in usual if name not in answers]
    return "; ".join(told) or "as most examples"


def _answer(part: PartChange, name: str, value: Any, answers: Mapping[str, Any]) -> str:
    book = part.new if name in part.new.questions else part.old
    return f"{name} {answer_in_words(book, name, value, answers)}"


def _written(part: PartChange) -> Iterator[Section]:
    """What results rest on entry by entry, and the words of what is asked; of all else the names."""
    meaning = [each for each in part.edits if each.sort == "meaning"]
    yield Section(f"{SORT_TITLES['meaning']}: {len(meaning)}", tuple(_entries(part, meaning)))
    asked = [each for each in part.edits if _is_asked(each)]
    yield Section(f"Questions and options in other words: {len(asked)}", tuple(_entries(part, asked)))
    for sort in _NAMED:
        edits = [each for each in part.edits if each.sort == sort and not _is_asked(each)]
        yield Section(f"{SORT_TITLES[sort]}: {len(edits)}", tuple(_names(edits)))
    yield Section(
        f"Approvals that this takes back: {len(part.approvals)}",
        tuple(Point(each.rule, f"approved by {each.owner}: {each.why}") for each in part.approvals),
    )


def _is_asked(edit: Edit) -> bool:
    """Whether it words a question or an option: what an answer means goes by that."""
    path = edit.path.split(".")
    worded = path == ["ask"] or (len(path) == 3 and path[0] == "options" and path[2] == "text")
    return edit.kind == "question" and edit.sort == "text" and worded


def _entries(part: PartChange, edits: Sequence[Edit]) -> Iterator[Point]:
    for (kind, name), some in groupby(edits, key=lambda each: (each.kind, each.name)):
        group = [*some]
        first = group[0]
        title = f"{kind} {name}" if kind != name else kind
        if not first.path:
            said = first.now if first.was is None else first.was
            yield Point(title, f"{first.words}. {_says(said)}".strip())
            continue
        steps = [edit_point(each).text for each in group[:_MOST_KEYS]]
        steps += [f"{len(group) - _MOST_KEYS} more keys"] if len(group) > _MOST_KEYS else []
        yield Point(title, _because(part, kind, name), tuple(steps))


def _because(part: PartChange, kind: str, name: str) -> str:
    """The reason of a rule, by which a reader knows it."""
    rule = part.new.rules.get(name) if kind == "rule" else None
    return rule.because if rule is not None else ""


def _says(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return next((plain_words(entry[key]) for key in _SAYS if entry.get(key)), "")


def _names(edits: Sequence[Edit]) -> Iterator[Point]:
    for kind in dict.fromkeys(each.kind for each in edits):
        for words in ("added", "removed", "changed"):
            names = dict.fromkeys(
                each.name
                for each in edits
                if each.kind == kind and ("changed" if each.path else each.words) == words
            )
            if names:
                yield Point(f"{kind} {words}: {len(names)}", ", ".join(names))
