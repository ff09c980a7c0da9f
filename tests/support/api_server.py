"""The API behind a real server, for tests that ask it over the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fastapi import FastAPI

from tests.support.apis import app_of
from tests.support.paths import ROOT
from tests.support.shipped import shipped


class Served(NamedTuple):
    """Where it is reached, and what it has logged, once it has ended."""

    url: str
    log: Path


def app() -> FastAPI:
    """The app that the server makes for itself."""
    return app_of(shipped(), shipped("checkin"))


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """A uvicorn of its own on a free port, ended afterwards."""
    log = folder / "server.log"
    paths = os.pathsep.join([str(ROOT), *map(str, filter(None, sys.path))])
    command = [sys.executable, "-m", "uvicorn", "--factory", f"{__name__}:app", "--port", "0"]
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command, stdout=stream, stderr=stream, cwd=ROOT, env={**os.environ, "PYTHONPATH": paths}
        )
    try:
        yield Served(_address(server, log), log)
    finally:
        server.terminate()
        server.wait(30)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    while True:
        said = log.read_text(encoding="utf-8")
        if found := re.search(r"running on (http://\S+)", said):
            return found[1]
        if server.poll() is not None:
            raise RuntimeError(f"the server ended: {said}")
        try:
            server.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
