"""A folder for one server alone, and an end to what killed servers left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from afterrun.storage import PRIVATE_FOLDER


class NoFolder(Exception):
    """There is no room for files; the reason is what the system says."""


class OwnFolder:
    """A folder below a base, held until it is closed or the process ends, however that ends."""

    def __init__(self, base: Path) -> None:
        """Raises NoFolder."""
        try:
            base.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            sweep(base)
            self.path, self._handle = _held(base)
        except OSError as error:
            raise NoFolder(error.strerror) from error

    def new(self) -> Path:
        """An empty folder in it, that its owner alone can read. Raises NoFolder."""
        try:
            return Path(tempfile.mkdtemp(dir=self.path))
        except OSError as error:
            raise NoFolder(error.strerror) from error

    def close(self) -> None:
        """Throw away all that is in it, and itself."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._handle)


def sweep(base: Path) -> None:
    """Throw away every folder that no living server holds."""
    for each in base.iterdir() if base.is_dir() else ():
        if each.is_dir() and not each.is_symlink() and (handle := _hold(each)) is not None:
            shutil.rmtree(each, ignore_errors=True)
            os.close(handle)


def _held(base: Path) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(dir=base))
        handle = _hold(path)
        # Between these two lines another server may have taken it for one that was left behind.
        if handle is not None and path.is_dir():
            return path, handle
        if handle is not None:
            os.close(handle)


def _hold(folder: Path) -> int | None:
    import fcntl  # not on every system, and the other pages do without

    with suppress(FileNotFoundError, PermissionError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return None
        return handle
    return None
