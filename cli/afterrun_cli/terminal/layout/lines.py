"""Text in lines, as wide as what it is read on."""

from __future__ import annotations

import os
import re
import shlex
import textwrap
from collections.abc import Mapping
from typing import TextIO

from afterrun.visible import visible
from afterrun_cli.terminal.layout.commands import Command, parts_of
from afterrun_cli.terminal.layout.shell_lines import over_lines

WIDTH = 80
"""Columns of a file or a pipe, which have none of their own."""
WIDEST, NARROWEST = 100, 20
"""What lines are laid out for: longer ones are hard to read, shorter ones hold no words."""
_HELD = "\ue000"
"""A space within a command while lines are laid out; no visible text holds it."""
_INDENT = re.compile(r" *(?:- +|\d+\. +)?")


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


def filled(text: str, width: int, indent: str = "", *, at_edge: bool = True) -> str:
    """Text in lines of at most a width, where its words let it; none is cut, and a command stays whole.

    A command that is too long for a line goes over several, as a shell takes them. `at_edge` says that
    lines begin where the terminal's do, so that a word of a command can go over two.

    >>> print(filled("Run a fifth less.", 12, "  "))
      Run a
      fifth
      less.
    """
    commands: dict[str, Command] = {}
    whole = "".join(_held(each, commands) for each in parts_of(visible(text)))
    laid = textwrap.fill(
        whole,
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    first, *rest = laid.split("\n")
    # A command below what says what it does stands further in.
    inner = [f"  {line}" if line.strip() in commands else line for line in rest]
    return "\n".join(_released(line, width, commands, at_edge=at_edge) for line in (first, *inner))


def folded(text: str, width: int) -> str:
    """Lines that are too long, folded below their own beginning.

    >>> print(folded("  - Run a fifth less.", 12))
      - Run a
        fifth
        less.
    """
    return "\n".join(_folded(line, width) for line in text.split("\n"))


def as_typed(text: str) -> str:
    """Text as it stands, with its commands as they can be typed here."""
    return "".join(map(str, parts_of(visible(text))))


def _folded(line: str, width: int) -> str:
    whole = as_typed(line)
    if len(whole) <= width:
        return whole
    begin = _INDENT.match(line)
    mark = begin[0] if begin else ""
    at_edge = not mark.strip()
    laid = filled(line[len(mark) :], width, " " * len(mark), at_edge=at_edge)
    return laid if at_edge else mark + laid.lstrip(" ")


def _held(part: str | Command, commands: dict[str, Command]) -> str:
    """A command as one word, to be let go once it has its place."""
    if isinstance(part, str):
        return part
    held = shlex.join(part.words).replace(" ", _HELD)
    commands[held] = part
    return held + part.note


def _released(line: str, width: int, commands: Mapping[str, Command], *, at_edge: bool) -> str:
    found = max((held for held in commands if held in line), key=len, default=None)
    if found is None or len(line) <= width:
        return line.replace(_HELD, " ")
    # It stands alone, so the stop behind it ends nothing that could be read.
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return "\n".join(over_lines(commands[found], width, indent, at_edge=at_edge))
