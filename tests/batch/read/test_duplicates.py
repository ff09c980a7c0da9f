"""Record ids that come twice: the first stays."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch.input.lots import Lot, Piece
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.read.duplicates import DuplicateFinder
from afterrun.batch.read.readers import read_chunk
from tests.support.batches.files import (
    json_lines,
)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_the_first_of_equal_record_ids_stays(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    chance = random.Random(9)
    ids = [
        chance.choice((f"r{chance.randint(0, 400)}", "", f" r{chance.randint(0, 400)} ")) for _ in range(1000)
    ]
    files = [tmp_path / f"{name}.{form}" for name in "ab"]
    for path, part in zip(files, (ids[:600], ids[600:]), strict=True):
        if form == "csv":
            path.write_text(
                "age_years,record_id\n" + "".join(f"34,{each}\n" for each in part), encoding="utf-8"
            )
        elif form == "jsonl":
            path.write_bytes(json_lines([{"record_id": each} for each in part]))
        else:
            pl.DataFrame({"record_id": part, "age_years": [34] * len(part)}).write_parquet(path)
    found = find_inputs(rulebook, files, tmp_path)
    finder = DuplicateFinder(tmp_path / "ids", found)
    kept, later = [], []
    for number, (source, chunk) in enumerate((s, c) for s in found for c in chunks(s, 13)):
        rows = read_chunk(rulebook, source, chunk).frame
        refused = finder.refuse(rulebook, Lot(number, (Piece(source.index, chunk),), 0), rows)
        kept += (rows if refused is None else rows.filter(refused.stays))["record_id"].to_list()
        later += [] if refused is None else refused.rejects
        if number == 20:
            # As after a stop: a new finder is told what an earlier run accepted.
            finder = DuplicateFinder(tmp_path / "ids", found)
            finder.remember(
                pl.DataFrame(
                    {"record_id": kept, "source": [0] * len(kept), "line": range(len(kept))}
                    | {"occasion": [None] * len(kept)},
                    schema_overrides={"source": pl.UInt32, "line": pl.UInt64, "occasion": pl.String},
                )
            )
    wanted = list(dict.fromkeys(each.strip() for each in ids if each.strip()))
    assert [each for each in kept if each] == wanted
    assert len(kept) + len(later) == 1000
    assert all(each.kind == "duplicate" and each.given.cells["record_id"].strip() in wanted for each in later)


def test_ids_that_share_a_hash_are_told_apart(
    rulebook: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    monkeypatch.setattr("afterrun.batch.read.duplicates._hashes", lambda ids: np.full(len(ids), 5, np.uint64))
    monkeypatch.setattr("afterrun.batch.read.duplicates.RUNS_MERGED", 3)
    (tmp_path / "in.csv").write_text(
        "age_years,record_id\n" + "".join(f"34,{n % 30}\n" for n in range(40)), encoding="utf-8"
    )
    (source,) = find_inputs(rulebook, [tmp_path / "in.csv"], tmp_path)
    finder = DuplicateFinder(tmp_path / "ids", [source])
    kept, later = [], []
    for number, chunk in enumerate(chunks(source, 4)):
        rows = read_chunk(rulebook, source, chunk).frame
        refused = finder.refuse(rulebook, Lot(number, (Piece(0, chunk),), 0), rows)
        kept += (rows if refused is None else rows.filter(refused.stays))["record_id"].to_list()
        later += [] if refused is None else refused.rejects
    assert kept == [str(n) for n in range(30)]
    assert [each.line for each in later] == list(range(32, 42))
    assert later[-1].reason == "record_id: '9' is already in line 11"
