"""Text in lines, as wide as what it is read on."""

from __future__ import annotations

import os
import re
import textwrap
from typing import TextIO

WIDTH = 80
"""Columns of a file or a pipe, which have none of their own."""
WIDEST, NARROWEST = 100, 20
"""What lines are laid out for: longer ones are hard to read, shorter ones hold no words."""
_INDENT = re.compile(r" *(?:- +)?")


def width_of(stream: TextIO) -> int:
    """The columns to fill on a stream.

    On a terminal COLUMNS has the last word. A file is the same wherever it is written.
    """
    if not stream.isatty():
        return WIDTH
    given = os.environ.get("COLUMNS", "").strip()
    columns = int(given) if given.isascii() and given.isdigit() else 0
    if not columns:
        try:
            columns = os.get_terminal_size(stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
    # A terminal that was never told how wide it is says 0.
    return max(NARROWEST, min(columns or WIDTH, WIDEST))


def filled(text: str, width: int, indent: str = "") -> str:
    """Text in lines of at most a width, where its words let it; none is ever cut.

    >>> print(filled("Run a fifth less.", 12, "  "))
      Run a
      fifth
      less.
    """
    return textwrap.fill(
        printable(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def folded(text: str, width: int) -> str:
    """Lines that are too long, folded below their own beginning.

    >>> print(folded("  - Run a fifth less.", 12))
      - Run a
        fifth
        less.
    """
    return "\n".join(_folded(line, width) for line in text.split("\n"))


def _folded(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    begin = _INDENT.match(line)
    mark = begin[0] if begin else ""
    return mark + filled(line[len(mark) :], width, " " * len(mark)).lstrip(" ")


def printable(text: str) -> str:
    """Text with control characters spelled out.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return "".join(each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in text)
