"""A batch that is killed, hindered or begun twice: nothing lost, nothing doubled, nothing mixed."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import polars as pl
import pytest

import afterrun
from afterrun.batch import Limits, Options, Request, TooManyRows, place_of, run
from afterrun.batch.write.tally import Tally
from tests.attacks.killed.batches import BLANK, ROWS, damaged_inputs, kill_batches
from tests.support.batches.runs import (
    batch,
    batch_process,
    files_of,
    write_jsonl,
)
from tests.support.cli_runs import COMMAND
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

KILLS = 20


@pytest.fixture(scope="module")
def inputs(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return damaged_inputs(rulebook, tmp_path_factory.mktemp("killed"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small input of its own."""
    return write_jsonl(tmp_path / "in.jsonl", [{"record_id": str(number)} for number in range(40)])


@pytest.mark.process
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_killed_at_any_moment_it_ends_the_same(inputs: list[Path], tmp_path: Path, name: str) -> None:
    killed = kill_batches(inputs, tmp_path, name, KILLS)
    assert (killed.faults, killed.kills) == ((), KILLS)


@pytest.mark.parametrize(
    ("told", "otherwise", "words"),
    [
        (("--na", "NA,none given"), ("--na", "NA"), "--na was NA, none given and is NA"),
        (("--rename", "id=record_id"), (), "--rename was id=record_id and is not given"),
        (("--key", "site,visit"), ("--key", "site"), "--key was site, visit and is site"),
        (
            ("--assume-asked", "warning_signs"),
            (),
            "--assume-asked was warning_signs and is not given",
        ),
        (("--separator", ";", "--decimal", ","), ("--separator", ";"), "--decimal was , and is not given"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) and each else "",
)
def test_what_was_told_of_the_inputs_is_the_same_when_it_is_told_again(
    tmp_path: Path, told: tuple[str, ...], otherwise: tuple[str, ...], words: str
) -> None:
    name = "id" if "--rename" in told else "record_id"
    given = tmp_path / "in.csv"
    given.write_text(f"{name};site;visit;age_years\nP1;a;1;34\nP2;b;1;35\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    first = batch(given, out, *told)
    again = batch(given, out, *told)
    assert (first.code, again.code) == (0, 0), again.err
    assert again.out == first.out
    changed = batch(given, out, *otherwise)
    assert changed.code == 2
    assert words in changed.err


def test_rows_are_bounded_where_it_is_asked(rulebook: afterrun.Rulebook, small: Path, tmp_path: Path) -> None:
    def made(most: int) -> Tally:
        options, limits = Options("csv", rows_per_chunk=10), Limits(max_rows=most)
        place = place_of(str(tmp_path / f"{most}.csv"), None)
        return run(Request(rulebook, [small], options, limits), place, lambda _: None, print)

    assert made(40).rows_in == 40
    with pytest.raises(TooManyRows, match="more than 39 rows"):
        made(39)


def test_every_row_is_there_once(inputs: list[Path], tmp_path: Path) -> None:
    run = batch(*inputs, tmp_path / "out", "--chunk-rows", 40)
    assert run.code == 1
    done = json.loads((tmp_path / "out" / "_SUCCESS").read_text(encoding="utf-8"))
    frame = pl.read_parquet(tmp_path / "out" / "data" / "part-*.parquet")
    rejects = pl.read_csv(tmp_path / "out" / "_rejects.csv", infer_schema=False)
    assert done["rows_in"] == ROWS
    assert (frame.height, rejects.height) == (done["rows"], done["rejects"])
    assert frame.height + rejects.height + done["blank"] == ROWS
    assert done["blank"] == BLANK
    assert frame["record_id"].is_unique().all()
    places = frame.select("source", "line").unique()
    assert places.height == frame.height
    assert rejects.filter(pl.col("reject_question") == "record_id").height > 0


def test_a_finished_batch_is_left_as_it_is(small: Path, tmp_path: Path) -> None:
    for name in ("out", "out.csv"):
        assert batch(small, tmp_path / name, "--chunk-rows", 7).code == 0
    before = {str(path): path.stat().st_mtime_ns for path in tmp_path.rglob("part-*.parquet")}
    content = files_of(tmp_path)
    for name in ("out", "out.csv"):
        assert batch(small, tmp_path / name, "--chunk-rows", 7).code == 0
    assert files_of(tmp_path) == content
    assert before == {str(path): path.stat().st_mtime_ns for path in tmp_path.rglob("part-*.parquet")}


@pytest.mark.parametrize("damage", ["cut", "gone", "record gone"])
def test_a_damaged_chunk_is_made_again(small: Path, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "out"
    assert batch(small, out, "--chunk-rows", 7).code == 0
    before = files_of(out)
    part = out / "data" / "part-000002.parquet"
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:100])
    elif damage == "gone":
        part.unlink()
    else:
        (out / "_job" / "000002.json").unlink()
    assert batch(small, out, "--chunk-rows", 7).code == 0
    assert files_of(out) == before


def test_a_file_that_was_lost_is_made_again(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert batch(small, out).code == 0
    before = out.read_bytes()
    out.unlink()
    assert batch(small, out).code == 0
    assert out.read_bytes() == before


@pytest.mark.parametrize("name", ["out", "out.csv"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("input grown", "has changed: it had"),
        ("input touched", "has changed: it was written again"),
        ("input more", "is new"),
        ("option", "--chunk-rows was 7 and is 8"),
        ("explain", "--explain was not given and is given"),
        ("columns", "--columns was not given and is triage"),
        ("rulebook", "the rulebook was"),
    ],
)
def test_what_was_begun_with_something_else_is_refused(
    small: Path, tmp_path: Path, name: str, change: str, said: str
) -> None:
    out = tmp_path / name
    arguments: list[object] = [small, out, "--chunk-rows", 7]
    assert batch(*arguments).code == 0
    before = files_of(out.parent)
    if change == "input grown":
        small.write_text(small.read_text(encoding="utf-8") + '{"record_id": "z"}\n', encoding="utf-8")
    elif change == "input touched":
        os.utime(small, ns=(1, 1))
    elif change == "input more":
        other = write_jsonl(tmp_path / "other.jsonl", [{"record_id": "z"}])
        arguments.insert(0, other)
    elif change == "option":
        arguments[-1] = 8
    elif change == "explain":
        arguments.append("--explain")
    elif change == "columns":
        arguments += ["--columns", "triage"]
    else:
        arguments += ["--rulebook", _other_rulebook(tmp_path / "rulebook")]
    run = batch(*arguments)
    assert run.code == 2
    assert said in run.err
    after = files_of(out.parent)
    assert {name: after[name] for name in before if name != "in.jsonl"} == {
        name: before[name] for name in before if name != "in.jsonl"
    }


def test_limits_may_differ_from_run_to_run(small: Path, tmp_path: Path) -> None:
    assert batch(small, tmp_path / "out").code == 0
    assert batch(small, tmp_path / "out", "--strict", "--max-rejects", 3).code == 0


@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_a_second_writer_is_refused(small: Path, tmp_path: Path, name: str) -> None:
    assert batch(small, tmp_path / name).code == 0
    state = tmp_path / ("out/_job" if name == "out" else ".out.csv.job")
    before = files_of(tmp_path)
    with (state / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = batch(small, tmp_path / name)
    assert run.code == 3
    assert "another run" in run.err
    assert files_of(tmp_path) == before


@pytest.mark.process
def test_two_runs_at_once_make_one_result(inputs: list[Path], tmp_path: Path) -> None:
    command: list[str | Path] = [COMMAND, "batch", *inputs, tmp_path / "out", "--chunk-rows", "75"]
    runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(3)]
    codes = [(run.communicate(), run.returncode)[1] for run in runs]
    assert 1 in codes
    assert set(codes) <= {1, 3}
    frame = pl.read_parquet(tmp_path / "out" / "data" / "part-*.parquet")
    assert frame["record_id"].is_unique().all()


def test_what_others_made_is_never_written_over(small: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "mine.csv").write_text("mine", encoding="utf-8")
    for name in ("mine", "mine.csv"):
        run = batch(small, tmp_path / name)
        assert run.code == 2
        assert "give a new" in run.err
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "mine"
    assert list(files_of(tmp_path / "mine")) == ["notes.txt"]


@pytest.mark.process
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_a_folder_that_may_not_be_written_is_told(small: Path, tmp_path: Path, name: str) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    run = batch_process(small, locked / name, preexec_fn=_give_up_the_rights_of_root)
    assert run.code == 3, run.err
    assert "may not be written" in run.err
    assert list(locked.iterdir()) == []


@pytest.mark.process
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_a_full_disk_ends_with_3_and_the_run_goes_on_later(
    inputs: list[Path], tmp_path: Path, name: str
) -> None:
    """A limit on the size of a file stands for the disk: the system refuses to write more either way."""
    limit = 10_000 if name == "out" else 100_000
    command = [*inputs[:2], tmp_path / name, "--chunk-rows", 400]
    run = batch_process(
        *command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    assert run.code == 3, run.err
    assert "may not grow" in run.err or "cannot be written" in run.err
    assert "is kept" in run.err
    assert "Traceback" not in run.err
    assert batch(*command).code == 1
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert batch(*inputs[:2], fresh / name, "--chunk-rows", 400).code == 1
    end = tmp_path / name
    if end.is_dir():
        assert files_of(end) == files_of(fresh / name)
    else:
        assert end.read_bytes() == (fresh / name).read_bytes()


@pytest.mark.process
def test_ctrl_c_keeps_what_is_done(inputs: list[Path], tmp_path: Path) -> None:
    command: list[str | Path] = [COMMAND, "batch", *inputs[:2], tmp_path / "out", "--chunk-rows", "25"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
    while not (tmp_path / "out" / "data" / "part-000003.parquet").exists():
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate()
    assert run.returncode == 130
    assert "is kept" in said
    assert "Traceback" not in said
    assert batch(*command[2:]).code == 1


def _give_up_the_rights_of_root() -> None:
    """Let the modes of files count for the program that is started, even if root runs the tests."""
    if os.geteuid() == 0:
        drop_from_bounding_set, override_modes = 24, 1
        ctypes.CDLL(None).prctl(drop_from_bounding_set, override_modes, 0, 0, 0)


def _other_rulebook(folder: Path) -> Path:
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, folder / name)
    identity = folder / "knowledge" / "rulebook.yaml"
    text = identity.read_text(encoding="utf-8")
    identity.write_text(text.replace("version: ", "version: 9", 1), encoding="utf-8")
    return folder


@pytest.mark.process
@pytest.mark.parametrize("out", ["-", "sqlite:///{}/o.db?table=t"])
def test_a_disk_too_full_for_what_is_kept_meanwhile_is_told_by_its_place(tmp_path: Path, out: str) -> None:
    """Without a file for the result the ids seen so far are all that is written beside it."""
    rows = "".join(f"patient-number-{number},34\n" for number in range(20_000))
    (tmp_path / "in.csv").write_text(f"record_id,age_years\n{rows}", encoding="utf-8")
    limit = 100_000
    run = batch_process(
        tmp_path / "in.csv",
        out.format(tmp_path),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert (run.code, run.out) == (3, "")
    assert re.search("error: .*afterrun-.*: the file may not grow any further", run.err), run.err
