"""A batch in a process of its own: what it is told, and what it tells meanwhile, a JSON line each.

Whatever a file does to it, the server goes on; and it ends when the server does, since its input ends then.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

MOST_ROWS = 250_000
MOST_UNPACKED = 400_000_000
"""Bytes of a compressed file's content."""
IN, OUT = "in", "out"
"""The folders of a run: the file lies alone in the one, so that its name is told as it was given."""


class Order(NamedTuple):
    """What a batch is to do."""

    rulebook: str
    """Packed."""
    day: str
    """On which it is used."""
    name: str
    """The file's own name."""
    format: str
    explain: bool
    sheet: str = ""
    """The sheet of a workbook to read, where it does not say so itself."""

    @property
    def results(self) -> str:
        """The name of the file of results."""
        return f"results.{self.format}"


class Process:
    """A batch that runs."""

    def __init__(self, folder: Path, order: Order) -> None:
        """Starts it on the file in the folder's IN. Raises OSError."""
        given = os.pathsep.join(map(os.path.abspath, sys.path))
        self._process = subprocess.Popen(
            # It stands beside a file of somebody's, from where nothing may be imported (-P).
            [sys.executable, "-P", "-m", "afterrun_web.batches.worker"],
            cwd=folder / IN,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": given, "POLARS_MAX_THREADS": "1"},
            # What ends the server at a terminal is not for it: it would tell of it there.
            start_new_session=True,
        )
        self._order = order

    def told(self) -> Iterator[dict[str, Any]]:
        """What it tells, until it ends."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._process:
            try:
                self._process.stdin.write(f"{json.dumps(self._order._asdict())}\n".encode())
                self._process.stdin.flush()
                for line in self._process.stdout:
                    yield json.loads(line)
            except (BrokenPipeError, ValueError):
                # It was ended in the middle of a line.
                return
            finally:
                self._process.kill()

    def end(self) -> None:
        """End it at once."""
        self._process.kill()
