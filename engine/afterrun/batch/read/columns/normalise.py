"""Columns as read, of text or typed, in; checked columns out, and which rows to look at again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.input.form.cells import BETWEEN_PARTS, DOUBTED_ID, SURE_ID
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.gaps import open_options, unasked_of
from afterrun.batch.input.form.words import WordBook
from afterrun.batch.input.layout import OCCASION
from afterrun.batch.read.columns.numbers import put_numbers
from afterrun.batch.read.columns.sheet import CheckedColumns, Series, Sheet, as_text, tidied
from afterrun.batch.read.columns.ticks import KnownLists, open_blanks, put_columns, put_lists, put_texts
from afterrun.batch.read.columns.words import LookedUp, all_looked_up
from afterrun.intake import LONGEST_TEXT, RECORD_ID
from afterrun.rulebook import Rulebook, engine_of
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
    choices: list[tuple[str, LookedUp]] = []
    lists_of_text: list[tuple[Question, Series, Words]] = []
    numbers: list[tuple[Question, Series]] = []
    raw: Series | None = None
    occasion: list[Series] = []
    for column, series in zip(columns, frame.get_columns(), strict=True):
        if column.role == "record_id":
            put_ids(sheet, series)
        elif column.role in ("unit", "choice"):
            choices.append((column.key, LookedUp(as_text(sheet, series), book.of(column), pl.UInt8)))
        elif column.role == "number":
            numbers.append((rulebook.questions[column.key], series))
        elif column.role == "list":
            question = rulebook.questions[column.key]
            if series.dtype == pl.List:
                put_lists(sheet, question, series, book.of(column))
            else:
                lists_of_text.append((question, as_text(sheet, series), book.of(column)))
        elif column.role == "tick":
            tick_columns.append(column)
            ticks.append(series)
        elif column.role == "occasion":
            occasion.append(tidied(as_text(sheet, series)))
        elif column.role == "unread":
            sheet.doubt(tidied(as_text(sheet, series)).is_not_null())
        elif column.role == "raw":
            raw = as_text(sheet, series)
    looked_up = all_looked_up(sheet, [each for _, each in choices])
    sheet.made |= zip((key for key, _ in choices), looked_up, strict=True)
    put_numbers(sheet, numbers)
    put_texts(sheet, lists_of_text, lists)
    put_all_ticks(sheet, tick_columns, _ticked(sheet, tick_columns, ticks, book))
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


def _ticked(sheet: Sheet, columns: Sequence[Column], ticks: Sequence[Series], book: WordBook) -> list[Series]:
    """Columns of one option each, those of text looked up."""
    texts = [
        LookedUp(as_text(sheet, series), book.of(column), pl.Boolean)
        for column, series in zip(columns, ticks, strict=True)
        if series.dtype != pl.Boolean
    ]
    found = iter(all_looked_up(sheet, texts))
    return [series if series.dtype == pl.Boolean else next(found) for series in ticks]


def put_ids(sheet: Sheet, series: Series) -> None:
    """A column of record ids."""
    text = tidied(as_text(sheet, series))
    if series.dtype == pl.Boolean:
        sheet.doubt(series.is_not_null())
    if series.dtype.is_float():
        sheet.doubt(series.abs() >= SURE_ID)
    sheet.doubt(text.str.len_bytes() > LONGEST_TEXT)
    # The last ones are white space to Python, and not to Rust.
    sheet.doubt(text.str.contains(f"^(?:{DOUBTED_ID})$|[\x1c-\x1f]"))
    sheet.made[RECORD_ID] = text


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
    if (ids := sheet.made.get(RECORD_ID)) is not None:
        # A spreadsheet may have taken them off.
        with_zero = pl.concat_str(pl.lit("0"), ids.cast(pl.String))
        sheet.doubt(pl.select(raw.str.contains(with_zero, literal=True)).to_series())
