"""What changed between two rulebooks as one page: its level, what flips, who, what is written otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from afterrun.rulebook import stamp_words
from afterrun.telling.changes.flips import flip_sections, flip_words, regions_of
from afterrun.telling.page import Page, Point, Section

if TYPE_CHECKING:
    from afterrun.batch import FlippedRows
    from afterrun.verify.changes import Edit, PartChange, RulebookChange, Sort

LEVEL_WORDS = {
    "none": "Nothing is changed.",
    "patch": "No result changes (patch).",
    "minor": "Answers that had no result have one; no result flips (minor).",
    "major": "Results flip, or answers that had one have none (major).",
}
SORT_TITLES: Mapping[Sort, str] = {
    "meaning": "Written otherwise: rules, questions, options, plan",
    "weeks": "Written otherwise: how the weeks are laid out",
    "text": "Texts only: no result rests on them",
    "source": "Sources and what they say",
    "example": "Examples and invariants",
    "approval": "Reviews",
}
_LONGEST = 160
"""Characters of a value that are shown."""


def rulebook_change_page(change: RulebookChange, on: FlippedRows | None = None) -> Page:
    """The page; `on` is what came of some intakes."""
    sections: list[Section] = [level_section(change)]
    if on is not None:
        sections += flipped_sections(change.parts[0], on)
    for part in change.parts:
        of_part = f" ({part.part})" if part.part else ""
        for section in (*not_known_sections(part), *flip_sections(part), *_written(part)):
            sections.append(section._replace(title=f"{section.title}{of_part}"))
    main = change.parts[0]
    return Page(
        f"What changed: {main.new.identity.title}",
        lead_words(change),
        tuple(each for each in sections if not each.is_empty),
        f"From {stamp_words(main.old.stamp)} to {stamp_words(main.new.stamp)}",
    )


def lead_words(change: RulebookChange) -> str:
    """How much changed, and first of all whether that is known."""
    undecided = sum(len(each.undecided) for each in change.parts)
    if not undecided:
        return LEVEL_WORDS[change.level]
    known = [reason for part in change.parts for reason in part.reasons if not reason.unknown]
    others = [each.level for each in known if each.level == "major"] or change.gone
    told = f"{LEVEL_WORDS['major']} " if others else ""
    return f"{told}Not all is known: the solver gave up on {undecided} that may flip, which counts as major."


def not_known_sections(part: PartChange) -> Iterator[Section]:
    """What the solver gave up on: it may flip."""
    if part.undecided:
        points = tuple(Point(each, "may flip: neither shown nor refuted") for each in part.undecided)
        yield Section(f"Not known: {len(points)}", points)


def level_section(change: RulebookChange) -> Section:
    """The version that is due and why, how many regions flip, and what only one of both asks."""
    was, now = change.versions
    points = [Point("Version", f"{was} → {now}; at least {change.least_version} is due")]
    for part in change.parts:
        of_part = f" ({part.part})" if part.part else ""
        points += [
            Point(f"{each.level}{of_part}", each.words) for each in part.reasons if each.level == part.level
        ]
        if part.flips:
            titles = tuple(flip_words(part, each) for each in regions_of(part))
            points.append(Point(f"Regions that flip{of_part}", str(len(titles)), titles))
        for names, which in ((part.only_old, "old"), (part.only_new, "new")):
            if names:
                told = f"{', '.join(names)}; what the other says rests on no answer to it"
                points.append(Point(f"Asked by the {which} rulebook alone{of_part}", told))
        if part.apart:
            points.append(Point(f"Answered in another way now{of_part}", ", ".join(part.apart)))
    points += [Point("Part that is gone", name) for name in change.gone]
    points += [Point("New part", name) for name in change.came]
    return Section("How much", tuple(points), table=True)


def _written(part: PartChange) -> Iterator[Section]:
    """What is written otherwise, by what it is of; and the approvals that fall with it."""
    for sort, title in SORT_TITLES.items():
        edits = [each for each in part.edits if each.sort == sort]
        if edits:
            yield Section(f"{title}: {len(edits)}", tuple(map(edit_point, edits)))
    if part.approvals:
        points = tuple(
            Point(each.rule, f"approved by {each.owner} on {each.approved_on}: {each.why}")
            for each in part.approvals
        )
        yield Section(f"Approvals that this takes back: {len(points)}", points)


def edit_point(edit: Edit) -> Point:
    """What happened to an entry, or to a key of it."""
    name = f"{edit.kind} {edit.name}" if edit.kind != edit.name else edit.kind
    if not edit.path:
        return Point(name, edit.words)
    if edit.was is None or edit.now is None:
        return Point(
            name, f"{edit.path} {edit.words}: {plain_words(edit.now if edit.was is None else edit.was)}"
        )
    return Point(name, f"{edit.path}: {plain_words(edit.was)} → {plain_words(edit.now)}")


def plain_words(value: Any) -> str:
    """A value as it is written, of bearable length."""
    text = value if isinstance(value, str) else json.dumps(value, default=_plain, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _plain(value: Any) -> Any:
    return float(value) if value != int(value) else int(value)


def flipped_sections(part: PartChange, found: FlippedRows) -> Iterator[Section]:
    """Which intakes flip: how many, in which column, from what to what, and the first of them."""
    points = [
        Point("Intakes that both rulebooks read", f"{found.rows:,}"),
        Point("Of these flip", f"{found.flipped:,}"),
    ]
    counts = (
        ("Read by the old rulebook alone, refused by the new", found.only_old),
        ("Read by the new rulebook alone, refused by the old", found.only_new),
        ("Refused by both, and not compared", found.refused),
    )
    points += [Point(words, f"{count:,}") for words, count in counts if count]
    points += [Point(f"Refused: {why}", f"{count:,}") for why, count in found.reasons.items()]
    points += [Point(f"Differ in {name}", f"{count:,}") for name, count in found.columns.items()]
    yield Section("These intakes", tuple(points), table=True)
    names = {level.id: level.name for book in (part.old, part.new) for level in book.triage.values()}
    for name, table in found.tables.items():
        rows = sorted(table.items(), key=lambda each: (each[0][0] == each[0][1], -each[1]))
        yield Section(
            f"{name.replace('_', ' ', 1)}: from what to what".capitalize(),
            tuple(Point(" → ".join(names.get(each, each) for each in pair), f"{n:,}") for pair, n in rows),
            table=True,
        )
    if found.first:
        more = found.flipped > len(found.first)
        title = f"The first {len(found.first)} that flip" if more else "Those that flip"
        first = ((f"{each.record_id or each.input}, line {each.line}", each.changes) for each in found.first)
        yield Section(title, tuple(Point(row, "", tuple(_changes(each))) for row, each in first))


def _changes(columns: Mapping[str, tuple[Any, Any]]) -> Iterator[str]:
    for name, both in columns.items():
        was, now = ("nothing" if each in (None, "") else str(each).replace(";", ", ") for each in both)
        yield f"{name}: {was} → {now}"
