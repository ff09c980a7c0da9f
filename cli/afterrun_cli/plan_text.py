"""The page of a plan in plain lines, or drawn with rich on a terminal that can."""

from __future__ import annotations

import sys

from afterrun_cli.plan_page import Bar, PlanPage, WeekBlock
from afterrun_cli.terminal.exits import printable
from afterrun_cli.terminal.text import wrapped

BAR = 40


def as_text(page: PlanPage) -> str:
    """The page as plain text."""
    blocks = [_heading(page.title, "="), wrapped(page.lead)]
    if page.decisions:
        lines = [f"  - {printable(each.name)}\n{wrapped(each.text, '    ')}" for each in page.decisions]
        blocks.append("\n".join([_heading("Not yet, or as part of something else", "-"), *lines]))
    if page.chart:
        blocks.append("\n".join([_heading(page.chart_title, "-"), *_chart(page.chart)]))
    for how in page.how:
        title = _heading(f"{how.name}, {how.weeks}", "-")
        blocks.append("\n".join([title, *("  - " + wrapped(line, "    ").lstrip() for line in how.lines)]))
    blocks += [_week(week) for week in page.weeks]
    return "\n\n".join([*blocks, page.foot])


def draw(page: PlanPage) -> None:
    """Draw the page on stdout; rich itself heeds NO_COLOR."""
    from rich import box
    from rich.console import Console
    from rich.padding import Padding
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    console.width = min(console.width, 100)
    console.print(
        Panel(Text(printable(page.lead)), title=Text(printable(page.title), "bold"), padding=(1, 2))
    )
    for each in page.decisions:
        console.print(Padding(Text(printable(each.name), "bold"), (0, 2)))
        console.print(Padding(Text(printable(each.text)), (0, 4)))
    if page.chart:
        table = Table(title=page.chart_title, title_justify="left", title_style="bold", box=box.SIMPLE)
        for name in ("weeks", "from", "amount", "at most"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("| is the most that the week may hold" if _capped(page.chart) else "")
        for bar in page.chart:
            drawn = Text(bar.words or "".join(_drawn(bar, BAR, "\N{FULL BLOCK}")))
            drawn.stylize("cyan", 0, round(bar.part * BAR))
            table.add_row(bar.weeks, bar.start, bar.amount, bar.at_most, drawn)
        console.print(table)
    for how in page.how:
        console.print(Text(f"{how.name}, {how.weeks}", "bold"))
        for line in how.lines:
            console.print(Padding(Text(f"- {line}"), (0, 2)))
        console.print()
    for week in page.weeks:
        console.print(Text(_title(week), "bold"))
        if week.note:
            console.print(Padding(Text(week.note), (0, 2)))
        grid = Table.grid(padding=(0, 2))
        for day in week.days:
            grid.add_row("", day.day, day.time, Text("\n".join((day.title, *day.asks))))
        console.print(grid)
        console.print()
    console.print(Text(page.foot, "dim"))


def _chart(bars: tuple[Bar, ...]) -> list[str]:
    lines = [f"  {'weeks':>6}  {'from':>6}  {'amount':>7}  {'at most':>7}"]
    if _capped(bars):
        lines[0] += "   | is the most that the week may hold"
    for bar in bars:
        drawn = bar.words or "".join(_drawn(bar, BAR, "#")).rstrip()
        lines.append(
            f"  {bar.weeks:>6}  {bar.start:>6}  {bar.amount:>7}  {bar.at_most:>7}   {drawn}".rstrip()
        )
    return lines


def _capped(bars: tuple[Bar, ...]) -> bool:
    return any(bar.ceiling is not None for bar in bars)


def _drawn(bar: Bar, width: int, mark: str) -> list[str]:
    """A bar of marks, with a stroke where the most that the week may hold lies."""
    marks = [mark if place < round(bar.part * width) else " " for place in range(width + 1)]
    if bar.ceiling is not None:
        # Beside the bar, never in it: a ceiling on the bar would look like its end.
        marks[min(max(round(bar.ceiling * width), round(bar.part * width)), width)] = "|"
    return marks


def _week(week: WeekBlock) -> str:
    lines = [_heading(_title(week), "-"), *([wrapped(week.note, "  ")] if week.note else [])]
    for day in week.days:
        lines.append(f"  {day.day:<10}  {day.time}  {printable(day.title)}")
        lines += [wrapped(ask, "                     ") for ask in day.asks]
    return "\n".join(lines)


def _title(week: WeekBlock) -> str:
    holds = week.amount if week.runs else ", ".join(each for each in (week.courses, week.amount) if each)
    return f"Week {week.number}, {week.dates}{f': {holds}' if holds else ''}"


def _heading(text: str, line: str) -> str:
    text = printable(text)
    return f"{wrapped(text)}\n{line * min(len(text), 88)}"
