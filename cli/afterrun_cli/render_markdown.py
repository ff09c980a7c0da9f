"""A page in Markdown, to be kept, sent or pasted."""

from __future__ import annotations

import re

from afterrun_cli.pages import Page, Part
from afterrun_cli.terminal.exits import printable

_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|#])")


def as_markdown(page: Page) -> str:
    """The page as Markdown."""
    blocks = [f"# {_escaped(page.title)}", f"**{_escaped(page.lead)}**"]
    blocks += [_part(part) for part in page.parts]
    return "\n\n".join([*blocks, f"*{_escaped(page.foot)}*"])


def _part(part: Part) -> str:
    if part.table:
        rows = [f"| {_escaped(name)} | {_escaped(text)} |" for name, text in part.entries]
        body = "\n".join(["| | |", "| --- | --- |", *rows])
    else:
        body = "\n".join(
            f"- **{_escaped(name)}** {_escaped(text)}" if text else f"- {_escaped(name)}"
            for name, text in part.entries
        )
    return f"## {_escaped(part.title)}\n\n{body}"


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(printable(text).split()))
