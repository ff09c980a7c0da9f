"""The marks of the sheets of an `.ods`, whose cells stand in one part of it, alike ones only once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from afterrun.batch.foreign.formats import PERCENTAGE, shown_with_zeros
from afterrun.batch.foreign.marks import (
    MERGED,
    MOST_CELLS,
    MOST_COLUMNS,
    NOT_COMPUTED,
    PIECE,
    Marks,
    NoWorkbook,
    TooLarge,
)

_LONGEST_NUMBER = 60
_INVISIBLE = ("collapse", "filter")


def marks_in_ods(archive: ZipFile) -> Mapping[str, Marks]:
    """The marks of all sheets, since their reader holds all of them once it opens the file.

    Raises NoWorkbook, and TooLarge where they are too large together.
    """
    reader = _OdsReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        with archive.open("content.xml") as file:
            while piece := file.read(PIECE):
                parser.Parse(piece)
    except (KeyError, expat.ExpatError) as error:
        raise NoWorkbook(str(error)) from None
    return reader.marks


class _OdsReader:
    """Counts rows and columns as they are repeated, and looks at their cells."""

    def __init__(self) -> None:
        self.marks: dict[str, Marks] = {}
        self._sheet, self._inside, self._before = Marks(), 0, 0
        self._row = self._column = 0
        self._rows_alike, self._wide, self._hidden = 1, 0, False
        self._number: float | None = None
        self._shown = ""

    def start(self, tag: str, given: dict[str, Any]) -> None:
        """An element begins."""
        kind = tag.rpartition(" ")[2]
        said = {_short(name): value for name, value in given.items()}
        if kind == "table":
            self._inside += 1
            if self._inside == 1:
                self._before += self._sheet.cells
                self._sheet, self._row, self._wide = Marks(), 0, 0
                # Only the first sheet of a name is read.
                self.marks.setdefault(said.get("name", ""), self._sheet)
        elif not self._inside:
            return
        elif kind == "table-column":
            first, self._wide = self._wide, self._wide + int(said.get("number-columns-repeated", 1))
            if said.get("visibility") in _INVISIBLE:
                self._sheet.hidden_columns |= set(range(first, min(self._wide, MOST_COLUMNS)))
        elif kind == "table-row":
            self._column, self._rows_alike = 0, int(said.get("number-rows-repeated", 1))
            self._hidden = said.get("visibility") in _INVISIBLE
        elif kind in ("table-cell", "covered-table-cell"):
            self._cell(kind, said)

    def end(self, tag: str) -> None:
        """An element ends."""
        kind = tag.rpartition(" ")[2]
        if self._inside and kind == "table":
            self._inside -= 1
        elif self._inside and kind == "table-row":
            self._row += self._rows_alike
        elif kind == "table-cell" and self._number is not None:
            # Cells that are repeated are no ids.
            if shown_with_zeros(self._shown, self._number):
                self._sheet.shown.setdefault(self._row, {})[self._column - 1] = self._shown
            self._number = None

    def text(self, said: str) -> None:
        """Text inside of an element."""
        if self._number is not None and len(self._shown) < _LONGEST_NUMBER:
            self._shown += said

    def _cell(self, kind: str, said: dict[str, str]) -> None:
        alike = int(said.get("number-columns-repeated", 1))
        why = ""
        if kind == "covered-table-cell":
            why = MERGED
        elif said.get("calc-type") == "error":
            why = "holds an error of a formula"
        elif "formula" in said and "value-type" not in said:
            why = NOT_COMPUTED
        elif said.get("value-type") == "percentage":
            why = PERCENTAGE
        elif said.get("value-type") == "float" and alike == self._rows_alike == 1:
            self._number, self._shown = _number_in(said.get("value", "")), ""
        if why or "value-type" in said:
            self._sheet.reach(
                (self._row, self._row + self._rows_alike - 1), (self._column, self._column + alike - 1)
            )
            if self._before + self._sheet.cells > MOST_CELLS:
                raise TooLarge
            if self._hidden:
                self._sheet.hidden_rows |= set(range(self._row, self._row + self._rows_alike))
            for row in range(self._row, self._row + self._rows_alike) if why else ():
                for column in range(self._column, self._column + alike):
                    self._sheet.mark(row, column, why)
        self._column += alike


def _number_in(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _short(name: str) -> str:
    """An attribute without its namespace, but for the one that is there in two."""
    space, _, short = name.rpartition(" ")
    return "calc-type" if "calcext" in space and short == "value-type" else short
