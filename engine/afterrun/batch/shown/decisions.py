"""Intakes in, what is decided of each out as canonical JSON, at the speed of columns.

It is the text that `afterrun.log` makes of a single result, so that the two can be held against each other.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from afterrun.batch.decide.columns import BETWEEN_NAMES, REFUTED
from afterrun.batch.request import Options, Request
from afterrun.batch.runs.stream import run_to_stream
from afterrun.canonical import canonical
from afterrun.rulebook import Rulebook, number_items
from afterrun.storage import new_private

_TEXT = "text"


def decisions_in_columns(rulebook: Rulebook, intakes: Iterable[bytes]) -> list[str | None]:
    """What is decided of each: triage, patterns, interventions, numbers of the plan, open questions.

    An intake is a JSON object on one line, without its id: people who answer again are no doubles here, and
    the same answers are decided once.
    None for one without an answer, and for one that the columns refuse: those are for `assess` to judge.
    """
    rows: dict[bytes, int] = {}
    asked = [rows.setdefault(each, len(rows)) for each in intakes]
    if not rows.keys() - {b"{}"}:
        return [None] * len(asked)
    with tempfile.TemporaryDirectory(prefix="afterrun-") as folder:
        file = new_private(Path(folder, "intakes.jsonl"))
        with file.open("wb") as lines:
            lines.writelines(each + b"\n" for each in rows)
        decided = _decided(rulebook, file)
    told: list[str | None] = [None] * len(rows)
    texts = decided.select(_texts(rulebook, decided)).get_column(_TEXT).to_list()
    for line, text in zip(decided.get_column("line").to_list(), texts, strict=True):
        told[line - 1] = text
    return [told[row] for row in asked]


def _decided(rulebook: Rulebook, file: Path) -> pl.DataFrame:
    names = (
        "line",
        "triage",
        *(f"pattern_{each}" for each in rulebook.patterns),
        "interventions",
        *(f"plan_{each}" for each in number_items(rulebook)),
        "open_questions",
    )
    sink = io.BytesIO()
    request = Request(rulebook, [file], Options("arrow", columns=names))
    run_to_stream(request, sink, file.parent, _nothing, _nothing, _nothing)
    sink.seek(0)
    return pl.read_ipc_stream(sink)


def _nothing(*_: object) -> None:
    """Whoever asks for decisions watches nothing, and judges what is refused by itself."""


def _texts(rulebook: Rulebook, rows: pl.DataFrame) -> pl.Expr:
    """The members in their order: by name, as RFC 8785 has them."""
    patterns = {
        name: _each(rows, f"pattern_{name}", lambda level: None if level == REFUTED else level)
        for name in rulebook.patterns
    }
    plan = {name: _each(rows, f"plan_{name}", _number) for name in number_items(rulebook)}
    return pl.concat_str(
        pl.lit('{"interventions":'),
        _each(rows, "interventions", _listed),
        pl.lit(',"open_questions":'),
        _each(rows, "open_questions", _listed),
        pl.lit(',"patterns":{'),
        _members(patterns),
        pl.lit('},"plan":{'),
        _members(plan),
        pl.lit('},"triage":'),
        _each(rows, "triage", str),
        pl.lit("}"),
    ).alias(_TEXT)


def _members(values: Mapping[str, pl.Expr]) -> pl.Expr:
    """Those that are there, with their names."""
    there = [pl.lit(f"{canonical(name).decode()}:") + values[name] for name in sorted(values)]
    return pl.concat_str(there, separator=",", ignore_nulls=True) if there else pl.lit("")


def _each(rows: pl.DataFrame, name: str, plain: Callable[[Any], Any]) -> pl.Expr:
    """A column as canonical JSON, each value of it worked out once; null where it is told as nothing."""
    column = rows.get_column(name)
    if not column.dtype.is_numeric():
        column = column.cast(pl.String)
    there = [each for each in column.unique().to_list() if each is not None]
    told = {each: plain(each) for each in there}
    texts = {each: None if value is None else canonical(value).decode() for each, value in told.items()}
    return pl.lit(
        column.replace_strict(list(texts), list(texts.values()), default=None, return_dtype=pl.String)
    )


def _listed(names: str) -> list[str]:
    return names.split(BETWEEN_NAMES) if names else []


def _number(value: float) -> Any:
    return int(value) if value == int(value) else value
