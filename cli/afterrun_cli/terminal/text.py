"""A page in plain lines, for any terminal, for a file, for a screen reader."""

from __future__ import annotations

import textwrap

from afterrun_cli.pages import Page, Part
from afterrun_cli.terminal.exits import printable

WIDTH = 88


def as_text(page: Page) -> str:
    """The page as plain text."""
    blocks = [_heading(page.title, "="), wrapped(page.lead), *(_part(part) for part in page.parts), page.foot]
    return "\n\n".join(blocks)


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


def _part(part: Part) -> str:
    lines = []
    for name, text in part.entries:
        if part.table:
            lines.append(_bullet(f"{name}: {text}"))
        elif text:
            lines += [_bullet(name), wrapped(text, "    ")]
        else:
            lines.append(_bullet(name))
    return "\n".join([_heading(part.title, "-"), *lines])


def _bullet(text: str) -> str:
    return "  - " + wrapped(text, "    ").lstrip()


def _heading(text: str, line: str) -> str:
    text = printable(text)
    return f"{text}\n{line * min(len(text), WIDTH)}"
