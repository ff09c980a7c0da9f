"""Large intake files for the benchmarks: the same sampled intakes over and over, ids apart."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from afterrun import Answers, Rulebook, read_answers
from afterrun.batch import SEPARATOR, UNKNOWN_CODE, UNKNOWN_NUMBER, frame_of
from afterrun.intake import MILLION
from tests.support.random_input.intakes import CALM, random_intake

ROWS = int(os.environ.get("AFTERRUN_BENCH_ROWS", "10_000_000"))
SAMPLE = 20_000
PIECE = 250_000
SEED = 7


def sample(rulebook: Rulebook, count: int = SAMPLE) -> pl.DataFrame:
    """A checked chunk of sampled intakes: with blanks and 'unknown', most without a warning sign."""
    chance = random.Random(SEED)
    return frame_of(rulebook, [mixed_intake(rulebook, chance) for _ in range(count)])


def mixed_intake(rulebook: Rulebook, chance: random.Random) -> Answers:
    """A random intake, most often without a warning sign."""
    mostly = CALM if chance.random() < 0.85 else None
    return read_answers(rulebook, random_intake(rulebook, chance, mostly))


def typed(rulebook: Rulebook, checked: pl.DataFrame) -> pl.DataFrame:
    """The same rows as a careful clinic would store them: words, numbers, one boolean an option."""
    columns: dict[str, pl.Series] = {"record_id": checked["record_id"]}
    for quantity in rulebook.quantities.values():
        units = dict(enumerate(unit.id for unit in quantity.units))
        columns[quantity.unit_key] = _words(checked[quantity.unit_key], units)
    for question in rulebook.questions.values():
        if question.type == "single":
            words = dict(enumerate(option.id for option in question.options)) | {UNKNOWN_CODE: "unknown"}
            columns[question.id] = _words(checked[question.id], words)
        elif question.type == "multi":
            for option in question.options:
                name = f"{question.id}{SEPARATOR}{option.id}"
                columns[name] = checked[name]
        else:
            raw = checked[question.id]
            known = raw.set(raw == UNKNOWN_NUMBER, None)
            columns[question.id] = known / MILLION
    return pl.DataFrame(columns)


def as_text(rulebook: Rulebook, checked: pl.DataFrame) -> pl.DataFrame:
    """The same rows as a spreadsheet holds them: ticked options in one cell, a;b."""
    frame = typed(rulebook, checked)
    columns = {}
    for name in ("record_id", *(quantity.unit_key for quantity in rulebook.quantities.values())):
        columns[name] = frame[name].cast(pl.String)
    for question in rulebook.questions.values():
        if question.type == "multi":
            names = [option.id for option in question.options]
            ticked = frame.select(f"{question.id}{SEPARATOR}{name}" for name in names).rows()
            joined = [";".join(n for n, on in zip(names, row, strict=True) if on) or None for row in ticked]
            columns[question.id] = pl.Series(joined, dtype=pl.String)
        elif question.type == "single":
            columns[question.id] = frame[question.id].cast(pl.String)
        else:
            whole = question.type == "integer"
            columns[question.id] = frame[question.id].cast(pl.Int64) if whole else frame[question.id]
    return pl.DataFrame(columns)


def as_objects(rulebook: Rulebook, text: pl.DataFrame) -> pl.DataFrame:
    """The same rows as JSON holds them: ticked options in a list."""
    ticked = [question.id for question in rulebook.questions.values() if question.type == "multi"]
    return text.with_columns(pl.col(ticked).str.split(";"))


def pieces(frame: pl.DataFrame, rows: int = ROWS) -> Iterator[pl.DataFrame]:
    """The sampled rows drawn over and over in pieces, each row with an id of its own."""
    chance = np.random.default_rng(SEED)
    for begin in range(0, rows, PIECE):
        count = min(PIECE, rows - begin)
        drawn = frame[chance.integers(0, frame.height, count)]
        ids = pl.Series("record_id", np.arange(begin, begin + count)).cast(pl.String)
        yield drawn.with_columns(("r" + ids).alias("record_id"))


def write_csv(path: Path, frame: pl.DataFrame, rows: int, quoted: bool = False) -> None:
    """A CSV file, all fields quoted or none."""
    with path.open("wb") as file:
        for place, piece in enumerate(pieces(frame, rows)):
            piece.write_csv(file, include_header=place == 0, quote_style="always" if quoted else "never")


def _words(codes: pl.Series, words: dict[int, str]) -> pl.Series:
    return codes.replace_strict(words, default=None, return_dtype=pl.String)
