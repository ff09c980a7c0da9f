"""What is laid down in a job's own folder, so that any part of it can be read again.

All of it may hold what is refused, so that its owner alone can read it while the job lasts.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import IO, Literal

import zstandard

from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import LARGEST_DOCUMENT
from afterrun.storage import make_folder, private_partial, storage_faults

Compression = Literal["", "gzip", "zstd"]
STDIN_PREFIX = "stdin-"
_PIECE = 1 << 20
_PACKED_PIECE = 1 << 12
"""Small, since 4 KB of zstd can hold 128 MB, all of which come at once."""
PACKED: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd"}
"""How their names end."""
MAGIC: dict[bytes, Compression] = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    **{bytes([first, 0x2A, 0x4D, 0x18]): "zstd" for first in range(0x50, 0x60)},
}
"""How compressed files begin; of zstd also the frames that are to be skipped."""


def spool_stdin(spool: Path, name: str) -> tuple[Path, str]:
    """All of standard input as a file, and its fingerprint."""
    digest = hashlib.sha256()

    def seen() -> Iterator[bytes]:
        for piece in _pieces(iter(lambda: sys.stdin.buffer.read(_PIECE), b""), name):
            digest.update(piece)
            yield piece

    whole = laid_down(spool / f"{STDIN_PREFIX}new", seen())
    fingerprint = digest.hexdigest()[:32]
    with storage_faults(spool):
        return whole.replace(spool / f"{STDIN_PREFIX}{fingerprint}"), fingerprint


def forget_stdin(spool: Path) -> None:
    """Throw away what was piped in, and all that was made of it."""
    for each in spool.glob(f"{STDIN_PREFIX}*"):
        each.unlink(missing_ok=True)


def unpack(path: Path, compression: Compression, target: Path, name: str, largest: int | None = None) -> Path:
    """The plain content of a compressed file; made once, since its name tells the file.

    Raises ProblemsError where it is damaged or cut short, or holds more bytes than the `largest` may.
    """
    if target.exists():
        return target
    with path.open("rb") as packed:
        plain = _gzip(packed) if compression == "gzip" else _zstd(packed)
        try:
            return laid_down(target, _no_more_than(largest, _pieces(plain, name), name))
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            said = f"is damaged as a {compression} file: {error}"
            raise ProblemsError([Problem(said, name)]) from None


def laid_down(target: Path, pieces: Iterable[bytes]) -> Path:
    """A file of these bytes, there whole or not at all, and its owner's alone.

    What the disk refuses is a StorageFault; what goes wrong with the pieces is raised as it is.
    """
    make_folder(target.parent, private=True)
    with storage_faults(target.parent):
        partial = private_partial(target)
    try:
        with ExitStack() as closing:
            with storage_faults(target.parent):
                file = closing.enter_context(partial.open("wb", buffering=0))
            for piece in pieces:
                with storage_faults(target.parent):
                    _write_all(file, piece)
        with storage_faults(target.parent):
            return partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _write_all(file: FileIO, piece: bytes) -> None:
    """All of it, since a file without a buffer may take less than it is given."""
    left = memoryview(piece)
    while left:
        left = left[file.write(left) :]


def _pieces(stream: Iterable[bytes], name: str) -> Iterator[bytes]:
    """A stream piece by piece; ProblemsError where a text goes on without a line's end, maybe for ever."""
    is_text, since = None, 0
    for piece in stream:
        if is_text is None:
            is_text = not piece.startswith((b"PAR1", *MAGIC))
        ends = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
        since = since + len(piece) if ends < 0 else len(piece) - ends
        if is_text and since > LARGEST_DOCUMENT:
            limit = f"{LARGEST_DOCUMENT // 1_000_000} MB"
            raise ProblemsError([Problem(f"is no table: a line of it has no end within {limit}", name)])
        yield piece


def _no_more_than(largest: int | None, pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    seen = 0
    for piece in pieces:
        seen += len(piece)
        if largest is not None and seen > largest:
            limit = f"{largest // 1_000_000} MB"
            raise ProblemsError([Problem(f"holds more than {limit} once it is unpacked", name)])
        yield piece


def _gzip(packed: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=packed) as plain:
        yield from iter(lambda: plain.read(_PIECE), b"")


def _zstd(packed: IO[bytes]) -> Iterator[bytes]:
    """Every frame to its end: the library's own stream takes a file that is cut short for a whole one."""
    frame = None
    for read in iter(lambda: packed.read(_PACKED_PIECE), b""):
        left = read
        while left:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            if plain := frame.decompress(left):
                yield plain
            left, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise EOFError("it was cut short, its end is missing")
