"""A page drawn with rich, for a terminal that can."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from afterrun.telling import Chart, Page, Section
from afterrun_cli.terminal.exits import printable
from afterrun_cli.terminal.text import marks

WIDEST = 100


def draw(page: Page) -> None:
    """Draw the page on stdout; rich itself heeds NO_COLOR."""
    console = Console(file=sys.stdout, highlight=False)
    console.width = min(console.width, WIDEST)
    padding = (0, 1) if page.more else (1, 2)
    if page.lead:
        console.print(Panel(_text(page.lead), title=_text(page.title, "bold"), padding=padding))
    for section in page.sections:
        console.print()
        console.print(_text(section.title, "bold"))
        console.print(*_body(section), sep="\n")
    if page.foot:
        console.print()
        console.print(_text(page.foot, "dim"))


def _body(section: Section) -> Iterator[RenderableType]:
    if section.note:
        yield Padding(_text(section.note), (0, 2))
    if section.points:
        yield _table(section) if section.table else Padding(_list(section), (0, 0, 0, 2))
    if section.chart is not None:
        yield _chart(section.chart)
    if section.days:
        grid = Table.grid(padding=(0, 2))
        for day in section.days:
            grid.add_row("", day.day, day.time, _text("\n".join((day.title, *day.asks))))
        yield grid


def _table(section: Section) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for point in section.points:
        table.add_row(_text(point.name), _text(point.text))
    return table


def _list(section: Section) -> Table:
    grid = Table.grid(padding=(0, 1))
    for point in section.points:
        grid.add_row("-", _text(point.name, "bold" if point.text else ""))
        if point.text:
            grid.add_row("", _text(point.text))
        if point.steps:
            steps = Table.grid(padding=(0, 1))
            for step in point.steps:
                steps.add_row("-", _text(step))
            grid.add_row("", steps)
        if point.more:
            grid.add_row("", _text(point.more))
    return grid


def _chart(chart: Chart) -> Table:
    table = Table(box=box.SIMPLE)
    for title in chart.columns:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column(chart.note)
    for bar in chart.bars:
        drawn = _text(bar.words or marks(bar, chart.longest, "\N{FULL BLOCK}"))
        drawn.stylize("cyan", 0, round(bar.part * chart.longest))
        table.add_row(*bar.cells, drawn)
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)
