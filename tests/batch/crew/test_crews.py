"""Many hands make the same result as one: byte for byte, killed or not."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterrun
from afterrun.batch import Hands, Options, Request, place_of, run
from afterrun.batch.crew import processes
from afterrun.batch.crew.decided import Stored
from afterrun.batch.crew.orders import Worker
from afterrun.batch.crew.processes import WorkersDied
from afterrun.batch.input.lots import Lot, lots
from afterrun.batch.input.sources import find_inputs
from afterrun.errors import UnusableError
from tests.attacks.killed.batches import ROWS, damaged_inputs
from tests.support.batches.runs import batch, files_of, random_intakes, rows_of, write_csv
from tests.support.cli_runs import COMMAND

pytestmark = pytest.mark.slow

CHUNK = 125


@pytest.fixture(scope="module")
def inputs(rulebook: afterrun.Rulebook, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """With damage, and ids that come twice within files and across them."""
    return damaged_inputs(rulebook, tmp_path_factory.mktemp("crews"))


@pytest.fixture(scope="module")
def alone(inputs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of them."""
    folder = tmp_path_factory.mktemp("alone")
    assert batch(*inputs, folder / "out", "--chunk-rows", CHUNK).code == 1
    return folder


@pytest.fixture
def hired(monkeypatch: pytest.MonkeyPatch) -> list[processes.Processes]:
    """The crews of processes that are begun."""
    crews: list[processes.Processes] = []
    begin = processes.Processes._begin

    def begun(crew: processes.Processes) -> None:
        begin(crew)
        crews.append(crew)

    monkeypatch.setattr(processes.Processes, "_begin", begun)
    return crews


def _run(rulebook: afterrun.Rulebook, inputs: list[Path], out: Path, jobs: int = 2) -> None:
    place = place_of(str(out), None)
    options = Options(place.format, rows_per_chunk=CHUNK)
    run(Request(rulebook, inputs, options, hands=Hands(jobs)), place, lambda _: None, lambda _: None)


@pytest.mark.process
def test_two_processes_make_the_same_bytes(inputs: list[Path], alone: Path, tmp_path: Path) -> None:
    assert batch(*inputs, tmp_path / "out", "--chunk-rows", CHUNK, "--jobs", 2).code == 1
    assert files_of(tmp_path / "out") == files_of(alone / "out")


@pytest.mark.process
def test_this_process_decides_lots_while_others_do(
    rulebook: afterrun.Rulebook,
    inputs: list[Path],
    alone: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work, here = Worker.work, list[int]()

    def noted(worker: Worker, lot: Lot) -> None:
        here.append(lot.number)
        work(worker, lot)

    monkeypatch.setattr(Worker, "work", noted)
    _run(rulebook, inputs, tmp_path / "out")
    assert 0 < len(set(here)) == len(here) < len(list((tmp_path / "out").rglob("part-*")))
    assert files_of(tmp_path / "out") == files_of(alone / "out")


@pytest.mark.process
def test_a_lot_that_cannot_be_decided_is_told_in_its_turn(
    rulebook: afterrun.Rulebook, inputs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = list[int]()

    def fail(worker: Worker, lot: Lot) -> None:
        failed.append(lot.number)
        raise UnusableError(f"not lot {lot.number}")

    monkeypatch.setattr(Worker, "work", fail)
    with pytest.raises(UnusableError) as told:
        _run(rulebook, inputs, tmp_path / "out")
    assert str(told.value) == f"not lot {min(failed)}"
    assert len(list((tmp_path / "out").rglob("part-*"))) == min(failed)


@pytest.mark.process
@pytest.mark.parametrize("more", [(), ("--explain", "--columns", "record_id,because")])
def test_two_processes_make_the_same_stream(inputs: list[Path], more: tuple[str, ...]) -> None:
    one, two = (
        batch(*inputs, "-", "--chunk-rows", CHUNK, "--format", "csv", "--jobs", jobs, *more)
        for jobs in (1, 2)
    )
    assert (one.code, one.out, one.err) == (two.code, two.out, two.err)
    assert one.out.count("\n") > ROWS / 2


@pytest.mark.process
def test_a_worker_that_is_killed_costs_its_lot_once_more(
    rulebook: afterrun.Rulebook,
    inputs: list[Path],
    alone: Path,
    tmp_path: Path,
    hired: list[processes.Processes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forget, killed = Stored.forget, list[int]()

    def kill_one(stored: Stored, number: int) -> None:
        forget(stored, number)
        if len(killed) < 2:
            worker = next(iter(hired[-1]._pool._processes))
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    monkeypatch.setattr(Stored, "forget", kill_one)
    _run(rulebook, inputs, tmp_path / "out")
    assert len(killed) == 2
    assert len(hired) > 1
    assert files_of(tmp_path / "out") == files_of(alone / "out")


@pytest.mark.process
def test_workers_that_die_again_and_again_stop_the_batch(
    rulebook: afterrun.Rulebook,
    inputs: list[Path],
    alone: Path,
    tmp_path: Path,
    hired: list[processes.Processes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = threading.Event()

    def kill_all() -> None:
        while not ended.wait(0.01):
            for worker in [each for crew in hired for each in list(crew._pool._processes or ())]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    killer = threading.Thread(target=kill_all)
    killer.start()
    try:
        with pytest.raises(WorkersDied, match="give fewer --jobs"):
            _run(rulebook, inputs, tmp_path / "out")
    finally:
        ended.set()
        killer.join()
    monkeypatch.undo()
    _run(rulebook, inputs, tmp_path / "out", jobs=1)
    assert files_of(tmp_path / "out") == files_of(alone / "out")


@pytest.mark.process
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_stopped_or_killed_it_leaves_no_worker_and_goes_on(
    inputs: list[Path], alone: Path, tmp_path: Path, sign: int
) -> None:
    out = tmp_path / "out"
    command = [str(COMMAND), "batch", *map(str, inputs), str(out), "--chunk-rows", str(CHUNK), "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as begun:
        while begun.poll() is None and not list(out.rglob("part-*")):
            time.sleep(0.002)
        (os.killpg if sign == signal.SIGINT else os.kill)(begun.pid, sign)
        _, said = begun.communicate()
    assert begun.returncode == (130 if sign == signal.SIGINT else -sign)
    assert "Traceback" not in said
    deadline = time.monotonic() + 20
    while workers := list(_in_group(begun.pid)):
        assert time.monotonic() < deadline, workers
        time.sleep(0.02)
    assert len(list(out.rglob("part-*"))) < ROWS / CHUNK
    assert batch(*inputs, out, "--chunk-rows", CHUNK, "--jobs", 2).code == 1
    assert files_of(out) == files_of(alone / "out")


def _in_group(group: int) -> Iterator[int]:
    """The living processes of a group."""
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                state, _, of_group = (each / "stat").read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(of_group) == group and state != "Z":
                yield int(each.name)


def test_small_files_share_a_part_and_their_rows_are_found(
    rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    intakes = random_intakes(rulebook, 24)
    (tmp_path / "in").mkdir()
    for number, intake in enumerate(intakes):
        write_csv(tmp_path / "in" / f"{number:02}.csv", rulebook, [intake])
    write_csv(tmp_path / "in" / "24.csv", rulebook, [{"record_id": intakes[3]["record_id"]}])
    whole = write_csv(tmp_path / "whole.csv", rulebook, intakes)
    assert batch(tmp_path / "in", tmp_path / "out").code == 1
    assert batch(whole, tmp_path / "one").code == 0
    assert len(list((tmp_path / "out").rglob("part-*"))) == 1

    def told(name: str) -> list[dict[str, object]]:
        return [
            {key: value for key, value in row.items() if key not in ("source", "line")}
            for row in rows_of(rulebook, tmp_path / name)
        ]

    assert told("out") == told("one")
    assert [row["source"] for row in rows_of(rulebook, tmp_path / "out")] == list(range(24))
    for intake in intakes[::5]:
        assert batch("view", tmp_path / "out", intake["record_id"]).code == 0
    by_line = batch("view", tmp_path / "out", 2, "--file", tmp_path / "in" / "07.csv")
    assert by_line.code == 0
    assert intakes[7]["record_id"] in by_line.out


def test_a_lot_holds_no_more_rows_than_a_chunk(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    for number, rows in enumerate((3, 4, 3, 12, 1, 1)):
        write_csv(tmp_path / f"{number}.csv", rulebook, random_intakes(rulebook, rows, number))
    sources = find_inputs(rulebook, [tmp_path], tmp_path / "spool")
    made = [[piece.source for piece in lot.pieces] for lot in lots(sources, 10)]
    assert made == [[0, 1, 2], [3], [3], [4, 5]]
    assert list(lots(sources, 10))[-1].share == 1


@pytest.mark.process
def test_an_interrupt_waits_until_processes_are_begun_and_they_do_not_hear_it() -> None:
    asked = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    born = []

    def begin() -> None:
        with processes._interrupt_waits():
            signal.raise_signal(signal.SIGINT)
            born.append(subprocess.check_output([sys.executable, "-c", asked], text=True))

    with pytest.raises(KeyboardInterrupt):
        begin()
    assert born == ["True\n"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
