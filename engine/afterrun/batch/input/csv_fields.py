"""One row of CSV with care: its fields, or what is wrong with it. Slow, for the rows that need it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from afterrun.batch.input.rejects import Damage, damage_of

LONGEST_FIELD = 64 << 10
"""Bytes; no answer is longer than a few hundred."""


class _Grammar(NamedTuple):
    field: re.Pattern[str]
    """A field, then what follows it. Spaces around the quotes are as harmless as those inside."""
    left_open: re.Pattern[str]


@cache
def _grammar(separator: str) -> _Grammar:
    mark = re.escape(separator)
    blank, end = " *" if separator == "\t" else "[ \t]*", rf"(?={mark}|\Z)"
    quoted = rf'{blank}"(?P<quoted>(?:[^"]|"")*+)'
    return _Grammar(
        re.compile(rf'{quoted}"{blank}{end}|(?P<plain>[^"{mark}]*){end}'), re.compile(rf"{quoted}\Z")
    )


def split_line(line: bytes, width: int | None = None, separator: str = ",") -> list[str] | Damage:
    """The fields of one row, without its end; every quote must open and close in it.

    >>> split_line(b'a,"b ""c"", d",')
    ['a', 'b "c", d', '']
    >>> split_line(b'a,"b')
    Damage(kind='quote', reason='a quote is opened in field 2 and never closed')
    """
    fields = damage_of(line) or _fields(line.decode("utf-8"), separator)
    if isinstance(fields, Damage):
        return fields
    if any(len(each) > LONGEST_FIELD for each in fields):
        return Damage("too_long", f"a field is longer than {LONGEST_FIELD} bytes")
    if width is not None and len(fields) != width:
        return Damage("fields", f"has {len(fields)} fields, the header has {width}")
    return fields


def _fields(text: str, separator: str) -> list[str] | Damage:
    if '"' not in text:
        return text.split(separator)
    fields: list[str] = []
    place, grammar = 0, _grammar(separator)
    while True:
        match = grammar.field.match(text, place)
        if match is None:
            number = len(fields) + 1
            if grammar.left_open.match(text, place):
                return Damage("quote", f"a quote is opened in field {number} and never closed")
            return Damage("quote", f"a stray quote in field {number}")
        quoted = match["quoted"]
        fields.append(match["plain"] if quoted is None else quoted.replace('""', '"'))
        place = match.end()
        if place == len(text):
            return fields
        place += 1
