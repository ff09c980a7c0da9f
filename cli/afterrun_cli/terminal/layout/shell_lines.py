"""A command that is too long for a line, over lines that a shell takes for one."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator

from afterrun_cli.terminal.layout.commands import Command

_CONTINUED = "\\"


def from_home(path: str) -> str:
    """A path from the home folder on, as a shell reads it without quotes; any other text as it is."""
    home = os.path.expanduser("~").rstrip("/")
    inside = path.removeprefix(f"{home}/")
    short = f"~/{inside}"
    return short if home and inside != path and shlex.quote(inside) == inside else path


def over_lines(command: Command, width: int, indent: str = "", *, at_edge: bool = True) -> list[str]:
    """A command as lines that a shell takes for one, each at most so wide.

    Only at the terminal's edge can a word go over two lines, for an indent would end it. Elsewhere one
    that is too long is spoken of, or, where the text names it, keeps its line.

    >>> print("\\n".join(over_lines(Command(("afterrun", "plan", "me.json"), ("--person", "anna")), 20)))
    afterrun plan \\
      me.json \\
      --person anna
    """
    room = width - len(_CONTINUED) - 1
    if any(len(_typed(each)) + len(indent) + 2 > room for each in command.words):
        if at_edge:
            return _at_edge(command.words, room + 1)
        if command.whose:
            return [*over_lines(command.brief, width, indent, at_edge=False), command.brief.note.lstrip()]
    lines, line = [], ""
    for each in _with_values(command.words, room - len(indent) - 2):
        if line and len(line) + 1 + len(each) > room:
            lines.append(f"{line} {_CONTINUED}")
            line = f"{indent}  {each}"
        else:
            line = f"{line} {each}" if line else indent + each
    return [*lines, line]


def _with_values(words: tuple[str, ...], room: int) -> Iterator[str]:
    """The words as they are typed, an option together with what follows where there is room."""
    option = ""
    for each in map(_typed, words):
        together = f"{option} {each}"
        if option and len(together) > room:
            yield option
            option = ""
        if each.startswith("-"):
            if option:
                yield option
            option = each
            continue
        yield together if option else each
        option = ""
    if option:
        yield option


def _at_edge(words: tuple[str, ...], room: int) -> list[str]:
    """The same with words that are broken themselves, best after a slash of a path."""
    lines, line = [], ""
    for word in words:
        whole = f"{line} {_typed(word)}" if line else _typed(word)
        if len(whole) + 1 <= room:
            line = whole
            continue
        if line:
            lines.append(f"{line} {_CONTINUED}")
        line = ""
        rest = from_home(word)
        quoted = shlex.quote if rest == word else str
        while len(quoted(rest)) + 1 > room:
            ends = range(min(room, len(rest) - 1), 0, -1)
            most = next(end for end in ends if len(quoted(rest[:end])) <= room)
            piece = rest[: rest.rfind("/", 0, most) + 1] or rest[:most]
            lines.append(quoted(piece) + _CONTINUED)
            rest = rest[len(piece) :]
        line = quoted(rest)
    return [*lines, line]


def _typed(word: str) -> str:
    """A word as it is typed, a path in the home folder shortened."""
    short = from_home(word)
    return shlex.quote(word) if short == word else short
