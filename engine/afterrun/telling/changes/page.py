"""What changed between two rulebooks as one page: its level, what flips, who, what is written otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from afterrun.rulebook import stamp_words
from afterrun.telling.changes.flips import flip_sections
from afterrun.telling.page import Page, Point, Section

if TYPE_CHECKING:
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


def rulebook_change_page(change: RulebookChange, *, proofs: bool = True, sign_off: bool = False) -> Page:
    """The page; with `sign_off` each region has a line for whoever agrees to it."""
    sections: list[Section] = [level_section(change)]
    for part in change.parts:
        of_part = f" ({part.part})" if part.part else ""
        for section in (*flip_sections(part, proofs=proofs, sign_off=sign_off), *_written(part)):
            sections.append(section._replace(title=f"{section.title}{of_part}"))
    main = change.parts[0]
    return Page(
        f"What changed: {main.new.identity.title}",
        LEVEL_WORDS[change.level],
        tuple(each for each in sections if not each.is_empty),
        f"From {stamp_words(main.old.stamp)} to {stamp_words(main.new.stamp)}",
    )


def level_section(change: RulebookChange) -> Section:
    """The version that is due and why, how many regions flip, and what only one of both asks."""
    was, now = change.versions
    points = [Point("Version", f"{was} → {now}; at least {change.least_version} is due")]
    for part in change.parts:
        of_part = f" ({part.part})" if part.part else ""
        whole = [each for each in part.flips if not each.partial and each.kind != "finding"]
        points += [Point(f"{each.level}{of_part}", each.words) for each in part.reasons]
        if part.flips:
            points.append(Point(f"Regions that flip{of_part}", str(len(whole))))
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


def flipped_sections(
    rows: tuple[int, int, int, int],
    columns: Mapping[str, int],
    tables: Mapping[str, Mapping[tuple[str, str], int]],
    first: Sequence[tuple[str, Mapping[str, tuple[Any, Any]]]],
) -> Iterator[Section]:
    """Which intakes flip: rows read by both, flipped, read by the old or new alone; by column; by table."""
    both, flipped, only_old, only_new = rows
    points = [Point("Intakes that both rulebooks read", f"{both:,}"), Point("Of these flip", f"{flipped:,}")]
    if only_old:
        points.append(Point("Read by the old rulebook alone", f"{only_old:,}"))
    if only_new:
        points.append(Point("Read by the new rulebook alone", f"{only_new:,}"))
    points += [Point(f"Differ in {name}", f"{count:,}") for name, count in columns.items()]
    yield Section("These intakes", tuple(points), table=True)
    for name, table in tables.items():
        counts = sorted(table.items(), key=lambda each: (each[0][0] == each[0][1], -each[1]))
        yield Section(
            f"From {name.replace('_', ' ', 1)} to {name.replace('_', ' ', 1)}",
            tuple(Point(f"{was} → {now}", f"{count:,}") for (was, now), count in counts),
            table=True,
        )
    if first:
        title = f"The first {len(first)} that flip" if flipped > len(first) else "Those that flip"
        yield Section(title, tuple(Point(row, _changes(each)) for row, each in first))


def _changes(columns: Mapping[str, tuple[Any, Any]]) -> str:
    pairs = ((name, *map(_or_nothing, both)) for name, both in columns.items())
    return "; ".join(f"{name}: {was} → {now}" for name, was, now in pairs)


def _or_nothing(value: Any) -> str:
    return "nothing" if value in (None, "") else str(value)
