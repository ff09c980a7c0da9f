"""Intakes that say which runs answers came from: a line of JSON is decided as without, or refused alone."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.history import offers
from afterrun.intake import FROM_FILES
from tests.support.batches.runs import batch, rows_of, write_jsonl
from tests.support.history.by_hand import TODAY, half_a_year

pytest.importorskip("polars")


@pytest.mark.parametrize("last", [False, True], ids=["first", "last"])
def test_a_line_with_its_runs_is_decided_and_one_that_does_not_add_up_refused(
    tmp_path: Path, rulebook: afterrun.Rulebook, last: bool
) -> None:
    told = offers(rulebook, half_a_year(), TODAY, "km").answers(rulebook)
    typed: dict[str, Any] = {name: value for name, value in told.items() if name != FROM_FILES}
    lines: list[dict[str, Any]] = [
        {**told, "record_id": "files"},
        {**told, "record_id": "changed", "volume_last_week": 99},
        {**typed, "record_id": "typed"},
    ]
    source = write_jsonl(tmp_path / "intakes.jsonl", lines[::-1] if last else lines)
    ran = batch(source, tmp_path / "out")
    assert ran.code == 1, ran.err
    rows = {row["record_id"]: row for row in rows_of(rulebook, tmp_path / "out")}
    assert rows.keys() == {"files", "typed"}
    apart = ("record_id", "line", "source", "source_line")
    by_files, by_hand = (
        {key: value for key, value in rows[name].items() if key not in apart} for name in ("files", "typed")
    )
    assert by_files == by_hand
    with (tmp_path / "out" / "_rejects.csv").open(encoding="utf-8") as file:
        (reject,) = csv.DictReader(file)
    assert reject["reject_question"] == "from_files.volume_last_week"
    assert "take its entry away" in reject["reject_reason"]
