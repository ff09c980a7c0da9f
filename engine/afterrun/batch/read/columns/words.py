"""Columns of words in, what each word means out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.form.capitals import Words
from afterrun.batch.read.columns.sheet import Series, Sheet, tidied


class LookedUp(NamedTuple):
    """A column of text to be looked up among words."""

    text: Series
    words: Words
    dtype: Any
    """Of what the words mean."""


def all_looked_up(sheet: Sheet, wanted: Sequence[LookedUp], *, trims: bool = True) -> list[Series]:
    """The value of each word; null where the cell is blank or, then doubted, where it is no such word.

    Unless it `trims` a word with blanks around it is none.
    """
    found = places_among([(each.text, each.words.known) for each in wanted])
    for at, (each, places) in enumerate(zip(wanted, found, strict=True)):
        if places.null_count() > each.text.null_count():
            found[at] = _with_care(sheet, each.text, each.words, trims=trims)
    tables = [each.words.meanings(each.dtype) for each in wanted]
    return gathered(tables, [places.to_physical() for places in found])


def places_among(wanted: Sequence[tuple[Series, pl.Enum]]) -> list[Series]:
    """Each column of text as words of its enumeration, null where it is none of them."""
    return at_once(
        [text for text, _ in wanted],
        [pl.col(str(at)).cast(known, strict=False) for at, (_, known) in enumerate(wanted)],
    )


def gathered(tables: Sequence[Series], places: Sequence[Series]) -> list[Series]:
    """What stands at places of tables."""
    return at_once(places, [pl.lit(table).gather(pl.col(str(at))) for at, table in enumerate(tables)])


def at_once(columns: Sequence[Series], made: Sequence[pl.Expr]) -> list[Series]:
    """What is made of columns, which go by their places; a pass for each costs more than what it does."""
    frame = pl.DataFrame([each.alias(str(at)) for at, each in enumerate(columns)])
    return frame.select_seq(each.alias(str(at)) for at, each in enumerate(made)).get_columns()


def _with_care(sheet: Sheet, text: Series, words: Words, *, trims: bool) -> Series:
    """The words of a column in which some cell is none as it stands."""
    found = text.cast(words.known, strict=False)
    if trims:
        text = tidied(text)
        found = text.cast(words.known, strict=False)
    strange = text.filter(found.is_null() & (text != "")).unique()
    otherwise = {each: word for each in strange if (word := words.spelt(each)) is not None}
    if otherwise:
        found = text.replace(otherwise).cast(words.known, strict=False)
    sheet.doubt(found.is_null() & (text != ""))
    return found
