"""What two rulebooks say of the same intakes, row by row: which rows flip, and from what to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from afterrun.batch.crew.orders import output_of
from afterrun.batch.input.folders import Input
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.places import Place, place_of
from afterrun.batch.request import Options, Progress, Request, Tell, Watch
from afterrun.batch.runs.job import run
from afterrun.batch.stored import read_parquet
from afterrun.batch.write.tally import Tally
from afterrun.rulebook import Rulebook

ROW = ("source", "line")
"""What a row goes by in both results."""
_NO_RESULT = ("record_id", "occasion", *ROW, "open_questions", "fired", "rulebook")
_PATTERN = "pattern_"
NONE, NOT_SHOWN = "none", "not shown"
"""A pattern that is refuted, and one that is open or that its triage level does not show."""
MOST_TOLD = 10

Table = Mapping[tuple[str, str], int]
"""How many rows went from what to what, those that stayed too."""


class FlippedRow(NamedTuple):
    """A row of which the two say something else."""

    input: str
    line: int
    record_id: str
    changes: Mapping[str, tuple[Any, Any]]
    """By column, what was and is said."""


class FlippedRows(NamedTuple):
    """What came of the same rows under two rulebooks."""

    rows: int
    """Those that both rulebooks can read."""
    flipped: int
    only_old: int
    """Rows that the new rulebook rejects."""
    only_new: int
    refused: int
    """Rows that neither can read."""
    reasons: Mapping[str, int]
    """Rejects by what was wrong, as a tally names it: of both rulebooks the larger count."""
    columns: Mapping[str, int]
    """How many rows differ in each column, the most first."""
    tables: Mapping[str, Table]
    """For the triage and each pattern, by column; only those in which a row differs."""
    first: tuple[FlippedRow, ...]


def flipped_rows(
    old: Rulebook,
    new: Rulebook,
    inputs: Sequence[Input],
    scratch: Path,
    how: How = AS_IT_IS,
    watch: Watch = lambda progress: None,
    tell: Tell = lambda note: None,
) -> FlippedRows:
    """Run both rulebooks over the same inputs, in an empty folder for what lies in between, and compare.

    Raises what `run` does.
    """
    places: list[Place] = []
    tallies: list[Tally] = []
    heard: dict[str, list[str]] = {"old": [], "new": []}
    for half, (name, rulebook) in enumerate((("old", old), ("new", new))):
        options = Options(columns=_columns(rulebook))
        place = place_of(str(scratch / name), "parquet")
        seen = partial(_of_both, watch, half)
        tallies.append(run(Request(rulebook, inputs, options, how=how), place, seen, heard[name].append))
        places.append(place)
    _tell_of_both(tell, **heard)
    compared = _Compared([str(each) for each in inputs])
    for number in range(max(len(list(place.parts.glob("*.parquet"))) for place in places)):
        compared.add(*(_part(place, number) for place in places))
    return compared.told(*tallies)


def _of_both(watch: Watch, half: int, progress: Progress) -> None:
    """How far one of two runs is, as a part of both."""
    watch(progress._replace(share=(half + progress.share) / 2))


def _tell_of_both(tell: Tell, old: Sequence[str], new: Sequence[str]) -> None:
    """What both say of the inputs once, and what one says with its name: a column may be read by it alone."""
    for note in dict.fromkeys((*old, *new)):
        which = "" if note in old and note in new else "old" if note in old else "new"
        tell(f"under the {which} rulebook: {note}" if which else note)


def _columns(rulebook: Rulebook) -> tuple[str, ...]:
    every = output_of(rulebook, Options()).columns
    return tuple(name for name in every if name in ("record_id", *ROW) or name not in _NO_RESULT)


def _part(place: Place, number: int) -> pl.DataFrame:
    """One part, its words as plain texts."""
    frame = read_parquet(place.part(number))
    words = [name for name, kind in frame.schema.items() if kind in (pl.Categorical, pl.Enum)]
    return frame.with_columns(pl.col(name).cast(pl.String) for name in words)


def _beside(old: pl.DataFrame, new: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
    """Each row of both with the wanted columns of the other beside it."""
    now = new.select(*ROW, pl.col(wanted).name.suffix(" now"))
    if old.select(ROW).equals(now.select(ROW)):
        # Nothing was rejected by one alone, as mostly: to look each row up would cost as much as to compare.
        return old.hstack(now.drop(ROW))
    return old.join(now, on=list(ROW), how="inner")


def _differs(name: str) -> pl.Expr:
    old, new = pl.col(name), pl.col(f"{name} now")
    if name.startswith(_PATTERN):
        old, new = old.fill_null(NONE), new.fill_null(NONE)
    return old.ne_missing(new)


def _as_told(name: str, value: Any) -> Any:
    """A pattern that is refuted and one that its level does not show are both not told."""
    return NONE if value is None and name.startswith(_PATTERN) else value


class _Compared:
    def __init__(self, inputs: Sequence[str]) -> None:
        self._inputs = inputs
        self._both = self._flipped = 0
        self._columns: Counter[str] = Counter()
        self._tables: dict[str, Counter[tuple[str, str]]] = {}
        self._first: list[FlippedRow] = []

    def add(self, old: pl.DataFrame, new: pl.DataFrame) -> None:
        """One part of each, which hold the same rows but for those that one rejected."""
        wanted = [
            name for name in dict.fromkeys((*old.columns, *new.columns)) if name not in ("record_id", *ROW)
        ]
        old, new = (
            each.with_columns(pl.lit(None).alias(name) for name in wanted if name not in each.columns)
            for each in (old, new)
        )
        both = _beside(old, new, wanted)
        differs = {name: both.select(_differs(name)).to_series() for name in wanted}
        self._both += both.height
        for name, here in differs.items():
            self._columns[name] += int(here.sum())
            if name == "triage" or name.startswith(_PATTERN):
                counted = both.group_by(name, f"{name} now").len()
                table = self._tables.setdefault(name, Counter())
                for was, now, count in counted.iter_rows():
                    table[was or NOT_SHOWN, now or NOT_SHOWN] += count
        some = pl.DataFrame(differs).select(pl.any_horizontal(pl.all())).to_series()
        self._flipped += int(some.sum())
        for row in both.filter(some).head(MOST_TOLD - len(self._first)).iter_rows(named=True):
            changes = {
                name: (row[name], row[f"{name} now"])
                for name in wanted
                if _as_told(name, row[name]) != _as_told(name, row[f"{name} now"])
            }
            self._first.append(
                FlippedRow(self._inputs[row["source"]], row["line"], row["record_id"] or "", changes)
            )

    def told(self, old: Tally, new: Tally) -> FlippedRows:
        """All of it."""
        columns = {name: count for name, count in self._columns.most_common() if count}
        tables = {name: dict(table) for name, table in self._tables.items() if self._columns[name]}
        return FlippedRows(
            self._both,
            self._flipped,
            old.rows - self._both,
            new.rows - self._both,
            old.rejects - (new.rows - self._both),
            {
                why: max(old.reasons.get(why, 0), new.reasons.get(why, 0))
                for why in sorted({*old.reasons, *new.reasons})
            },
            columns,
            tables,
            tuple(self._first),
        )
