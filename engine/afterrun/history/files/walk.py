"""Every file below some paths: folders, ZIP archives, one archive within another, gzip."""

from __future__ import annotations

import io
import os
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from afterrun.history.files.streams import Budget, Source, buffered, gunzipped
from afterrun.history.formats.activity import HEAD, Unreadable

MOST_MEMBERS = 250_000
"""Of one archive: a life of activities, each with its file, is some ten thousand."""
MOST_INNER_BYTES = 4 << 30
"""Of an archive within another, which must lie on the disk for a while to be read."""
_IN_MEMORY = 16 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b"


class Opened(NamedTuple):
    """A file's bytes from their beginning, unpacked."""

    name: str
    """As it was given; what lies in an archive or folder behind a '/'."""
    stream: io.BufferedReader
    source: Source
    """What its digest is of: the file as it lies there, packed or not."""


class Closed(NamedTuple):
    """A file that could not be opened, and why."""

    name: str
    reason: str


Skip = Callable[[str], bool]
"""Whether the file of a name need not be opened."""


def walk(paths: Iterable[Path], skip: Skip = lambda name: False) -> Iterator[Opened | Closed]:
    """Each file, to be read before the next is asked for; tables before others, since they may be an index.

    In the order of names, whatever that of the paths.
    """
    for path in sorted(set(paths), key=lambda each: _tables_first(str(each))):
        for name, wrong in _below(path):
            if wrong:
                yield Closed(name, wrong)
                continue
            if skip(name):
                continue
            try:
                with open(name, "rb") as file:
                    yield from _opened(name, file, skip)
            except OSError as error:
                yield Closed(name, f"it cannot be read: {error.strerror}")


def _below(path: Path) -> Iterator[tuple[str, str]]:
    """Names of files, each with why it is none, if it is. What is hidden is no recording."""
    if not os.path.exists(path):
        yield str(path), "there is no such file or folder"
    elif os.path.isfile(path):
        yield str(path), ""
    elif not os.path.isdir(path):
        yield str(path), "it is neither a file nor a folder"
    else:
        try:
            names = sorted((name for name in os.listdir(path) if not name.startswith(".")), key=_tables_first)
        except OSError as error:
            yield str(path), f"it cannot be read: {error.strerror}"
            return
        for name in names:
            inner = path / name
            if inner.is_symlink() and inner.is_dir():
                continue  # a way back up would never end
            yield from _below(inner)


def _tables_first(name: str) -> tuple[bool, str]:
    return not name.lower().endswith((".csv", ".csv.gz", ".xml")), name


def _opened(
    name: str, file: IO[bytes], skip: Skip, depth: int = 0, budget: Budget | None = None
) -> Iterator[Opened | Closed]:
    """The file itself or, of an archive, what it holds."""
    source = Source(file, budget)
    try:
        stream = buffered(source)
        head = stream.peek(HEAD)
        if head.startswith(_ZIP):
            yield from _inside(name, stream, file if depth == 0 else None, skip, depth, budget)
        elif head.startswith(_GZIP):
            inner = buffered(gunzipped(stream, budget))
            if inner.peek(HEAD).startswith((*_ZIP, _GZIP)):
                yield Closed(name, "it is packed twice: unpack it once")
            else:
                yield Opened(name, inner, source)
        else:
            yield Opened(name, stream, source)
    except Unreadable as error:
        yield Closed(name, str(error))


def _inside(
    name: str,
    stream: IO[bytes],
    file: IO[bytes] | None,
    skip: Skip,
    depth: int,
    budget: Budget | None,
) -> Iterator[Opened | Closed]:
    if depth > 1:
        raise Unreadable("it is an archive within an archive within an archive: unpack it once")
    with _seekable(stream, file) as seekable:
        # What lies within an archive is counted against the outer one: two layers would multiply.
        budget = budget or Budget(seekable.seek(0, os.SEEK_END))
        if _length_of_list(seekable) > MOST_MEMBERS * 200:
            raise Unreadable(f"it is an archive of more than {MOST_MEMBERS:,} files")
        seekable.seek(0)
        try:
            archive = zipfile.ZipFile(seekable)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OSError):
            raise Unreadable("it is a ZIP archive that is cut short or damaged") from None
        with archive:
            members = sorted((each for each in archive.infolist() if _is_file(each)), key=_member_order)
            if len(members) > MOST_MEMBERS:
                raise Unreadable(f"it is an archive of more than {MOST_MEMBERS:,} files")
            budget.foresee(sum(each.file_size for each in members))
            for member in members:
                full = f"{name}/{member.filename}"
                if not skip(full):
                    yield from _member(full, archive, member, skip, depth, budget)


def _member(
    name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, skip: Skip, depth: int, budget: Budget
) -> Iterator[Opened | Closed]:
    if member.flag_bits & 1:
        yield Closed(name, "it is locked with a password: unpack it yourself")
        return
    if _leads_out(member.filename):
        yield Closed(name, "its name leads out of the archive, as no export's does")
        return
    try:
        file = archive.open(member)
    except NotImplementedError:
        yield Closed(name, "it is packed in a way that is not known here: unpack it yourself")
        return
    except (zipfile.BadZipFile, OSError, ValueError, struct.error):
        yield Closed(name, "it is packed, and what is packed is cut short or damaged")
        return
    with file:
        yield from _opened(name, file, skip, depth + 1, budget)


def _is_file(member: zipfile.ZipInfo) -> bool:
    """Hidden ones, and what macOS adds, are no recordings."""
    parts = PurePosixPath(member.filename).parts
    hidden = parts[-1:] and parts[-1].startswith(".") and not parts[-1].startswith("..")
    return not (member.is_dir() or hidden or "__MACOSX" in parts)


def _member_order(member: zipfile.ZipInfo) -> tuple[bool, str]:
    return _tables_first(member.filename)


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0]


@contextmanager
def _seekable(stream: IO[bytes], file: IO[bytes] | None) -> Iterator[IO[bytes]]:
    """An archive is read from its end: the file, if it is one, or else a copy that nobody sees."""
    if file is not None:
        yield file
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        count = 0
        while chunk := stream.read(1 << 20):
            count += len(chunk)
            if count > MOST_INNER_BYTES:
                raise Unreadable(
                    f"it is an archive within an archive of more than {MOST_INNER_BYTES >> 30} GB"
                )
            copy.write(chunk)
        yield copy


_END, _END64 = b"PK\x05\x06", b"PK\x06\x06"


def _length_of_list(file: IO[bytes]) -> int:
    """How many bytes an archive's list of members has, which zipfile reads whole; 0 if none is found."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - (1 << 16) - 22 - 76))
    tail = file.read()
    found = tail.rfind(_END)
    if found < 0 or len(tail) < found + 16:
        return 0
    size: int = struct.unpack_from("<I", tail, found + 12)[0]
    if size == 0xFFFFFFFF and (wide := tail.rfind(_END64, 0, found)) >= 0:
        size = struct.unpack_from("<Q", tail, wide + 40)[0]
    return size
