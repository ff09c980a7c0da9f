"""Bytes as they are read: hashed, counted against a limit, and faults of packing told in plain words."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Never, Protocol, cast

from afterrun.history.formats.activity import Unreadable

MOST_TIMES = 200
"""Deflate packs up to 1,032 times, which only emptiness reaches; recordings pack 2 to 30 times."""
FREE_BYTES = 64 << 20
"""Up to so many bytes nothing is held against a file: small ones may well be empty."""
MOST_BYTES = 16 << 30
"""Of what is unpacked: the largest exports known are of 2 to 5 GB."""
BOMB = "it unpacks to far more than it holds, as no recording does, and was not read for safety"


class Damaged(Unreadable):
    """What was read so far is not what was packed: none of it can be believed."""


class Budget:
    """How many bytes may be unpacked of so many packed ones, all in all."""

    def __init__(self, packed: int = 0) -> None:
        self.packed = packed
        self._unpacked = 0

    def spend(self, count: int) -> None:
        """Unreadable when it is more than the packed bytes so far allow."""
        self._unpacked += count
        self.foresee(0)

    def foresee(self, count: int) -> None:
        """Unreadable when so much more would be too much."""
        if self._unpacked + count > min(MOST_BYTES, max(FREE_BYTES, MOST_TIMES * self.packed)):
            raise Unreadable(BOMB)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Source(io.RawIOBase):
    """A stream of another one: hashes what is read, reads whole buffers, tells faults as Unreadable."""

    def __init__(self, source: _Readable, *spends: Budget | None) -> None:
        self._source = source
        self._spends = [each for each in spends if each is not None]
        self._hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        read = 0
        # A first look at a file must see as much of it as there is.
        while read < len(view) and (chunk := self._chunk(len(view) - read)):
            view[read : read + len(chunk)] = chunk
            read += len(chunk)
        self._hash.update(view[:read])
        return read

    def _chunk(self, size: int) -> bytes:
        try:
            chunk = self._source.read(size)
        except EOFError:
            raise Unreadable("it is packed, and ends too early: the copy was cut short") from None
        except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
            raise Damaged("it is packed, and what is packed was damaged") from None
        except OSError as error:
            raise Unreadable(f"it cannot be read: {error.strerror or 'the disk fails'}") from None
        for each in self._spends:
            each.spend(len(chunk))
        return chunk

    def digest(self) -> str:
        """SHA-256 of all that was read so far."""
        return self._hash.hexdigest()


BUFFER = 1 << 17


def buffered(source: Source) -> io.BufferedReader:
    return io.BufferedReader(source, BUFFER)


def gunzipped(stream: io.BufferedReader, outer: Budget | None) -> Source:
    """What a gzip stream holds, counted against its own bytes and against the archive that it lies in."""
    own = Budget()
    packed = cast(BinaryIO, _Packed(stream, own))
    return Source(gzip.GzipFile(fileobj=packed, mode="rb"), own, outer)


class _Packed:
    """A stream whose bytes count as packed ones; no more of a file than gzip asks for."""

    def __init__(self, stream: io.BufferedReader, budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def read(self, size: int) -> bytes:
        chunk = self._stream.read(size)
        self._budget.packed += len(chunk)
        return chunk


def drain(stream: io.BufferedReader) -> Iterator[Never]:
    """Read to the end, step by step, and give nothing."""
    while stream.read(BUFFER):
        yield from ()
