"""What a batch found, counted: chunk by chunk, and added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from afterrun.batch.decide.columns import BETWEEN_NAMES
from afterrun.inference import Cones
from afterrun.rulebook import Rulebook, engine_of, name_of

HIDDEN = "open"
"""Under a pattern: rows in which it is open, or not shown at their triage level."""


class Tally(NamedTuple):
    """Rows counted by what was decided of them, and rejects by reason."""

    rows_in: int = 0
    rows: int = 0
    rejects: int = 0
    triage: Mapping[str, int] = {}
    patterns: Mapping[str, Mapping[str, int]] = {}
    """For each pattern the rows at each level, with 'none' where it is refuted and HIDDEN."""
    open_questions: Mapping[str, int] = {}
    """Rows in which a question is open."""
    blocking: Mapping[str, int] = {}
    """Of these, the rows whose triage is pending, when the question is one that triage rests on."""
    reasons: Mapping[str, int] = {}
    """Rejects by what was wrong."""
    blank: int = 0
    """Rows that held nothing, and are nobody's."""
    by_input: Mapping[str, int] = {}
    """Rows by the place of their input."""
    mended: int = 0
    """Rows that were rejects of an earlier run."""
    not_asked: Mapping[str, int] = {}
    """Rows from a form that did not ask a question, or did not offer an option: `question___option`."""

    @property
    def complete(self) -> bool:
        """Whether every row that came in went out, was rejected, or was blank."""
        return self.rows_in == self.rows + self.rejects + self.blank


def tally_of(
    rulebook: Rulebook, decided: pl.DataFrame, rows_in: int, reasons: Iterable[str], blank: int = 0
) -> Tally:
    """Count one chunk; `reasons` has one word for each reject."""
    counted = Counter(reasons)
    pending = [level.id for level in rulebook.triage.values() if level.pending]
    is_pending = pl.any_horizontal(pl.col("triage") == level for level in pending)
    waiting = decided.select("triage", "open_questions").filter(is_pending)
    behind = engine_of(rulebook, behind_triage)
    return Tally(
        rows_in=rows_in,
        rows=decided.height,
        rejects=counted.total(),
        triage=_in_order(_counts(decided.get_column("triage")), rulebook.triage),
        patterns={
            pattern.id: _in_order(
                _counts(decided.get_column(f"pattern_{pattern.id}")), [*pattern.levels, "none", HIDDEN]
            )
            for pattern in rulebook.patterns.values()
        },
        open_questions=_named(rulebook, decided),
        blocking={name: rows for name, rows in _named(rulebook, waiting).items() if name in behind},
        reasons=dict(sorted(counted.items())),
        blank=blank,
        by_input=_by_input(decided.get_column("source")),
    )


def added(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    total: dict[str, Any] = Tally()._asdict()
    for tally in tallies:
        total = {name: _sum(total[name], value) for name, value in tally._asdict().items()}
    return Tally(**total)


def with_gaps(tally: Tally, not_asked: Sequence[Iterable[str]]) -> Tally:
    """The tally with its rows counted by what the form of their input did not ask."""
    counted: Counter[str] = Counter()
    for place, names in enumerate(not_asked):
        for name in names:
            counted[name] += tally.by_input.get(str(place), 0)
    return tally._replace(not_asked={name: rows for name, rows in counted.items() if rows})


def with_mended(tally: Tally, is_mended: Iterable[bool]) -> Tally:
    """The tally with the rows counted that came back as mended rejects."""
    rows = (tally.by_input.get(str(place), 0) for place, mended in enumerate(is_mended) if mended)
    return tally._replace(mended=sum(rows))


def behind_triage(rulebook: Rulebook) -> set[str]:
    """The questions that some triage level rests on, however far away."""
    cones = engine_of(rulebook, Cones)
    levels = [name_of("triage", level) for level in rulebook.triage]
    return {
        question for level in levels if level in rulebook.propositions for question in cones.questions(level)
    }


def _sum(one: Any, other: Any) -> Any:
    if isinstance(one, int):
        return one + other
    merged = dict(one)
    for name, value in other.items():
        merged[name] = _sum(merged[name], value) if name in merged else value
    return merged


def _counts(column: pl.Series) -> dict[str, int]:
    """Rows by the value of an enumeration."""
    assert isinstance(column.dtype, pl.Enum)
    names = column.dtype.categories.to_list()
    places = column.to_physical().fill_null(len(names)).to_numpy()
    counted = np.bincount(places, minlength=len(names) + 1).tolist()
    return {name: rows for name, rows in zip([*names, HIDDEN], counted, strict=True) if rows}


def _by_input(places: pl.Series) -> dict[str, int]:
    """Rows by the place of their input, in the order of the words that these are."""
    first = places.head(1)
    if (places == first).all():
        return {str(place): len(places) for place in first}
    return dict(sorted((str(place), rows) for place, rows in places.value_counts().iter_rows()))


def _named(rulebook: Rulebook, decided: pl.DataFrame) -> dict[str, int]:
    """Rows by open question; equal sets of questions are taken apart once."""
    sets = decided.get_column("open_questions").value_counts(name="rows")
    apart = sets.select(pl.col("open_questions").cast(pl.String).str.split(BETWEEN_NAMES), "rows")
    summed = apart.explode("open_questions").group_by("open_questions").agg(pl.col("rows").sum())
    return _in_order(dict(summed.iter_rows()), rulebook.questions)


def _in_order(counts: Mapping[str, int], names: Iterable[str]) -> dict[str, int]:
    return {name: counts[name] for name in names if counts.get(name)}
