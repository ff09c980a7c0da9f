"""The decoded values of one key, put on the sheet as a column; what is not plain is doubted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.words import WordBook, parts_of
from afterrun.batch.input.layout import OCCASION
from afterrun.batch.input.text.dialect import Dialect
from afterrun.batch.read.columns.normalise import joined, put_all_ticks, put_ids
from afterrun.batch.read.columns.numbers import put_number_text
from afterrun.batch.read.columns.sheet import Sheet, tidied
from afterrun.batch.read.columns.ticks import TickTable, put_coded, ticks_of
from afterrun.batch.read.columns.words import LookedUp, all_looked_up
from afterrun.rulebook import UNKNOWN, engine_of
from afterrun.rulebook.schema import Question

_MANY_LISTS = 50_000


def put_record_ids(sheet: Sheet, values: Sequence[Any]) -> None:
    """Record ids as text, whole numbers too; a blank one is missing."""
    put_ids(sheet, _texts(sheet, [str(each) if type(each) is int else each for each in values]))


def put_occasions(sheet: Sheet, parts: Sequence[Sequence[Any]]) -> None:
    """What tells rows of one record apart, of texts and whole numbers."""
    if parts:
        sheet.made[OCCASION] = joined([tidied(_texts(sheet, _as_codes(values))) for values in parts])


def put_ticks(sheet: Sheet, given: Iterable[tuple[Column, Sequence[Any]]]) -> None:
    """Options with a key of their own: true and false, 1 and 0, or what ticks a cell."""
    found = [(column, values) for column, values in given if column.role == "tick"]
    ticked = []
    for column, values in found:
        words = engine_of(sheet.rulebook, WordBook).of(column)
        texts = ["true" if each is True else "false" if each is False else each for each in values]
        ticked.append(LookedUp(_texts(sheet, _as_codes(texts)), words, pl.Boolean))
    put_all_ticks(sheet, [column for column, _ in found], all_looked_up(sheet, ticked))


def codes_of(sheet: Sheet, values: Sequence[Any], words: Words) -> pl.Series:
    """The code of each word; anything else is doubted."""
    return all_looked_up(sheet, [LookedUp(_texts(sheet, values), words, pl.UInt8)], trims=False)[0]


def _as_codes(values: Iterable[Any]) -> list[Any]:
    return [str(each) if type(each) is int else each for each in values]


def _texts(sheet: Sheet, values: Sequence[Any]) -> pl.Series:
    """A column of texts; what is none, or none that a column can hold, is doubted."""
    try:
        return pl.Series(values, dtype=pl.String)
    except (TypeError, UnicodeEncodeError):
        values = _as_codes(values)
        texts = [each if _is_text(each) else None for each in values]
        wrong = [each is not None and text is None for each, text in zip(values, texts, strict=True)]
        sheet.doubt(pl.Series(wrong, dtype=pl.Boolean))
        return pl.Series(texts, dtype=pl.String)


class ListCodes:
    """The lists of a multiple choice as codes: each different list is understood once."""

    def __init__(self, question: Question, words: Words) -> None:
        self._question = question
        self._words = words
        self._codes: dict[tuple[Any, ...] | str, int] = {}
        self._meanings: list[frozenset[int] | None] = [frozenset(), None]

    def forget_many(self) -> None:
        """Forget the lists met so far, and their codes, before they fill the memory."""
        if len(self._codes) > _MANY_LISTS:
            self._codes = {}
            self._meanings = [frozenset(), None]

    def code(self, value: Any) -> int:
        """The code of a list, or of a text that names several options."""
        if type(value) is not list:
            return self._code_of_text(value) if type(value) is str else 0 if value is None else 1
        key = tuple(value)
        try:
            code = self._codes.get(key)
            if code is None:
                self._meanings.append(ticks_of(self._question, self._words, value))
                code = self._codes[key] = len(self._meanings) - 1
        except TypeError:
            return 1
        return code

    def _code_of_text(self, text: str) -> int:
        if not text.strip():
            return 0
        if text not in self._codes:
            self._meanings.append(ticks_of(self._question, self._words, parts_of(self._words, text)))
            self._codes[text] = len(self._meanings) - 1
        return self._codes[text]

    def put(self, sheet: Sheet, codes: Sequence[int]) -> None:
        """The ticks behind a column of codes."""
        put_coded(sheet, [(TickTable(self._question, self._meanings), pl.Series(codes, dtype=pl.UInt32))])


def put_numbers(sheet: Sheet, question: Question, values: Sequence[Any], dialect: Dialect) -> set[int]:
    """The numbers of a column; gives back the rows of those that are 0.0."""
    kinds = set(map(type, values))
    if str in kinds and any(type(each) is str and each not in ("", UNKNOWN.value) for each in values):
        # Programs that know only text write numbers as such, in some rows or in all.
        texts = dialect.numbers(_texts(sheet, [each if type(each) is str else None for each in values]))
        rest = [repr(each) if type(each) is float else None if type(each) is str else each for each in values]
        put_number_text(sheet, question, pl.select(pl.coalesce(texts, _texts(sheet, rest))).to_series())
        return _zeros(values)
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
    return _zeros(values) if float in kinds else set()


def _zeros(values: Sequence[Any]) -> set[int]:
    return {row for row, value in enumerate(values) if type(value) is float and value == 0}


def _is_text(value: Any) -> bool:
    if type(value) is not str:
        return False
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
