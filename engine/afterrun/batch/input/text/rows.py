"""Rows of several lines in, rows of one line out: a quoted cell may hold line breaks.

Which lines make a row is decided once, for the whole file, so that it can be cut anywhere afterwards. A
row keeps the line where it begins: what it took from the lines after it leaves them empty. A quote that is
never closed costs its own line alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from afterrun.batch.input.form.cells import NUMBER, intake_of
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.lines import Block, blocks, places_of
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.spool import laid_down
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.batch.input.text.dialect import Dialect
from afterrun.errors import IntakeError
from afterrun.intake import LONGEST_LINE, read_answers
from afterrun.rulebook import Rulebook

BREAK = b"\r"
"""A line break within a cell: where lines end in line feeds alone, it stands for nothing else."""
_LF, _QUOTE = 10, 34
_PIECE = 1 << 20

IsRow = Callable[[bytes], bool]


class RowShape(NamedTuple):
    """What tells a row of several lines from rows that follow a quote left open."""

    rulebook: Rulebook
    columns: Sequence[Column]
    dialect: Dialect

    def is_row(self, lines: bytes) -> bool:
        """Whether lines whose quotes pair up only together are one row.

        They are not where a cell would hold what is a row by itself: then a quote was left open, and
        somewhere below it another one is too many.
        """
        fields = split_line(lines, len(self.columns), self.dialect.separator)
        return not isinstance(fields, Damage) and not any(
            self._holds_rows(place, field) for place, field in enumerate(fields) if "\n" in field
        )

    def _holds_rows(self, place: int, field: str) -> bool:
        _, *inside, last = field.split("\n")
        # The last line goes on behind the cell, so that only its beginning can be compared.
        return any(self._answers(line, len(self.columns)) for line in inside) or (
            place > 0 and self._answers(last, place + 1)
        )

    def _answers(self, line: str, width: int) -> bool:
        """Whether a line has so many cells, and in one of them an id, a number or a valid answer."""
        if line.count(self.dialect.separator) != width - 1:
            return False
        columns = self.columns[:width]
        fields = [cell.strip().strip('"') for cell in line.split(self.dialect.separator)]
        # A person is no comment, even one of whom no answer is given, or none that can be used.
        if any(map(_tells_of_a_person, columns, fields)):
            return True
        cells, _ = self.dialect.cells(columns, fields)
        intake = dict(intake_of(self.rulebook, columns, cells).intake)
        try:
            return bool(read_answers(self.rulebook, intake).values)
        except IntakeError as error:
            wrong = {problem.key for problem in error.problems}
            return any(key in self.rulebook.questions and key not in wrong for key in intake)


def _tells_of_a_person(column: Column, cell: str) -> bool:
    if column.role == "number":
        return NUMBER.fullmatch(cell.replace(",", "")) is not None
    return column.role == "record_id" and bool(cell)


def one_line_a_row(path: Path, target: Path, begins: int, first_line: int, is_row: IsRow) -> Path:
    """The file itself where no row has several lines; else `target`, with a line for each row.

    In `target` lines end in line feeds, and BREAK is a line break within a cell.
    """
    if target.exists():
        return target
    if not _holds_quotes(path):
        return path
    length = path.stat().st_size - begins

    def made() -> Iterator[_Joined]:
        return _joined(blocks(path, begins, length, first_line, carriage_returns=True), is_row)

    if not any(each.found for each in made()):
        return path

    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield file.read(begins)
        yield from (each.data for each in made())

    return laid_down(target, pieces())


class _Joined(NamedTuple):
    data: bytes
    found: bool
    """Whether a row of several lines is in it."""


def _holds_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in piece for piece in iter(lambda: file.read(_PIECE), b""))


def _joined(lines: Iterable[Block], is_row: IsRow) -> Iterator[_Joined]:
    """The same number of lines, each row on one, with empty ones behind it for those that it took."""
    held = b""
    for block in lines:
        data = held + block.data
        made, held = _joined_block(data, is_row, goes_on=True)
        yield made
    if held:
        yield _joined_block(held, is_row, goes_on=False)[0]


def _joined_block(data: bytes, is_row: IsRow, *, goes_on: bool) -> tuple[_Joined, bytes]:
    """The block with its rows joined, and its end, if a row may have begun in it that it does not end."""
    if b'"' not in data:
        return _Joined(data, False), b""
    ends = places_of(data, _LF)
    up_to = np.searchsorted(places_of(data, _QUOTE), ends)
    odd = np.flatnonzero(np.diff(up_to, prepend=0) & 1).tolist()
    parts, done, at, end = list[bytes](), 0, 0, len(data)
    while at < len(odd):
        start = int(ends[odd[at] - 1]) + 1 if odd[at] else 0
        if at + 1 == len(odd):
            if goes_on and len(data) - start <= LONGEST_LINE:
                end = start
            break
        # Between two lines of an odd number of quotes none can close what the first one opens.
        close = int(ends[odd[at + 1]])
        if is_row(data[start:close]):
            taken = odd[at + 1] - odd[at]
            parts += [data[done:start], data[start:close].replace(b"\n", BREAK), b"\n" * (taken + 1)]
            done, at = close + 1, at + 2
        else:
            at += 1
    parts.append(data[done:end])
    return _Joined(b"".join(parts), len(parts) > 1), data[end:]
