"""One row of CSV with care: its fields, or what is wrong with it. Slow, for the rows that need it."""

from __future__ import annotations

from afterrun.batch.input.rejects import Damage, damage_of

LONGEST_FIELD = 64 << 10
"""Bytes; no answer is longer than a few hundred."""


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
    if len(line) > LONGEST_FIELD and max(map(len, fields)) > LONGEST_FIELD:
        return Damage("too_long", f"a field is longer than {LONGEST_FIELD} bytes")
    if width is not None and len(fields) != width:
        more = len(fields) == width + 1 and not fields[-1].strip()
        said = "; the last one is blank: if so it is in all lines, end the header in a separator, too"
        return Damage("fields", f"has {len(fields)} fields, the header has {width}{said if more else ''}")
    return fields


def _fields(text: str, separator: str) -> list[str] | Damage:
    if '"' not in text:
        return text.split(separator)
    parts = text.split('"')
    # Spaces around the quotes are as harmless as those inside.
    blank = " " if separator == "\t" else " \t"
    *fields, edge = parts[0].split(separator)
    at, last = 1, len(parts) - 1
    while not edge.strip(blank):
        cell = parts[at]
        # A quote that is doubled leaves nothing between the two.
        while at + 2 <= last and not parts[at + 1]:
            cell, at = f'{cell}"{parts[at + 2]}', at + 2
        if at == last:
            return Damage("quote", f"a quote is opened in field {len(fields) + 1} and never closed")
        behind = parts[at + 1].lstrip(blank)
        if behind[:1] not in (separator, "") or (not behind and at + 1 < last):
            break
        fields += [cell, *behind.split(separator)[1:]]
        if at + 1 == last:
            return fields
        edge, at = fields.pop(), at + 2
    return Damage("quote", f"a stray quote in field {len(fields) + 1}")
