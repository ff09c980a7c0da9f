"""What the file of a workbook says of its cells that their reader leaves out: how far they reach, errors,
formulas that no program has computed yet, cells that are part of another, rows and columns that are hidden,
numbers that are shown as something else.

Their reader shows bad cells as blank ones. A blank is an answer that was not given, and these are not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from zipfile import ZipFile

from afterrun.batch.foreign.formats import PERCENTAGE, Format, formats_in_xlsx

MERGED = "is part of a merged cell; split it"
NOT_COMPUTED = "holds a formula that no program has computed; open the file, save it, give it again"
MOST_CELLS = 3_500_000
"""Of a sheet, blank ones within its bounds too: its reader holds all of them, at some 80 bytes each."""
PIECE, MOST_COLUMNS = 1 << 20, 1 << 14
_LONGEST_ROW = 64 << 20


class TooLarge(Exception):
    """There are more cells than are held at once."""


class NoWorkbook(Exception):
    """What is in the archive is not what a workbook holds."""


@dataclass
class Marks:
    """What is to be known of a sheet's cells; rows and columns count from 0."""

    rows: tuple[int, ...] = ()
    """The first and the last that hold something; none where nothing does."""
    columns: tuple[int, ...] = ()
    odd: dict[int, dict[int, str]] = field(default_factory=dict)
    """By row and column, why a cell is neither blank nor what it looks like."""
    shown: dict[int, dict[int, str]] = field(default_factory=dict)
    """By row and column, how a whole number is shown that is stored without its zeros in front."""
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def reach(self, rows: Collection[int], columns: Collection[int]) -> None:
        """Take in places that hold something."""
        self.rows, self.columns = _outermost(*self.rows, *rows), _outermost(*self.columns, *columns)

    @property
    def cells(self) -> int:
        """How many there are between the outermost."""
        if not (self.rows and self.columns):
            return 0
        return (self.rows[1] - self.rows[0] + 1) * (self.columns[1] - self.columns[0] + 1)

    def mark(self, row: int, column: int, why: str) -> None:
        """Say why a cell is no answer."""
        self.odd.setdefault(row, {}).setdefault(column, why)

    def merged(self, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Mark all cells of a merged one but the first, within the bounds of the sheet."""
        for row in range(first[0], min(last[0], max(self.rows, default=0)) + 1):
            for column in range(first[1], min(last[1], max(self.columns, default=0)) + 1):
                if (row, column) != first:
                    self.mark(row, column, MERGED)


def _outermost(*places: int) -> tuple[int, ...]:
    return (min(places), max(places)) if places else ()


_TAG = rb"(?:[A-Za-z_][\w.-]*:)?"
_ROW = re.compile(rb"<" + _TAG + rb"""row\s[^>]*?\br=["'](\d{1,7})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_ROW_TAG, _COLUMNS_TAG = (
    re.compile(rb"<" + _TAG + rb"row\s[^>]*>"),
    re.compile(rb"<" + _TAG + rb"col\s[^>]*>"),
)
_FROM_TO = re.compile(rb"""\b(min|max)=["'](\d{1,5})["']""")
_COLUMN = re.compile(rb"""\br=["']([A-Z]{1,3})\d""")
_NO_VALUE = rb"\s*(?:</" + _TAG + rb"c>|<" + _TAG + rb"v\s*/>|<" + _TAG + rb"v>\s*</)"
_SUSPECT = re.compile(
    rb"""\bt=["']e["']|</""" + _TAG + rb"f>" + _NO_VALUE + rb"|<" + _TAG + rb"f(?:\s[^>]*)?/>" + _NO_VALUE
)
_CELL = re.compile(
    rb"<" + _TAG + rb"c\s([^>]*?)(?:/>|(?<!/)>(.*?)</" + _TAG + rb"c>)",
    re.DOTALL,
)
_FORMULA = re.compile(rb"<" + _TAG + rb"f[\s/>]")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR, _OF_TEXT = re.compile(rb"""\bt=["']e["']"""), re.compile(rb"""\bt=["']str["']""")
_NO_NUMBER, _WHOLE = re.compile(rb"""\bt=["'][^n]"""), re.compile(rb"[0-9]{1,15}")
_VALUE = re.compile(rb"<" + _TAG + rb"v>([^<]{1,40})<")


def marks_in_xlsx(archive: ZipFile, sheet: str) -> Marks:
    """The marks of one sheet. Raises NoWorkbook and TooLarge."""
    marks, formats = Marks(), formats_in_xlsx(archive)
    styled = _of_styles(formats)
    with archive.open(_part_of(archive, sheet)) as file:
        for rows in _whole_rows(file):
            marks.reach(
                [int(each) - 1 for each in _ROW.findall(rows)],
                [_number(each) for each in set(_COLUMN.findall(rows))],
            )
            if _SUSPECT.search(rows):
                _mark_suspects(marks, rows)
            if _HIDDEN.search(rows):
                _mark_hidden(marks, rows)
            for cell in styled.finditer(rows) if formats else ():
                _mark_shown(marks, formats, *cell.groups())
    if marks.cells > MOST_CELLS:
        raise TooLarge
    return marks


def _whole_rows(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a sheet, in pieces that end where a row begins."""
    held = b""
    while piece := file.read(PIECE):
        held += piece
        cut = max(held.rfind(b"<row"), held.rfind(b":row"))
        if cut > 0:
            yield held[:cut]
            held = held[cut:]
        elif len(held) > _LONGEST_ROW:
            raise NoWorkbook("a row of it has no end")
    yield held


def _mark_suspects(marks: Marks, rows: bytes) -> None:
    for attributes, content in _CELL.findall(rows):
        place = _PLACE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]) - 1, _number(place[1])
        value = _VALUE.search(content)
        if _ERROR.search(attributes):
            said = value[1].decode(errors="replace") if value else "of a formula"
            marks.mark(row, column, f"holds the error {said}")
        elif value is None and not _OF_TEXT.search(attributes) and _FORMULA.search(content):
            marks.mark(row, column, NOT_COMPUTED)


def _of_styles(styles: Collection[int]) -> re.Pattern[bytes]:
    """Finds cells of some styles that hold something: the style, attributes and content."""
    numbers = "|".join(map(str, styles)).encode()
    return re.compile(
        rb"<"
        + _TAG
        + rb"""c\s(?=[^>]*?\bs=["']("""
        + numbers
        + rb""")["'])([^>]*)(?<!/)>(.*?)</"""
        + _TAG
        + rb"c>",
        re.DOTALL,
    )


def _mark_shown(
    marks: Marks, formats: Mapping[int, Format], style: bytes, attributes: bytes, content: bytes
) -> None:
    place, value, format = _PLACE.search(attributes), _VALUE.search(content), formats[int(style)]
    if place is None or value is None or _NO_NUMBER.search(attributes):
        return
    row, column = int(place[2]) - 1, _number(place[1])
    if format.percentage:
        marks.mark(row, column, PERCENTAGE)
    elif _WHOLE.fullmatch(value[1]):
        marks.shown.setdefault(row, {})[column] = format.shown(int(value[1]))


def _mark_hidden(marks: Marks, rows: bytes) -> None:
    for tag in _ROW_TAG.findall(rows):
        if _HIDDEN.search(tag) and (row := _ROW.match(tag)):
            marks.hidden_rows.add(int(row[1]) - 1)
    for tag in _COLUMNS_TAG.findall(rows):
        ends = {name: int(place) for name, place in _FROM_TO.findall(tag)}
        if _HIDDEN.search(tag) and len(ends) == 2:
            marks.hidden_columns |= set(range(ends[b"min"] - 1, min(ends[b"max"], MOST_COLUMNS)))


def _number(letters: bytes) -> int:
    """The place of a column, from 0.

    >>> [_number(each) for each in (b"A", b"Z", b"AA")]
    [0, 25, 26]
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _part_of(archive: ZipFile, sheet: str) -> str:
    """The name of a sheet's part in the archive."""
    try:
        root = ElementTree.fromstring(archive.read("_rels/.rels"))
        kinds = {each.get("Type", "").rpartition("/")[2]: each.get("Target", "") for each in root}
        book = kinds["officeDocument"].lstrip("/")
        folder, _, name = book.rpartition("/")
        links = ElementTree.fromstring(archive.read(f"{folder}/_rels/{name}.rels".lstrip("/")))
        targets = {each.get("Id"): each.get("Target", "") for each in links}
        for each in ElementTree.fromstring(archive.read(book)).iter():
            if each.tag.endswith("}sheet") and each.get("name") == sheet:
                link = next(value for key, value in each.attrib.items() if key.endswith("}id"))
                target = targets[link]
                return target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")
    except (KeyError, StopIteration, ElementTree.ParseError) as error:
        raise NoWorkbook(str(error)) from None
    raise NoWorkbook(f"there is no part for the sheet {sheet}")
