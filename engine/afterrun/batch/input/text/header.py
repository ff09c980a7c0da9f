"""Where the header of a table of text is, and what parts its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from afterrun.batch.input.form.headers import FRONT
from afterrun.batch.input.form.names import Names, folded
from afterrun.batch.input.how import How, Separator
from afterrun.batch.input.lines import BOM, LINE_END
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.batch.input.text.dialect import SEPARATORS

_NAMED, _LOOKED_AT = 2, 50
"""Columns that a row below the first names to be a header, and rows in which it is looked for."""
_NOTHING = b' \t\r\n",;|'
_SAYS_SEPARATOR = re.compile(rb"[\"]?sep=([,;\t|])[\"]?\s*", re.IGNORECASE)
"""A first line that spreadsheets write for one another."""


class HeaderRow(NamedTuple):
    """The first row that holds anything."""

    fields: list[str] | Damage
    separator: Separator
    line: int
    """Where it begins."""
    ends: int
    """The byte behind it."""
    next_line: int
    above: tuple[list[str], ...] = ()
    """What stands in the rows above it, but for blank ones."""


def header_of(head: bytes, known: Names, how: How) -> HeaderRow:
    """The header at the head of a file, read with the separator that makes most known columns of it.

    That is its first row, unless this names no column and one further down names two: then there are titles.
    """
    told, first, above = how.separator, None, list[list[str]]()
    for line, text, after, next_line in _rows(head):
        if not text.strip(_NOTHING):
            continue
        if first is None and (says := _SAYS_SEPARATOR.fullmatch(text)):
            told = told or _separator(says[1])
            continue
        fields, separator = _split(text, known, told)
        row = HeaderRow(fields, separator, line, after, next_line, tuple(above))
        named = 0 if isinstance(fields, Damage) else _known_in(_renamed(fields, how), known)
        if named >= (1 if first is None else _NAMED):
            return row
        first = first or row
        above.append([] if isinstance(fields, Damage) else fields)
        if len(above) > _LOOKED_AT:
            break
    return first or HeaderRow([], ",", 1, len(head), 1)


def _renamed(fields: list[str], how: How) -> list[str]:
    new = {folded(theirs): ours for theirs, ours in how.rename}
    return [new.get(folded(field), field) for field in fields]


def rows_below(head: bytes, header: HeaderRow, most: int) -> list[HeaderRow]:
    """The rows that follow a header, no more than that: some programs write several."""
    found = []
    for line, text, after, next_line in islice(_rows(head, header.ends, header.next_line), most):
        fields = split_line(text, None, header.separator)
        found.append(HeaderRow(fields, header.separator, line, after, next_line))
    return found


def _rows(head: bytes, begins: int = 0, line: int = 1) -> Iterator[tuple[int, bytes, int, int]]:
    """Rows with their line, the byte behind them, and the line there; a quoted cell may go over lines."""
    begins = begins or (len(BOM) if head.startswith(BOM) else 0)
    while begins < len(head):
        text, after, next_line = _to_line_end(head, begins, line)
        if text.count(b'"') % 2:
            longer, end, after_that = text, after, next_line
            while longer.count(b'"') % 2 and end < len(head):
                more, end, after_that = _to_line_end(head, end, after_that)
                longer += b"\n" + more
            if longer.count(b'"') % 2 == 0:
                text, after, next_line = longer, end, after_that
        yield line, text, after, next_line
        begins, line = after, next_line


def _to_line_end(head: bytes, begins: int, line: int) -> tuple[bytes, int, int]:
    match = LINE_END.search(head, begins)
    ends, after = match.span() if match else (len(head), len(head))
    return head[begins:ends], after, line + 1


def _split(text: bytes, known: Names, told: Separator) -> tuple[list[str] | Damage, Separator]:
    read = {each: split_line(text, None, each) for each in ([told] if told else SEPARATORS)}
    tables = {each: fields for each, fields in read.items() if not isinstance(fields, Damage)}
    if not tables:
        return next(iter(read.items()))[::-1]
    best = max(tables, key=lambda each: (_known_in(tables[each], known), len(tables[each])))
    return tables[best], best


def _known_in(fields: list[str], known: Names) -> int:
    folded = [field.strip().lower() for field in fields]
    found = known.find_all(folded)
    return sum(each is not None or name in FRONT for name, each in zip(folded, found, strict=True))


def _separator(mark: bytes) -> Separator:
    return next(each for each in SEPARATORS if each.encode() == mark)
