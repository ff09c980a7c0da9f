"""Columns that have types: whether one can hold what it stands for, and what it holds in words."""

from __future__ import annotations

from typing import Any

import polars as pl

from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.words import yes_no
from afterrun.rulebook import Rulebook

_TEXT = (pl.String, pl.Categorical, pl.Enum, pl.Null)
_KINDS: dict[type[pl.DataType], str] = {
    pl.Boolean: "true and false",
    pl.Date: "dates",
    pl.Datetime: "dates and times",
    pl.Time: "times of day",
    pl.Duration: "spans of time",
    pl.Binary: "bytes",
    pl.Struct: "records",
    pl.Float32: "numbers of seven digits",
    pl.Float16: "numbers of three digits",
}


def wanted_instead(rulebook: Rulebook, column: Column, dtype: pl.DataType) -> str:
    """What a typed column should hold; nothing where it can be what it is."""
    if column.role == "other" or isinstance(dtype, _TEXT):
        return ""
    if column.role == "choice" and isinstance(dtype, pl.Boolean):
        return "" if yes_no(rulebook.questions[column.key]) else "text or codes"
    numeric = dtype.is_numeric()
    fits, wanted = {
        "list": (
            isinstance(dtype, pl.List | pl.Array) and isinstance(dtype.inner, _TEXT),
            "text, or lists of text",
        ),
        "number": (numeric, "numbers or text"),
        "tick": (numeric or isinstance(dtype, pl.Boolean), "true and false, 1 and 0, or text"),
        "record_id": (_holds_ids(dtype), "text or whole numbers"),
        "raw": (False, "text or codes"),
        "unread": (False, "text"),
    }.get(column.role, (numeric, "text or codes"))
    return "" if fits else wanted


def _holds_ids(dtype: pl.DataType) -> bool:
    """Whether two ids stay two in it; floats are looked at one by one."""
    return dtype.is_integer() or dtype == pl.Float64 or (isinstance(dtype, pl.Decimal) and dtype.scale == 0)


def kind_words(dtype: Any) -> str:
    """What a column of a Polars type holds, in words.

    >>> [kind_words(each) for each in (pl.Int8(), pl.List(pl.Boolean()), pl.Datetime("ns"), pl.Struct([]))]
    ['numbers', 'lists of true and false', 'dates and times', 'records']
    """
    if isinstance(dtype, pl.List | pl.Array):
        return f"lists of {kind_words(dtype.inner)}"
    if dtype.is_numeric() and dtype.base_type() not in _KINDS:
        return "decimal numbers" if dtype.is_decimal() else "numbers"
    if isinstance(dtype, _TEXT):
        return "text"
    return _KINDS.get(dtype.base_type(), "values of another kind")
