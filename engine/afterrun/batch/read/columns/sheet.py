"""The checked columns of a chunk in the making, and the checks that all readers share.

Whole columns are checked at once. A row that any check finds wanting is only *suspect*: `read_answers`
judges it, alone. So the checks may be stricter than the meaning of an intake, never more lenient.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.input.layout import UNKNOWN_NUMBER, schema_of
from afterrun.intake import MILLION, bounds
from afterrun.rulebook import Rulebook, engine_of
from afterrun.rulebook.schema import Question

LARGEST = float(2**62)
"""Millionths that no column holds; half of what it could, to keep clear of UNKNOWN_NUMBER."""
EXACT = 2**52
"""Millionths up to which a whole number as a float is exactly a whole number of millions."""
TINIEST = 1e-39
"""Below it a number was written with an exponent that `read_answers` may refuse."""

Series = pl.Series


class CheckedColumns(NamedTuple):
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
        whole = scaled.cast(pl.Int64, strict=False)
        # What no integer holds, NaN too, is null now; of the others few numbers tell of all.
        if whole.null_count() > values.null_count() or beyond(whole, LARGEST):
            # NaN is above every number here.
            self.doubt(scaled.abs() >= LARGEST)
        tiny = whole == 0
        if tiny.any():
            tiny = tiny & (values != 0)
            if tiny.any():
                self.doubt(tiny & (values.abs() < TINIEST))
        if question.type == "integer" and (beyond(whole, EXACT) or (values.floor() != values).any()):
            self.doubt(whole % MILLION != 0)
        if unknown is not None and unknown.any():
            whole = pl.select(pl.when(unknown).then(UNKNOWN_NUMBER).otherwise(whole)).to_series()
        self.made[question.id] = whole

    def finish(self) -> CheckedColumns:
        """Bounds and units, which need more than one column; then every column of the layout, in order."""
        for question in self.rulebook.questions.values():
            if question.type in ("integer", "number") and question.id in self.made:
                self._bounds(question)
        schema = engine_of(self.rulebook, schema_of)
        columns = [
            _of(self.made[name], dtype).alias(name)
            if name in self.made
            else pl.Series(name, [None], dtype=dtype).new_from_index(0, self.height)
            for name, dtype in schema.items()
        ]
        return CheckedColumns(pl.DataFrame(columns), self.suspect)

    def _bounds(self, question: Question) -> None:
        numbers = self.made[question.id]
        quantity = self.rulebook.quantities[question.quantity] if question.quantity else None
        unit = self.made.get(quantity.unit_key) if quantity else None
        low, high = bounds(question, quantity, None)
        least, most = numbers.min(), numbers.max()
        if not isinstance(least, int) or not isinstance(most, int):
            return

        def answered() -> Series:
            return numbers.is_not_null() & (numbers != UNKNOWN_NUMBER)

        if low is not None and least < low * MILLION:
            self.doubt(answered() & (numbers < math.ceil(low * MILLION)))
        if quantity is None:
            if high is not None and most > high * MILLION:
                self.doubt(answered() & (numbers > math.floor(high * MILLION)))
        elif unit is None:
            self.doubt(answered())
        else:
            if unit.null_count():
                self.doubt(answered() & unit.is_null())
            tops = [math.floor(Fraction(each.at_most) * MILLION) for each in quantity.units]
            if most > min(tops):
                self.doubt(answered() & (numbers > Series(tops, dtype=pl.Int64).gather(unit)))


def _of(series: Series, dtype: Any) -> Series:
    """To cast what is of the type already costs something, too."""
    return series if series.dtype == dtype else series.cast(dtype)


def beyond(numbers: Series, most: float) -> bool:
    """Whether some number is as large as `most`, or as small as its negative."""
    low, high = numbers.min(), numbers.max()
    return isinstance(low, int) and isinstance(high, int) and (high >= most or -low >= most)


def as_text(sheet: Sheet, series: Series) -> Series:
    """The column as text; what would lose its meaning in text is doubted."""
    if series.dtype == pl.String:
        return series
    if series.dtype.is_float() or series.dtype.is_decimal():
        floats = series.cast(pl.Float64)
        whole = floats.cast(pl.Int64, strict=False)
        sheet.doubt((whole.cast(pl.Float64) != floats).fill_null(floats.is_not_null()))
        return whole.cast(pl.String)
    return series.cast(pl.String)


def tidied(text: Series) -> Series:
    """Trimmed text, null where nothing is left."""
    stripped = text.str.strip_chars()
    return pl.select(pl.when(stripped != "").then(stripped)).to_series()
