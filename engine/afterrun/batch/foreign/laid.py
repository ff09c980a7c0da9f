"""A table of texts, laid down once: cells as CSV would write them, each row beside its line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from polars.io.plugins import register_io_source

from afterrun.batch.stored import height_of
from afterrun.storage import make_folder, write_whole

LINE, DAMAGE = "line", "damage"
"""The columns beside the cells, which are named by their places."""
AT_ONCE = 5_000
SURE_DIGITS = 10**15
"""A whole number from here on may have lost digits where numbers are floats."""
EMPTY = "is empty, and an export that failed looks so: export it again, or take it away"
_BETWEEN = ";"


class Row(NamedTuple):
    """One row of a table that is no text."""

    line: int
    damage: str
    """Why it cannot be used; mostly nothing."""
    cells: list[str | None]


class Laid(NamedTuple):
    """What was laid down, and what is to be told of it."""

    names: tuple[str, ...]
    header_line: int
    rows: int
    notes: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()
    """The rows above the header, but for blank ones in front."""


def lay_down(target: Path, width: int, rows: Iterable[Row]) -> int:
    """Write rows as Parquet, never holding more than a few of them; how many there were."""
    texts = [str(place) for place in range(width)]
    schema = {LINE: pl.UInt64(), DAMAGE: pl.String(), **dict.fromkeys(texts, pl.String())}

    def pieces(*_: object) -> Iterator[pl.DataFrame]:
        left = iter(rows)
        while some := list(islice(left, AT_ONCE)):
            lines, damages, cells = zip(*some, strict=True)
            columns = zip(*cells, strict=True) if width else ()
            yield pl.DataFrame([lines, damages, *columns], schema=schema)

    make_folder(target.parent, private=True)
    write_whole(
        target, lambda path: register_io_source(pieces, schema=schema).sink_parquet(path), private=True
    )
    return height_of(target) or 0


def text_of(value: Any) -> str | None:
    """A typed value as the text that a cell of CSV would hold; nothing is None.

    >>> [text_of(each) for each in (1001.0, 0.1, True, ["a", "b"], None)]
    ['1001', '0.1', 'true', 'a;b', None]
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < SURE_DIGITS else repr(value)
    if isinstance(value, Decimal):
        return str(int(value)) if value.is_finite() and value == int(value) else format(value, "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return _BETWEEN.join(text_of(each) or "" for each in value) or None
    if isinstance(value, dict):
        return json.dumps(value, default=str)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)
