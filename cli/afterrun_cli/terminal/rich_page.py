"""A page drawn with rich, for a terminal that can."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from afterrun_cli.pages import Page, Part
from afterrun_cli.terminal.exits import printable

WIDEST = 100


def draw(page: Page) -> None:
    """Draw the page on stdout; rich itself heeds NO_COLOR."""
    console = Console(file=sys.stdout, highlight=False)
    console.width = min(console.width, WIDEST)
    console.print(Panel(_text(page.lead), title=_text(page.title, "bold"), padding=(1, 2)))
    for part in page.parts:
        console.print()
        console.print(_text(part.title, "bold"))
        console.print(_table(part) if part.table else Padding(_list(part), (0, 0, 0, 2)))
    console.print()
    console.print(_text(page.foot, "dim"))


def _table(part: Part) -> Table:
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column(ratio=2)
    table.add_column(ratio=3)
    for name, text in part.entries:
        table.add_row(_text(name), _text(text))
    return table


def _list(part: Part) -> Table:
    grid = Table.grid(padding=(0, 1))
    for name, text in part.entries:
        item = Text().append(printable(name), style="bold" if text else "")
        if text:
            item.append("\n").append(printable(text))
        grid.add_row("-", item)
    return grid


def _text(text: str, style: str = "") -> Text:
    return Text(printable(text), style=style)
