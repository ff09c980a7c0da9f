"""A page in Markdown, to be kept, sent or pasted."""

from __future__ import annotations

import re

from afterrun.telling import Page, Section
from afterrun_cli.terminal.exits import printable

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(page: Page) -> str:
    """The page as Markdown."""
    blocks = [f"# {_escaped(page.title)}", f"**{_escaped(page.lead)}**"]
    blocks += [f"## {_escaped(each.title)}\n\n{_body(each)}" for each in page.sections]
    return "\n\n".join([*blocks, f"*{_escaped(page.foot)}*"])


def _body(section: Section) -> str:
    points = [(_escaped(name), _escaped(text)) for name, text in section.points]
    if section.table:
        return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in points)])
    return "\n".join(f"- **{name}** {text}" if text else f"- {name}" for name, text in points)


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(printable(text).split()))
