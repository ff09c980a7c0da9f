"""The first screen of a page: short enough to be read at once; what has no room follows on request.

Nothing is told twice: a point's name and its text stand in front, how it is done and what else there is to
know of it behind; a text that has no room in front goes behind, too.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from afterrun.telling.page import Page, Point, Section

WORDS, ROWS, COLUMNS = 250, 24, 80
"""What a first screen holds at most."""
INDENT = 4
"""Columns before a point."""
HINT = 11
"""Words that tell how to ask for the rest."""


class Front(NamedTuple):
    """A section that belongs in front, and what the rest of it is called behind."""

    section: Section
    behind: str


def first_screen(page: Page, fronts: tuple[Front, ...]) -> Page:
    """The page with as much of the sections in front as there is room for, and all else behind."""
    fronts = tuple(each for each in fronts if not each.section.is_empty)
    texts = sum(len(each.section.points) for each in fronts)
    points = len(fronts[-1].section.points) if fronts else 0
    # Texts go first, those of the first section before others; then names, the last ones first.
    tries = chain(
        ((bare, points) for bare in range(texts + 1)), ((texts, left) for left in range(points)[::-1])
    )
    for bare, left in tries:
        made = _made(page, fronts, bare, left)
        if _fits(made):
            break
    return made


def _made(page: Page, fronts: tuple[Front, ...], bare: int, left: int) -> Page:
    front, behind = [], []
    for place, each in enumerate(fronts):
        points = each.section.points
        # The last of a section lose their texts first.
        kept = max(len(points) - bare, 0)
        bare -= len(points) - kept
        named = points if place < len(fronts) - 1 else points[:left]
        shown = [
            Point(point.name, point.text if at < kept or each.section.table else "")
            for at, point in enumerate(named)
        ]
        if len(named) < len(points):
            shown.append(Point(f"and {len(points) - len(named)} more"))
        front.append(each.section._replace(points=tuple(shown)))
        rest = (
            point
            if at >= len(named)
            else Point(point.name, "" if shown[at].text else point.text, point.steps, point.more)
            for at, point in enumerate(points)
        )
        said = tuple(point for at, point in enumerate(rest) if at >= len(named) or any(point[1:]))
        behind.append(Section(each.behind, said))
    more = (*(section for section in behind if not section.is_empty), *page.more)
    return page._replace(sections=tuple(front), more=more)


def _fits(page: Page) -> bool:
    lines = list(_lines(page))
    words = sum(len(line.split()) for line in lines) + HINT
    return words <= WORDS and len(lines) + bool(page.more) <= ROWS


def _lines(page: Page) -> Iterator[str]:
    """The page as lines of a terminal: each section below its bare title, a blank line before it."""
    yield from (page.title, "", *textwrap.wrap(page.lead, COLUMNS))
    for section in page.sections:
        yield from ("", section.title)
        for point in section.points:
            told = (f"{point.name}: {point.text}",) if section.table else (point.name, point.text)
            yield from chain.from_iterable(textwrap.wrap(each, COLUMNS - INDENT) for each in told)
    yield from ("", *textwrap.wrap(page.foot, COLUMNS))
