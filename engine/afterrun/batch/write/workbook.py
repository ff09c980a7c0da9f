"""Decided rows as a sheet of a workbook (xlsx), and the rejects as a second one; row by row, none held."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from afterrun.batch.formula_marks import given_text, marked
from afterrun.batch.input.sources import Source, chunks
from afterrun.errors import AfterrunError
from afterrun.extras import require
from afterrun.storage import make_folder

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

RESULTS, REJECTS = "results", "rejects"
MOST_ROWS = 2**20 - 1
"""Of a sheet, below its header."""
LONGEST_CELL = 32_767
"""Characters; what is longer would be left out without a word."""
_LONGEST_REJECT = 2**31 - 1
"""Characters of a cell of our own table, as many as any system takes for a limit."""
_COUNTED_AT_ONCE = 1000
_MADE = datetime(2000, 1, 1)
"""The same rows make the same bytes at any time."""


class DoesNotFit(AfterrunError):
    """A workbook cannot hold the result."""


def refuse_too_many_rows(sources: Iterable[Source]) -> None:
    """Count the lines before any work is done. Raises DoesNotFit."""
    require("xlsxwriter")
    count = 0
    for source in sources:
        if source.rows is not None:
            count += source.rows
        else:
            count += _COUNTED_AT_ONCE * max(0, sum(1 for _ in chunks(source, _COUNTED_AT_ONCE)) - 1)
        if count > MOST_ROWS:
            raise DoesNotFit(
                f"a sheet of an .xlsx holds {MOST_ROWS:,} rows, and there are more; "
                "write .csv, or a folder of Parquet"
            )


def write_workbook(path: Path, pieces: Iterable[pl.DataFrame], rejects: Path, scratch: Path) -> None:
    """Write rows, piece by piece, and the table of rejects if it is there; sheets are made in `scratch`, a
    folder that is thrown away.

    Texts are written as texts, which no spreadsheet runs, and marked all the same: a cell that is edited,
    or saved as CSV, is read anew. Raises DoesNotFit.
    """
    require("xlsxwriter")
    import xlsxwriter

    settings = {"constant_memory": True, "tmpdir": str(scratch.absolute())}
    make_folder(scratch, private=True)
    try:
        with xlsxwriter.Workbook(str(path.absolute()), settings) as book:
            _fill(book, pieces, rejects)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fill(book: Workbook, pieces: Iterable[pl.DataFrame], rejects: Path) -> None:
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True})

    def begun(name: str, header: Sequence[str]) -> Worksheet:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, text in enumerate(header):
            sheet.write_string(0, column, text, bold)
        return sheet

    sheet, row = None, 1
    for piece in pieces:
        sheet = sheet or begun(RESULTS, piece.columns)
        row = _put(sheet, row, piece.with_columns(marked(given_text(piece.columns))))
    if rejects.is_file():
        # What was refused for its length stands there, too.
        csv.field_size_limit(_LONGEST_REJECT)
        with rejects.open(encoding="utf-8", newline="") as stream:
            table = csv.reader(stream)
            sheet = begun(REJECTS, next(table))
            for number, cells in enumerate(table, start=1):
                for column, text in enumerate(cells):
                    if text:
                        sheet.write_string(number, column, _shortened(text))


def _put(sheet: Worksheet, row: int, piece: pl.DataFrame) -> int:
    """Write the rows of a piece; the row that comes next."""
    texts = [dtype in (pl.String, pl.Categorical, pl.Enum) for dtype in piece.dtypes]
    for cells in piece.iter_rows():
        if row > MOST_ROWS:
            raise DoesNotFit(f"a sheet of an .xlsx holds {MOST_ROWS:,} rows, and there are more")
        for column, (value, is_text) in enumerate(zip(cells, texts, strict=True)):
            if value is None:
                continue
            if not is_text:
                sheet.write_number(row, column, value)
            elif len(value) <= LONGEST_CELL:
                sheet.write_string(row, column, value)
            else:
                name = piece.columns[column]
                raise DoesNotFit(f"row {row + 1}: {name} is longer than a cell of .xlsx holds; write .csv")
        row += 1
    return row


def _shortened(text: str) -> str:
    """The table of rejects beside the workbook has all of it."""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
