"""`afterrun serve` in a process of its own."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.cli_runs import COMMAND, environment
from tests.support.paths import ROOT


class Server(NamedTuple):
    """A server that runs."""

    process: subprocess.Popen[str]
    said: str
    address: str

    def end(self) -> str:
        """Kill it; what it said since it listens."""
        assert self.process.stderr is not None
        self.process.kill()
        self.process.wait(20)
        return self.process.stderr.read()


@contextmanager
def serving(home: Path, *options: str | Path) -> Iterator[Server]:
    """Start it, and wait until it says where it is."""
    with subprocess.Popen(
        [COMMAND, "serve", *options], cwd=ROOT, env=environment(home), stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            found = re.search(r"https?://\S+", said)
            assert found, said
            yield Server(process, said, found[0])
        finally:
            process.kill()
