"""What every page is made of: sections of words for one reader, whatever it is drawn with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from afterrun.rulebook import versions_words


class Point(NamedTuple):
    """One thing told: a name, and what there is to say about it."""

    name: str
    text: str = ""
    steps: tuple[str, ...] = ()
    """How it is done."""
    more: str = ""
    """What else there is to know."""
    brief: str = ""
    """How the text begins, where that much can stand for it."""


class Bar(NamedTuple):
    """One row of a chart: its cells, and a bar that repeats the number among them."""

    cells: tuple[str, ...]
    part: float
    """Of the longest bar, from 0 to 1."""
    ceiling: float | None = None
    """Where the most that there may be lies, from 0 to 1."""
    words: str = ""
    """Instead of a bar, where there is no number."""
    id: str = ""
    """What the rulebook calls it."""


class Chart(NamedTuple):
    """Bars below each other."""

    columns: tuple[str, ...]
    """A title for each cell."""
    bars: tuple[Bar, ...]
    note: str = ""
    """What the mark at a ceiling means, where there is one."""
    layout: str = ""
    """How the cells stand where all there is are characters."""
    longest: int = 40
    """Characters of the longest bar there."""


class Day(NamedTuple):
    """One session of a week."""

    day: str
    time: str
    title: str
    asks: tuple[str, ...]
    """What a check-in asks beyond the usual."""


class Line(NamedTuple):
    """A line of a tree; each step in is one step closer to the answers."""

    text: str
    depth: int = 1


class Branch(NamedTuple):
    """A line of a tree with all that is further in, for whatever can nest."""

    text: str
    parts: tuple[Branch, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> tuple[Branch, ...]:
        """Lines as a tree, without their dashes.

        >>> [(each.text, len(each.parts)) for each in Branch.of([Line("a"), Line("- b", 2), Line("c")])]
        [('a', 1), ('c', 0)]
        """
        least = min((each.depth for each in lines), default=0)
        starts = [place for place, each in enumerate(lines) if each.depth == least or place == 0]
        ends = (*starts[1:], len(lines))
        return tuple(
            cls(lines[start].text.removeprefix("- "), cls.of(lines[start + 1 : end]))
            for start, end in zip(starts, ends, strict=False)
        )


class Section(NamedTuple):
    """A headed part of a page, which holds things of one kind."""

    title: str
    points: tuple[Point, ...] = ()
    table: bool = False
    """Whether the points have a value for each name."""
    note: str = ""
    chart: Chart | None = None
    days: tuple[Day, ...] = ()
    lines: tuple[Line, ...] = ()
    picture: str = ""
    """An SVG of our own making, for whatever can show one."""
    id: str = ""
    """What the rulebook calls it."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing under the title."""
        return not (self.points or self.note or self.chart or self.days or self.lines)


class Page(NamedTuple):
    """A whole result, plan or proof in words, most pressing first."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    foot: str
    more: tuple[Section, ...] = ()
    """What follows on request, where the sections are all that a first screen holds."""
    at_once: str = ""
    """What comes before all else, the title alone excepted."""

    @property
    def whole(self) -> Page:
        """All of it, from top to bottom."""
        return self._replace(sections=(*self.sections, *self.more), more=())


def page_of(
    title: str,
    lead: str,
    sections: tuple[Section, ...],
    stamp: Mapping[str, str],
    more: tuple[Section, ...] = (),
) -> Page:
    """A page of the sections that hold anything, with what it rests on at its foot."""
    front, behind = (tuple(each for each in part if not each.is_empty) for part in (sections, more))
    return Page(title, lead, front, versions_words(stamp), behind)


def capital(text: str) -> str:
    """Text as a sentence begins."""
    return text[:1].upper() + text[1:]
