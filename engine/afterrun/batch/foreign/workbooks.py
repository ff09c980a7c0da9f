"""One sheet of a workbook (xlsx, ods) as a table of texts: its rows keep the numbers that people see."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

import polars as pl

from afterrun.batch.foreign.laid import EMPTY, SURE_DIGITS, Laid, Row, lay_down, text_of
from afterrun.batch.foreign.marks import (
    MOST_CELLS,
    Marks,
    TooLarge,
    marks_in_xlsx,
)
from afterrun.batch.foreign.ods import marks_in_ods
from afterrun.errors import Problem, ProblemsError
from afterrun.extras import require

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

WORKBOOKS = (".xlsx", ".xlsm", ".ods")
ZIP, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How an archive begins, as workbooks are today, and what they were before or when a password locks them."""
MOST_UNPACKED = 2 << 30
TOO_LONG = "is a number of more than 15 digits, and a spreadsheet keeps no more of them; write it as text"
DATED = "is a date there, as a spreadsheet makes one of what looks like it, such as 3-5; write it as text"
TIMED = "is a time of day or a duration there; write the number itself, in the unit that is asked for"
_NAMED, _LOOKED_AT = 2, 50
"""Columns that a row below the first names to be a header, and rows in which it is looked for."""

Known = Callable[[Sequence[str]], Sequence[tuple[Hashable, bool] | None]]
"""What each of a row of names stands for, if for anything, and whether answers stand below it."""
MarksOf = Callable[[str], Marks]
"""The marks of the sheet of this name."""


class _Sheet(NamedTuple):
    name: str
    read: CalamineSheet
    marks: Marks
    header: int | None
    """The row that names questions, from 0."""
    first: int
    """The first row that is not blank."""


def lay_down_sheet(
    path: Path, target: Path, name: str, sheet: str, known: Known, largest: int | None = None
) -> Laid:
    """The sheet of a workbook that holds intakes, or the one that is named.

    Raises ProblemsError where there is none or more than one, where it is damaged or locked, and where it
    holds more bytes than the `largest` may, or more cells than are held at once.
    """
    require("python_calamine")
    import python_calamine

    with path.open("rb") as file:
        if file.read(4) == OLD:
            said = "is a workbook of an old kind, or locked by a password; save it as .xlsx without one"
            raise ProblemsError([Problem(said, name)])
    try:
        with ZipFile(path) as archive, path.open("rb") as file:
            kind = _kind(archive, name)
            _refuse_large(archive, name, largest)
            # The reader of .ods unpacks all sheets as it opens them: what is too large is told before.
            marks_of = _marks_of_ods(archive, name) if kind == "ods" else partial(marks_in_xlsx, archive)
            # By its content: of a path the reader would go by the ending.
            book = python_calamine.load_workbook(file)
            found = _chosen(marks_of, book, sheet, known, name)
    except ProblemsError:
        raise
    except BaseException as error:
        # What is read is anybody's, by three libraries, each with errors of its own; one panics.
        if isinstance(error, OSError | MemoryError | KeyboardInterrupt | SystemExit):
            raise
        raise ProblemsError([Problem(f"is damaged as a workbook: {str(error)[:200]}", name)]) from None
    chosen, notes = found
    return _laid(target, chosen, notes, known, name)


def scan_sheet(path: Path, sheet: str) -> pl.LazyFrame:
    """A sheet that we wrote, as columns of text by the names in its first row."""
    require("python_calamine")
    import python_calamine

    with path.open("rb") as file:
        rows = python_calamine.load_workbook(file).get_sheet_by_name(sheet).iter_rows()
    names = [text_of(each) or "" for each in next(rows)]
    columns = zip(*([text_of(each) for each in row] for row in rows), strict=True)
    texts = dict(zip(names, columns, strict=True)) or dict.fromkeys(names, ())
    return pl.LazyFrame(texts, schema=dict.fromkeys(names, pl.String))


def _kind(archive: ZipFile, name: str) -> str:
    names = set(archive.namelist())
    if {"content.xml", "mimetype"} <= names and b"spreadsheet" in archive.read("mimetype"):
        return "ods"
    if "xl/workbook.bin" in names:
        raise ProblemsError([Problem("is a workbook in binary form (.xlsb); save it as .xlsx", name)])
    if "[Content_Types].xml" in names and any(each.startswith("xl/") for each in names):
        return "xlsx"
    raise ProblemsError([Problem("is an archive and no workbook; unpack it, and give what is in it", name)])


def _refuse_large(archive: ZipFile, name: str, largest: int | None) -> None:
    limit = min(MOST_UNPACKED, largest or MOST_UNPACKED)
    if sum(each.file_size for each in archive.infolist()) > limit:
        said = f"holds more than {limit // 1_000_000} MB once it is unpacked"
        raise ProblemsError([Problem(said, name)])


def _marks_of_ods(archive: ZipFile, name: str) -> MarksOf:
    try:
        return marks_in_ods(archive).__getitem__
    except TooLarge:
        said = (
            f"has more than {MOST_CELLS:,} cells between the first and the last of its sheets; "
            "save the sheet to read as CSV"
        )
        raise ProblemsError([Problem(said, name)]) from None


def _chosen(
    marks_of: MarksOf, book: CalamineWorkbook, wanted: str, known: Known, name: str
) -> tuple[_Sheet, list[str]]:
    """The sheet to read, and what to tell of the others."""
    listed = [each for each in book.sheets_metadata if str(each.typ).endswith("WorkSheet")]
    if wanted and wanted not in [each.name for each in listed]:
        said = f"has no sheet '{wanted}'; there are {_quoted(each.name for each in listed)}"
        raise ProblemsError([Problem(said, name)])
    visible = [each.name for each in listed if str(each.visible).endswith("Visible")]
    names = [wanted] if wanted else [*visible, *(each.name for each in listed if each.name not in visible)]
    filled: list[_Sheet] = []
    for each in names:
        try:
            looked_at = _looked_at(marks_of, book, each, known)
        except TooLarge:
            said = (
                f"the sheet '{each}' has more than {MOST_CELLS:,} cells between its first and its last; "
                "save it as CSV, or give another with --sheet"
            )
            raise ProblemsError([Problem(said, name)]) from None
        if looked_at is not None:
            filled.append(looked_at)
    if not filled:
        raise ProblemsError([Problem(EMPTY, name)])
    fitting = [each for each in filled if each.header is not None]
    seen = [each for each in fitting if each.name in visible] or fitting
    if len(seen) > 1:
        told = _quoted(each.name for each in seen)
        said = f"has {len(seen)} sheets of intakes, {told}; say which with --sheet, or save each as a file"
        raise ProblemsError([Problem(said, name)])
    chosen = (seen or filled)[0]
    others = [each.name for each in filled if each is not chosen]
    notes = [f"its sheet '{chosen.name}' is read, not {_quoted(others)}"] if others else []
    return chosen, notes


def _looked_at(marks_of: MarksOf, book: CalamineWorkbook, name: str, known: Known) -> _Sheet | None:
    """A sheet with its header found; None where nothing is in it."""
    marks = marks_of(name)
    read = book.get_sheet_by_name(name)
    if read.start is None:
        return None
    first, header = read.start[0], None
    for place, cells in enumerate(read.iter_rows()):
        found = known([each if isinstance(each, str) else "" for each in cells])
        named = [each for each in found if each is not None]
        meant = dict(named)
        # A codebook has a question's name and its words side by side.
        once = len(named) == len(meant)
        if len(meant) >= (1 if place == first and once else _NAMED) and any(meant.values()):
            header = place
        if header is not None or place - first > _LOOKED_AT:
            break
    for begin, end in read.merged_cell_ranges or ():
        marks.merged(begin, end)
    return _Sheet(name, read, marks, header, first)


def _laid(target: Path, sheet: _Sheet, notes: list[str], known: Known, name: str) -> Laid:
    header = sheet.first if sheet.header is None else sheet.header
    assert sheet.read.start is not None
    left = sheet.read.start[1]
    names: list[str] = []
    meant: list[bool] = []
    ids: list[int] = []
    as_shown: list[int] = []
    above: list[tuple[str, ...]] = []
    hidden: list[int] = []

    def rows() -> Iterator[Row]:
        blank: list[Row] = []
        for place, cells in enumerate(sheet.read.iter_rows()):
            if sheet.first <= place < header:
                above.append(tuple(text_of(each) or "" for each in cells))
            elif place == header:
                names.extend(text_of(each) or "" for each in cells)
                found = known(names)
                meant.extend(map(bool, found))
                ids.extend(at for at, each in enumerate(found) if each is not None and not each[1])
            elif place > header:
                row = _row(place, cells, meant, left, sheet.marks)
                shown = sheet.marks.shown.get(place, {})
                for at in (at for at in ids if at + left in shown):
                    as_shown[:] = [at]
                    row.cells[at] = shown[at + left]
                blank.append(row)
                if row.damage or any(each is not None and each.strip() for each in row.cells):
                    hidden.extend([row.line] if place in sheet.marks.hidden_rows else [])
                    yield from blank
                    blank.clear()

    count = lay_down(target, sheet.read.width, rows())
    if not names:
        next(rows(), None)
    columns = [
        f"'{names[at - left]}'"
        for at in sorted(sheet.marks.hidden_columns)
        if 0 <= at - left < len(names) and meant[at - left]
    ]
    if as_shown:
        notes.append("its ids are read as they are shown, with zeros in front, which are not stored")
    notes += _on_hidden("row", list(map(str, hidden))) + _on_hidden("column", columns)
    return Laid(tuple(names), header + 1, count, tuple(notes), tuple(above))


def _on_hidden(what: str, places: Sequence[str]) -> list[str]:
    """What to tell of rows or columns that whoever looks at the sheet does not see, and that are read."""
    if not places:
        return []
    shown = ", ".join(places[:4]) + (f" and {len(places) - 4} more" if len(places) > 4 else "")
    some = f"{len(places)} hidden {what}{'s are' if len(places) > 1 else ' is'}"
    return [f"{some} read like the others: {shown}; delete there what is not meant"]


def _row(place: int, cells: Sequence[Any], meant: Sequence[bool], left: int, marks: Marks) -> Row:
    """One row, with what is wrong in the columns that mean something."""
    texts = [text_of(each) for each in cells]
    odd = marks.odd.get(place, {})
    wrong = {at - left: why for at, why in odd.items() if 0 <= at - left < len(meant) and meant[at - left]}
    for at, value in enumerate(cells):
        if isinstance(value, float) and abs(value) >= SURE_DIGITS and meant[at]:
            wrong[at] = TOO_LONG
        if isinstance(value, date | time | timedelta) and meant[at]:
            wrong[at] = DATED if isinstance(value, date) else TIMED
    return Row(place + 1, "\n".join(f"{at}\t{why}" for at, why in sorted(wrong.items())), texts)


def _quoted(names: Any) -> str:
    return ", ".join(f"'{each}'" for each in names)
