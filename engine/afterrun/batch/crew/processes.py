"""Lots decided by processes beside this one, a core each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait

from afterrun.batch.crew.crews import Elsewhere
from afterrun.batch.crew.orders import SealedOrders, Worker
from afterrun.batch.input.lots import Lot
from afterrun.batch.write.output import Output
from afterrun.errors import UnusableError

TRIES = 3
"""How often in a row workers may die before the batch is stopped."""


class WorkersDied(UnusableError):
    """Worker processes were killed again and again; what is finished stands."""


class Processes(Elsewhere):
    """So many processes, each with a lot in hand and the next one waiting."""

    def __init__(self, output: Output, orders: SealedOrders, jobs: int) -> None:
        super().__init__(output, orders.folder)
        self.ahead = 2 * jobs
        self._orders, self._jobs = orders, jobs
        self._in_hand: dict[int, tuple[Lot, Future[None]]] = {}
        self._died = 0
        self._begin()

    def send(self, lot: Lot) -> None:
        """Hand a lot to whichever process is free."""
        try:
            with _pipes_may_break():
                self._in_hand[lot.number] = lot, self._pool.submit(_work, lot)
        except BrokenProcessPool:
            self._again(lot)

    def wait(self, lot: Lot) -> None:
        """Wait for a lot; those whose worker was killed are decided once more."""
        while lot.number in self._in_hand:
            try:
                self._in_hand[lot.number][1].result()
            except BrokenProcessPool:
                self._again()
                continue
            del self._in_hand[lot.number]
            self._died = 0

    def close(self, *, whole: bool) -> None:
        """Let the processes go; what they had in hand is dropped where the batch did not end well."""
        if not whole:
            self._leash.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._leash.close()
        self._held.close()

    def _begin(self) -> None:
        # It is cut when this process ends, however it ends, and then the workers end too.
        self._held, self._leash = multiprocessing.Pipe(duplex=False)
        threads = max(1, (os.cpu_count() or 1) // self._jobs)
        self._pool = ProcessPoolExecutor(
            self._jobs,
            # Polars begins threads as it is loaded: a process forked beside them may wait for ever.
            multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=(self._orders, self._held, threads),
        )
        with _pipes_may_break():
            self._pool.submit(os.getpid)

    def _again(self, *more: Lot) -> None:
        """Begin anew with all that was in hand."""
        self._died += 1
        if self._died >= TRIES:
            raise WorkersDied(
                f"worker processes were killed {TRIES} times in a row, maybe for want of memory: "
                "give fewer --jobs"
            )
        lots = [*(lot for lot, _ in self._in_hand.values()), *more]
        self._in_hand.clear()
        self.close(whole=False)
        self._begin()
        for lot in lots:
            self.begin(lot)


_worker: Worker | None = None


def _prepare(orders: SealedOrders, leash: Connection, threads: int) -> None:
    global _worker
    os.environ["POLARS_MAX_THREADS"] = str(threads)  # read when polars first begins some
    # An interrupt from the keyboard goes to all; the process that began the batch sees to it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(leash,), daemon=True).start()
    _worker = orders.worker()


def _end_with(leash: Connection) -> None:
    wait([leash])
    os._exit(1)


def _work(lot: Lot) -> None:
    assert _worker is not None
    _worker.work(lot)


@contextmanager
def _pipes_may_break() -> Iterator[None]:
    """Threads begun meanwhile are told of a pipe to a worker that was killed; the signal would end us all.

    A command that writes to a pipe of its own lets that signal end it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
