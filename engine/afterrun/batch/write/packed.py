"""Bytes on their way into a compressed file, the same for the same bytes at any time."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

import zstandard

from afterrun.batch.input.spool import Compression


@contextmanager
def packed(file: BinaryIO, compression: Compression) -> Iterator[BinaryIO]:
    """What to write into instead of the file; that is left open."""
    if compression == "gzip":
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as sink:
            yield cast(BinaryIO, sink)
    elif compression == "zstd":
        packer = zstandard.ZstdCompressor(write_checksum=True)
        with packer.stream_writer(file, closefd=False) as writer:
            yield cast(BinaryIO, writer)
    else:
        yield file
