"""Where results lie: names of every kind, folders that other programs open, and what is in the way."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest
import zstandard

import afterrun
from afterrun.batch import place_of
from afterrun.batch.places import PlaceError
from tests.support.batches.runs import batch, files_of, random_intakes, write_csv, write_jsonl, write_parquet
from tests.support.paths import DATA

ODD = ["p[1]", "a*b", "q?", "{x,y}", "a%20b", "k=1", "~", "[", "n\nl", "back\\slash"]
KINDS = ["", ".parquet", ".csv", ".jsonl", ".arrow", ".csv.gz", ".csv.zst", ".jsonl.gz"]


@pytest.fixture(scope="module")
def given(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five intakes, the last with a mistake."""
    intakes = random_intakes(rulebook, 5)
    intakes[4]["age_years"] = 3400
    return write_csv(tmp_path_factory.mktemp("given") / "in.csv", rulebook, intakes)


@pytest.fixture(scope="module")
def finished(given: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results, in two chunks."""
    out = tmp_path_factory.mktemp("finished") / "out"
    assert batch(given, out, "--chunk-rows", 3).code == 1
    return out


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_no_pattern_wherever_it_stands(
    rulebook: afterrun.Rulebook, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for own in (name, name[:1], "p1", "axb", "qq", "x"):
        write_parquet(
            folder / f"{own}.parquet",
            rulebook,
            [{"record_id": f"{own}-{at}", "age_years": 34} for at in range(3)],
        )
    for kind in KINDS if name == ODD[0] else [""]:
        out = folder / f"o{name}{kind}"
        run = batch(folder / f"{name}.parquet", out, "--chunk-rows", 2)
        assert run.code == 0, run.err
        assert batch("view", out, f"{name}-2").code == 0, kind
        assert batch("summary", out).code == 0


def test_a_file_beside_is_not_taken_for_the_one_that_is_named(tmp_path: Path) -> None:
    path = DATA / "clinic" / "d04_bracket" / "p[1].parquet"
    assert batch(path, tmp_path / "o.jsonl").code == 0
    ids = pl.read_ndjson(tmp_path / "o.jsonl")["record_id"].to_list()
    assert ids == ["OTHER-P1", "OTHER-P2", "OTHER-P3"]


def test_names_that_are_no_text_are_read_and_refused_to_be_written(
    rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    for kind in ("csv", "jsonl", "parquet", "csv.gz"):
        path = tmp_path / os.fsdecode(b"\xff." + kind.encode())
        if kind == "parquet":
            made = write_parquet(tmp_path / "made", rulebook, [{"record_id": "a", "age_years": 34}])
        elif kind == "jsonl":
            made = write_jsonl(tmp_path / "made", [{"record_id": "a"}])
        else:
            made = write_csv(tmp_path / "made", rulebook, [{"record_id": "a"}])
        path.write_bytes(gzip.compress(made.read_bytes()) if kind == "csv.gz" else made.read_bytes())
        out = tmp_path / f"{kind}.csv"
        assert batch(path, out).code == 0
        assert batch("view", out, "a").code == 0
        run = batch(made, path.with_name(os.fsdecode(b"\xfe.csv")))
        assert (run.code, "no text in UTF-8" in run.err) == (2, True)


@pytest.mark.parametrize(
    "name",
    ["o.json", "o.tsv", "o.ods", "o.xls", "o.txt", "o.db", "o.zip", "o.csv.bz2", "o.parquet.gz", "o.xlsx.zst",
     "o.json.gz", "o.gz", "out.d"],
)  # fmt: skip
def test_a_file_that_cannot_be_written_is_refused_and_no_folder(
    given: Path, tmp_path: Path, name: str
) -> None:
    run = batch(given, tmp_path / name)
    assert run.code == 2
    assert "Give .csv or .jsonl, plain or with .gz or .zst behind" in run.err
    assert list(tmp_path.iterdir()) == []


def test_a_name_for_a_database_is_told_the_address_and_one_too_long_is_told(
    given: Path, tmp_path: Path
) -> None:
    assert "behind it; a table as duckdb:///FILE?table=NAME" in batch(given, tmp_path / "o.duckdb").err
    run = batch(given, tmp_path / f"{'o' * 300}.csv")
    assert (run.code, "; give another name" in run.err) == (2, True), run.err


def test_a_slash_makes_a_folder_of_any_name(given: Path, tmp_path: Path) -> None:
    assert batch(given, f"{tmp_path}/out.json/").code == 1
    assert (tmp_path / "out.json" / "data" / "part-000000.parquet").is_file()
    assert batch(given, tmp_path / "out.json").code == 1
    with pytest.raises(PlaceError, match=r"ends in \.csv, and --format says jsonl"):
        place_of(str(tmp_path / "o.csv"), "jsonl")


def test_packed_results_hold_the_same_bytes(given: Path, tmp_path: Path) -> None:
    for name in ("o.csv", "o.csv.gz", "o.CSV.ZST", "o.jsonl", "o.jsonl.gz"):
        assert batch(given, tmp_path / name).code == 1
    plain = (tmp_path / "o.csv").read_bytes()
    assert gzip.decompress((tmp_path / "o.csv.gz").read_bytes()) == plain
    assert (
        zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "o.CSV.ZST").read_bytes())
        == plain
    )
    assert gzip.decompress((tmp_path / "o.jsonl.gz").read_bytes()) == (tmp_path / "o.jsonl").read_bytes()


def test_a_folder_of_results_opens_with_what_people_have(finished: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    parquet = pytest.importorskip("pyarrow.parquet", reason="PyArrow is not installed")
    dataset = pytest.importorskip("pyarrow.dataset", reason="PyArrow is not installed")

    for folder in (f"{finished}/", finished, finished / "data"):
        assert len(pandas.read_parquet(folder)) == 4
        assert dataset.dataset(folder).count_rows() == 4
        assert parquet.read_table(folder).num_rows == 4
        assert duckdb.sql(f"SELECT count(*) FROM read_parquet('{folder}/**/*.parquet')").fetchall() == [(4,)]
    assert pl.read_parquet(finished / "data").height == 4
    assert {each.name for each in (finished / "data").iterdir()} == {
        "part-000000.parquet",
        "part-000001.parquet",
    }
    assert all(each.name.startswith("_") for each in finished.iterdir() if each.name != "data")


def test_a_folder_of_the_former_layout_is_still_read(finished: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    for part in (out / "data").iterdir():
        part.rename(out / part.name)
    (out / "data").rmdir()
    for name in ("rejects.csv", "rulebook.json"):
        (out / f"_{name}").rename(out / name)
    (out / "_datapackage.json").unlink()
    assert batch("view", out, "P1-3").code == 0
    assert "5 rows in = 4 rows out + 1 rejected" in batch("summary", out).out


@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing", None])
def test_a_broken_part_is_told_and_made_again(
    given: Path, finished: Path, tmp_path: Path, damage: bytes | None
) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    part = out / "data" / "part-000001.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    run = batch("view", out, "P1-3")
    assert run.code == 2
    assert "is damaged" in run.err
    assert batch(given, out, "--chunk-rows", 3).code == 1
    assert part.read_bytes() == whole


@pytest.mark.parametrize("name", ["_job/plan.json", "_job/000001.json", "_SUCCESS", "_rulebook.json"])
def test_a_damaged_state_is_told(given: Path, finished: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / name).write_bytes(b'{"tally"')
    for words in (("summary", out), ("view", out, "P1-3"), (given, out, "--chunk-rows", 3)):
        run = batch(*words)
        assert "Traceback" not in run.err
        assert run.code in (0, 1) or f"{out / name} is damaged" in run.err


@pytest.mark.parametrize("name", ["more.parquet", "notes.txt", "part-000002.parquet", "part-1.parquet"])
def test_nothing_else_may_lie_among_the_rows(given: Path, finished: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    (out / "_SUCCESS").unlink()
    (out / "data" / name).write_bytes(b"nobody knows")
    run = batch(given, out, "--chunk-rows", 3)
    assert run.code == 2
    assert (
        f"{out / 'data' / name} is not this batch's, and would be read as rows of it; move it away" in run.err
    )
    (out / "data" / name).unlink()
    assert batch(given, out, "--chunk-rows", 3).code == 1
    assert files_of(out) == files_of(finished)


def test_what_lies_below_a_folder_is_read_or_told_to_be_left_out(
    rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    (folder / "sub" / "deep").mkdir(parents=True)
    (folder / ".git").mkdir()
    write_csv(folder / "b.csv", rulebook, [{"record_id": "b"}])
    write_csv(folder / "sub" / "deep" / "c.csv", rulebook, [{"record_id": "c"}])
    write_jsonl(folder / "sub" / "a.jsonl", [{"record_id": "a"}])
    for hidden in (".DS_Store", "~$b.xlsx", ".git/d.csv"):
        (folder / hidden).write_bytes(b"nothing")
    assert batch(folder, tmp_path / "o.csv").code == 0
    assert pl.read_csv(tmp_path / "o.csv")["record_id"].to_list() == ["b", "a", "c"]
    (folder / "sub" / "notes.docx").write_bytes(b"notes")
    (folder / "linked").symlink_to(tmp_path)
    for _ in range(2):
        run = batch(folder, tmp_path / "p.csv")
        assert run.code == 1
        assert f"{folder}/sub/notes.docx: left out" in run.err
        assert f"{folder}/linked: left out" in run.err
        assert "2 files were left out; see above." in run.err
    told = json.loads(batch("summary", tmp_path / "p.csv", "--format", "json").out)
    assert told["left_out"] == [f"{folder}/linked", f"{folder}/sub/notes.docx"]
    assert batch(folder, "-").code == 1


def test_a_row_is_found_from_any_folder_whatever_its_input_was_called(given: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(given.read_bytes())
    (tmp_path / "other").mkdir()
    for name in ("o.csv", "o.jsonl", "out"):
        assert batch("a.csv", name, cwd=tmp_path).code == 1
        for words in ((tmp_path / name, "P1-3"), (tmp_path / name, "5", "--file", tmp_path / "a.csv")):
            assert batch("view", *words, cwd=tmp_path / "other").code == 0
        assert batch("view", name, "5", "--file", "a.csv", cwd=tmp_path).code == 0


def test_a_folder_of_a_clinic_is_read_whole(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="the extra 'sheets' is not installed")
    folder = DATA / "clinic" / "d03_folder"
    assert batch(folder, tmp_path / "o.csv").code == 1
    read = pl.read_csv(tmp_path / "o.csv")
    refused = pl.read_csv(tmp_path / "o.csv.rejects.csv", infer_schema=False)
    files = [*read["source"].to_list(), *refused["reject_file"].to_list()]
    assert {str(Path(each).relative_to(folder)) for each in files} == {
        "a.csv",
        "c.tsv",
        "d.xlsx",
        "sub/b.csv",
    }
    assert refused["reject_reason"].str.contains("is already in").all()
    assert not json.loads(batch("summary", tmp_path / "o.csv", "--format", "json").out)["left_out"]
