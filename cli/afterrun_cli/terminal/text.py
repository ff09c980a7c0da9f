"""A page in plain lines, for any terminal, for a file, for a screen reader."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from afterrun.telling import Bar, Chart, Day, Line, Page, Point, Section
from afterrun_cli.terminal.exits import printable

WIDTH = 80


def as_text(page: Page) -> str:
    """The page as plain text, its titles underlined; those of a first screen are bare, which saves room."""
    if page.more:
        head = f"{_heading(page.title, '=')}\n{wrapped(page.lead)}"
        return "\n\n".join([head, *map(as_block, page.sections), wrapped(page.foot)])
    return "\n\n".join(
        [_heading(page.title, "="), wrapped(page.lead), as_sections(page.sections), wrapped(page.foot)]
    )


def as_sections(sections: Iterable[Section]) -> str:
    """Sections below their underlined titles."""
    return "\n\n".join("\n".join([_heading(each.title, "-"), *_body(each)]) for each in sections)


def as_block(section: Section) -> str:
    """A section alone, below its bare title."""
    return "\n".join([wrapped(section.title), *_body(section)])


def as_tree(lines: Iterable[Line]) -> str:
    """Lines, each as far in as it is deep."""
    return "\n".join(wrapped(line.text, "  " * line.depth) for line in lines)


def hanging(point: Point) -> str:
    """A text beside the mark before it."""
    return point.name + wrapped(point.text, " " * len(point.name)).lstrip()


def wrapped(text: str, indent: str = "") -> str:
    """Text in lines of at most WIDTH."""
    return textwrap.fill(
        printable(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def marks(bar: Bar, longest: int, mark: str = "#") -> str:
    """A bar of marks, with a stroke where the most that there may be lies."""
    end = round(bar.part * longest)
    drawn = [mark if place < end else " " for place in range(longest + 1)]
    if bar.ceiling is not None:
        # Beside the bar, never in it: a ceiling on the bar would look like its end.
        drawn[min(max(round(bar.ceiling * longest), end), longest)] = "|"
    return "".join(drawn)


def _body(section: Section) -> Iterator[str]:
    if section.note:
        yield wrapped(section.note, "  ")
    for point in section.points:
        yield from _point(point, section.table)
    if section.chart is not None:
        yield from _chart(section.chart)
    for day in section.days:
        yield from _day(day)
    if section.lines:
        yield as_tree(section.lines)


def _point(point: Point, table: bool) -> Iterator[str]:
    if table:
        yield _bullet(f"{point.name}: {point.text}")
        return
    yield _bullet(point.name)
    if point.text:
        yield wrapped(point.text, "    ")
    for step in point.steps:
        yield "    - " + wrapped(step, "      ").lstrip()
    if point.more:
        yield wrapped(point.more, "    ")


def _chart(chart: Chart) -> Iterator[str]:
    if chart.columns:
        yield (chart.layout.format(*chart.columns) + chart.note).rstrip()
    for bar in chart.bars:
        drawn = bar.words or marks(bar, chart.longest)
        yield printable(chart.layout.format(*bar.cells) + drawn).rstrip()


def _day(day: Day) -> Iterator[str]:
    lead = f"  {day.day:<10}  {day.time}  "
    yield lead + printable(day.title)
    for ask in day.asks:
        yield wrapped(ask, " " * len(lead))


def _bullet(text: str) -> str:
    return "  - " + wrapped(text, "    ").lstrip()


def _heading(text: str, line: str) -> str:
    return f"{wrapped(text)}\n{line * min(len(printable(text)), WIDTH)}"
