"""A table's text in, its rows out: what is damaged costs its own row alone.

Encodings and separators are found, never asked for. A cell in quotes may hold line breaks; a quote that is
never closed takes its own line with it, and no other one.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from afterrun.history.formats.activity import Fault, Unreadable

_SEPARATORS = ",;\t|"
_SAYS_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
"""A first line that spreadsheets write for one another."""
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 1 << 16
_LONGEST_LINE = 1 << 20
_LONGEST_ROW = 100_000
"""Characters; the csv module takes no longer cell."""
_LINES_OF_A_ROW = 300


class Row(NamedTuple):
    """One row below the header, as wide as it."""

    place: str
    cells: list[str]


class Table(NamedTuple):
    """A header, and the rows below it as they are read."""

    names: list[str]
    rows: Iterator[Row | Fault]


def read_table(stream: BinaryIO, known: Callable[[list[str]], int]) -> Table:
    """The table of a stream, parted by the sign that makes most names of its header known.

    Raises Unreadable where it has no row at all, or a line without an end.
    """
    lines = _lines(stream)
    told = ""
    for row, line in enumerate(lines, 1):
        says = _SAYS_SEPARATOR.fullmatch(line)
        told = says[1] if says else told
        if line.strip(' \t"') and not says:
            split = {each: _split(line, each) for each in told or _SEPARATORS}
            separator = max(split, key=lambda each: (known(split[each]), len(split[each])))
            names = split[separator]
            return Table(names, _rows(lines, separator, len(names), row))
    raise Unreadable("it is empty")


def header_of(head: bytes, known: Callable[[list[str]], int]) -> list[str]:
    """The names in the header of a file that begins with these bytes; none where it has none."""
    try:
        return read_table(io.BytesIO(head), known).names
    except Unreadable:
        return []


def _rows(lines: Iterable[str], separator: str, width: int, row: int) -> Iterator[Row | Fault]:
    below = iter(lines)
    waiting: deque[str] = deque()
    while True:
        first = waiting.popleft() if waiting else next(below, None)
        if first is None:
            return
        row += 1
        if not first.strip(f" \t{separator}"):
            continue
        taken = _to_closing_quote(first, waiting, below)
        # Where a line in the midst of a cell is a row by itself, a quote was left open.
        whole = taken and not any(len(_split(line, separator)) == width for line in taken[1:-1])
        cells = _split("\n".join(taken), separator, strict=len(taken) > 1) if whole else []
        if len(cells) == width:
            yield Row(f"row {row}", cells)
        elif taken and len(taken) == 1:
            yield Fault(f"it has {len(cells)} cells, and the header has {width} names", f"row {row}")
        else:
            yield Fault("a quote in it is never closed", f"row {row}")
        if len(cells) != width:
            waiting.extendleft(reversed(taken[1:]))


def _to_closing_quote(first: str, waiting: deque[str], below: Iterator[str]) -> list[str]:
    """The lines of the row that begins with one; none, with all of them waiting again, if it never ends."""
    taken, quotes, length = [first], first.count('"'), len(first)
    while quotes % 2:
        line = waiting.popleft() if waiting else next(below, None)
        if line is not None:
            taken.append(line)
            quotes, length = quotes + line.count('"'), length + len(line)
        if line is None or len(taken) > _LINES_OF_A_ROW or length > _LONGEST_ROW:
            waiting.extendleft(reversed(taken[1:]))
            return []
    return taken if length <= _LONGEST_ROW else []


def _split(text: str, separator: str, *, strict: bool = False) -> list[str]:
    """The cells of a row; none where it is none."""
    try:
        return next(csv.reader([text], delimiter=separator, strict=strict), [])
    except csv.Error:
        return []


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines without their ends: UTF-8 line by line, one that is none as Windows writes it; or UTF-16."""
    first = stream.readline(_LONGEST_LINE)
    if first[:2] in _WIDE:
        yield from _wide_lines(first, stream)
        return
    line = first.removeprefix(codecs.BOM_UTF8)
    while line:
        if len(line) >= _LONGEST_LINE:
            raise Unreadable("a line of it is longer than any table's")
        text = _decoded(line).rstrip("\r\n")
        yield from text.split("\r") if "\r" in text else (text,)
        line = stream.readline(_LONGEST_LINE)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _wide_lines(first: bytes, stream: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    held = decoder.decode(first)
    while piece := stream.read(_PIECE):
        *whole, held = (held + decoder.decode(piece)).split("\n")
        if len(held) > _LONGEST_LINE:
            raise Unreadable("a line of it is longer than any table's")
        yield from (each.rstrip("\r") for each in whole)
    yield from (each.rstrip("\r") for each in (held + decoder.decode(b"", True)).split("\n"))
