"""What a machine of a cluster runs: the same lots by the same code, or a word on why it cannot.

It is asked for by name on that machine, so that one without afterrun, or with another, can say so.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import socket
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path

from afterrun.batch.crew.orders import SealedOrders, Worker
from afterrun.errors import AfterrunError, UnusableError
from afterrun.versions import ENGINE

MARKER = "seen-by-all"
"""A file in the shared folder: whoever finds it there finds what the others write."""


class CannotHelp(UnusableError):
    """A machine of the cluster lacks what it needs for this batch."""


@cache
def own_versions() -> dict[str, str]:
    """What must be the same on each machine for the same bytes to come out."""
    packages = {name: version(name) for name in ("polars", "numpy")}
    return {"afterrun": ENGINE, **packages, "the code of afterrun": _code_digest()[:12]}


def work(sealed: bytes, wanted: Mapping[str, str], marked: str, lot: bytes) -> bytes:
    """Decide a lot and lay it down; without one only see whether that could be done.

    Gives nothing, or the error that kept it from that, pickled.
    """
    # One thread to a worker: a cluster begins a worker for each core.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    try:
        _refuse_others(wanted)
        orders: SealedOrders = pickle.loads(sealed)
        _refuse_unseen(orders, marked)
        if lot:
            _worker(sealed).work(pickle.loads(lot))
    except AfterrunError as error:
        return pickle.dumps(error)
    return b""


@lru_cache(maxsize=2)
def _worker(sealed: bytes) -> Worker:
    orders: SealedOrders = pickle.loads(sealed)
    return orders.worker()


def _refuse_others(wanted: Mapping[str, str]) -> None:
    for name, needed in wanted.items():
        if (here := own_versions().get(name)) != needed:
            raise CannotHelp(
                f"on {socket.gethostname()} {name} is {here}, and {needed} where the batch was begun: "
                "install the same on every worker"
            )


def _refuse_unseen(orders: SealedOrders, marked: str) -> None:
    host, path = socket.gethostname(), orders.folder / MARKER
    try:
        same = path.read_text(encoding="utf-8") == marked
        for source in orders.sources:
            path = source.path
            path.stat()
        path = orders.folder / f"{MARKER}-{host}-{os.getpid()}"
        path.touch()
        path.unlink()
    except OSError as error:
        raise CannotHelp(
            f"the worker on {host} cannot reach {path}: {error.strerror}. Put inputs and result where every "
            "machine finds them under the same name, and let the workers run as you do"
        ) from None
    if not same:
        raise CannotHelp(
            f"the worker on {host} has another {path}: put inputs and result where all machines share them"
        )


def _code_digest() -> str:
    """sha256 of all code of the engine: two builds of one version may differ."""
    digest = hashlib.sha256()
    home = Path(__file__).parents[2]
    for path in sorted(home.rglob("*.py")):
        digest.update(f"{path.relative_to(home).as_posix()} {path.stat().st_size} ".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
