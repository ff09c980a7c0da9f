"""A page in Markdown, to be kept, sent or pasted."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator

from afterrun.telling.exercises.picture import on_paper
from afterrun.telling.page import Branch, Chart, Day, Page, Point, Section
from afterrun.visible import visible

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(page: Page) -> str:
    """The page as Markdown, all of it from top to bottom."""
    page = page.whole
    blocks = [
        f"# {_escaped(page.title)}",
        *(f"**{_escaped(each)}**" for each in (page.at_once, page.lead) if each),
    ]
    blocks += [section_markdown(each) for each in page.sections]
    blocks.append(f"*{_escaped(page.foot)}*")
    blocks += [f"[{_place(each)}]: {_data(each.picture)}" for each in page.sections if each.picture]
    return "\n\n".join(blocks)


def section_markdown(section: Section, heading: str = "##") -> str:
    """One section below its heading."""
    return f"{heading} {_escaped(section.title)}\n\n{_body(section)}".rstrip()


def _body(section: Section) -> str:
    parts = [f"![{_escaped(section.title)}][{_place(section)}]"] if section.picture else []
    parts += [_escaped(section.note)] if section.note else []
    parts += [_chart(section.chart)] if section.chart else []
    parts += [_points(section)] if section.points else []
    parts += [_days(section.days)] if section.days else []
    parts += ["\n".join(_branches(Branch.of(section.lines)))] if section.lines else []
    return "\n\n".join(parts)


def _place(section: Section) -> str:
    return section.id.replace("_", "-")


def _data(svg: str) -> str:
    """A picture as an address of its own, so that the file needs nothing beside it."""
    return f"data:image/svg+xml;base64,{b64encode(on_paper(svg).encode()).decode()}"


def _chart(chart: Chart) -> str:
    cells = ((*bar.cells[:-1], bar.cells[-1] or bar.words) for bar in chart.bars)
    rows = [chart.columns, ("---",) * len(chart.columns), *cells]
    return "\n".join(f"| {' | '.join(map(_escaped, row))} |" for row in rows)


def _days(days: Iterable[Day]) -> str:
    told = (" ".join((f"{day.day}, {day.time}", day.title, *day.asks)) for day in days)
    return "\n".join(f"- [ ] {_escaped(each)}" for each in told)


def _branches(branches: Iterable[Branch], indent: str = "") -> Iterator[str]:
    for each in branches:
        yield f"{indent}- {_escaped(each.text)}"
        yield from _branches(each.parts, f"{indent}  ")


def _points(section: Section) -> str:
    if section.table:
        rows = (f"| {_escaped(point.name)} | {_escaped(point.text)} |" for point in section.points)
        return "\n".join(["| | |", "| --- | --- |", *rows])
    return "\n".join(map(_point, section.points))


def _point(point: Point) -> str:
    name = _escaped(point.name)
    lines = [f"- **{name}** {_escaped(point.text)}" if point.text else f"- {name}"]
    lines += [f"  - {_escaped(step)}" for step in point.steps]
    if point.more:
        lines.append(f"\n  {_escaped(point.more)}\n")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(visible(text).split()))
