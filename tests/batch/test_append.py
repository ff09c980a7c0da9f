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
    mended.write_text(own.read_text(encoding="utf-8").replace(",P2,340,", ",P2,34,"), encoding="utf-8")
    ran = batch(mended, out, "--append")
    assert head(ran) == "4 rows in = 3 rows out (1 mended) + 1 rejected"
    assert ids(out) == ["P1", "P3", "P2"]
    assert [(row["record_id"], row["reject_file"]) for row in rejects(out)] == [("P4", str(mended))]
    again = tmp_path / "again.csv"
    again.write_text(own.read_text(encoding="utf-8").replace("P4,341,2\n", "P4,34,2\n"), encoding="utf-8")
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
    edited = (out / "_rejects.csv").read_text(encoding="utf-8").replace(",P2,340,", ",P2,34,")
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


def test_rejects_of_another_batch_let_none_of_this_one_go(tmp_path: Path) -> None:
    """Two clinics call their file the same, and each had a row refused on the same line of it."""
    outs, mended = [], []
    for clinic, age in (("a", 500), ("b", 600)):
        (tmp_path / clinic).mkdir()
        written(tmp_path / clinic / "in.csv", f"{clinic}1,34,1", f"{clinic}2,{age},1")
        outs.append(tmp_path / clinic / "out")
        assert batch("in.csv", outs[-1], cwd=tmp_path / clinic).code == 1
        text = (outs[-1] / "_rejects.csv").read_text(encoding="utf-8")
        assert "in.csv,3," in text
        mended.append(tmp_path / clinic / "mended.csv")
        mended[-1].write_text(text.replace(f"2,{age},1\n", "2,34,1\n"), encoding="utf-8")
    ran = batch(mended[1], outs[0], "--append", cwd=tmp_path / "a")
    assert head(ran) == "3 rows in = 2 rows out (1 mended) + 1 rejected"
    assert [row["record_id"] for row in rejects(outs[0])] == ["a2"]
    text = (outs[0] / "_rejects.csv").read_text(encoding="utf-8")
    mended[0].write_text(text.replace("2,500,1\n", "2,34,1\n"), encoding="utf-8")
    assert head(batch(mended[0], outs[0], "--append", cwd=tmp_path / "a")) == (
        "3 rows in = 3 rows out (2 mended) + 0 rejected"
    )


def test_of_rejects_that_show_no_line_the_id_tells_whose_they_are(tmp_path: Path) -> None:
    outs, mended = [], []
    for clinic in ("a", "b"):
        (tmp_path / clinic).mkdir()
        pl.DataFrame({"record_id": [f"{clinic}2"], "age_years": [500]}).write_parquet(
            tmp_path / clinic / "in.parquet"
        )
        outs.append(tmp_path / clinic / "out")
        assert batch("in.parquet", outs[-1], cwd=tmp_path / clinic).code == 1
        text = (outs[-1] / "_rejects.csv").read_text(encoding="utf-8")
        mended.append(tmp_path / clinic / "mended.csv")
        mended[-1].write_text(text.replace("2,500", "2,34"), encoding="utf-8")
    ran = batch(mended[1], outs[0], "--append", cwd=tmp_path / "a")
    assert head(ran) == "2 rows in = 1 rows out (1 mended) + 1 rejected"
    text = (outs[0] / "_rejects.csv").read_text(encoding="utf-8")
    mended[0].write_text(text.replace("2,500", "2,34"), encoding="utf-8")
    assert head(batch(mended[0], outs[0], "--append", cwd=tmp_path / "a")) == (
        "2 rows in = 2 rows out (2 mended) + 0 rejected"
    )


def test_a_double_whose_id_was_mended_takes_its_place(tmp_path: Path, first: Path) -> None:
    out, more = tmp_path / "out", written(tmp_path / "more.csv", "P3,35,2")
    ran = batch(first.name, more.name, out, cwd=tmp_path)
    assert head(ran) == "5 rows in = 2 rows out + 3 rejected"
    text = (out / "_rejects.csv").read_text(encoding="utf-8")
    (tmp_path / "mended.csv").write_text(text.replace(",P3,35", ",P9,35"), encoding="utf-8")
    ran = batch("mended.csv", out, "--append", cwd=tmp_path)
    assert head(ran) == "5 rows in = 3 rows out (1 mended) + 2 rejected"


@pytest.mark.parametrize("damage", ['b" said', "x" * 200_000])
def test_a_row_of_mended_rejects_that_is_none_takes_no_place(tmp_path: Path, damage: str) -> None:
    """Nor does it hide what stands below it: each row is what the batch itself reads."""
    (tmp_path / "in.csv").write_text(
        "record_id,age_years,note\nP1,34,a\nP2,500,b\nP3,600,c\n", encoding="utf-8"
    )
    out, damaged = tmp_path / "out", f'"{damage}' if '"' in damage else damage
    assert batch(tmp_path / "in.csv", out).code == 1
    text = (out / "_rejects.csv").read_text(encoding="utf-8")
    text = text.replace("P2,500,b\n", f"P2,50,{damaged}\n").replace("P3,600,c\n", "P3,60,c\n")
    (tmp_path / "mended.csv").write_text(text, encoding="utf-8")
    ran = batch(tmp_path / "mended.csv", out, "--append")
    assert head(ran) == "4 rows in = 2 rows out (1 mended) + 2 rejected"
    assert ids(out) == ["P1", "P3"]
    assert [row["reject_line"] for row in rejects(out)] == ["3", "2"]
