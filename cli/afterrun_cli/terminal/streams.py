"""Messages to somebody who may be unable to take more."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Lossy(io.FileIO):
    """A stream in which what does not go through is lost."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except OSError:
            return memoryview(content).nbytes


def let_messages_be_lost() -> None:
    """See to it that a message that cannot be written costs neither the result nor the exit code."""
    if sys.stderr is not None:
        stream = io.BufferedWriter(_Lossy(sys.stderr.fileno(), "w", closefd=False))
        sys.stderr = io.TextIOWrapper(
            stream, encoding=sys.stderr.encoding, errors=sys.stderr.errors, line_buffering=True
        )
