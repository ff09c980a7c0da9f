"""One function over many things, in forked processes where that can be and pays."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")

_inherited: Callable[[Any], Any]
"""In a worker, what it does: handed over as it is forked, so that nothing of it need be pickled."""


def map_in_order(
    work: Callable[[Thing], Made], things: Sequence[Thing], jobs: int, *, chunk: int
) -> Iterator[Made]:
    """What `work` makes of each thing, in order; workers take `chunk` things at a time.

    They are forked from this process, which should then have no other threads.
    """
    if jobs > 1 and len(things) > chunk and "fork" in multiprocessing.get_all_start_methods():
        # Whoever interrupts means this process, which then ends the workers; they are born deaf to it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with multiprocessing.get_context("fork").Pool(jobs, _inherit, (work,)) as pool:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                yield from pool.imap(_work, things, chunk)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    else:
        yield from map(work, things)


def _inherit(work: Callable[[Any], Any]) -> None:
    global _inherited
    _inherited = work


def _work(thing: Any) -> Any:
    return _inherited(thing)
