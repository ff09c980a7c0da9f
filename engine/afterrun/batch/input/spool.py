"""What is laid down in a job's own folder, so that any part of it can be read again.

All of it may hold what is refused, so that its owner alone can read it while the job lasts.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import zstandard

from afterrun.errors import Problem, ProblemsError
from afterrun.rulebook import LARGEST_DOCUMENT
from afterrun.storage import make_folder, private_partial

Compression = Literal["", "gzip", "zstd"]
STDIN_PREFIX = "stdin-"
MAGIC: dict[bytes, Compression] = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
"""How compressed files begin."""


def spool_stdin(spool: Path, name: str) -> tuple[Path, str]:
    """All of standard input as a file, and its fingerprint."""
    make_folder(spool, private=True)
    digest = hashlib.sha256()
    partial = private_partial(spool / "stdin")
    with _gone_unless_whole(partial), partial.open("wb") as file:
        for piece in _pieces(sys.stdin.buffer, name):
            digest.update(piece)
            file.write(piece)
    fingerprint = digest.hexdigest()[:32]
    return partial.replace(spool / f"{STDIN_PREFIX}{fingerprint}"), fingerprint


def unpack(path: Path, compression: Compression, target: Path, name: str, largest: int | None = None) -> Path:
    """The plain content of a compressed file; made once, since its name is the file's fingerprint.

    Raises ProblemsError where it is damaged, or holds more bytes than the `largest` may.
    """
    if target.exists():
        return target
    make_folder(target.parent, private=True)
    partial = private_partial(target)
    try:
        with (
            _gone_unless_whole(partial),
            path.open("rb") as packed,
            partial.open("wb") as file,
            _unpacking(packed, compression) as plain,
        ):
            file.writelines(_no_more_than(largest, _pieces(plain, name), name))
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        raise ProblemsError([Problem(f"is damaged as a {compression} file: {error}", name)]) from None
    return partial.replace(target)


@contextmanager
def _gone_unless_whole(partial: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _pieces(
    stream: IO[bytes] | gzip.GzipFile | zstandard.ZstdDecompressionReader, name: str
) -> Iterator[bytes]:
    """A stream piece by piece; ProblemsError where a text goes on without a line's end, maybe for ever."""
    is_text, since = None, 0
    while piece := stream.read(1 << 20):
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


def _unpacking(
    packed: IO[bytes], compression: Compression
) -> gzip.GzipFile | zstandard.ZstdDecompressionReader:
    if compression == "gzip":
        return gzip.GzipFile(fileobj=packed)
    return zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
