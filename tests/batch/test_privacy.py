"""What a batch leaves behind: its owner's alone, and of a refused row only the quarantine."""

from __future__ import annotations

import gzip
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from afterrun import Rulebook
from afterrun.batch.input.spool import unpack
from afterrun.batch.read.duplicates import DuplicateFinder
from tests.support.batches.runs import batch, files_of, random_intakes, write_csv, write_jsonl

CANARY = "CANARY"
OUTS = pytest.mark.parametrize("name", ["out", "out.csv", "out.jsonl", "out.arrow", "out.parquet"])
FORMS = ["csv", "old csv", "odd csv", "jsonl", "parquet", "csv.gz"]
LINE_ENDS = {"csv": b"\r\n", "old csv": b"\r", "odd csv": b"\r\r\n", "csv.gz": b"\n"}


@pytest.fixture
def open_to_all() -> Iterator[None]:
    """The most careless surroundings there are."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def some(rulebook: Rulebook, tmp_path: Path) -> Path:
    """Rows to be accepted with rows to be refused between them, in folders of their own."""
    intakes = random_intakes(rulebook, 30)
    for place in (0, 7, 8, 29):
        intakes[place] |= {"record_id": f"{CANARY}-{place}", "age_years": -5}
    intakes[20]["record_id"] = intakes[19]["record_id"]
    (tmp_path / "in").mkdir()
    return write_jsonl(tmp_path / "in" / "in.jsonl", intakes)


def given(form: str, rulebook: Rulebook, tmp_path: Path) -> bytes:
    """Thirty rows in some form, five of them to be refused."""
    intakes = random_intakes(rulebook, 30)
    for place in (0, 7, 8, 29):
        intakes[place] |= {"record_id": f"{CANARY}-{place}", "age_years": -5}
    path = tmp_path / "given"
    if form == "jsonl":
        return write_jsonl(path, [*intakes, {CANARY: 1}]).read_bytes()
    content = write_csv(path, rulebook, intakes).read_bytes()
    if form == "parquet":
        stream = io.BytesIO()
        pl.read_csv(content, infer_schema=False).write_parquet(stream)
        return stream.getvalue()
    content = content.replace(b"\r\n", LINE_ENDS[form]) + f"{CANARY},1\n".encode()
    return gzip.compress(content) if form == "csv.gz" else content


def open_ones(folder: Path) -> dict[str, str]:
    """Whatever below a folder others may read, write or enter."""
    return {
        str(each.relative_to(folder)): oct(mode)
        for each in folder.rglob("*")
        if (mode := stat.S_IMODE(each.stat().st_mode)) != (0o700 if each.is_dir() else 0o600)
    }


def hiding(folder: Path) -> list[str]:
    """Files that hold a word of a refused row, packed or not, and are not the quarantine."""
    word = CANARY.encode()
    found = []
    for name, content in files_of(folder).items():
        plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        if content.startswith(b"PAR1"):
            plain = pl.read_parquet(content).write_json().encode()
        found += [name] if word in plain and not name.endswith("rejects.csv") else []
        assert not name.endswith("rejects.csv") or name in ("out/_rejects.csv", "out.csv.rejects.csv"), name
    return found


@pytest.mark.slow
@OUTS
@pytest.mark.usefixtures("open_to_all")
def test_all_that_a_batch_makes_is_its_owners_alone(some: Path, tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    stopped = batch(some, work / name, "--chunk-rows", 4, "--max-rejects", 3)
    assert stopped.code == 2
    assert open_ones(work) == {}
    assert batch(some, work / name, "--chunk-rows", 4, "--max-rejects", 9).code == 1
    assert open_ones(work) == {}
    assert batch("summary", work / name, "--html", work / "summary.html").code == 0
    assert batch("view", work / name, "10", "--file", some).code == 0
    assert open_ones(work) == {}


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.usefixtures("open_to_all")
def test_what_comes_through_stdin_is_its_owners_alone(rulebook: Rulebook, tmp_path: Path, form: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    content = given(form, rulebook, tmp_path)
    options = ["--chunk-rows", 4]
    assert batch("-", work / "out", *options, "--max-rejects", 2, stdin=content).code == 2
    assert open_ones(work) == {}
    assert batch("-", work / "out", *options, stdin=content).code == 1
    assert open_ones(work) == {}


@pytest.mark.usefixtures("open_to_all")
def test_what_is_needed_for_a_while_is_its_owners_alone_meanwhile(tmp_path: Path) -> None:
    places = pl.DataFrame(
        {
            "record_id": [str(each) for each in range(9)],
            "source": [0] * 9,
            "line": range(9),
            "occasion": [None] * 9,
        },
        schema_overrides={"source": pl.UInt32, "line": pl.UInt64},
    )
    finder = DuplicateFinder(tmp_path / "work" / "ids")
    for _ in range(9):  # so many that they are merged
        finder.remember(places)
    packed = tmp_path / "in.gz"
    packed.write_bytes(gzip.compress(b"a"))
    unpack(packed, "gzip", tmp_path / "work" / "ids" / "unpacked", "in.gz")
    assert len(files_of(tmp_path / "work")) > 9
    assert open_ones(tmp_path / "work" / "ids") == {}


@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_what_was_left_open_before_is_closed_by_the_next_run(some: Path, tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    assert batch(some, work / name).code == 1
    content = files_of(work)
    others = tmp_path / "others"
    others.write_text("another's")
    others.chmod(0o644)
    for each in work.rglob("*"):
        each.chmod(0o777 if each.is_dir() else 0o666)
    state = work / ("out/_job" if name == "out" else ".out.csv.job")
    (state / "led-to").symlink_to(others)
    assert batch(some, work / name).code == 1
    (state / "led-to").unlink()
    assert open_ones(work) == {}
    assert files_of(work) == content
    assert stat.S_IMODE(others.stat().st_mode) == 0o644


@pytest.mark.slow
@OUTS
def test_nothing_of_a_refused_row_stays_hidden(some: Path, tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    packed = tmp_path / "in" / "more.jsonl.gz"
    packed.write_bytes(gzip.compress(f'{{"record_id": "{CANARY}", "{CANARY}": 1}}\n{{}}\n'.encode()))
    assert batch(some, packed, work / name, "--chunk-rows", 4).code == 1
    files = {name for name in files_of(work) if CANARY.encode() in files_of(work)[name]}
    assert files == {"out/_rejects.csv" if name == "out" else f"{name}.rejects.csv"}
    assert batch("view", work / name, "10", "--file", some).code == 0
    assert {name for name in files_of(work) if CANARY.encode() in files_of(work)[name]} == files


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_of_standard_input_nothing_stays_and_it_is_proved_when_piped_in_again(
    rulebook: Rulebook, tmp_path: Path, form: str, name: str
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    content = given(form, rulebook, tmp_path)
    for more in (["--max-rejects", 2], [], []):
        run = batch("-", work / name, "--chunk-rows", 4, *more, stdin=content)
        assert run.code == (2 if more else 1), run.err
        assert not [each for each in files_of(work) if "/input/" in each]
    assert hiding(work) == []
    read = pl.read_parquet(work / "out" / "data" / "part-*") if name == "out" else pl.read_csv(work / name)
    assert read.height == 26
    for asked in read.select("record_id", "line").row(25):
        view = batch("view", work / name, asked, "--file", "-", stdin=content)
        assert view.code == 0, (asked, view.err)
    assert hiding(work) == []


def test_what_was_piped_into_a_killed_run_goes_with_the_next_one(tmp_path: Path) -> None:
    content = b'{"record_id": "a"}\n'
    assert batch("-", tmp_path / "out", stdin=content).code == 0
    (tmp_path / "out" / "_SUCCESS").unlink()
    spool = tmp_path / "out" / "_job" / "input"
    spool.mkdir()
    (spool / f"stdin-{'0' * 32}").write_text(CANARY)
    assert batch("-", tmp_path / "out", "--max-rejects", 0, stdin=b"{}\n").code == 2
    assert hiding(tmp_path / "out") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_a_finished_batch_with_rejects_is_left_as_it_is(some: Path, tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    assert batch(some, work / name, "--chunk-rows", 4).code == 1
    rejects = work / ("out/_rejects.csv" if name == "out" else "out.csv.rejects.csv")
    mended = rejects.read_text(encoding="utf-8").replace(",-5,", ",35,")
    rejects.write_text(mended, encoding="utf-8")
    before = {each: each.stat().st_mtime_ns for each in work.rglob("*") if each.is_file()}
    assert batch(some, work / name, "--chunk-rows", 4).code == 1
    assert {each: each.stat().st_mtime_ns for each in work.rglob("*") if each.is_file()} == before
    assert batch(some, work / name, "--chunk-rows", 4, "--strict").code == 2
    assert rejects.read_text(encoding="utf-8") == mended


@pytest.mark.slow
@pytest.mark.parametrize(
    "lost",
    ["_rejects.csv", "data/part-000002.parquet", "_rulebook.json", "_datapackage.json", "_job/000001.json"],
)
def test_what_is_lost_of_a_finished_batch_is_made_again(some: Path, tmp_path: Path, lost: str) -> None:
    out = tmp_path / "work" / "out"
    out.parent.mkdir()
    assert batch(some, out, "--chunk-rows", 4).code == 1
    before = files_of(out)
    (out / lost).unlink()
    assert batch(some, out, "--chunk-rows", 4).code == 1
    assert files_of(out) == before


@pytest.mark.slow
def test_a_file_whose_rejects_are_gone_is_made_again(some: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    assert batch(some, work / "out.csv", "--chunk-rows", 4).code == 1
    before = files_of(work)
    (work / "out.csv.rejects.csv").unlink()
    assert batch(some, work / "out.csv", "--chunk-rows", 4).code == 1
    assert files_of(work) == before


def test_what_a_killed_run_left_half_written_is_thrown_away_and_nothing_else(
    some: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    theirs = [".out.csv-abcd1234.partial", ".out.csv.rejects.csv-abcd_234.partial"]
    others = [".out.csv-mine-abcd1234.partial", ".out.csv2-abcd1234.partial", "out.csv.partial"]
    for each in (*theirs, *others):
        (work / each).write_text(CANARY)
    assert batch(some, work / "out.csv").code == 1
    assert sorted(each.name for each in work.iterdir() if CANARY in each.name or "partial" in each.name) == (
        sorted(others)
    )
