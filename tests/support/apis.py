"""An app that is the API alone, and a client that asks it as another program would."""

from __future__ import annotations

from typing import Any

import pytest

import afterrun

pytest.importorskip("fastapi", reason="the API wants the extra 'web': pip install 'afterrun[web]'")
pytest.importorskip("httpx2", reason="asking it wants httpx2: make dev")

from fastapi import FastAPI
from starlette.testclient import TestClient

from afterrun_web.api import Books, router

__all__ = ["JSON", "TestClient", "app_of", "client_of"]

JSON = {"Content-Type": "application/json"}


def app_of(main: afterrun.Rulebook, check_in: afterrun.Rulebook, **limits: Any) -> FastAPI:
    """The smallest app that has the API."""
    app = FastAPI(openapi_url=None)
    app.include_router(router(Books(main, check_in), **limits))
    return app


def client_of(main: afterrun.Rulebook, check_in: afterrun.Rulebook, **limits: Any) -> TestClient:
    """A client of such an app; an error that is not caught is a 500, as a server would say it."""
    return TestClient(app_of(main, check_in, **limits), raise_server_exceptions=False)
