"""Files that are there whole or not at all, private where wished, and one writer at a time."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from afterrun.errors import AfterrunError, UnusableError

PARTIAL = ".partial"
"""The suffix of a file that is still being written; whatever bears it can be deleted."""
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_RANDOM = re.compile(rf"[a-z0-9_]{{8}}{re.escape(PARTIAL)}")

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EFBIG: "the file may not grow any further",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "may not be written",
    errno.EPERM: "may not be written",
    errno.ENOTDIR: "is not a folder",
}


class StorageFault(UnusableError):
    """A file could not be written or read; what was finished before stands."""

    def __init__(self, path: Path, error: Exception) -> None:
        self.path = path
        self.reason = getattr(error, "strerror", None) or str(error)
        """What the system says of it."""
        number = getattr(error, "errno", None) or next(
            (each for each in _REASONS if f"os error {each})" in str(error)), 0
        )
        name = getattr(error, "filename", None) or path
        self._error = OSError(number, self.reason, str(name)) if number else OSError(self.reason)
        super().__init__(f"{name}: {_REASONS.get(number, self.reason)}")

    def __reduce__(self) -> tuple[Any, ...]:
        # What another process raised is made anew.
        return type(self), (self.path, self._error)


class InUse(UnusableError):
    """Another run writes here."""


@contextmanager
def storage_faults(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into one error that names the path and the reason."""
    try:
        yield
    except AfterrunError:
        raise
    except Exception as error:
        # A library in Rust wraps some refusals of the disk into errors of its own.
        if not isinstance(error, OSError) and "os error" not in str(error):
            raise
        raise StorageFault(path, error) from error


def write_whole(path: Path, write: Callable[[Path], object], *, private: bool = False) -> None:
    """Let `write` fill a file, and give it its name only once it has reached the disk.

    A private file is its owner's alone from its first byte on. What is no file (a terminal, a pipe) is
    written as it is. Raises StorageFault.
    """
    with storage_faults(path):
        if path.exists() and not path.is_file():
            write(path)
            return
        partial = private_partial(path) if private else path.with_name(path.name + PARTIAL)
        try:
            write(partial)
            _sync(partial)
            os.replace(partial, path)
        except BaseException:
            with suppress(OSError):
                partial.unlink()
            raise
        _sync_folder(path.parent)


def move_whole(written: Path, path: Path) -> None:
    """Give a file that reached the disk another name, on the same disk."""
    with storage_faults(path):
        os.replace(written, path)
        _sync_folder(path.parent)


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """Write a small file, whole."""
    write_whole(path, lambda partial: partial.write_bytes(text.encode()), private=private)


def read_json(path: Path) -> Any:
    """What a small file holds; one that we named was written whole."""
    with storage_faults(path):
        return json.loads(path.read_text(encoding="utf-8"))


def make_folder(path: Path, *, private: bool = False) -> None:
    """Make a folder, so that it is still there after a crash; a private one is its owner's alone."""
    with storage_faults(path):
        path.mkdir(mode=PRIVATE_FOLDER if private else 0o777, parents=True, exist_ok=True)
        _sync_folder(path.parent)


def close_to_others(*paths: Path) -> None:
    """Leave files and folders, with all that is in them, to their owner alone, if that is who asks."""
    for path in paths:
        with storage_faults(path):
            for each in (path, *path.rglob("*")):
                # What a link leads to, or what is another's, is not ours to close.
                with suppress(FileNotFoundError, PermissionError):
                    status = each.lstat()
                    if stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode):
                        each.chmod(stat.S_IMODE(status.st_mode) & PRIVATE_FOLDER)


def remove_partials(path: Path) -> None:
    """Throw away what killed writers of a private file left half-written beside it."""
    begins = f".{path.name}-"
    with storage_faults(path):
        for each in path.parent.iterdir():
            if each.name.startswith(begins) and _RANDOM.fullmatch(each.name[len(begins) :]):
                each.unlink()


def refuse_unwritable(path: Path) -> None:
    """Raise StorageFault where a file could not be written; it is not touched."""
    with storage_faults(path):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        private_partial(path).unlink()


@contextmanager
def one_writer(lock: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however that ends."""
    import fcntl  # not on every system, and nothing else here needs it

    with storage_faults(lock):
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse("another run is writing there; wait for its end, or give another place") from None
        yield
    finally:
        os.close(handle)


def new_private(path: Path) -> Path:
    """An empty file that only its owner can read, for a writer that would leave that to others."""
    path.touch(mode=PRIVATE_FILE, exist_ok=False)
    return path


def private_partial(path: Path) -> Path:
    """A new file beside another, with a name of its own, that only its owner can read or write."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=PARTIAL)
    os.close(handle)
    return Path(name)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to the disk; a new name is not safe before."""
    with suppress(PermissionError):  # one that may be written and not read, and any folder on Windows
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
