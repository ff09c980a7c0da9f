"""An app that is the API alone: asked as another program would, or over the network by a real server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import afterrun

pytest.importorskip("fastapi", reason="the API wants the extra 'web': pip install 'afterrun[web]'")
pytest.importorskip("httpx2", reason="asking it wants httpx2: make dev")

from fastapi import FastAPI
from starlette.testclient import TestClient

from afterrun_web.api import Books, router
from tests.support.paths import ROOT
from tests.support.rulebooks.shipped import shipped

__all__ = ["JSON", "Served", "TestClient", "app_of", "client_of", "served"]

JSON = {"Content-Type": "application/json"}


def app_of(main: afterrun.Rulebook, check_in: afterrun.Rulebook, **limits: Any) -> FastAPI:
    """The smallest app that has the API."""
    app = FastAPI(openapi_url=None)
    app.include_router(router(Books(main, check_in), **limits))
    return app


def client_of(main: afterrun.Rulebook, check_in: afterrun.Rulebook, **limits: Any) -> TestClient:
    """A client of such an app; an error that is not caught is a 500, as a server would say it."""
    return TestClient(app_of(main, check_in, **limits), raise_server_exceptions=False)


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
