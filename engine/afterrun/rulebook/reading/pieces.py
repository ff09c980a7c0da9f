"""A file that is no YAML as a whole: read without the entries that keep it from being so."""

from __future__ import annotations

import re
from typing import NamedTuple

from afterrun.errors import DocumentError, Problem
from afterrun.rulebook.documents import Document, read_shared_yaml
from afterrun.rulebook.reading.remains import names_in

_DASH = re.compile(r"^( *)- ")
_MOST = 50
"""Entries that are left out before the file is given up."""


class Pieces(NamedTuple):
    """What can be read of a file."""

    document: Document | None
    """None where nothing of it can be."""
    cut: str = ""
    """What was left out."""


def read_pieces(text: str, file: str, problems: list[Problem]) -> Pieces:
    """A document without the entries that are no YAML, and a problem more for each of them."""
    cut: list[str] = []
    for _ in range(_MOST):
        try:
            return Pieces(read_shared_yaml(text, file), "\n".join(cut))
        except DocumentError as error:
            new = [each for each in error.problems if each not in problems]
            problems += new
            for each in new:
                text, entry = _without_entry(text, each.line or 1)
                cut.append(entry)
            if not any(cut[-len(new) :] if new else ()):
                break
    return Pieces(None, "\n".join([text, *cut]))


def _without_entry(text: str, line: int) -> tuple[str, str]:
    """The text with blank lines in place of the entry in which a line stands, and that entry."""
    lines = text.split("\n")
    indents = [len(found[1]) for each in lines if (found := _DASH.match(each))]
    if not indents:
        return text, ""
    begins = [
        row
        for row, each in enumerate(lines)
        if (found := _DASH.match(each)) and len(found[1]) == min(indents)
    ]
    first = max((row for row in begins if row < line), default=None)
    if first is None:
        here = lines[line - 1]
        if len(here) - len(here.lstrip(" ")) < min(indents):
            return text, ""
        first = line - 1  # the first entry, whose own dash is missing
    # An entry ends where the next begins, and where a line of a key stands further out.
    after = (
        row
        for row in range(max(first + 1, line), len(lines))
        if row in begins or (min(indents) and re.match(r"[\w]", lines[row]))
    )
    last = next(after, len(lines))
    return "\n".join([*lines[:first], *[""] * (last - first), *lines[last:]]), "\n".join(lines[first:last])


def words_of(cut: str) -> frozenset[str]:
    """Whatever a text may have named."""
    return frozenset(names_in(cut))
