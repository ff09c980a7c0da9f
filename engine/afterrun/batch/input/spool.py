"""What is laid down in a job's own folder, so that any part of it can be read again.

All of it may hold what is refused, so that its owner alone can read it while the job lasts.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sys
import zlib
from pathlib import Path
from typing import IO, Literal

import zstandard

from afterrun.errors import Problem, ProblemsError
from afterrun.storage import make_folder, private_partial

Compression = Literal["", "gzip", "zstd"]
STDIN_PREFIX = "stdin-"


def spool_stdin(spool: Path) -> tuple[Path, str]:
    """All of standard input as a file, and its fingerprint."""
    make_folder(spool, private=True)
    digest = hashlib.sha256()
    partial = private_partial(spool / "stdin")
    with partial.open("wb") as file:
        while piece := sys.stdin.buffer.read(1 << 20):
            digest.update(piece)
            file.write(piece)
    fingerprint = digest.hexdigest()[:32]
    return partial.replace(spool / f"{STDIN_PREFIX}{fingerprint}"), fingerprint


def unpack(path: Path, compression: Compression, target: Path, name: str) -> Path:
    """The plain content of a compressed file; made once, since its name is the file's fingerprint."""
    if target.exists():
        return target
    make_folder(target.parent, private=True)
    partial = private_partial(target)
    try:
        with path.open("rb") as packed, partial.open("wb") as file, _unpacking(packed, compression) as plain:
            shutil.copyfileobj(plain, file, 1 << 20)
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
        partial.unlink(missing_ok=True)
        raise ProblemsError([Problem(f"is damaged as a {compression} file: {error}", name)]) from None
    return partial.replace(target)


def _unpacking(
    packed: IO[bytes], compression: Compression
) -> gzip.GzipFile | zstandard.ZstdDecompressionReader:
    if compression == "gzip":
        return gzip.GzipFile(fileobj=packed)
    return zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
