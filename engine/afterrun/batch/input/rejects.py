"""The quarantine: rows that were refused, with place and reason, in a form that can be mended and fed back.

A reject is written as a table row: `reject_*` columns in front, then the columns of its file. Mend the
cells and give the file to `afterrun batch` again; the `reject_*` columns are passed over. A line that is
no table row stands whole in `reject_raw`, its columns blank; until they are filled in it is refused again.

It is a table for spreadsheets: what looks like a formula is marked, and the mark is taken off when the
file is fed back.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from afterrun.batch.foreign.laid import text_of
from afterrun.batch.input.form.cells import NUMBER
from afterrun.batch.input.form.columns import REJECT_PREFIX, few
from afterrun.batch.input.form.headers import FRONT
from afterrun.batch.input.form.names import RAW, UNREAD
from afterrun.batch.input.form.words import LIST_SEPARATOR
from afterrun.batch.stored import scan_csv
from afterrun.errors import Problem
from afterrun.intake import LONGEST_LINE, RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.spreadsheets import neutral, restored
from afterrun.visible import on_one_line

Kind = Literal[
    "answer",
    "fields",
    "quote",
    "encoding",
    "zero_byte",
    "too_long",
    "not_json",
    "duplicate",
    "not_mended",
    "cell",
    "shifted",
    "header",
]
"""`answer`: what `assess` refuses; the others are damage that only files have, `cell` that of workbooks."""

MOST_TOLD = 4
"""Of what is wrong with one row; all its columns are named beside the reason."""
LONGEST_RAW = 2000
"""Characters of a raw line that are kept."""
OF_A_ROW = ("shifted", "header", "not_mended")
"""Kinds that are no one column's."""
NO_COLUMN = "a name that no question has"
_WHOLE = 2**63
"""Whole numbers below this are read as such, whatever their type."""


class Damage(NamedTuple):
    """Why a line is no row at all."""

    kind: Kind
    reason: str


class GivenRow(NamedTuple):
    """A row as it stood in its file, as far as it can be shown."""

    raw: str = ""
    """The line, bytes that are no text written as \\x00."""
    cells: Mapping[str, str] = {}
    """By column; all blank where it is no table row."""
    unread: str = ""
    """What it holds under names that no column has."""


class Reject(NamedTuple):
    """One row that was refused."""

    file: str
    line: int
    kind: Kind
    reason: str
    question: str = ""
    """The questions or columns that are wrong, parted by semicolons."""
    given: GivenRow = GivenRow()

    def counted_as(self, known: Collection[str]) -> str:
        """What rejects are counted by: the kind of damage, or which of the `known` columns are wrong.

        Counts outlive the row, so nothing that only stands in the row becomes part of them.
        """
        keys = self.question.split(LIST_SEPARATOR) if self.question else []
        told = list(dict.fromkeys(key if key in known else NO_COLUMN for key in keys))
        if self.kind in OF_A_ROW or not told:
            return self.kind
        more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        return f"{self.kind}: {LIST_SEPARATOR.join([*told[:MOST_TOLD], *more])}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


def reason_of(problems: Sequence[Problem]) -> str:
    """Every problem of a row whose place is told beside it; what is said of several columns is said once."""
    said: dict[tuple[str, str], list[str]] = {}
    for each in problems:
        said.setdefault((each.message, each.nearest), []).append(each.key)
    alike = [
        Problem(message, key=few(list(dict.fromkeys(keys)), most=MOST_TOLD), nearest=near)
        for (message, near), keys in said.items()
    ]
    # What is said of no column is a cause or a way out, which is never left out.
    told, whole = ([str(each) for each in alike if bool(each.key) == keyed] for keyed in (True, False))
    more = [f"and {len(told) - MOST_TOLD} more like these"] if len(told) > MOST_TOLD + 1 else []
    return "; ".join([*whole, *(told[:MOST_TOLD] if more else told), *more])


def first_told(*groups: Sequence[Problem]) -> list[Problem]:
    """The problems of a row, those of each column from the first group that tells of it."""
    told: list[Problem] = []
    for group in groups:
        keys = {each.key for each in told if each.key}
        told += [each for each in group if each.key not in keys]
    return told


def damage_of(line: bytes) -> Damage | None:
    """What makes a line unusable in any format."""
    if len(line) > LONGEST_LINE:
        return Damage("too_long", f"the line is longer than {LONGEST_LINE} bytes")
    if b"\0" in line:
        return Damage("zero_byte", "holds a zero byte")
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"from byte {error.start + 1} of the line"
        return Damage("encoding", f"not text in UTF-8, {place}; if Windows wrote it, add --encoding cp1252")
    return None


def readable(line: bytes) -> str:
    """A row as text on one line that any file can hold; no byte of it is lost, save beyond LONGEST_RAW."""
    shown = cell(line[: 4 * LONGEST_RAW].decode("utf-8", errors="backslashreplace")).replace("\n", "\\x0a")
    return shown if len(shown) <= LONGEST_RAW and len(line) <= 4 * LONGEST_RAW else shown[:LONGEST_RAW] + "…"


def cell(value: Any) -> str:
    """A value as a cell of the quarantine's table; an id given as a number as among the rows.

    >>> [cell(each) for each in (1001.0, 0.5, True, ["a", "b"], None)]
    ['1001', '0.5', 'true', 'a;b', '']
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    text = text_of(value) or ""
    if not text.isprintable():
        text = "".join(each if each >= " " or each == "\n" else f"\\x{ord(each):02x}" for each in text)
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def question_columns(rulebook: Rulebook) -> list[str]:
    """One column per key of an intake, a unit in front of the first question that needs it."""
    names = [RECORD_ID]
    for question in rulebook.questions.values():
        if question.quantity:
            unit = rulebook.quantities[question.quantity].unit_key
            names += [unit] if unit not in names else []
        names.append(question.id)
    return names


class Quarantine:
    """The table of what is refused in some files."""

    def __init__(self, rulebook: Rulebook, columns_of_sources: Iterable[Sequence[str] | None]) -> None:
        """The names of columns by file."""
        own: dict[str, None] = {}
        for names in columns_of_sources:
            own |= {_folded(name): None for name in names or question_columns(rulebook)}
        self._own = [name for name in own if name and not name.startswith(REJECT_PREFIX)]
        self._numbers = {
            each.id for each in rulebook.questions.values() if each.type in ("integer", "number")
        }

    @property
    def columns(self) -> list[str]:
        """Those of the files, in their order, behind the `reject_*` columns."""
        return [*FRONT, *self._own]

    def write(self, path: Path, rejects: Iterable[Reject], *, with_header: bool = True) -> None:
        """Write rejects as CSV; only a cell that held a line break goes over lines, in quotes."""
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            if with_header:
                writer.writerow(map(neutral, map(cell, self.columns)))
            writer.writerows(self.rows(rejects))

    def rows(self, rejects: Iterable[Reject]) -> Iterator[list[str]]:
        """Each reject as the cells of the table."""
        for each in rejects:
            cells = {_folded(name): cell(value) for name, value in each.given.cells.items()}
            told = map(on_one_line, (each.file, str(each.line), each.reason, each.question))
            unread = each.given.unread or cells.get(UNREAD, "")
            own = (self._shown(name, cells.get(name, "")) for name in self._own)
            yield [*map(neutral, (*told, cell(each.given.raw), cell(unread))), *own]

    def _shown(self, name: str, text: str) -> str:
        """A cell; a number in a column of numbers stays one, whatever its sign."""
        return text if name in self._numbers and NUMBER.fullmatch(text) else neutral(text)


class ToldReject(NamedTuple):
    """What the quarantine says of a row, for its reader."""

    line: int
    reason: str
    question: str
    file: str = ""
    raw: str = ""
    """The line as it was, where the input has lines and it was not withheld."""


def columns_of_rejects(path: Path) -> list[str]:
    """The columns of a quarantine; none where there is none, or it is no such table any more."""
    try:
        return scan_csv(path).collect_schema().names() if path.is_file() else []
    except pl.exceptions.PolarsError:
        # Whoever mends it by hand may leave it in any state.
        return []


def rejects_of(path: Path, record_id: str, id_columns: Sequence[str]) -> list[ToldReject]:
    """The rejects of one record, as far as the quarantine still tells."""
    if not id_columns:
        return []
    texts = [record_id, neutral(record_id)]
    return _rejects_where(
        path, pl.any_horizontal(pl.col(name).str.strip_chars().is_in(texts) for name in id_columns)
    )


def rejects_on(path: Path, line: int, files: Sequence[str]) -> list[ToldReject]:
    """The rejects that came from one line, of these files or, without any, of all."""
    same = pl.col("reject_line").str.strip_chars() == str(line)
    if files:
        same = same & pl.col("reject_file").is_in([*files, *map(neutral, files)])
    return _rejects_where(path, same)


def _rejects_where(path: Path, condition: pl.Expr) -> list[ToldReject]:
    told = ["reject_line", "reject_reason", "reject_question", "reject_file", RAW]
    if not set(told) <= set(columns_of_rejects(path)):
        return []
    try:
        found = scan_csv(path).filter(condition).select(told).collect().fill_null("")
    except pl.exceptions.PolarsError:
        return []
    return [
        ToldReject(int(line) if line.isdigit() else 0, *map(restored, others))
        for line, *others in found.iter_rows()
    ]


def first_rejects(path: Path, most: int) -> list[ToldReject]:
    """The first rows of a quarantine, no more than that; none where the batch refused none."""
    if not path.is_file():
        return []
    told = ["reject_line", "reject_reason", "reject_question"]
    rows = pl.read_csv(path, columns=told, n_rows=most, infer_schema=False, glob=False)
    return [
        ToldReject(int(line), restored(reason), restored(question))
        for line, reason, question in rows.select(told).fill_null("").iter_rows()
    ]


def _folded(name: str) -> str:
    return name.strip().lower()
