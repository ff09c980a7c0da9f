"""Files that are there whole or not at all, and one writer at a time."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from polars.exceptions import PolarsError

from afterrun.errors import AfterrunError

PARTIAL = ".partial"
"""The suffix of a file that is still being written; whatever bears it can be deleted."""


class StorageFault(AfterrunError):
    """A file could not be written or read; what was finished before stands."""


class InUse(AfterrunError):
    """Another run writes here."""


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file, and give it its name only once it has reached the disk."""
    partial = path.with_name(path.name + PARTIAL)
    with storage_faults(path):
        write(partial)
        handle = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        os.replace(partial, path)
        sync_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write a small file, whole."""
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8"))


def make_folder(path: Path) -> None:
    """Make a folder, so that it is still there after a crash."""
    with storage_faults(path):
        path.mkdir(parents=True, exist_ok=True)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk; a new name is not safe before."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def one_writer(lock: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    with storage_faults(lock):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse("another run is writing there; wait for its end, or give another place") from None
        yield
    finally:
        os.close(handle)


@contextmanager
def storage_faults(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into one error that names the path and the reason."""
    try:
        yield
    except OSError as error:
        raise StorageFault(_told(path, error)) from error
    except PolarsError as error:
        # Polars wraps some refusals of the disk into errors about the format.
        if "os error" not in str(error):
            raise
        raise StorageFault(_told(path, OSError(str(error)))) from error


def _told(path: Path, error: OSError) -> str:
    name = error.filename or path
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is full",
        errno.EFBIG: "the file may not grow any further",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "may not be written",
        errno.EPERM: "may not be written",
        errno.ENOTDIR: "is not a folder",
    }
    # Polars raises OSError without a number, and says it in words.
    number = error.errno or next(
        (each for each in reasons if f"os error {each})" in str(error)),
        0,
    )
    return f"{name}: {reasons.get(number, error.strerror or error)}"
