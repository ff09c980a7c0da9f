"""What `afterrun.spreadsheets` does to a text, on whole columns of texts."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from afterrun.intake import RECORD_ID
from afterrun.spreadsheets import MARK, MARKED, UNSAFE


def given_text(columns: Iterable[str]) -> list[str]:
    """The columns of a result whose texts come from outside; all others are the rulebook's own ids."""
    return [name for name in columns if name in (RECORD_ID, "source")]


def marked(names: Iterable[str]) -> list[pl.Expr]:
    """Columns of text, with a mark in front of what looks like a formula."""
    return [
        pl.when(pl.col(name).str.contains(UNSAFE))
        .then(pl.concat_str(pl.lit(MARK), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    ]


def unmarked(names: Iterable[str]) -> list[pl.Expr]:
    """The same columns as they were."""
    return [
        pl.when(pl.col(name).str.contains(MARKED))
        .then(pl.col(name).str.slice(len(MARK)))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    ]
