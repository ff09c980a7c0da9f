"""The server's application, asked as programs do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from afterrun_web.app import create_app
from tests.support.web.visits import SETTINGS


@pytest.fixture(scope="session")
def asked() -> Iterator[TestClient]:
    """A client of the server with the rulebook as shipped, on this machine alone; its loop runs on."""
    app = create_app(SETTINGS)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
