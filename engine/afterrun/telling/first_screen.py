"""The first screen of a page: short enough to be read at once; what has no room follows on request.

Nothing is told twice: a point's name and its text stand in front, how it is done and what else there is to
know of it behind; a text that has no room in front goes behind, too, but for its beginning where that can
stand for it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Set
from itertools import chain
from typing import NamedTuple

from afterrun.telling.page import Page, Point, Section

WORDS, ROWS, COLUMNS = 250, 24, 80
"""What a first screen holds at most."""
INDENT = 4
"""Columns before a point."""
HINT = 11
"""Words that tell how to ask for the rest."""


Place = tuple[int, int]
"""A point: its section among those in front, and its place there."""


class Front(NamedTuple):
    """A section that belongs in front, and what the rest of it is called behind."""

    section: Section
    behind: str


def first_screen(page: Page, fronts: tuple[Front, ...]) -> Page:
    """The page with as much of the sections in front as there is room for, and all else behind."""
    fronts = tuple(each for each in fronts if not each.section.is_empty)
    points = len(fronts[-1].section.points) if fronts else 0
    told: frozenset[Place] = frozenset()
    # Names and beginnings go first, then names alone, then fewer of the last section.
    for brief, left in chain(((True, points),), ((False, left) for left in range(points + 1)[::-1])):
        made = _made(page, fronts, told, brief, left)
        if _fits(made):
            break
    # What room is left goes to texts: the last section's before others, and first where nothing stands yet.
    for place in _by_need(fronts):
        more = _made(page, fronts, told | {place}, brief, left)
        if _fits(more):
            made, told = more, told | {place}
    return made


def _by_need(fronts: tuple[Front, ...]) -> Iterator[Place]:
    """Every point, in the order in which it is given room."""
    for section, each in reversed(list(enumerate(fronts))):
        for begun in (False, True):
            yield from (
                (section, at) for at, point in enumerate(each.section.points) if bool(point.brief) is begun
            )


def _made(page: Page, fronts: tuple[Front, ...], told: Set[Place], brief: bool, left: int) -> Page:
    front, behind = [], []
    for place, each in enumerate(fronts):
        points = each.section.points
        named = points if place < len(fronts) - 1 else points[:left]
        shown = [
            Point(
                point.name,
                point.text if each.section.table or (place, at) in told else point.brief if brief else "",
            )
            for at, point in enumerate(named)
        ]
        if len(named) < len(points):
            shown.append(Point(f"and {len(points) - len(named)} more"))
        front.append(each.section._replace(points=tuple(shown)))
        rest = (
            point
            if at >= len(named)
            else Point(point.name, point.text.removeprefix(shown[at].text).lstrip(), point.steps, point.more)
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
    yield from (*textwrap.wrap(page.title, COLUMNS), "")
    if page.at_once:
        yield from (*textwrap.wrap(page.at_once, COLUMNS), "")
    yield from textwrap.wrap(page.lead, COLUMNS)
    for section in page.sections:
        yield from ("", section.title)
        for point in section.points:
            told = (f"{point.name}: {point.text}",) if section.table else (point.name, point.text)
            yield from chain.from_iterable(textwrap.wrap(each, COLUMNS - INDENT) for each in told)
    yield from ("", *textwrap.wrap(page.foot, COLUMNS))
