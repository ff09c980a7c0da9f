"""JSON lines that are all written alike, with the same keys in the same order, cut at their keys.

Most programs write nothing else. A colon then stands after each key and nowhere else, so that a reader of
CSV parts the lines at colons, at once. Between two of them stands a value and the next key; a line with
another key there is left to others.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import polars as pl

from afterrun.batch.input.lines import Array
from afterrun.batch.input.text.sieve import bulk_columns
from afterrun.batch.read.jsonl.json_values import Cut, Manner


class Shape(NamedTuple):
    """How the lines of a file are written: what stands around their values."""

    keys: tuple[str, ...]
    begin: str
    """What stands before the first colon."""
    lead: str
    """What stands between a colon and a value."""
    ends: tuple[str, ...]
    """What follows each value up to the next colon, or the line's end."""


def shape_of(raw: bytes) -> Shape | None:
    """The shape of a line; None where it is damaged, or where colons do not part its values."""
    try:
        text = raw.decode("utf-8")
        pairs = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return None
    if type(pairs) is not tuple or not pairs:
        return None
    keys = tuple(key for key, _ in pairs)
    names = [json.dumps(key, ensure_ascii=False) for key in keys]
    lead = " " if text.startswith(f"{{{names[0]}: ") else ""
    between = ", " if lead else ","
    begin, ends = f"{{{names[0]}", (*(f"{between}{name}" for name in names[1:]), "}")
    first, *rest = text.split(":")
    fits = len(rest) == len(keys) == len(set(keys)) and first == begin
    if not fits or not all(each.endswith(end) for each, end in zip(rest, ends, strict=True)):
        return None
    return Shape(keys, begin, lead, ends)


def cut_alike(data: bytes, ends: Array, shape: Shape) -> Cut:
    """The lines that are of the shape."""
    width = len(shape.keys) + 1
    frame, sieved = bulk_columns(data, ends, width, ":", range(width), quotes=False)
    texts = [pl.col(str(place)) for place in range(width)]
    same = [each.str.ends_with(end) for each, end in zip(texts[1:], shape.ends, strict=True)]
    fits = frame.select(pl.all_horizontal(texts[0] == shape.begin, *same).fill_null(False)).to_series()
    lines = sieved.bulk_lines
    if not fits.all():
        frame, lines = frame.filter(fits), lines[fits.to_numpy()]
    values = dict(zip(shape.keys, frame.drop("0").get_columns(), strict=True))
    return Cut(values, lines, Manner(shape.lead, tuple(zip(shape.keys, shape.ends, strict=True))))
