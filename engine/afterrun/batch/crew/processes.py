"""Lots decided by processes beside this one, a core each."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
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
    """So many processes, of which this is one: it decides lots itself while it waits for the others."""

    def __init__(self, output: Output, orders: SealedOrders, jobs: int, own: Worker) -> None:
        super().__init__(output, orders.folder)
        self.ahead = 2 * jobs
        self._orders, self._jobs, self._own = orders, jobs, own
        self._lock = threading.RLock()
        self._free: deque[Lot] = deque()
        """Lots that nobody has in hand."""
        self._in_hand: dict[int, tuple[Lot, Future[None]]] = {}
        self._died = 0
        self._begin()

    def send(self, lot: Lot) -> None:
        """Leave a lot to whichever process is free first."""
        self._free.append(lot)
        self._feed()

    def wait(self, lot: Lot) -> None:
        """Decide what nobody has in hand until a lot is there, or wait for whoever has it; lots whose worker
        was killed are decided once more."""
        while not self._is_done(lot):
            self._feed()
            if (mine := self._taken()) is not None:
                self._decide(mine)
                continue
            try:
                self._in_hand[lot.number][1].result()
            except BrokenProcessPool:
                self._again()
        with self._lock:
            held = self._in_hand.pop(lot.number, None)
        if held is not None:
            held[1].result()

    def close(self, *, whole: bool) -> None:
        """Let the processes go; what they had in hand is dropped where the batch did not end well."""
        with self._lock:
            self._free.clear()
        if not whole:
            self._leash.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._leash.close()
        self._held.close()

    def _is_done(self, lot: Lot) -> bool:
        """Whether a lot is decided, or cannot be."""
        with self._lock:
            if lot.number not in self._in_hand:
                return lot not in self._free
            done = self._in_hand[lot.number][1]
            return done.done() and not isinstance(done.exception(), BrokenProcessPool)

    def _taken(self) -> Lot | None:
        with self._lock:
            return self._free.popleft() if self._free else None

    def _decide(self, lot: Lot) -> None:
        done = Future[None]()
        try:
            self._own.work(lot)
            done.set_result(None)
        except Exception as error:  # of whatever kind: it is told when the turn of its lot comes
            done.set_exception(error)
        with self._lock:
            self._in_hand[lot.number] = lot, done

    def _feed(self) -> None:
        """Give lots that nobody has in hand to the processes that have none."""
        try:
            with _pipes_may_break():
                self._give()
        except BrokenProcessPool:
            self._again()

    def _give(self) -> None:
        with self._lock:
            busy = sum(not done.done() for _, done in self._in_hand.values())
            while self._free and busy < self._jobs - 1:
                done = self._pool.submit(_work, self._free[0])
                lot, busy = self._free.popleft(), busy + 1
                self._in_hand[lot.number] = lot, done
                done.add_done_callback(self._give_next)

    def _give_next(self, done: Future[None]) -> None:
        """The same from the thread that hears of a lot's end, so that no process waits for this one."""
        if done.cancelled():
            return
        failed = done.exception()
        if failed is None:
            self._died = 0
        if not isinstance(failed, BrokenProcessPool):
            # Where a process was killed since, this one will see to it.
            with suppress(BrokenProcessPool):
                self._give()

    def _begin(self) -> None:
        if hasattr(signal, "pthread_sigmask"):
            # Begun meanwhile it would let the interrupt through.
            resource_tracker.ensure_running()
        try:
            with _pipes_may_break(), _interrupt_waits():
                self._hire()
        except KeyboardInterrupt:
            # They are let go before what they are still being told of is gone.
            self.close(whole=False)
            raise

    def _hire(self) -> None:
        # It is cut when this process ends, however it ends, and then the workers end too.
        self._held, self._leash = multiprocessing.Pipe(duplex=False)
        threads = max(1, (os.cpu_count() or 1) // self._jobs)
        self._pool = ProcessPoolExecutor(
            self._jobs - 1,
            # Polars begins threads as it is loaded: a process forked beside them may wait for ever.
            multiprocessing.get_context("spawn"),
            initializer=_prepare,
            initargs=(self._orders, self._held, threads),
        )
        self._pool.submit(os.getpid)

    def _again(self) -> None:
        """Begin anew with all that was in hand."""
        self._died += 1
        if self._died >= TRIES:
            raise WorkersDied(
                f"worker processes were killed {TRIES} times in a row, maybe for want of memory: "
                "give fewer --jobs"
            )
        with self._lock:
            lots = [*(lot for lot, _ in self._in_hand.values()), *self._free]
            self._in_hand.clear()
            self._free.clear()
        self.close(whole=False)
        self._begin()
        for lot in sorted(lots):
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
def _interrupt_waits() -> Iterator[None]:
    """Processes begun meanwhile are told all that they need, and are deaf to an interrupt from their first
    moment on: half told, or hearing it while they load, each would end with a traceback."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
        if asked:
            signal.raise_signal(signal.SIGINT)


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
