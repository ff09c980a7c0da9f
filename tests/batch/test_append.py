"""More files for a finished batch, and rejects that come back mended."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from tests.support.batch_runs import batch
from tests.support.cli_runs import Ran

HEADER = "record_id,age_years,pain_timing"


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def ids(out: Path) -> list[str]:
    """The records of a result, in order."""
    if out.is_dir():
        return pl.read_parquet(sorted(out.rglob("part-*.parquet")))["record_id"].to_list()
    return pl.read_csv(out, infer_schema=False)["record_id"].to_list()


def rejects(out: Path) -> list[dict[str, str]]:
    file = out / "_rejects.csv" if out.is_dir() else out.with_name(f"{out.name}.rejects.csv")
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def head(ran: Ran) -> str:
    return ran.out.splitlines()[0]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    return written(tmp_path / "first.csv", "P1,34,1", "P2,340,1", "P3,34,2", "P4,341,2")


@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_new_files_come_beside_old_ones_and_ids_are_known(tmp_path: Path, first: Path, name: str) -> None:
    out = tmp_path / name
    assert head(batch(first, out)) == "4 rows in = 2 rows out + 2 rejected"
    more = written(tmp_path / "more.csv", "P5,34,1", "P3,35,2", "P2,34,1")
    ran = batch(more, out, "--append")
    assert head(ran) == "7 rows in = 4 rows out + 3 rejected"
    assert ids(out) == ["P1", "P3", "P5", "P2"]
    assert [row["record_id"] for row in rejects(out)] == ["P2", "P4", "P3"]
    assert "'P3' is already in" in rejects(out)[2]["reject_reason"]
    assert "first.csv:4" in rejects(out)[2]["reject_reason"]
    # Once more: nothing is new, and what is there stays.
    assert head(batch(more, first, out, "--append")) == head(ran)
    assert batch("view", out, "P5").code == 0
    assert batch("view", out, "P1").code == 0
    assert "the input" in batch(first, out).err


@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_rejects_that_come_back_take_their_place(tmp_path: Path, first: Path, name: str) -> None:
    out = tmp_path / name
    batch(first, out)
    own = out / "_rejects.csv" if name == "out" else tmp_path / "out.csv.rejects.csv"
    assert "is written anew by this run: move it to another name" in batch(own, out, "--append").err
    mended = tmp_path / "mended.csv"
    mended.write_text(own.read_text(encoding="utf-8").replace(",340,", ",34,"), encoding="utf-8")
    ran = batch(mended, out, "--append")
    assert head(ran) == "4 rows in = 3 rows out (1 mended) + 1 rejected"
    assert ids(out) == ["P1", "P3", "P2"]
    assert [(row["record_id"], row["reject_file"]) for row in rejects(out)] == [("P4", str(mended))]
    again = tmp_path / "again.csv"
    again.write_text(own.read_text(encoding="utf-8").replace(",341,", ",34,"), encoding="utf-8")
    assert head(batch(again, out, "--append")) == "4 rows in = 4 rows out (2 mended) + 0 rejected"
    assert rejects(out) == []
    told = json.loads(batch("summary", out, "--format", "json").out)
    assert (told["mended"], told["rejects"], told["reasons"]) == (2, 0, {})
    assert batch("view", out, "P4").code == 0
    twice = tmp_path / "twice.csv"
    twice.write_text(mended.read_text(encoding="utf-8"), encoding="utf-8")
    assert "'P2' is already in" in (batch(twice, out, "--append").err + str(rejects(out)))


def test_what_was_mended_in_place_is_not_written_over(tmp_path: Path, first: Path) -> None:
    out = tmp_path / "out"
    batch(first, out)
    edited = (out / "_rejects.csv").read_text(encoding="utf-8").replace(",340,", ",34,")
    (out / "_rejects.csv").write_text(edited, encoding="utf-8")
    more = written(tmp_path / "more.csv", "P5,34,1")
    assert "was changed since it was written" in batch(more, out, "--append").err
    assert (out / "_rejects.csv").read_text(encoding="utf-8") == edited
    (out / "_rejects.csv").rename(tmp_path / "mended.csv")
    assert head(batch(more, tmp_path / "mended.csv", out, "--append")) == (
        "5 rows in = 4 rows out (1 mended) + 1 rejected"
    )


def test_a_batch_is_appended_to_only_as_it_was_begun_and_once_it_is_finished(
    tmp_path: Path, first: Path
) -> None:
    out, more = tmp_path / "out", written(tmp_path / "more.csv", "P5,34,1")
    assert "cannot be appended to" not in batch(first, out, "--append").err
    assert "--explain was not given" in batch(more, out, "--append", "--explain").err
    stopped = tmp_path / "stopped"
    assert batch(first, stopped, "--max-rejects", 1, "--chunk-rows", 1).code == 2
    refused = batch(more, stopped, "--append", "--chunk-rows", 1)
    assert "is not finished: go on with it, then append" in refused.err
    piped = tmp_path / "piped"
    batch("-", piped, stdin=first.read_bytes())
    assert "it cannot be appended to" in batch(more, piped, "--append").err
    assert "give a folder or a file" in batch(more, "-", "--append").err
    first.write_text(first.read_text(encoding="utf-8") + "P9,34,1\n", encoding="utf-8")
    assert "has changed" in batch(more, out, "--append").err


def test_an_appended_run_that_was_stopped_goes_on(tmp_path: Path, first: Path) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    more = written(tmp_path / "more.csv", "P5,34,1", "P3,35,2", "P6,34,1", "P7,340,1")
    for out in (whole, stopped):
        batch(first, out, "--chunk-rows", 2)
    batch(more, whole, "--append", "--chunk-rows", 2)
    assert batch(more, stopped, "--append", "--chunk-rows", 2, "--max-rejects", 3).code == 2
    assert batch(more, stopped, "--append", "--chunk-rows", 2).code == 1
    assert ids(stopped) == ids(whole)
    assert rejects(stopped) == rejects(whole)
