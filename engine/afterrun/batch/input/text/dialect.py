"""How a table writes its cells: what parts them, what parts a number from its fraction, what means nothing.

Numbers are never guessed at: `20,5` can be read in one way, `1,234` in two, so that it is refused until the
person who runs the batch says which mark is which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from string import ascii_letters
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.input.form.cells import NOT_SHOWN, NUMBER
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.how import How, Separator
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.errors import Problem

SEPARATORS: dict[Separator, str] = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
OF_LIMESURVEY = ("N/A", "-oth-")
"""How LimeSurvey writes a question or an option that was not shown, and another answer than those offered."""
OF_R = "NA"
"""How R writes a cell without an answer."""
MISSING = frozenset(
    {
        *("NULL", "null", "(null)", "(NULL)", "#NULL!", "\\N", "NA", "na", "N/A", "n/a", "#N/A", "<NA>"),
        *("NaN", "nan", "NaT", ".", "-", "--", *(f".{each}" for each in ascii_letters)),
    }
)
"""Words that many programs write for a cell without an answer, and that no question has for one."""

_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}(?P<more>(?:(?P=mark)[0-9]{3})*)", re.ASCII)
_TWO_MARKS = re.compile(
    r"[-+]?[1-9][0-9]{0,2}(?P<mark>[.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?!(?P=mark))(?P<fraction>[.,])[0-9]+",
    re.ASCII,
)


_NA_WORD = rb"(?<![A-Za-z])NA(?![A-Za-z])"
_TELLING = re.compile(_NA_WORD + rb"|[0-9],[0-9]|\W,[0-9]")
_TELLING_QUOTED = re.compile(_NA_WORD + rb'|"[ \t]*[-+]?[0-9.]*,[0-9]')
_LINE_END = re.compile(rb"[\r\n]")
_NAN = frozenset({"NaN", "nan"})
"""How the number that is none is named."""
EXACT = ("record_id", "occasion")
"""Columns whose cells are the same only where their texts are."""
_ROWS_LOOKED_AT = 1000
_LINES_OF_A_ROW = 100


class Dialect(NamedTuple):
    """How the cells of one source are written."""

    separator: Separator = ","
    decimal: Literal["", ".", ","] = ""
    """A comma where the file writes one; nothing else is asked of a file that does not."""
    decimal_told: bool = False
    na: tuple[str, ...] = ()
    na_told: bool = False
    """Whether a record id may be missing in this way, too."""
    lime: bool = False
    """Whether it is LimeSurvey's, which leaves blank what was shown and not ticked."""
    joined: bool = False
    """Whether a carriage return is a line break within a cell, and ends no line."""

    def numbers(self, series: pl.Series) -> pl.Series:
        """Numbers in text with a point for their fraction; what can be read in two ways is none."""
        if not self.decimal:
            return series
        different = series.filter(series.str.contains("[.,]")).unique().to_list()
        return series.replace({text: self.number(text.strip()) or "?" for text in different})

    def plain(self, columns: Sequence[Column], frame: pl.DataFrame) -> pl.DataFrame:
        """Columns of text with their cells as they are written here; what is doubtful becomes no number."""
        if not (self.na or self.decimal):
            return frame
        beside = self._beside_ticks(columns, frame) if self.lime else {}
        return frame.with_columns(
            self._plain(column, series, beside.get(column.key) if column.role == "tick" else None)
            for column, series in zip(columns, frame.get_columns(), strict=True)
            if (series.dtype == pl.String or series.dtype.is_numeric())
            and column.role not in ("other", "raw")
        )

    def _beside_ticks(self, columns: Sequence[Column], frame: pl.DataFrame) -> dict[str, pl.Series]:
        """By question, the rows in which some option was ticked or not: there not every option was hidden."""
        by_key: dict[str, list[pl.Series]] = {}
        for column, series in zip(columns, frame.get_columns(), strict=True):
            if column.role == "tick":
                text = series.str.strip_chars()
                said = (text != "") & ~text.is_in(self.na)
                by_key.setdefault(column.key, []).append(said.fill_null(False))
        return {key: pl.select(pl.any_horizontal(each)).to_series() for key, each in by_key.items()}

    def _plain(self, column: Column, series: pl.Series, beside: pl.Series | None) -> pl.Series:
        if self.has_na(column):
            is_na = self._are_na(column, series).fill_null(False)
            # Such a row needs a look: what was hidden there is open, what is blank was not ticked.
            is_na = is_na if beside is None else is_na & ~beside
            if is_na.any():
                series = pl.select(pl.when(~is_na).then(series).alias(series.name)).to_series()
        return self.numbers(series) if column.role == "number" and series.dtype == pl.String else series

    def _are_na(self, column: Column, series: pl.Series) -> pl.Series:
        """Which cells say that there is no answer: `is_na` for a whole column."""
        numbers = [float(each) for each in numbers_among(self.na)]
        if series.dtype == pl.String:
            text = series.str.strip_chars()
            found = text.is_in(self.na)
            if not numbers or column.role in EXACT:
                return found
            return found | text.cast(pl.Float64, strict=False).is_in(numbers).fill_null(False)
        values = series.cast(pl.Float64)
        found = values.is_in(_floats_among(self.na) if series.dtype.is_float() else numbers)
        return found | values.is_nan() if not _NAN.isdisjoint(self.na) else found

    def is_na(self, cell: Any, *, exactly: bool = False) -> bool:
        """Whether a cell says that there is no answer. A word that is a number names it however it is
        written, but for what is known `exactly` by its text.

        >>> dialect = Dialect(na=("NULL", "-99"))
        >>> [dialect.is_na(each) for each in (" NULL", "-99.0", -99, -9, "-99.0 km")]
        [True, True, True, False, False]
        """
        if isinstance(cell, str):
            text = cell.strip()
            if text in self.na or exactly:
                return text in self.na
            numbers = numbers_among(self.na)
            return bool(numbers) and bool(NUMBER.fullmatch(text)) and Decimal(text) in numbers
        if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
            return False
        if cell != cell:
            return not _NAN.isdisjoint(self.na)
        return cell in (_floats_among if isinstance(cell, float) else numbers_among)(self.na)

    def cells(self, columns: Sequence[Column], fields: Sequence[Any]) -> tuple[list[Any], list[Problem]]:
        """The same for one row, and what is to be said where a cell is doubtful, or no answer."""
        made, doubts = [], []
        fields = self._shown(columns, fields) if self.lime else fields
        for column, field in zip(columns, fields, strict=True):
            text, cell = field.strip() if isinstance(field, str) else "", field
            # Of numbers this one alone is equal to nothing.
            if isinstance(field, float) and field != field:
                text = "NaN"
            if column.role not in ("other", "raw") and self.has_na(column):
                cell = None if self.is_na(field, exactly=column.role in EXACT) else field
            if text and cell is not None and column.role not in ("other", "raw"):
                if text in MISSING and column.role != "record_id":
                    said = f"if '{text}' means that no answer was given, add --na {as_typed(text)}"
                    doubts.append(Problem(said, key=column.key))
                elif column.role == "number":
                    number = self.number(text)
                    # What has a comma no question takes, and each says so by itself.
                    cell = number or (field if "," in text else "")
                    doubts += [] if number else [Problem(self._doubt(text), key=column.key)]
            made.append(cell)
        return made, [each for each in doubts if each.message]

    def _shown(self, columns: Sequence[Column], fields: Sequence[Any]) -> list[Any]:
        """A row in which some options of a question were hidden and others not, told apart."""
        texts = [field.strip() if isinstance(field, str) else "" for field in fields]
        hidden, said = set[str](), set[str]()
        for column, text in zip(columns, texts, strict=True):
            if column.role == "tick" and text:
                (hidden if text in self.na else said).add(column.key)
        made = list(fields)
        for at, (column, text) in enumerate(zip(columns, texts, strict=True)):
            if column.role == "tick" and column.key in hidden & said:
                made[at] = NOT_SHOWN if text in self.na else text or "0"
        return made

    def has_na(self, column: Column) -> bool:
        return bool(self.na) and (column.role != "record_id" or self.na_told)

    def number(self, text: str) -> str | None:
        """A number with a point for its fraction, None where it can be read in two ways, or in none; what
        has no comma is left to whoever reads numbers.

        >>> [Dialect(decimal=",").number(each) for each in ("20,5", "1.234,5", "1,234")]
        ['20.5', '1234.5', None]
        """
        grouped, two = _GROUPED.fullmatch(text), _TWO_MARKS.fullmatch(text)
        if grouped and self.decimal_told and (grouped["mark"] != self.decimal or not grouped["more"]):
            return text.replace(grouped["mark"], "." if grouped["mark"] == self.decimal else "")
        if grouped:
            return None if grouped["mark"] == "," or self.decimal == "," else text
        if two and two["fraction"] == self.decimal:
            return text.replace(two["mark"], "").replace(",", ".")
        if self.decimal == "," and _COMMA.fullmatch(text):
            return text.replace(",", ".")
        return None if "," in text or (self.decimal == "," and self.decimal_told and "." in text) else text

    def _doubt(self, text: str) -> str:
        """What is to be said of it beside that it is no number."""
        grouped = _GROUPED.fullmatch(text)
        if grouped and not grouped["more"] and not self.decimal_told:
            one, other = text.replace(grouped["mark"], "."), text.replace(grouped["mark"], "")
            which = "say which mark parts a fraction, with --decimal , or --decimal ."
            return f"'{text}' is either {one} or {other}; {which}"
        if self.decimal_told and "," not in text:
            return f"'{text[:40]}' has a point, and --decimal says that a comma parts a fraction"
        if not self.decimal and _COMMA.fullmatch(text):
            return f"if the comma of '{text[:40]}' parts a fraction, add --decimal ,"
        return ""


def found_in(
    head: bytes, columns: Sequence[Column], separator: Separator, how: How, *, lime: bool = False
) -> Dialect:
    """The dialect that the rows at the head of a file are written in, as far as it was not told."""
    rows = [] if how.decimal and how.na else _telling_rows(head, len(columns), separator)
    return found_in_cells(by_column(rows, len(columns)), columns, separator, how, lime=lime)


def by_column(rows: Iterable[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    """The cells of each of so many columns."""
    return list(zip(*rows, strict=True)) or [()] * width


def found_in_cells(
    cells: Sequence[Sequence[Any]],
    columns: Sequence[Column],
    separator: Separator,
    how: How,
    *,
    lime: bool = False,
) -> Dialect:
    """The same by the first cells of each column; a cell that is no text tells nothing."""
    decimal, na = how.decimal, how.na
    for column, each in zip(columns, cells, strict=True):
        if column.role in ("other", "raw") or (column.role != "number" and na):
            continue
        texts = {cell.strip() for cell in each if isinstance(cell, str)}
        if column.role == "number" and not decimal and any(map(_is_decimal_comma, texts)):
            decimal = ","
        if OF_R in texts and not na and column.role != "record_id":
            na = (OF_R,)
    lime = lime and not how.na
    na = (*na, *OF_LIMESURVEY) if lime else na
    return Dialect(separator, decimal, bool(how.decimal), na, bool(how.na), lime)


def notes_on(dialect: Dialect, how: How) -> Iterator[str]:
    """What was found and not told, for the person who started the batch."""
    if dialect.separator != "," and not how.separator:
        yield f"its cells are parted by {SEPARATORS[dialect.separator]}"
    if dialect.decimal == "," and not how.decimal:
        yield "its numbers have a decimal comma: 20,5 is read as 20.5"
    if OF_R in dialect.na and not how.na:
        yield f"{OF_R} is read as not answered, as R writes it"
    if dialect.lime:
        yield "N/A (not shown) and -oth- (another answer) are read as not answered, as LimeSurvey writes them"


def _telling_rows(head: bytes, width: int, separator: Separator) -> Iterator[list[str]]:
    """Rows of the head that may hold a decimal comma or the word of R."""
    telling = _TELLING_QUOTED if separator == "," else _TELLING
    at = 0
    for _ in range(_ROWS_LOOKED_AT):
        found = telling.search(head, at)
        if found is None:
            return
        starts = max(head.rfind(end, at, found.start()) for end in (b"\n", b"\r")) + 1
        at = _end_of_row(head, starts, found.end())
        fields = split_line(head[starts:at], width, separator)
        if not isinstance(fields, Damage):
            yield fields


def _end_of_row(head: bytes, starts: int, at: int) -> int:
    """Where the row ends that begins at `starts`: the first line's end from `at` on by which its quotes pair
    up, or the very first, where one is left open."""
    ends = [each.start() for each in islice(_LINE_END.finditer(head, at), _LINES_OF_A_ROW)]
    whole = (end for end in ends if head.count(b'"', starts, end) % 2 == 0)
    return next(whole, ends[0] if ends else len(head))


def _is_decimal_comma(text: str) -> bool:
    """Whether a comma can be nothing but that of a fraction."""
    two = _TWO_MARKS.fullmatch(text)
    return two["fraction"] == "," if two else bool(_COMMA.fullmatch(text) and not _GROUPED.fullmatch(text))


@lru_cache
def numbers_among(words: tuple[str, ...]) -> frozenset[Decimal]:
    """Words that are numbers."""
    return frozenset(Decimal(each) for each in words if NUMBER.fullmatch(each))


@lru_cache
def _floats_among(words: tuple[str, ...]) -> frozenset[float]:
    """The same as floats: a short one is not the long one of the same word."""
    named = [float(each) for each in numbers_among(words)]
    return frozenset([*named, *np.array(named, np.float32).tolist()])


def as_typed(word: str) -> str:
    """A word as it is typed in a shell."""
    return word if word.isalnum() or not set(word) - set("-.0123456789") else f"'{word}'"
