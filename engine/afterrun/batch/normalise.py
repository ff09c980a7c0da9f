"""Columns as read, of text or typed, in; checked columns in the layout out, and which rows to look at again.

Whole columns are checked at once. A row that any check finds wanting is only *suspect*: `read_answers`
judges it, alone. So the checks here may be stricter than the meaning of an intake, never more lenient.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.cells import LIST_SEPARATOR, TICKS, choice_words, option_words, unit_words
from afterrun.batch.headers import Column
from afterrun.batch.layout import UNKNOWN_NUMBER, option_column, schema_of
from afterrun.intake import LONGEST_TEXT, MILLION, RECORD_ID, bounds
from afterrun.intake_files import LONGEST_NUMBER
from afterrun.rulebook import Rulebook
from afterrun.variables import UNKNOWN
from afterrun.written.files import Question

LARGEST = float(2**62)
"""Millionths that no column holds; half of what it could, to keep clear of UNKNOWN_NUMBER."""
TINIEST = 1e-39
"""Below it a number was written with an exponent that `read_answers` may refuse."""

Series = pl.Series


class Checked(NamedTuple):
    """A chunk in the layout, `source` and `line` still to be filled, and its suspect rows."""

    frame: pl.DataFrame
    suspect: Series


class Sheet:
    """The layout's columns as they are made, and the rows found suspect on the way."""

    def __init__(self, rulebook: Rulebook, height: int) -> None:
        self.rulebook = rulebook
        self.height = height
        self.made: dict[str, Series] = {}
        self.suspect = Series("suspect", [False], dtype=pl.Boolean).new_from_index(0, height)

    def doubt(self, rows: Series | None) -> None:
        """Mark rows as suspect; a null marks none."""
        if rows is not None and rows.any():
            self.suspect = self.suspect | rows.fill_null(False)

    def numbers(self, question: Question, values: Series, unknown: Series | None) -> None:
        """Floats, null where not answered, as millionths; exactly what `exact_number` makes of each."""
        scaled = (values * float(MILLION) + 0.5).floor()
        # NaN is above every number here.
        self.doubt((scaled.abs() >= LARGEST) | ((values.abs() < TINIEST) & (values != 0)))
        whole = scaled.cast(pl.Int64, strict=False)
        if question.type == "integer":
            self.doubt(whole % MILLION != 0)
        if unknown is not None and unknown.any():
            whole = pl.select(pl.when(unknown).then(UNKNOWN_NUMBER).otherwise(whole)).to_series()
        self.made[question.id] = whole

    def finish(self) -> Checked:
        """Bounds and units, which need more than one column; then every column of the layout, in order."""
        for question in self.rulebook.questions.values():
            if question.type in ("integer", "number") and question.id in self.made:
                self._bounds(question)
        schema = schema_of(self.rulebook)
        columns = [
            self.made[name].cast(dtype).alias(name)
            if name in self.made
            else pl.Series(name, [None], dtype=dtype).new_from_index(0, self.height)
            for name, dtype in schema.items()
        ]
        return Checked(pl.DataFrame(columns), self.suspect)

    def _bounds(self, question: Question) -> None:
        numbers = self.made[question.id]
        answered = numbers.is_not_null() & (numbers != UNKNOWN_NUMBER)
        quantity = self.rulebook.quantities[question.quantity] if question.quantity else None
        unit = self.made.get(quantity.unit_key) if quantity else None
        low, high = bounds(question, quantity, None)
        if low is not None:
            self.doubt(answered & (numbers < math.ceil(low * MILLION)))
        if quantity is None:
            if high is not None:
                self.doubt(answered & (numbers > math.floor(high * MILLION)))
        elif unit is None:
            self.doubt(answered)
        else:
            most = [math.floor(Fraction(each.at_most) * MILLION) for each in quantity.units]
            highest = Series(most, dtype=pl.Int64).gather(unit)
            self.doubt(answered & (unit.is_null() | (numbers > highest)))


def normalise(rulebook: Rulebook, columns: Sequence[Column], frame: pl.DataFrame) -> Checked:
    """Check a frame whose columns are those given, in order, under any names: text as in CSV, or typed.

    Columns that say nothing may be left out of both.
    """
    sheet = Sheet(rulebook, frame.height)
    ticks: dict[str, dict[str, Series]] = {}
    raw: Series | None = None
    for column, series in zip(columns, frame.get_columns(), strict=True):
        if column.role == "record_id":
            _record_id(sheet, series)
        elif column.role == "unit":
            quantity = next(each for each in rulebook.quantities.values() if each.unit_key == column.key)
            sheet.made[column.key] = _looked_up(sheet, _text(sheet, series), unit_words(quantity), pl.UInt8)
        elif column.role == "choice":
            words = choice_words(rulebook.questions[column.key])
            sheet.made[column.key] = _looked_up(sheet, _text(sheet, series), words, pl.UInt8)
        elif column.role == "number":
            _number(sheet, rulebook.questions[column.key], series)
        elif column.role == "list":
            _list(sheet, rulebook.questions[column.key], series)
        elif column.role == "tick":
            text = _text(sheet, series)
            ticks.setdefault(column.key, {})[column.option] = _looked_up(sheet, text, TICKS, pl.Boolean)
        elif column.role == "raw":
            raw = _text(sheet, series)
    for key, by_option in ticks.items():
        _ticked(sheet, rulebook.questions[key], by_option)
    if raw is not None:
        _still_raw(sheet, columns, frame, raw)
    return sheet.finish()


def _text(sheet: Sheet, series: Series) -> Series:
    """The column as text; what would lose its meaning in text is doubted."""
    if series.dtype == pl.String:
        return series
    if series.dtype.is_float() or series.dtype.is_decimal():
        floats = series.cast(pl.Float64)
        whole = floats.cast(pl.Int64, strict=False)
        sheet.doubt((whole.cast(pl.Float64) != floats).fill_null(floats.is_not_null()))
        return whole.cast(pl.String)
    return series.cast(pl.String)


def _tidy(text: Series) -> Series:
    stripped = text.str.strip_chars()
    return pl.select(pl.when(stripped != "").then(stripped)).to_series()


def _looked_up(sheet: Sheet, text: Series, words: Mapping[str, Any], dtype: Any) -> Series:
    """The value of each word; null where the cell is blank or, then doubted, where it is no such word."""
    known = pl.Enum(list(words))
    found = text.cast(known, strict=False)
    if found.null_count() > text.null_count():
        text = _tidy(text)
        found = text.cast(known, strict=False)
        sheet.doubt(found.is_null() & text.is_not_null())
    return Series(list(words.values()), dtype=dtype).gather(found.to_physical())


def _record_id(sheet: Sheet, series: Series) -> None:
    text = _tidy(_text(sheet, series))
    if series.dtype == pl.Boolean:
        sheet.doubt(series.is_not_null())
    sheet.doubt(text.str.len_bytes() > LONGEST_TEXT)
    # To Python these are white space, to Rust they are not.
    sheet.doubt(text.str.contains("[\x1c-\x1f]"))
    sheet.made[RECORD_ID] = text


def _number(sheet: Sheet, question: Question, series: Series) -> None:
    if series.dtype.is_numeric() or series.dtype == pl.Null:
        sheet.numbers(question, series.cast(pl.Float64), None)
        return
    if series.dtype == pl.Boolean:
        sheet.doubt(series.is_not_null())
        return
    text = _text(sheet, series)
    unknown = (text == UNKNOWN.value).fill_null(False) if question.unknown_reads is not None else None
    values = text.cast(pl.Float64, strict=False)
    lost = values.null_count() - text.null_count() - (int(unknown.sum()) if unknown is not None else 0)
    if lost:
        text = _tidy(text)
        values = text.cast(pl.Float64, strict=False)
        no_number = values.is_null() & text.is_not_null()
        if unknown is not None:
            unknown = (text == UNKNOWN.value).fill_null(False)
            no_number = no_number & ~unknown
        sheet.doubt(no_number)
    sheet.doubt(text.str.len_bytes() > LONGEST_NUMBER)
    zeros = text.filter((values == 0) & (text.str.len_bytes() > 3))
    if len(zeros) and zeros.str.contains("[eE]").any():
        sheet.doubt((values == 0) & text.str.contains("[eE]"))
    sheet.numbers(question, values, unknown)


def _list(sheet: Sheet, question: Question, series: Series) -> None:
    lengths = None
    if series.dtype == pl.List:
        lengths = series.list.len()
        # A null among the items makes the whole text null.
        text = series.cast(pl.List(pl.String)).list.join(LIST_SEPARATOR, ignore_nulls=False)
        sheet.doubt(text.is_null() & series.is_not_null())
    else:
        text = _text(sheet, series)
    different = text.unique().drop_nulls()
    words = option_words(question)
    meanings = [_ticks_of(question, words, each, lengths is None) for each in different]
    codes = text.cast(pl.Enum(different)).to_physical()
    sheet.doubt(Series([each is None for each in meanings], dtype=pl.Boolean).gather(codes))
    if lengths is not None:
        parts = [each.count(LIST_SEPARATOR) + 1 if each else 0 for each in different]
        sheet.doubt(Series(parts, dtype=pl.UInt32).gather(codes) != lengths)
    add_ticks(sheet, question, meanings, codes)


def add_ticks(
    sheet: Sheet, question: Question, meanings: Sequence[frozenset[int] | None], codes: Series
) -> None:
    """The option columns of a multiple choice, from the few different answers and which one each row has."""
    for place, option in enumerate(question.options):
        ticked = [(place in each) if each else None for each in meanings]
        sheet.made[option_column(question.id, option.id)] = Series(ticked, dtype=pl.Boolean).gather(codes)


def _ticks_of(question: Question, words: Mapping[str, int], text: str, spaces: bool) -> frozenset[int] | None:
    """The places of the options that a cell names, none for a blank one; None where it is wrong."""
    if not text or (spaces and not text.strip()):
        return frozenset()
    parts = [part.strip() if spaces else part for part in text.split(LIST_SEPARATOR)]
    return ticks_of(question, words, parts)


def ticks_of(question: Question, words: Mapping[str, int], parts: Sequence[Any]) -> frozenset[int] | None:
    """The places of the options named, or None where one is unknown, named twice, or too many."""
    places = [words.get(part) for part in parts]
    chosen = frozenset(place for place in places if place is not None)
    too_many = question.max_choices is not None and len(chosen) > question.max_choices
    return None if too_many or len(chosen) < len(places) else chosen


def _ticked(sheet: Sheet, question: Question, by_option: Mapping[str, Series]) -> None:
    """Option columns of a file, beside the list column where there is one."""
    names = [option_column(question.id, option.id) for option in question.options]
    given_columns = pl.DataFrame([each.fill_null(False).alias(name) for name, each in by_option.items()])
    any_ticked = given_columns.select(pl.any_horizontal(pl.all())).to_series()
    if question.max_choices is not None:
        count = given_columns.select(pl.sum_horizontal(pl.all().cast(pl.UInt32))).to_series()
        sheet.doubt(count > question.max_choices)
    nowhere = pl.Series([False]).new_from_index(0, sheet.height)
    listed = sheet.made.get(names[0])
    for option, name in zip(question.options, names, strict=True):
        given = by_option.get(option.id)
        flat = given.fill_null(False) if given is not None else nowhere
        ticked = pl.select(pl.when(any_ticked).then(flat)).to_series()
        if listed is None:
            sheet.made[name] = ticked
        else:
            in_list = sheet.made[name]
            if given is not None:
                sheet.doubt((given != in_list).fill_null(False))
            sheet.made[name] = pl.select(pl.coalesce(in_list, ticked)).to_series()


def _still_raw(sheet: Sheet, columns: Sequence[Column], frame: pl.DataFrame, raw: Series) -> None:
    """A rejected line that came back as it went: without this it would pass as an empty intake."""
    blank = _tidy(raw).is_not_null()
    for column, series in zip(columns, frame.get_columns(), strict=True):
        if column.role not in ("raw", "other"):
            if series.dtype == pl.List:
                blank = blank & (series.is_null() | (series.list.len() == 0))
            else:
                blank = blank & _tidy(series.cast(pl.String)).is_null()
    sheet.doubt(blank)


def empty_frame(rulebook: Rulebook) -> pl.DataFrame:
    """No rows, every column."""
    return pl.DataFrame(schema=schema_of(rulebook))
