"""Columns as read, of text or typed, in; checked columns out, and which rows to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.cells import BETWEEN_PARTS, DOUBTED_ID
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.gaps import open_options, unasked_of
from afterrun.batch.input.form.words import WordBook
from afterrun.batch.input.layout import OCCASION
from afterrun.batch.read.columns.sheet import CheckedColumns, Series, Sheet, as_text, tidied
from afterrun.batch.read.columns.ticks import KnownLists, open_blanks, put_columns, put_lists, put_text
from afterrun.intake import LONGEST_TEXT, RECORD_ID
from afterrun.rulebook import LONGEST_NUMBER, UNKNOWN, Rulebook, engine_of
from afterrun.rulebook.schema import Question


def normalise(
    rulebook: Rulebook,
    columns: Sequence[Column],
    frame: pl.DataFrame,
    lists: KnownLists | None = None,
) -> CheckedColumns:
    """Check a frame whose columns are those given, in order, under any names: text as in CSV, or typed.

    Columns that say nothing may be left out of both. `lists` is what earlier frames of the same columns
    held; giving it again saves time.
    """
    lists = {} if lists is None else lists
    sheet, book = Sheet(rulebook, frame.height), engine_of(rulebook, WordBook)
    tick_columns: list[Column] = []
    ticks: list[Series] = []
    raw: Series | None = None
    occasion: list[Series] = []
    for column, series in zip(columns, frame.get_columns(), strict=True):
        if column.role == "record_id":
            put_ids(sheet, series)
        elif column.role in ("unit", "choice"):
            sheet.made[column.key] = looked_up(sheet, as_text(sheet, series), book.of(column), pl.UInt8)
        elif column.role == "number":
            _number(sheet, rulebook.questions[column.key], series)
        elif column.role == "list":
            question = rulebook.questions[column.key]
            if series.dtype == pl.List:
                put_lists(sheet, question, series, book.of(column))
            else:
                put_text(sheet, question, as_text(sheet, series), book.of(column), lists)
        elif column.role == "tick":
            ticked = series
            if series.dtype != pl.Boolean:
                ticked = looked_up(sheet, as_text(sheet, series), book.of(column), pl.Boolean)
            tick_columns.append(column)
            ticks.append(ticked)
        elif column.role == "occasion":
            occasion.append(tidied(as_text(sheet, series)))
        elif column.role == "unread":
            sheet.doubt(tidied(as_text(sheet, series)).is_not_null())
        elif column.role == "raw":
            raw = as_text(sheet, series)
    put_all_ticks(sheet, tick_columns, ticks)
    if occasion:
        sheet.made[OCCASION] = joined(occasion)
    if raw is not None:
        _still_raw(sheet, columns, frame, raw)
    return sheet.finish()


def put_all_ticks(sheet: Sheet, columns: Sequence[Column], ticks: Sequence[Series]) -> None:
    """The ticks of options that have columns of their own; what those do not offer stays open."""
    by_question: dict[str, dict[str, Series]] = {}
    for column, series in zip(columns, ticks, strict=True):
        by_question.setdefault(column.key, {})[column.option] = series
    asked = unasked_of(columns)
    for key, by_option in by_question.items():
        question = sheet.rulebook.questions[key]
        still_open = open_options(question, asked[key]) if key in asked else frozenset[str]()
        put_columns(sheet, question, by_option, still_open)
        if key in asked:
            open_blanks(sheet, question, by_option)


def looked_up(sheet: Sheet, text: Series, words: Words, dtype: Any, *, trims: bool = True) -> Series:
    """The value of each word; null where the cell is blank or, then doubted, where it is no such word.

    Unless it `trims` a word with blanks around it is none.
    """
    known = pl.Enum(list(words))
    found = text.cast(known, strict=False)
    if found.null_count() > text.null_count():
        if trims:
            text = tidied(text)
            found = text.cast(known, strict=False)
        strange = text.filter(found.is_null() & (text != "")).unique()
        otherwise = {each: word for each in strange if (word := words.spelt(each)) is not None}
        if otherwise:
            found = text.replace(otherwise).cast(known, strict=False)
        sheet.doubt(found.is_null() & (text != ""))
    return Series(list(words.values()), dtype=dtype).gather(found.to_physical())


def put_ids(sheet: Sheet, series: Series) -> None:
    """A column of record ids."""
    text = tidied(as_text(sheet, series))
    if series.dtype == pl.Boolean:
        sheet.doubt(series.is_not_null())
    sheet.doubt(text.str.len_bytes() > LONGEST_TEXT)
    sheet.doubt(text.str.contains(f"^(?:{DOUBTED_ID})$"))
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
    put_number_text(sheet, question, as_text(sheet, series))


def put_number_text(sheet: Sheet, question: Question, text: Series) -> None:
    """A column of numbers as text."""
    unknown: Series | None = None
    values = text.cast(pl.Float64, strict=False)
    if values.null_count() > text.null_count():
        text = tidied(text)
        values = text.cast(pl.Float64, strict=False)
        no_number = values.is_null() & text.is_not_null()
        if question.unknown_reads is not None:
            unknown = (text.str.to_lowercase() == UNKNOWN.value).fill_null(False)
            no_number = no_number & ~unknown
        sheet.doubt(no_number)
    lengths = text.str.len_bytes()
    sheet.doubt(lengths > LONGEST_NUMBER)
    zeros = text.filter((values == 0) & (lengths > 3))
    if len(zeros) and zeros.str.contains("[eE]").any():
        sheet.doubt((values == 0) & text.str.contains("[eE]"))
    sheet.numbers(question, values, unknown)


def joined(parts: Sequence[Series]) -> Series:
    """What tells rows of one record apart, as `occasion_of` joins it."""
    texts = [
        each.fill_null("")
        .str.replace_all("\\", "\\\\", literal=True)
        .str.replace_all(BETWEEN_PARTS, "\\/", literal=True)
        for each in parts
    ]
    joined = pl.select(pl.concat_str(texts, separator=BETWEEN_PARTS)).to_series()
    return pl.select(pl.when(joined != BETWEEN_PARTS * (len(parts) - 1)).then(joined)).to_series()


def _still_raw(sheet: Sheet, columns: Sequence[Column], frame: pl.DataFrame, raw: Series) -> None:
    """A rejected line that came back as it went: without this it would pass as an empty intake."""
    blank = tidied(raw).is_not_null()
    for column, series in zip(columns, frame.get_columns(), strict=True):
        if column.role not in ("raw", "occasion", "unread", "other"):
            if series.dtype == pl.List:
                blank = blank & (series.is_null() | (series.list.len() == 0))
            else:
                blank = blank & tidied(series.cast(pl.String)).is_null()
    sheet.doubt(blank)
