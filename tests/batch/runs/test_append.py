"""More files for a finished batch, and rejects that come back mended."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.support.batches.runs import batch
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
    told = batch(more, out, "--append").err
    assert "has changed" in told
    assert "To add to it, leave its inputs as they were" in told
    assert "delete" not in told
    first.unlink()
    told = batch(more, out, "--append").err
    assert f"{out} was made of what is no longer there:" in told
    assert str(first) in told


def test_a_file_more_than_there_was_is_told_with_the_way_to_add_it(tmp_path: Path, first: Path) -> None:
    out, more = tmp_path / "out", written(tmp_path / "more.csv", "P5,34,1")
    batch(first, out)
    assert "To add what is new, give --append" in batch(first, more, out).err
    assert "--append" not in batch(first, out, "--explain").err


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


APPEND = ("--append", "--chunk-rows", 2)


def mended(target: Path, out: Path, ages: dict[str, str], *left_out: str) -> Path:
    """What a batch refused, under another name, with some ages mended and rows of some left out."""
    rows = [row for row in rejects(out) if row["age_years"] not in left_out]
    for row in rows:
        row["age_years"] = ages.get(row["age_years"], row["age_years"])
    pl.DataFrame(rows).write_csv(target)
    return target


def as_parquet(path: Path) -> Path:
    pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def as_lines(path: Path) -> Path:
    pl.read_csv(path, infer_schema=False).write_ndjson(path.with_suffix(".jsonl"))
    return path.with_suffix(".jsonl")


def as_workbook(path: Path) -> Path:
    pl.read_csv(path, infer_schema=False).write_excel(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    """A batch of rows without an id, of which two were refused."""
    rows = ["age_years,pain_timing", "34,1", "340,1", "35,2", "341,2", "36,1", "37,2"]
    (tmp_path / "in.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text("age_years,pain_timing\n50,1\n", encoding="utf-8")
    out = tmp_path / "out"
    ran = batch("in.csv", out, "--chunk-rows", 2, cwd=tmp_path)
    assert head(ran) == "6 rows in = 4 rows out + 2 rejected"
    return out


@pytest.mark.parametrize(("form", "line"), [(Path, 2), (as_parquet, 1), (as_lines, 1), (as_workbook, 2)])
def test_a_mended_reject_without_an_id_that_comes_twice_is_told(
    tmp_path: Path, nameless: Path, form: Callable[[Path], Path], line: int
) -> None:
    once = form(mended(tmp_path / "once.csv", nameless, {"340": "40"}))
    twice = form(mended(tmp_path / "twice.csv", nameless, {"340": "41"}))
    reason = f"this mended reject is already in {once}:{line}"
    assert head(batch(once, nameless, *APPEND)) == "6 rows in = 5 rows out (1 mended) + 1 rejected"
    # What is wrong still takes its own place, what is right has one.
    assert head(batch(twice, nameless, *APPEND)) == "7 rows in = 5 rows out (1 mended) + 2 rejected"
    assert {row["reject_file"] for row in rejects(nameless)} == {str(twice)}
    assert reason in [row["reject_reason"] for row in rejects(nameless)]
    # It stays so when more comes, and when the double comes back as it is.
    ran = batch(tmp_path / "more.csv", nameless, *APPEND)
    assert head(ran) == "8 rows in = 6 rows out (1 mended) + 2 rejected"
    third = form(mended(tmp_path / "third.csv", nameless, {"341": "42"}))
    assert head(batch(third, nameless, *APPEND)) == "8 rows in = 7 rows out (2 mended) + 1 rejected"
    [double] = rejects(nameless)
    assert (double["reject_file"], double["age_years"]) == (str(third), "41")
    assert double["reject_reason"] == reason


def test_rejects_as_lines_are_read_as_their_table(tmp_path: Path) -> None:
    """Marks in front of texts are taken off, numbers are texts, and a line that is none is told."""
    out = tmp_path / "out"
    batch(written(tmp_path / "in.csv", "=a,340,1", "b,341,1"), out)
    lines = as_lines(mended(tmp_path / "mended.csv", out, {"340": "34"}, "341"))
    text = lines.read_text(encoding="utf-8")
    assert '"\'=a"' in text
    text = text.replace('"34"', "34").replace('"2"', "2") + '{"record_id": \n'
    lines.write_text(text, encoding="utf-8")
    ran = batch(lines, out, "--append")
    assert head(ran) == "3 rows in = 1 rows out (1 mended) + 2 rejected"
    assert ids(out) == ["=a"]
    assert [row["reject_line"] for row in rejects(out)] == ["3", "2"]
    assert "not JSON" in rejects(out)[1]["reject_reason"]


def test_a_mended_reject_that_stands_twice_in_one_file_is_told(tmp_path: Path, nameless: Path) -> None:
    file = mended(tmp_path / "mended.csv", nameless, {"340": "40", "341": "41"})
    rows = pl.read_csv(file, infer_schema=False)
    pl.concat([rows, rows[:1]]).write_csv(file)
    assert head(batch(file, nameless, *APPEND)) == "7 rows in = 6 rows out (2 mended) + 1 rejected"
    assert [row["reject_reason"] for row in rejects(nameless)] == ["this mended reject is already in line 2"]


def test_a_double_by_its_place_is_one_by_its_id_too(tmp_path: Path, first: Path) -> None:
    """Given an id now, or another one than before, it is the same reject still."""
    out = tmp_path / "out"
    batch(first, out, "--chunk-rows", 2)
    once, twice = (mended(tmp_path / name, out, {"340": "40"}, "341") for name in ("once.csv", "twice.csv"))
    twice.write_text(twice.read_text(encoding="utf-8").replace(",P2,40", ",P2b,40"), encoding="utf-8")
    more = written(tmp_path / "more.csv", "P2b,50,1")
    batch(once, out, *APPEND)
    assert head(batch(twice, out, *APPEND)) == "5 rows in = 3 rows out (1 mended) + 2 rejected"
    # Its id was never taken.
    assert head(batch(more, out, *APPEND)) == "6 rows in = 4 rows out (1 mended) + 2 rejected"
    assert ids(out) == ["P1", "P3", "P2", "P2b"]


def test_rejects_of_others_without_an_id_are_no_doubles(tmp_path: Path, nameless: Path) -> None:
    """Two files that were mended elsewhere, where a reject had the same place, are rows of their own."""
    for name in ("b.csv", "c.csv"):
        file = mended(tmp_path / name, nameless, {"340": "40"}, "341")
        file.write_text(file.read_text(encoding="utf-8").replace('"340,1"', '"440,1"'), encoding="utf-8")
        ran = batch(file, nameless, *APPEND)
    assert head(ran) == "8 rows in = 6 rows out (2 mended) + 2 rejected"


@pytest.mark.parametrize("between", [["more.csv"], ["once.csv"], ["more.csv", "once.csv"]])
def test_what_the_first_run_refused_finds_its_place_after_other_runs(
    tmp_path: Path, nameless: Path, between: list[str]
) -> None:
    """By the name that its file had then, and though it was refused once more since."""
    mended(tmp_path / "once.csv", nameless, {"340": "40"})
    mended(
        tmp_path / "late.csv",
        nameless,
        {"340": "40", "341": "41"},
        *(["340"] if "once.csv" in between else []),
    )
    for each in between:
        assert batch(each, nameless, *APPEND, cwd=tmp_path).code == 1
    ran = batch("late.csv", nameless, *APPEND, cwd=tmp_path)
    more = "more.csv" in between
    assert head(ran) == f"{6 + more} rows in = {6 + more} rows out (2 mended) + 0 rejected"
    assert rejects(nameless) == []
    told = json.loads(batch("summary", nameless, "--format", "json").out)
    assert (told["mended"], told["rejects"]) == (2, 0)


def test_a_line_that_is_no_number_has_no_place(tmp_path: Path, nameless: Path) -> None:
    file = mended(tmp_path / "mended.csv", nameless, {"340": "40"}, "341")
    file.write_text(file.read_text(encoding="utf-8").replace("in.csv,3,", "in.csv,³,"), encoding="utf-8")
    assert head(batch(file, nameless, *APPEND)) == "7 rows in = 5 rows out (1 mended) + 2 rejected"


def test_a_reject_that_came_back_by_way_of_another_is_known(tmp_path: Path, nameless: Path) -> None:
    """It was refused again as it came back, then mended: what was kept from the first run is a double."""
    kept = mended(tmp_path / "kept.csv", nameless, {"340": "41"}, "341")
    as_it_was = mended(tmp_path / "as_it_was.csv", nameless, {}, "341")
    assert head(batch(as_it_was, nameless, *APPEND)) == "6 rows in = 4 rows out + 2 rejected"
    right = mended(tmp_path / "right.csv", nameless, {"340": "40"}, "341")
    assert head(batch(right, nameless, *APPEND)) == "6 rows in = 5 rows out (1 mended) + 1 rejected"
    assert head(batch(kept, nameless, *APPEND)) == "7 rows in = 5 rows out (1 mended) + 2 rejected"
    assert f"this mended reject is already in {right}:2" in [
        row["reject_reason"] for row in rejects(nameless)
    ]
