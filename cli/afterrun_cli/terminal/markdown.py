"""A page in Markdown, to be kept, sent or pasted."""

from __future__ import annotations

import re

from afterrun.telling import Page, Point, Section
from afterrun_cli.terminal.exits import printable

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(page: Page) -> str:
    """The page as Markdown."""
    blocks = [f"# {_escaped(page.title)}", f"**{_escaped(page.lead)}**"]
    blocks += [f"## {_escaped(each.title)}\n\n{_body(each)}" for each in page.sections]
    return "\n\n".join([*blocks, f"*{_escaped(page.foot)}*"])


def _body(section: Section) -> str:
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
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(printable(text).split()))
