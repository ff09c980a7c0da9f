"""The decoded values of one question, put on the sheet as a column; what is not plain is doubted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.read.sheet import Sheet
from afterrun.batch.read.ticks import put_known, ticks_of
from afterrun.intake import LONGEST_TEXT, RECORD_ID
from afterrun.rulebook import UNKNOWN
from afterrun.rulebook.schema import Question

_WRONG, _BLANK = 254, 253
_MANY_LISTS = 50_000


def put_record_ids(sheet: Sheet, values: Sequence[Any]) -> None:
    """Record ids as text, whole numbers too; a blank one is missing."""
    kinds = set(map(type, values))
    wrong = None
    if not kinds <= {str, type(None)}:
        wrong = [type(each) not in (str, int, type(None)) for each in values]
        values = [str(each) if type(each) is int else each if type(each) is str else None for each in values]
    try:
        text = pl.Series(values, dtype=pl.String)
    except (UnicodeEncodeError, TypeError, pl.exceptions.PolarsError):
        halves = [each is not None and not _is_text(each) for each in values]
        sheet.doubt(pl.Series(halves, dtype=pl.Boolean))
        text = pl.Series(
            [None if half else each for half, each in zip(halves, values, strict=True)], dtype=pl.String
        )
    if text.str.contains(r"^\s|\s$|^$|\pC").any():
        text = pl.Series([None if each is None else each.strip() or None for each in text], dtype=pl.String)
    sheet.doubt((text.str.len_bytes() > LONGEST_TEXT).fill_null(False))
    if wrong is not None:
        sheet.doubt(pl.Series(wrong, dtype=pl.Boolean))
    sheet.made[RECORD_ID] = text


def codes_of(sheet: Sheet, values: Sequence[Any], words: Mapping[str, int]) -> pl.Series:
    """The code of each word; anything else is doubted."""
    table: dict[Any, int] = {**words, None: _BLANK, "": _BLANK}
    get = table.get
    try:
        codes = [get(each, _WRONG) for each in values]
    except TypeError:
        codes = [get(each, _WRONG) if type(each) is str or each is None else _WRONG for each in values]
    series = pl.Series(np.array(codes, np.uint8))
    sheet.doubt(series == _WRONG)
    marked = (series == _WRONG) | (series == _BLANK)
    return pl.select(pl.when(~marked).then(series)).to_series()


class ListCodes:
    """The lists of a multiple choice as codes: each different list is understood once."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._words = {option.id: place for place, option in enumerate(question.options)}
        self._codes: dict[tuple[Any, ...], int] = {}
        self._meanings: list[frozenset[int] | None] = [frozenset(), None]

    def forget_many(self) -> None:
        """Forget the lists met so far, and their codes, before they fill the memory."""
        if len(self._codes) > _MANY_LISTS:
            self._codes = {}
            self._meanings = [frozenset(), None]

    def code(self, value: Any) -> int:
        """The code of a list."""
        if type(value) is not list:
            return 0 if value is None or value == "" else 1
        key = tuple(value)
        try:
            code = self._codes.get(key)
            if code is None:
                self._meanings.append(ticks_of(self._question, self._words, value))
                code = self._codes[key] = len(self._meanings) - 1
        except TypeError:
            return 1
        return code

    def put(self, sheet: Sheet, codes: Sequence[int]) -> None:
        """The ticks behind a column of codes."""
        put_known(sheet, self._question, self._meanings, pl.Series(codes, dtype=pl.UInt32))


def put_numbers(sheet: Sheet, question: Question, values: Sequence[Any]) -> set[int]:
    """The numbers of a column; gives back the rows of those that are 0.0."""
    kinds = set(map(type, values))
    unknown = None
    if not kinds <= {int, float, type(None)}:
        wrong = [type(each) not in (int, float, type(None)) and each != "" for each in values]
        if question.unknown_reads is not None and str in kinds:
            told = [type(each) is str and each == UNKNOWN.value for each in values]
            wrong = [bad and not fine for bad, fine in zip(wrong, told, strict=True)]
            unknown = pl.Series(told, dtype=pl.Boolean)
        sheet.doubt(pl.Series(wrong, dtype=pl.Boolean))
        values = [each if type(each) in (int, float) else None for each in values]
    # A float that is no number stays apart from what is missing.
    floats = pl.Series(np.array(values, np.float64)) if values else pl.Series([], dtype=pl.Float64)
    if type(None) in set(map(type, values)):
        missing = pl.Series([each is None for each in values], dtype=pl.Boolean)
        floats = pl.select(pl.when(~missing).then(floats)).to_series()
    sheet.numbers(question, floats, unknown)
    if float not in kinds:
        return set()
    return {row for row in (floats == 0).arg_true().to_list() if type(values[row]) is float}


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
