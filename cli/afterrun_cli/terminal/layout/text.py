"""A page in plain lines, for any terminal, for a file, for a screen reader."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from afterrun.telling import Bar, Chart, Day, Line, Page, Point, Section
from afterrun.visible import on_one_line, visible
from afterrun_cli.terminal.layout.lines import WIDTH, filled, folded, width_of

SHORTEST = 8
"""Marks of the longest bar below which a bar says nothing."""
NARROW = 60
"""Columns from which on a session has room beside its day."""


def as_text(page: Page, width: int = WIDTH) -> str:
    """The page as plain text, its titles underlined; those of a first screen are bare, which saves room."""
    return _Writer(width).page(page)


def as_sections(sections: Iterable[Section], width: int = WIDTH) -> str:
    """Sections below their underlined titles."""
    return _Writer(width).sections(sections)


def as_block(section: Section, width: int = WIDTH) -> str:
    """A section alone, below its bare title."""
    return _Writer(width).block(section)


def as_tree(lines: Iterable[Line], width: int = WIDTH) -> str:
    """Lines, each as far in as it is deep; what goes over several hangs below its own beginning."""
    return _Writer(width).tree(lines)


def wrapped(text: str, indent: str = "") -> str:
    """Text in lines, to be said."""
    return filled(text, width_of(sys.stderr), indent)


def hanging(point: Point) -> str:
    """A text beside the mark before it, to be said."""
    return point.name + wrapped(point.text, " " * len(point.name)).lstrip()


def marks(bar: Bar, longest: int, mark: str = "#") -> str:
    """A bar of marks, with a stroke where the most that there may be lies."""
    end = round(bar.part * longest)
    drawn = [mark if place < end else " " for place in range(longest + 1)]
    if bar.ceiling is not None:
        # Beside the bar, never in it: a ceiling on the bar would look like its end.
        drawn[min(max(round(bar.ceiling * longest), end), longest)] = "|"
    return "".join(drawn)


def bar_points(chart: Chart) -> Iterator[Point]:
    """The bars as points, each with its numbers by their names: for where no bar has room."""
    for bar in chart.bars:
        first, *others = bar.cells
        name = f"{chart.columns[0]} {first}" if chart.columns else first
        names = chart.columns[1:] or ("",) * len(others)
        told = [f"{title} {cell.strip()}".strip() for title, cell in zip(names, others, strict=True) if cell]
        yield Point(name.strip(), ", ".join([*told, *([bar.words] if bar.words else [])]))


class _Writer(NamedTuple):
    """Lays words out in lines of one width."""

    width: int

    def page(self, page: Page) -> str:
        foot = self._filled(page.foot)
        head = self._heading(page.title, "=")
        leads = [self._filled(each) for each in (page.at_once, page.lead) if each]
        if page.more:
            head, leads = "\n".join([head, *leads[:1]]), leads[1:]
            return "\n\n".join([head, *leads, *map(self.block, page.sections), foot])
        return "\n\n".join([head, *leads, self.sections(page.sections), foot])

    def sections(self, sections: Iterable[Section]) -> str:
        return "\n\n".join(
            "\n".join([self._heading(each.title, "-"), *self._body(each)]) for each in sections
        )

    def block(self, section: Section) -> str:
        return "\n".join([self._filled(section.title), *self._body(section)])

    def tree(self, lines: Iterable[Line]) -> str:
        # A text that was written over several lines is one line of the tree all the same.
        whole = ("  " * line.depth + line.text.replace("\n", " ") for line in lines)
        return "\n".join(folded(each, self.width) for each in whole)

    def _filled(self, text: str, indent: str = "") -> str:
        return filled(text, self.width, indent)

    def _body(self, section: Section) -> Iterator[str]:
        if section.note:
            yield self._filled(section.note, "  ")
        for point in section.points:
            yield from self._point(point, section.table)
        if section.chart is not None:
            yield from self._chart(section.chart)
        for day in section.days:
            yield from self._day(day)
        if section.lines:
            yield self.tree(section.lines)

    def _point(self, point: Point, table: bool) -> Iterator[str]:
        if table:
            yield self._bullet(f"{point.name}: {point.text}")
            return
        yield self._bullet(point.name)
        if point.text:
            yield self._filled(point.text, "    ")
        for step in point.steps:
            yield "    - " + self._filled(step, "      ").lstrip()
        if point.more:
            yield self._filled(point.more, "    ")

    def _chart(self, chart: Chart) -> Iterator[str]:
        cells = max((len(chart.layout.format(*bar.cells)) for bar in chart.bars), default=0)
        # One more than the bar, for the stroke of a ceiling.
        longest = min(chart.longest, self.width - cells - 1)
        if longest < SHORTEST:
            for point in bar_points(chart):
                yield from self._point(point, table=True)
            return
        if chart.columns:
            titles = on_one_line(chart.layout.format(*chart.columns))
            if len(titles) + len(chart.note) > self.width:
                yield self._filled(chart.note, "  ")
                yield titles.rstrip()
            else:
                yield (titles + on_one_line(chart.note)).rstrip()
        for bar in chart.bars:
            lead = on_one_line(chart.layout.format(*bar.cells))
            yield (lead + self._bar(bar, longest, len(lead))).rstrip()

    def _bar(self, bar: Bar, longest: int, beside: int) -> str:
        return self._filled(bar.words, " " * beside).lstrip() if bar.words else marks(bar, longest)

    def _day(self, day: Day) -> Iterator[str]:
        lead = on_one_line(f"  {day.day:<10}  {day.time}  ")
        if self.width < NARROW:
            yield lead.rstrip()
            yield self._filled(day.title, "    ")
        else:
            yield lead + self._filled(day.title, " " * len(lead)).lstrip()
        for ask in day.asks:
            yield self._filled(ask, "    " if self.width < NARROW else " " * len(lead))

    def _bullet(self, text: str) -> str:
        return "  - " + self._filled(text, "    ").lstrip()

    def _heading(self, text: str, line: str) -> str:
        return f"{self._filled(text)}\n{line * min(len(visible(text)), self.width)}"
