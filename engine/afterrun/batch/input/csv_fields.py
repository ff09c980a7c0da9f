"""One line of CSV with care: its fields, or what is wrong with it. Slow, for the lines that need it."""

from __future__ import annotations

import re

from afterrun.batch.input.rejects import Damage, damage_of

LONGEST_FIELD = 64 << 10
"""Bytes; no answer is longer than a few hundred."""

# A field, then what follows it. Spaces around the quotes are as harmless as those inside.
_FIELD = re.compile(r'[ \t]*"(?P<quoted>(?:[^"]|"")*+)"[ \t]*(?=,|\Z)|(?P<plain>[^",]*)(?=,|\Z)')


def split_line(line: bytes, width: int | None = None) -> list[str] | Damage:
    """The fields of one line, without its end; every quote must open and close on the line.

    >>> split_line(b'a,"b ""c"", d",')
    ['a', 'b "c", d', '']
    >>> split_line(b'a,"b')
    Damage(kind='quote', reason='a quote is opened and never closed on this line')
    """
    fields = damage_of(line) or _fields(line.decode("utf-8"))
    if isinstance(fields, Damage):
        return fields
    if any(len(each) > LONGEST_FIELD for each in fields):
        return Damage("too_long", f"a field is longer than {LONGEST_FIELD} bytes")
    if width is not None and len(fields) != width:
        return Damage("fields", f"has {len(fields)} fields, the header has {width}")
    return fields


def _fields(text: str) -> list[str] | Damage:
    if '"' not in text:
        return text.split(",")
    fields: list[str] = []
    place = 0
    while True:
        match = _FIELD.match(text, place)
        if match is None:
            odd = text.count('"') % 2
            return Damage(
                "quote",
                "a quote is opened and never closed on this line"
                if odd
                else f"a stray quote in field {len(fields) + 1}",
            )
        quoted = match["quoted"]
        fields.append(match["plain"] if quoted is None else quoted.replace('""', '"'))
        place = match.end()
        if place == len(text):
            return fields
        place += 1
