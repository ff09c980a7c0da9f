"""JSON lines in, a column of texts for each key out: the values as they are written, not yet understood.

Where no backslash stands quotes open and close in turns, so that each text of a line is known by its place;
one that a colon follows is a key. What lies between two keys is a value and a comma. The lines are cut
there, all at once; one that cannot be cut so is left to whoever reads lines one by one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import polars as pl

from afterrun.batch.input.lines import Array, count_below, count_of, places_of
from afterrun.batch.input.text.csv_fields import LONGEST_FIELD
from afterrun.batch.input.text.sieve import mark_bad_text, without
from afterrun.batch.read.jsonl.json_values import Cut, Manner

_LF, _SPACE, _QUOTE, _COMMA, _COLON, _BACKSLASH, _OPEN, _CLOSE = b'\n ",:\\{}'
_CUT, _NEVER = "\x01", "\x02"
"""Control characters stand in no line that is cut."""
_TEXT = "text"


def cut_at_keys(data: bytes, ends: Array, keys: Sequence[str]) -> Cut:
    """The lines, each ended by a line feed at `ends`, that are objects of some of these keys, none twice."""
    kept = np.arange(len(ends))
    bad = _odd_lines(data, ends)
    while True:
        if bad.any():
            data, stay = without(data, ends, bad)
            kept, ends = kept[stay], places_of(data, _LF)
        if not len(ends):
            return Cut({}, kept)
        opens, closes, counts, bad = _keys_of(data, ends)
        if not bad.any():
            break
    texts = _texts(data, ends, opens, closes)
    if texts is None:
        return Cut({}, kept[:0])
    line = np.repeat(np.arange(len(ends)), counts)
    # In front of each line's keys and values stands what is left of the line before it.
    place = (2 * np.arange(len(opens)) + line + 1).astype(np.uint32)
    spaced = data[closes[0] + 2 : closes[0] + 3] == b" "
    return _by_key(texts, place, line, kept, keys)._replace(manner=Manner(" " if spaced else ""))


def _odd_lines(data: bytes, ends: Array) -> Array:
    """Lines that are never cut: too long, of control characters, of bytes that are no text, with a
    backslash, with braces but for those around it."""
    array, starts = np.frombuffer(data, np.uint8), _starts(ends)
    odd: Array = (ends - starts > LONGEST_FIELD) | (array[starts] != _OPEN) | (array[ends - 1] != _CLOSE)
    if count_below(data, 32) != len(ends):
        odd[np.searchsorted(ends, np.flatnonzero((array < 32) & (array != _LF)))] = True
    if not data.isascii():
        mark_bad_text(data, array, ends, odd)
    if b"\\" in data:
        odd[np.searchsorted(ends, places_of(data, _BACKSLASH))] = True
    for brace in (_OPEN, _CLOSE):
        # Each line that is not odd yet has one at least.
        if odd.any() or count_of(data, brace) != len(ends):
            odd |= np.diff(np.searchsorted(places_of(data, brace), ends), prepend=0) != 1
    return odd


def _keys_of(data: bytes, ends: Array) -> tuple[Array, Array, Array, Array]:
    """The quotes that open and close keys, how many keys each line has, and which lines are not of keys and
    values alone."""
    array, starts, quotes = np.frombuffer(data, np.uint8), _starts(ends), places_of(data, _QUOTE)
    bad = np.diff(np.searchsorted(quotes, ends), prepend=0) % 2 == 1
    nothing = quotes[:0]
    if bad.any():
        return nothing, nothing, nothing, bad
    opens, closes = quotes[0::2], quotes[1::2]
    is_key = array[closes + 1] == _COLON
    opens, closes = opens[is_key], closes[is_key]
    upto = np.searchsorted(opens, ends)
    first = np.concatenate([[0], upto[:-1]])
    counts = upto - first
    bad = counts == 0
    if bad.any():
        return nothing, nothing, nothing, bad
    before = array[opens - 1]
    parted = (before == _COMMA) | ((before == _SPACE) & (array[opens - 2] == _COMMA))
    parted[first] = opens[first] == starts + 1
    if not parted.all():
        bad[np.searchsorted(ends, opens[~parted])] = True
    return opens, closes, counts, bad


def _texts(data: bytes, ends: Array, opens: Array, closes: Array) -> pl.Series | None:
    """What lies between the cuts: of each line a rest, then its keys and values in turns."""
    cut = bytearray(data)
    array = np.frombuffer(cut, np.uint8)
    commas = opens - 1 - (array[opens - 1] == _SPACE)
    for places in (commas, closes + 1, ends - 1):
        array[places] = ord(_CUT)
    try:
        frame = pl.read_csv(
            bytes(cut),
            has_header=False,
            schema={_TEXT: pl.String},
            separator=_NEVER,
            eol_char=_CUT,
            quote_char=None,
        )
    except pl.exceptions.PolarsError:
        return None
    texts = frame.to_series().rechunk()
    return texts if len(texts) == len(ends) + 2 * len(opens) + 1 else None


def _by_key(texts: pl.Series, place: Array, line: Array, kept: Array, keys: Sequence[str]) -> Cut:
    """The values put in columns; lines with another key, or with one twice, are left out."""
    names = [json.dumps(key, ensure_ascii=False) for key in keys]
    cells = pl.Enum([*names, *(f" {name}" for name in names)])
    found = texts.gather(place).cast(cells, strict=False)
    bad = np.zeros(len(kept), np.bool_)
    if found.null_count():
        bad[line[found.is_null().to_numpy()]] = True
    if texts.null_count() > 1:
        # A value that is missing altogether is damage; before the first line nothing stands by rights.
        bad[line[texts.gather(place + np.uint32(1)).is_null().to_numpy()]] = True
    codes = found.to_physical().fill_null(0).to_numpy() % len(names)
    order = np.argsort(codes, kind="stable")
    begins = np.searchsorted(codes[order], np.arange(len(names) + 1))
    rows: dict[str, Array] = {}
    for at, key in enumerate(keys):
        tokens = order[begins[at] : begins[at + 1]]
        if len(tokens):
            of_line = line[tokens]
            bad[of_line[1:][of_line[1:] == of_line[:-1]]] = True
            # Place 0 is before the first line, where nothing stands.
            rows[key] = np.zeros(len(kept), np.uint32)
            rows[key][of_line] = place[tokens] + 1
    good = ~bad
    if bad.any():
        rows = {key: places[good] for key, places in rows.items()}
    return Cut({key: texts.gather(places) for key, places in rows.items()}, kept[good])


def _starts(ends: Array) -> Array:
    return np.concatenate([[0], ends[:-1] + 1])
