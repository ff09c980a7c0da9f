"""What keeps a text from being YAML: on which line, in plain words, and the way out.

The parser tells where it could not go on. What its author did stands often before that: the quote or
bracket that was opened, the line that has neither a dash nor a colon.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

from afterrun.errors import Problem
from afterrun.rulebook.yaml12.dashes import dash_after, first_without_dash, indent_of

_OWNER = re.compile(r"^\s*-?\s*\{?(?:id|key):\s*([\w.-]+)")
_SYMBOLS = "@`%*&!|>"


class _Fault(NamedTuple):
    """What the parser met, and where."""

    says: str
    while_: str
    """What it was about then."""
    lines: list[str]
    row: int
    """Of the place where it stopped, from 0."""
    column: int
    opened: int
    """The row of what it was about."""

    @property
    def line(self) -> str:
        return self.lines[self.row] if self.row < len(self.lines) else ""

    @property
    def at(self) -> str:
        """The character at which it stopped."""
        return self.line[self.column : self.column + 1]

    @property
    def before(self) -> str:
        """What stands before that on its line."""
        return self.line[: self.column]


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """An error of the parser as a problem."""
    lines = text.split("\n")
    if isinstance(error, yaml.MarkedYAMLError):
        here = error.problem_mark or error.context_mark
        row, column = (here.line, here.column) if here else (0, 0)
        opened = error.context_mark.line if error.context_mark else row
        fault = _Fault(error.problem or "", error.context or "", lines, row, column, opened)
        row, message = next(found for told in _TOLD if (found := told(fault)))
        place = f" (column {column + 1})" if row == fault.row else ""
        return Problem(f"not YAML: {message}{place}", file, row + 1, _owner(lines, row))
    position = getattr(error, "position", None)
    row = text.count("\n", 0, position) if isinstance(position, int) else 0
    character = (
        f"U+{ord(text[position]):04X}" if isinstance(position, int) and position < len(text) else "that"
    )
    return Problem(
        f"not YAML: the character {character} is none that a text may hold: take it out",
        file,
        row + 1,
        _owner(lines, row),
    )


def _owner(lines: list[str], row: int) -> str:
    """The id of the entry in which a line stands."""
    for each in reversed(lines[: row + 1]):
        if found := _OWNER.match(each):
            return found[1]
    return ""


_Told = tuple[int, str] | None


def _tab(fault: _Fault) -> _Told:
    if fault.at == "\t" or "\t" in fault.line[: len(fault.line) - len(fault.line.lstrip())]:
        return fault.row, "a tab, which YAML does not take for an indent: put blanks in its place"
    return None


def _symbol(fault: _Fault) -> _Told:
    found = fault.at if fault.at in _SYMBOLS and fault.at else fault.before.rstrip()[-1:]
    begins = ("cannot start any token", "undefined alias", "alphabetic or numeric", "directive")
    if any(each in fault.says for each in begins) and "escape" not in fault.says:
        symbol = next(
            (each for each in (fault.at, found, *fault.line.strip()[:1]) if each and each in _SYMBOLS), ""
        )
        if symbol:
            return fault.row, f"a text that begins with '{symbol}': put it into quotes"
    return None


def _no_first_dash(fault: _Fault) -> _Told:
    dash: int | None = fault.row
    if not fault.line.lstrip().startswith("- "):
        # What stands below a value begins an entry, as the line above would with a dash before it.
        above = fault.row - 1
        deeper = above >= 0 and indent_of(fault.line) == indent_of(fault.lines[above]) + 2
        dash = dash_after(fault.lines, above) if deeper else None
    if dash is None or (first := first_without_dash(fault.lines, dash)) is None:
        return None
    return first, (
        "a dash ('- ') is missing before this line: a list begins here, with its next dash on line "
        f"{dash + 1}"
    )


def _colon(fault: _Fault) -> _Told:
    if "could not find expected ':'" not in fault.says:
        return None
    return fault.opened, (
        "this line begins neither with a dash ('- '), as in a list, nor with a key and a colon (': ')"
    )


def _second_colon(fault: _Fault) -> _Told:
    if "mapping values are not allowed" not in fault.says:
        return None
    if re.search(r":\s", fault.before):
        return fault.row, "a second colon (': ') in one line: put the text that holds it into quotes"
    return fault.row, (
        "a key where the line above already has its value: indent it like the others, and see whether "
        "a colon above lacks the blank behind it"
    )


def _quotes(fault: _Fault) -> _Told:
    if "escape" in fault.says:
        return fault.row, "a backslash in double quotes: write it twice, or use single quotes"
    if "quoted scalar" in fault.while_:
        return fault.opened, "a quote that is opened here is never closed"
    return None


def _brackets(fault: _Fault) -> _Told:
    for bracket, closing in (("[", "]"), ("{", "}")):
        if f"',' or '{closing}'" in fault.says:
            opened = (
                f"the '{bracket}'"
                if fault.opened == fault.row
                else f"the '{bracket}' of line {fault.opened + 1}"
            )
            return fault.row, f"a comma or a '{closing}' is missing before this: {opened} is still open"
    if "flow" in fault.while_:
        return fault.opened, "a bracket that is opened here is never closed, or a comma is missing in it"
    return None


def _dash(fault: _Fault) -> _Told:
    if "sequence entries are not allowed" in fault.says:
        return fault.row, "a dash behind a key: begin the list on the next line"
    if "block collection" in fault.while_ or "block sequence" in fault.while_:
        return fault.row, (
            f"a dash ('- ') is missing before this line, where the list of line {fault.opened + 1} has "
            "them: write one, or indent the line as what it belongs to"
        )
    return None


def _key(fault: _Fault) -> _Told:
    if "block mapping" not in fault.while_:
        return None
    if fault.line.lstrip().startswith("- ") and not fault.before.strip():
        return fault.row, (
            "a dash among keys: the entries above lack theirs ('- '), or the indent of this line is wrong"
        )
    if fault.before.strip():
        return fault.row, "more text behind a value that has ended: put all of it into one pair of quotes"
    return fault.row, (
        "this line is indented unlike the keys above: those of one entry begin in the same column"
    )


def _rest(fault: _Fault) -> _Told:
    if "another document" in fault.says:
        return fault.row, "a second document ('---'): a file holds one"
    if "block scalar" in fault.while_:
        return fault.row, "text behind '|' or '>': begin it on the next line"
    return fault.row, "look for a dash, a colon, a quote or a bracket that is missing here or above"


_TOLD: tuple[Callable[[_Fault], Any], ...] = (
    _tab, _quotes, _symbol, _no_first_dash, _colon, _second_colon, _brackets, _dash, _key, _rest,
)  # fmt: skip
