"""What comes out otherwise under another rulebook: each flip with its region, an intake and both proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from afterrun.assessment import Case
from afterrun.errors import UnknownNameError
from afterrun.explanation import answer_in_words, plan_entry, plan_words
from afterrun.rulebook import Rulebook
from afterrun.telling.audit.explanation import explanation_sections
from afterrun.telling.audit.inquiry import Inquiry
from afterrun.telling.audit.view import View
from afterrun.telling.audit.words import status_words
from afterrun.telling.changes.regions import region_lines, subject_words
from afterrun.telling.page import Line, Point, Section

if TYPE_CHECKING:
    from afterrun.verify.changes import PartChange
    from afterrun.verify.prove import Flip


def flip_sections(part: PartChange) -> Iterator[Section]:
    """The regions of a part, the smallest first; then what only unfinished answers show, and findings."""
    yield from (_section(part, place, each) for place, each in enumerate(regions_of(part), start=1))
    partial = [each for each in part.flips if each.partial]
    if partial:
        yield Section(
            "Only while questions are unanswered",
            tuple(
                Point(
                    flip_words(part, each),
                    "; ".join(_example(part.old, each.intakes[0])) or "nothing answered",
                )
                for each in partial
            ),
        )
    findings = [each for each in part.flips if each.kind == "finding"]
    if findings:
        books = (part.new, part.old)
        points = tuple(
            Point(flip_words(part, each), "", tuple(region_lines(books, each.only))) for each in findings
        )
        yield Section("Findings behind it, which no result shows by themselves", points)


def regions_of(part: PartChange) -> list[Flip]:
    """What flips of results for whole intakes: what somebody has to agree to, one by one."""
    return [each for each in part.flips if not each.partial and each.kind != "finding"]


def flip_words(part: PartChange, flip: Flip) -> str:
    """What flips, from what to what."""
    return f"{flip_name(part, flip)}: {flip_way(part, flip)}"


def flip_way(part: PartChange, flip: Flip) -> str:
    """From what to what it flips."""
    was, now = (_value(book, flip, value) for book, value in ((part.old, flip.was), (part.new, flip.now)))
    return f"{was} → {now}"


def _section(part: PartChange, place: int, flip: Flip) -> Section:
    books = (part.new, part.old)
    points = [Point("Where", flip_place_words(part, flip), tuple(region_lines(books, flip.only, asked=True)))]
    if flip.exact:
        points.append(Point("There", "it flips for everybody, and nowhere else."))
    elif flip.always:
        known = "These are all of them." if flip.whole else "These are some of them."
        boxes = tuple("; ".join(region_lines(books, box)) for box in flip.always)
        points.append(Point("There", f"it flips for those of whom one of these holds. {known}", boxes))
    else:
        points.append(
            Point("There", "it flips for some: numbers decide that lie between the thresholds of rules.")
        )
    before, after = flip.intakes
    points.append(Point("For example", "", tuple(_example(part.old, before))))
    if after != before:
        points.append(Point("As the new rulebook asks", "", tuple(_example(part.new, after))))
    for title, book, intake in (("Before", part.old, before), ("Now", part.new, after)):
        points.append(Point(f"{title}: the proof", "", tuple(_proof(book, flip, intake))))
    return Section(f"{place}. {flip_words(part, flip)}", tuple(points), id=f"{flip.kind}.{flip.name}")


def flip_place_words(part: PartChange, flip: Flip) -> str:
    """The level, or what the level would be, against which the region is told."""
    book = part.old if flip.of == "old" else part.new
    levels = " or ".join(f'"{book.triage[level].name}"' for level in flip.at)
    if flip.of:
        which = "old" if flip.of == "old" else "new"
        words = f"of all for whom the {which} rulebook says {levels}"
    else:
        words = f"of all for whom both rulebooks say {levels}" if levels else "of everybody"
    if flip.beside:
        words += ", and show something of this"
    return words + (":" if flip.only else ".")


def flip_name(part: PartChange, flip: Flip) -> str:
    """What flips, by its words and its name."""
    for book in (part.new, part.old):
        if flip.kind == "triage":
            return book.identity.triage_text
        groups: Mapping[str, Mapping[str, Any]] = {"pattern": book.patterns, "finding": book.findings}
        found = groups.get(flip.kind, book.interventions).get(flip.name)
        if found is not None:
            told = found.text if flip.kind == "finding" else found.called
            return f"{told} ({flip.name}), begins" if flip.kind == "start" else f"{told} ({flip.name})"
        if flip.kind == "plan":
            text = next((item.text for item in book.plan if item.key == flip.name), "")
            if text:
                return f"{text} ({flip.name})"
    return flip.name


def _value(book: Rulebook, flip: Flip, value: str) -> str:
    if flip.kind == "triage":
        return book.triage[value].name
    if flip.kind == "intervention":
        return status_words(value or None)
    if flip.kind == "plan" and value.startswith("["):
        return plan_words(book, plan_entry(book, flip.name), json.loads(value), {})
    return value or ("not in the plan" if flip.kind == "plan" else "not shown")


def _example(book: Rulebook, intake: Mapping[str, Any]) -> Iterator[str]:
    """Each answer of an intake."""
    for name, value in intake.items():
        yield f"{subject_words((book,), name)}: {answer_in_words(book, name, value, intake)}"


def _proof(book: Rulebook, flip: Flip, intake: Mapping[str, Any]) -> Iterator[str]:
    """Why it is so under one rulebook, by the evaluator that assesses."""
    case = Case.of(book, intake)
    view = View(book, case.answers, case.level.id, "clinician")
    try:
        found = Inquiry(conclusions=[flip.name]).findings(book, case.answers).seen_by(view)
    except UnknownNameError:
        yield f"this rulebook knows no {flip.name}"
        return
    for section in explanation_sections(view, found):
        yield section.title
        yield from _indented(section.lines)
        for point in section.points:
            yield f"{point.name}: {point.text}" if point.text else point.name


def _indented(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield f"{'· ' * (line.depth - 1)}{line.text.removeprefix('- ')}"
