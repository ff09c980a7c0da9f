"""The file of a log: entries are added at its end, one writer at a time, and none is ever touched again."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO, NamedTuple, NoReturn, Self

from afterrun.errors import AfterrunError, UnusableError
from afterrun.log.entries import NOTHING_BEFORE, SIGNATURE, Link, Malformed, Unsealed, sealed, unsealed
from afterrun.storage import StorageFault, close_to_others, private_partial, storage_faults

_BLOCK = 65536


class LogError(UnusableError):
    """A log cannot be added to; nothing was."""


class NotALog(AfterrunError):
    """What was given to be read is no log."""


_UNREADABLE = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.ELOOP: "it is a link that leads to itself",
    errno.ENAMETOOLONG: "no file has so long a name",
    errno.EACCES: "it may not be read",
    errno.EPERM: "it may not be read",
}


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A log to be read; only a file is one. Raises NotALog, and OSError where the disk fails."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise NotALog(f"{path} is a folder; give the file of a log")
        if not stat.S_ISREG(mode):
            raise NotALog(f"{path} is no file; give the file of a log")
        file = path.open("rb")
    except OSError as error:
        why = _UNREADABLE.get(error.errno or 0)
        if why is None:
            raise
        if error.errno == errno.ENOENT and path.is_symlink():
            why = "it is a link to what is not there"
        raise NotALog(f"{path}: {why}") from None
    with file:
        yield file


class _End(NamedTuple):
    """Where a log ends, and in which entry."""

    size: int
    sequence: int
    head: str


class Log:
    """A log to be added to, by as many threads and processes as like: each entry is written whole, in turn.

    `tell` is given a line where a last entry was torn, and what became of it. Whoever opens a log that is
    not there makes it with its first entry. Raises LogError for a file that is none, or another rulebook's,
    and StorageFault where it may not be written; nothing is written then.
    """

    def __init__(self, path: Path, tell: Callable[[str], object], family: str = "") -> None:
        """`family` is the name of the rulebook whose log it must be."""
        self._path, self._tell, self._family = path, tell, family
        self._handle: int | None = None
        self._end = _End(0, 0, NOTHING_BEFORE)
        self._turn = Lock()
        with storage_faults(path):
            if path.is_dir():
                raise LogError(f"{path} is a folder; give a file for the log")
            if not path.exists():
                self._refuse_no_room()
                return
            try:
                with self._alone():
                    pass
            except BaseException:
                self._let_go()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, said: Mapping[str, Any]) -> str:
        """Add an entry, and give its hash; it is in the file when this returns.

        Raises StorageFault where it could not be written whole: then nothing of it stands. Raises LogError
        where the log was moved away, or no longer ends in an entry.
        """
        with self._turn, storage_faults(self._path):
            if self._handle is None and not self._path.exists() and (made := self._begin(said)):
                # Held from now on: if it is moved away, no other begins in its place.
                with self._alone():
                    return made
            with self._alone():
                end = self._end
                line, head = sealed(said, end.sequence + 1, end.head)
                self._write(line + b"\n")
                self._end = _End(end.size + len(line) + 1, end.sequence + 1, head)
                return head

    def close(self) -> None:
        """Bring what was written to the disk, and let go of the file."""
        with self._turn:
            if self._handle is not None:
                with storage_faults(self._path):
                    os.fsync(self._handle)
            self._let_go()

    def _let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _begin(self, said: Mapping[str, Any]) -> str:
        """Make the log with its first entry, at once: an empty file is no log. Empty if another was first."""
        line, head = sealed(said, 1, NOTHING_BEFORE)
        partial = private_partial(self._path)
        try:
            with partial.open("wb") as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(partial, self._path)
            except FileExistsError:
                return ""
        finally:
            partial.unlink()
        self._end = _End(len(line) + 1, 1, head)
        return head

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The file behind its lock, with its end known and mended."""
        import fcntl  # not on every system, and only who keeps a log needs it

        first = self._handle is None
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
            if not stat.S_ISREG(os.fstat(self._handle).st_mode):
                os.close(self._handle)
                self._handle = None
                raise LogError(f"{self._path} is no file; give a file for the log")
        fcntl.flock(self._handle, fcntl.LOCK_EX)
        try:
            status = os.fstat(self._handle)
            self._refuse_moved(status)
            if status.st_size != self._end.size or not self._end.size:
                self._end = self._found(status.st_size)
            if first:
                # Not before it is seen to be a log: of any other file nothing is changed.
                close_to_others(self._path)
            yield
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _refuse_moved(self, status: os.stat_result) -> None:
        with suppress(FileNotFoundError):
            if os.path.samestat(status, os.stat(self._path)):
                return
        raise LogError(f"{self._path} was moved or replaced while it was written to; start again")

    def _refuse_no_room(self) -> None:
        """Find out before any work whether a new log can be made."""
        if not self._path.parent.is_dir():
            raise LogError(f"{self._path}: there is no folder {self._path.parent}")
        private_partial(self._path).unlink()

    def _write(self, data: bytes) -> None:
        """All of it, or nothing."""
        assert self._handle is not None
        size, left = self._end.size, memoryview(data)
        try:
            while left:
                left = left[os.write(self._handle, left) :]
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._handle, size)
            raise StorageFault(self._path, error) from error

    def _found(self, size: int) -> _End:
        """The end of the log as it stands in the file; a torn last entry is mended first."""
        assert self._handle is not None
        if not size:
            raise LogError(
                f"{self._path} is empty: a log that was emptied, or none. Give another name, or delete it."
            )
        begin = os.pread(self._handle, len(SIGNATURE), 0)
        if begin != SIGNATURE:
            raise LogError(f"{self._path} is no log, and was not touched; give another name")
        last, tail = self._last_lines(size)
        if not last:
            # A log is made with its first entry whole.
            raise LogError(f"{self._path} holds no whole entry. Give another name, or delete it.")
        link = self._read(last)
        end = _End(size, link.sequence, link.hash)
        return self._mended(end, tail) if tail else end

    def _last_lines(self, size: int) -> tuple[bytes, bytes]:
        """The last whole line, without its end, and what stands after it."""
        assert self._handle is not None
        held, start = b"", size
        while start and held.count(b"\n") < 2:
            start = max(0, start - _BLOCK)
            held = os.pread(self._handle, min(_BLOCK, size - len(held) - start), start) + held
        whole, _, tail = held.rpartition(b"\n")
        return whole.rpartition(b"\n")[2], tail

    def _read(self, line: bytes) -> Link:
        try:
            link = unsealed(line)
            family = link.entry.family
        except Unsealed as error:
            raise LogError(
                f"{self._path}: the last entry {error}, so nothing is added to it",
                f"What is wrong with it:  afterrun log verify {self._path}",
            ) from None
        if self._family and family != self._family:
            raise LogError(
                f"{self._path} is the log of the rulebook '{family}', and this is '{self._family}'; "
                "give another name"
            )
        return link

    def _mended(self, end: _End, tail: bytes) -> _End:
        """Give a whole entry the end of its line, and take away one that was never finished."""
        assert self._handle is not None
        link = None
        try:
            link = unsealed(tail)
        except Malformed:
            self._refuse_end()
        except Unsealed:
            pass
        if link is not None and (link.previous, link.sequence) == (end.head, end.sequence + 1):
            os.write(self._handle, b"\n")
            self._tell(f"{self._path}: the last entry is whole but for its end, which was added")
            return _End(end.size + 1, link.sequence, link.hash)
        # What is whole and does not follow was never torn: somebody wrote it.
        if link is not None or not (tail.startswith(SIGNATURE) or SIGNATURE.startswith(tail)):
            self._refuse_end()
        size = end.size - len(tail)
        os.ftruncate(self._handle, size)
        self._tell(
            f"{self._path}: the last entry was torn ({len(tail)} bytes), and was taken away: its writer was "
            "stopped before its result was shown, or the file was cut since, which a head kept elsewhere "
            f"tells. What was whole before it stands: {end.sequence}."
        )
        return end._replace(size=size)

    def _refuse_end(self) -> NoReturn:
        raise LogError(
            f"{self._path} ends in something that is no entry, so nothing is added to it",
            f"What is wrong with it:  afterrun log verify {self._path}",
        )
