"""Words and numbers that mean no answer: they mean it in text, in JSON and in columns that have types."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import afterrun
from afterrun import Rulebook
from afterrun.batch.input.how import How
from tests.support.batches.files import read_all

ROWS = [
    {"record_id": "a", "weeks_since_onset": 99, "worst_pain": 99, "relapses": 99, "pain_site": 99},
    {"record_id": "99", "weeks_since_onset": 98, "worst_pain": 3, "relapses": 1, "pain_site": 8},
    {"record_id": "c", "weeks_since_onset": 99, "worst_pain": 4, "relapses": 2, "pain_site": 8},
]
"""Of 99 the first question would take it as a number of weeks."""
SHOWN = ["record_id", "weeks_since_onset", "worst_pain", "relapses", "pain_site___muscle"]
WANTED = [
    ("a", None, None, None, None),
    (None, 98_000_000, 3_000_000, 0, True),
    ("c", None, 4_000_000, 1, True),
]


def _csv(path: Path, number: str) -> None:
    lines = [",".join(ROWS[0]), *(",".join(map(str, row.values())) for row in ROWS)]
    path.write_text("\n".join(lines).replace(",99", f",{number}") + "\n", encoding="utf-8")


def _json(path: Path, number: str) -> None:
    lines = [", ".join(f'"{key}": {value}' for key, value in row.items()) for row in ROWS]
    text = "".join(f"{{{line}}}\n" for line in lines)
    for row in ROWS:
        text = text.replace(f'"record_id": {row["record_id"]},', f'"record_id": "{row["record_id"]}",')
    path.write_text(text.replace(": 99", f": {number}"), encoding="utf-8")


def _parquet(path: Path, number: str) -> None:
    frame = pl.DataFrame(ROWS).with_columns(pl.col("pain_site").cast(pl.String))
    frame.with_columns(pl.col(pl.Int64).cast(pl.Float32 if "." in number else pl.Int16)).write_parquet(path)


@pytest.mark.parametrize("number", ["99", "99.0"])
@pytest.mark.parametrize("write", [_csv, _json, _parquet])
def test_a_number_that_means_no_answer_does_so_however_it_is_written(
    rulebook: Rulebook, tmp_path: Path, write: object, number: str
) -> None:
    path = tmp_path / f"in.{write.__name__[1:].replace('json', 'jsonl')}"  # type: ignore[attr-defined]
    write(path, number)  # type: ignore[operator]
    read = read_all(rulebook, path, tmp_path / "spool", how=How(na=("NULL", "99")))
    assert not read.rejects
    assert read.frame.select(SHOWN).rows() == WANTED


def test_a_float_that_is_no_number_is_told_its_way_out_and_takes_it(rulebook: Rulebook) -> None:
    frame = pl.DataFrame({"record_id": ["a", "b"], "worst_pain": [float("nan"), 3]})
    told = afterrun.assess_frame(frame, rulebook)
    assert told["reject_reason"][0] == "worst_pain: if 'NaN' means that no answer was given, add --na NaN"
    mended = afterrun.assess_frame(frame, rulebook, how=How(na=("NaN",)))
    assert mended["reject_reason"].null_count() == 2


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Float32, pl.Decimal(5, 1)])
def test_a_word_with_a_fraction_is_named_in_every_type_and_row(
    rulebook: Rulebook, tmp_path: Path, dtype: pl.DataType
) -> None:
    """The second row needs a look by itself, as its id has a mark."""
    weeks = pl.Series([99.9, 99.9, 2.5]).cast(dtype)
    frame = pl.DataFrame({"record_id": ["a", "\ufeffb", "c"], "weeks_since_onset": weeks})
    frame.write_parquet(tmp_path / "a.parquet")
    read = read_all(rulebook, tmp_path / "a.parquet", tmp_path / "spool", 7, How(na=("99.9",)))
    assert read.frame["weeks_since_onset"].is_null().to_list() == [True, True, False]
