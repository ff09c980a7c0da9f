"""A page drawn with rich, for a terminal that can."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from afterrun.telling import Chart, Page, Point, Section
from afterrun.visible import on_one_line
from afterrun_cli.terminal.layout.lines import as_typed, filled, width_of
from afterrun_cli.terminal.layout.text import NARROW, SHORTEST, bar_points, marks

IN_A_FRAME = 6
"""Columns of a frame that its title cannot have."""


def draw(page: Page) -> None:
    """Draw the page on stdout; rich itself heeds NO_COLOR."""
    console = Console(file=sys.stdout, highlight=False, width=width_of(sys.stdout))
    padding = (0, 1) if page.more else (1, 2)
    if lead := "\n\n".join(filter(None, (page.at_once, page.lead))):
        title = on_one_line(page.title)
        if len(title) + IN_A_FRAME <= console.width:
            console.print(Panel(_Words(lead), title=Text(title, "bold"), padding=padding))
        else:
            # A frame would cut it.
            console.print(_Words(title, "bold"), Panel(_Words(lead), padding=padding), sep="\n")
    for section in page.sections:
        console.print()
        console.print(_Words(section.title, "bold"))
        console.print(*_body(section, console), sep="\n")
    if page.foot:
        console.print()
        console.print(_Words(page.foot, "dim"))


class _Words:
    """Text that is laid out in lines as all other text is, in whatever room it gets."""

    def __init__(self, text: str, style: str = "") -> None:
        self._text = text
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = (filled(line, options.max_width, at_edge=False) for line in self._text.split("\n"))
        yield Text("\n".join(lines), self._style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        text = as_typed(self._text)
        longest = max(map(len, text.split()), default=0)
        return Measurement(longest, max(map(len, text.split("\n")))).clamp(max_width=options.max_width)


def _body(section: Section, console: Console) -> Iterator[RenderableType]:
    if section.note:
        yield Padding(_Words(section.note), (0, 2))
    if section.points:
        table = section.table and console.width >= NARROW
        yield _table(section) if table else Padding(_list(section.points, section.table), (0, 0, 0, 2))
    if section.chart is not None:
        yield _chart(section.chart, console)
    if section.days:
        yield _days(section)


def _table(section: Section) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for point in section.points:
        table.add_row(_Words(point.name), _Words(point.text))
    return table


def _list(points: tuple[Point, ...], values: bool) -> Table:
    """Points below each other; where each is a value by its name both stand on one line."""
    grid = Table.grid(padding=(0, 1))
    for point in points:
        if values:
            grid.add_row("-", _Words(f"{point.name}: {point.text}"))
            continue
        grid.add_row("-", _Words(point.name, "bold" if point.text else ""))
        if point.text:
            grid.add_row("", _Words(point.text))
        if point.steps:
            steps = Table.grid(padding=(0, 1))
            for step in point.steps:
                steps.add_row("-", _Words(step))
            grid.add_row("", steps)
        if point.more:
            grid.add_row("", _Words(point.more))
    return grid


def _days(section: Section) -> Table:
    grid = Table.grid(padding=(0, 2))
    for day in section.days:
        told = _Words("\n".join((day.title, *day.asks)))
        grid.add_row("", _bare(day.day), _bare(day.time), told)
    return grid


def _bare(text: str) -> Text:
    """Words that stay on their line, in which nothing is markup."""
    return Text(on_one_line(text), no_wrap=True)


def _chart(chart: Chart, console: Console) -> RenderableType:
    taken = Measurement.get(console, console.options, _bars(chart, 0)).maximum
    # One more than the bar, for the stroke of a ceiling.
    longest = min(chart.longest, console.width - taken - 1)
    if longest < SHORTEST:
        return Padding(_list(tuple(bar_points(chart)), values=True), (0, 0, 0, 2))
    return _bars(chart, longest)


def _bars(chart: Chart, longest: int) -> Table:
    """The chart with its bars, or at length 0 without them."""
    table = Table(box=box.SIMPLE)
    for title in chart.columns:
        table.add_column(_bare(title), justify="right")
    table.add_column(_Words(chart.note) if longest else "")
    for bar in chart.bars:
        drawn: RenderableType = ""
        if longest and bar.words:
            drawn = _Words(bar.words)
        elif longest:
            drawn = Text(marks(bar, longest, "\N{FULL BLOCK}"))
            drawn.stylize("cyan", 0, round(bar.part * longest))
        table.add_row(*map(_bare, bar.cells), drawn)
    return table
