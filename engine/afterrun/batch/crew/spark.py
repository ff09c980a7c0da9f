"""Lots decided by the machines of a Spark cluster.

Spark only says who does what, and does again what was lost. No row goes through it: a worker reads its lot
from storage that all machines share, and lays down there what it decided, as a process beside this one would.
"""

from __future__ import annotations

import os
import pickle
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from typing import Any
from urllib.parse import urlsplit

from afterrun.batch.crew.crews import Elsewhere
from afterrun.batch.crew.far import MARKER, own_versions
from afterrun.batch.crew.orders import SealedOrders
from afterrun.batch.input.lots import Lot
from afterrun.batch.request import Hands
from afterrun.batch.write.output import Output
from afterrun.errors import AfterrunError, UnusableError
from afterrun.storage import write_text

WAVE = 64
"""Lots that are handed over together: while one wave is put in its place, the next is decided."""
SECONDS_TO_ANSWER = 5
SECONDS_TO_BEGIN = 180
"""After which a cluster without a free worker is given up."""
SECONDS_TO_SEE = 30
"""How late a file of another machine may be seen here: network storage remembers what was not there."""


class SparkFault(UnusableError):
    """The cluster could not be reached or did not do its work; what is finished stands."""


class Spark(Elsewhere):
    """The workers of a cluster, each with a lot at a time."""

    def __init__(self, output: Output, orders: SealedOrders, hands: Hands) -> None:
        super().__init__(output, orders.folder)
        self.ahead = 2 * WAVE
        self._sealed, self._marked = pickle.dumps(orders), secrets.token_hex(16)
        self._next: list[Lot] = []
        self._waves: dict[int, Future[dict[int, bytes]]] = {}
        write_text(orders.folder / MARKER, self._marked, private=True)
        self._session = _session(hands)
        self._threads = ThreadPoolExecutor(1)
        try:
            self._refuse_unfit()
        except BaseException:
            self.close(whole=False)
            raise

    def send(self, lot: Lot) -> None:
        """Put a lot into the next wave, and send that off when it is full."""
        self._next.append(lot)
        if len(self._next) == WAVE:
            self._send_off()

    def wait(self, lot: Lot) -> None:
        """Wait for the wave that a lot is in."""
        if lot in self._next:
            self._send_off()
        if lot.number in self._waves:
            said = self._waves.pop(lot.number).result()
            _raise(said[lot.number])
            self._see(lot)

    def close(self, *, whole: bool) -> None:
        """Leave the cluster, which drops what it had in hand."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._session.stop()
        (self.stored.folder / MARKER).unlink(missing_ok=True)

    def _send_off(self) -> None:
        lots = self._next
        self._next = []
        wave = self._threads.submit(self._run, [(each.number, pickle.dumps(each)) for each in lots])
        self._waves |= {each.number: wave for each in lots}

    def _run(self, lots: list[tuple[int, bytes]]) -> dict[int, bytes]:
        """What each worker says of its lot: nothing, or an error."""
        from pyspark.errors import PySparkException

        task = _task(self._sealed, own_versions(), self._marked, lots)
        try:
            # A range of so many rows in so many parts: each part, and so each task, is one lot.
            each_alone = self._session.range(0, len(lots), 1, len(lots))
            rows = each_alone.mapInArrow(task, "lot long, said binary").collect()
        except PySparkException as error:
            raise SparkFault(f"Spark gave up: {_first_line(error)}") from None
        return {row["lot"]: bytes(row["said"]) for row in rows}

    def _refuse_unfit(self) -> None:
        """Raise where no worker begins, or one lacks what it needs, before anything is written."""
        tried = self._threads.submit(self._run, [(place, b"") for place in range(8)])
        try:
            for said in tried.result(SECONDS_TO_BEGIN).values():
                _raise(said)
        except NotInTime:
            raise SparkFault(
                f"no worker of the cluster began within {SECONDS_TO_BEGIN} s: "
                "see whether it has workers, and cores that are free"
            ) from None

    def _see(self, lot: Lot) -> None:
        until = time.monotonic() + SECONDS_TO_SEE
        while not self.stored.has(lot.number):
            if time.monotonic() > until:
                raise SparkFault(
                    f"{self.stored.rows(lot.number)} was written by a worker and is not seen here: "
                    "put the result where all machines share it"
                )
            time.sleep(0.2)


def _task(
    sealed: bytes, versions: dict[str, str], marked: str, lots: list[tuple[int, bytes]]
) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What a worker runs. It travels as it stands, and knows nothing of afterrun until it is there."""

    def work(batches: Iterator[Any]) -> Iterator[Any]:
        import importlib
        import pickle
        import socket

        pyarrow: Any = importlib.import_module("pyarrow")

        for batch in batches:
            for place in batch.column(0).to_pylist():
                number, lot = lots[place]
                try:
                    far = importlib.import_module("afterrun.batch.crew.far")
                    said = far.work(sealed, versions, marked, lot)
                except (ImportError, AttributeError) as error:
                    host, needed = socket.gethostname(), versions["afterrun"]
                    said = pickle.dumps(f"on {host} afterrun {needed} is not installed whole: {error}")
                columns = {"lot": [number], "said": [said]}
                types = pyarrow.schema([("lot", pyarrow.int64()), ("said", pyarrow.binary())])
                yield pyarrow.RecordBatch.from_pydict(columns, schema=types)

    return work


def _raise(said: bytes) -> None:
    if said:
        error = pickle.loads(said)
        if isinstance(error, AfterrunError):
            raise error
        raise SparkFault(f"{error}. Install the same on every worker: pip install 'afterrun[batch]'")


def _session(hands: Hands) -> Any:
    """The cluster, reached. Raises SparkFault with what to do."""
    from pyspark.sql import SparkSession

    _refuse_unreachable(hands.remote or hands.master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName("afterrun batch")
    if hands.remote:
        builder = builder.remote(hands.remote)
    else:
        quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
        for name, value in {**quiet, "spark.log.level": "ERROR"}.items():
            builder = builder.config(name, value)
        builder = builder.master(hands.master)
        if hands.master.startswith("local"):
            builder = builder.config("spark.driver.host", "127.0.0.1")
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    try:
        return builder.getOrCreate()
    except Exception as error:  # from Java, from Python's side of it, from the network: each has its own
        where = hands.remote or hands.master
        raise SparkFault(f"Spark cannot be had at {where}: {_first_line(error)}") from None


def _refuse_unreachable(address: str) -> None:
    """Ask at each of the addresses: Spark itself would try for minutes."""
    parts = urlsplit(address)
    if parts.scheme not in ("spark", "sc"):
        return
    usual = 7077 if parts.scheme == "spark" else 15002
    reasons = []
    for each in parts.netloc.split(","):
        host, _, port = each.partition(":")
        try:
            with socket.create_connection((host, int(port or usual)), SECONDS_TO_ANSWER):
                return
        except (OSError, ValueError) as error:
            reasons.append(f"{each}: {getattr(error, 'strerror', None) or error}")
    what = "Spark master" if parts.scheme == "spark" else "Spark Connect server"
    raise SparkFault(f"no {what} answers at {address} ({'; '.join(reasons)}): is it running there?")


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0][:300]
