"""Files that tell of someone's health: written at one stroke, and only their owner can read them."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from afterrun_cli.terminal.exits import UNUSABLE, leave
from afterrun_cli.terminal.show import put


def write_out(content: str | bytes, output: str | None) -> None:
    """To stdout, or to a file at one stroke that only its owner can read: it tells of someone's health."""
    if output is None:
        if isinstance(content, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
        else:
            put(content.removesuffix("\n"))
        sys.stdout.flush()
        return
    data = content if isinstance(content, bytes) else content.encode()
    path = Path(output)
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        leave(UNUSABLE, f"error: {output}: cannot be written: {error.strerror}")
