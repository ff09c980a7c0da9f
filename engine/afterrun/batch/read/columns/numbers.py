"""Columns of numbers, of text or typed, in; millionths out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from afterrun.batch.read.columns.sheet import EXACT, LARGEST, Series, Sheet, as_text, tidied
from afterrun.intake import MILLION
from afterrun.rulebook import LONGEST_NUMBER, UNKNOWN
from afterrun.rulebook.schema import Question


class _Kind(NamedTuple):
    of_text: bool
    is_whole: bool


def put_numbers(sheet: Sheet, wanted: Sequence[tuple[Question, Series]]) -> None:
    """Columns of numbers; of those that are plain in every row few figures tell so, got in one pass."""
    plain = [each for each in wanted if each[1].dtype == pl.String or each[1].dtype.is_numeric()]
    for question, series in wanted:
        if series.dtype == pl.Null:
            sheet.numbers(question, series.cast(pl.Float64), None)
        elif series.dtype == pl.Boolean:
            sheet.doubt(series.is_not_null())
        elif not (series.dtype == pl.String or series.dtype.is_numeric()):
            put_number_text(sheet, question, as_text(sheet, series))
    kinds = tuple(_Kind(series.dtype == pl.String, one.type == "integer") for one, series in plain)
    frame = pl.DataFrame([series.alias(f"given{at}") for at, (_, series) in enumerate(plain)])
    for made in _made_of(kinds):
        frame = frame.with_columns_seq(made)
    told = frame.select_seq(_told_of(kinds)).row(0, named=True) if kinds else {}
    for at, (question, series) in enumerate(plain):
        values, whole = frame[f"value{at}"], frame[f"whole{at}"]
        unread = whole.null_count() > series.null_count()
        low, high = told[f"low{at}"] or 0, told[f"high{at}"] or 0
        most = EXACT if question.type == "integer" else LARGEST
        if not unread and not told[f"odd{at}"] and -most < low and high < most:
            sheet.made[question.id] = whole
        elif kinds[at].of_text:
            put_number_text(sheet, question, series)
        else:
            sheet.numbers(question, values, None)


@lru_cache
def _made_of(kinds: tuple[_Kind, ...]) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """What is made of columns, and of that."""
    places = range(len(kinds))
    return (
        [pl.col(f"given{at}").cast(pl.Float64, strict=False).alias(f"value{at}") for at in places],
        [
            (pl.col(f"value{at}") * float(MILLION) + 0.5)
            .floor()
            .cast(pl.Int64, strict=False)
            .alias(f"whole{at}")
            for at in places
        ],
    )


@lru_cache
def _told_of(kinds: tuple[_Kind, ...]) -> list[pl.Expr]:
    """The figures by which a column is plain: its least and its largest number, and whether one is odd."""

    def figures() -> Iterator[pl.Expr]:
        for at, (of_text, is_whole) in enumerate(kinds):
            value, whole = pl.col(f"value{at}"), pl.col(f"whole{at}")
            yield whole.min().alias(f"low{at}")
            yield whole.max().alias(f"high{at}")
            # What was written with an exponent may come to nothing.
            odd = ((whole == 0) & (value != 0)).any()
            if is_whole:
                odd = odd | (value.floor() != value).any()
            if of_text:
                lengths = pl.col(f"given{at}").str.len_bytes()
                odd = odd | (lengths.max() > LONGEST_NUMBER) | ((value == 0) & (lengths > 3)).any()
            yield odd.alias(f"odd{at}")

    return list(figures())


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
