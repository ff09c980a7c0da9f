"""Batches on a Spark cluster: the bytes are those of one machine, whatever happens to its workers."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterrun
from afterrun.batch import Hands, Options, Request, place_of, run
from afterrun.batch.crew.far import MARKER, CannotHelp, own_versions, work
from afterrun.batch.crew.orders import Orders
from afterrun.batch.input.lots import lots
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import AfterrunError
from tests.attacks.killed.batches import damaged_inputs
from tests.support.batches.runs import batch, files_of, write_jsonl
from tests.support.batches.spark_clusters import QUICK, connect_server, free_port, lacking, standalone

pytestmark = [
    pytest.mark.slow,
    # The bridge to Java leaves its sockets to the collector of garbage.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
with_spark = pytest.mark.skipif(bool(lacking()), reason=lacking() or "all is there")

CHUNK = 125
LOCAL = "local[2,4]"
"""Two workers, and a lot may fail four times, as on a cluster."""


@pytest.fixture(scope="module")
def inputs(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return damaged_inputs(rulebook, tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def alone(inputs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this process alone makes of them."""
    folder = tmp_path_factory.mktemp("alone")
    assert batch(*inputs, folder / "out", "--chunk-rows", CHUNK).code == 1
    return files_of(folder / "out")


@pytest.fixture(scope="module", autouse=True)
def quick_java() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", QUICK)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        yield


def _run(rulebook: afterrun.Rulebook, inputs: list[Path], out: Path, hands: Hands) -> None:
    place = place_of(str(out), None)
    options = Options(place.format, rows_per_chunk=CHUNK)
    run(Request(rulebook, inputs, options, hands=hands), place, lambda _: None, lambda _: None)


@with_spark
@pytest.mark.process
def test_on_this_machine_a_killed_worker_costs_its_lot_once_more(
    rulebook: afterrun.Rulebook, inputs: list[Path], alone: dict[str, bytes], tmp_path: Path
) -> None:
    out, killed = tmp_path / "out", list[int]()

    def kill_one() -> None:
        while not list(out.glob("_job/decided/*.json")) and not list(out.glob("data/part-*")):
            time.sleep(0.002)
        for worker in _python_workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    _run(rulebook, inputs, out, Hands(master=LOCAL))
    killer.join(5)
    assert killed
    assert files_of(out) == alone


@with_spark
@pytest.mark.process
def test_workers_with_another_afterrun_are_told_and_nothing_is_written(
    rulebook: afterrun.Rulebook, inputs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = own_versions() | {"the code of afterrun": "another"}
    monkeypatch.setattr("afterrun.batch.crew.spark.own_versions", lambda: others)
    with pytest.raises(CannotHelp, match=r"code of afterrun is .*, and another where the batch was begun"):
        _run(rulebook, inputs, tmp_path / "out", Hands(master=LOCAL))
    assert not list(tmp_path.iterdir())


@with_spark
@pytest.mark.process
def test_a_cluster_goes_on_where_this_machine_was_stopped(
    inputs: list[Path], alone: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "spark").mkdir()
    command = [*inputs, tmp_path / "out", "--chunk-rows", CHUNK]
    assert batch(*command, "--max-rejects", 30).code == 2
    begun = len(list((tmp_path / "out").glob("data/part-*")))
    assert 0 < begun < len(alone) / 3
    with standalone(tmp_path / "spark") as master:
        assert batch(*command, "--engine", "spark", "--master", master).code == 1
    assert files_of(tmp_path / "out") == alone


@with_spark
@pytest.mark.process
def test_spark_connect_makes_the_same_bytes(
    inputs: list[Path], alone: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "spark").mkdir()
    with connect_server(tmp_path / "spark") as remote:
        ran = batch(*inputs, tmp_path / "out", "--chunk-rows", CHUNK, "--engine", "spark", "--remote", remote)
    assert ran.code == 1
    assert files_of(tmp_path / "out") == alone


@with_spark
@pytest.mark.parametrize("option", ["--master", "--remote"])
def test_an_address_where_nobody_answers_is_told_and_nothing_is_written(tmp_path: Path, option: str) -> None:
    small = write_jsonl(tmp_path / "in.jsonl", [{"record_id": "a"}])
    scheme = "spark" if option == "--master" else "sc"
    address = f"{scheme}://127.0.0.1:{free_port()}"
    ran = batch(small, tmp_path / "out", "--engine", "spark", option, address)
    assert ran.code == 3
    assert f"answers at {address}" in ran.err
    assert "is it running there?" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--master", "local[2]"), "--master and --remote are for --engine spark"),
        (("--engine", "spark"), "takes --master URL or --remote URL, one of them"),
        (("--engine", "spark", "--master", "local[2]", "--remote", "sc://h"), "one of them"),
        (("--engine", "spark", "--master", "local[2]", "--jobs", "2"), "--jobs is for this machine"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    small = write_jsonl(tmp_path / "in.jsonl", [{"record_id": "a"}])
    ran = batch(small, tmp_path / "out", *words)
    assert ran.code == 2
    assert said in ran.err


class TestAWorker:
    """What a machine of the cluster does, seen from inside it."""

    @pytest.fixture
    def sealed(self, rulebook: afterrun.Rulebook, tmp_path: Path) -> tuple[bytes, bytes, Path]:
        """Orders, a lot, and the shared folder."""
        small = write_jsonl(tmp_path / "in.jsonl", [{"record_id": "a"}])
        folder = tmp_path / "decided"
        folder.mkdir()
        (folder / MARKER).write_text("mark", encoding="utf-8")
        sources = find_inputs(rulebook, [small], tmp_path)
        orders = Orders(rulebook, Options(), sources).sealed(folder)
        return pickle.dumps(orders), pickle.dumps(next(lots(sources, 10))), folder

    def test_decides_its_lot_once(self, sealed: tuple[bytes, bytes, Path]) -> None:
        orders, lot, folder = sealed
        assert work(orders, own_versions(), "mark", lot) == b""
        made = files_of(folder)
        assert set(made) == {MARKER, "000000.parquet", "000000.json"}
        before = (folder / "000000.parquet").stat().st_mtime_ns
        assert work(orders, own_versions(), "mark", lot) == b""
        assert (folder / "000000.parquet").stat().st_mtime_ns == before

    @pytest.mark.parametrize("lacks", ["folder", "mark", "input", "afterrun", "polars"])
    def test_says_what_it_lacks_and_writes_nothing(
        self, sealed: tuple[bytes, bytes, Path], lacks: str
    ) -> None:
        orders, lot, folder = sealed
        versions, said = dict(own_versions()), "cannot reach"
        if lacks == "folder":
            folder.rename(folder.with_name("elsewhere"))
        elif lacks == "mark":
            (folder / MARKER).write_text("of another disk", encoding="utf-8")
            said = "has another"
        elif lacks == "input":
            (folder.parent / "in.jsonl").unlink()
        else:
            versions[lacks] = "0.0.1"
            said = f"{lacks} is {own_versions()[lacks]}, and 0.0.1 where the batch was begun"
        error = pickle.loads(work(orders, versions, "mark", lot))
        assert isinstance(error, CannotHelp)
        assert said in str(error)
        assert not list(folder.parent.rglob("*.parquet"))

    def test_hands_on_what_is_wrong_with_an_input(self, sealed: tuple[bytes, bytes, Path]) -> None:
        orders, lot, folder = sealed
        path = folder.parent / "in.jsonl"
        path.write_bytes(path.read_bytes()[:5])
        error = pickle.loads(work(orders, own_versions(), "mark", lot))
        assert isinstance(error, AfterrunError)
        assert "has become shorter" in str(error)


def _python_workers() -> list[int]:
    """Processes that Spark begins to run Python in, but for the one that begins them."""
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError):
                if b"pyspark.daemon" in (each / "cmdline").read_bytes():
                    parent = (each / "stat").read_text().rpartition(")")[2].split()[1]
                    found[int(each.name)] = int(parent)
    return [worker for worker, parent in found.items() if parent in found]
