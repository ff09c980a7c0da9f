"""Rows that hold nothing at all: spreadsheets leave them below a table, and they are nobody's."""

from __future__ import annotations

import numpy as np
import polars as pl

from afterrun.batch.input.lines import Array


def blank_rows(frame: pl.DataFrame) -> Array:
    """Which rows hold nothing in any column; few are looked at beyond the first one."""
    left = np.arange(frame.height)
    for series in frame.get_columns():
        if not len(left):
            break
        found = series if len(left) == len(series) else series.gather(left)
        nothing = found.is_null()
        if found.dtype == pl.List:
            nothing = nothing | (found.list.len() == 0).fill_null(True)
        elif found.dtype in (pl.String, pl.Categorical, pl.Enum):
            text = found.cast(pl.String)
            # To strip each is dear, and most begin with a letter or digit.
            if not ((text >= "!") & (text < "\x7f")).all():
                nothing = nothing | (text.str.strip_chars() == "").fill_null(True)
        left = left[nothing.to_numpy()]
    return left
