"""The server's application, asked as programs do."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from afterrun_web.app import create_app
from tests.support.web.visits import SETTINGS


@pytest.fixture(scope="session")
def asked() -> TestClient:
    """A client of the server with the rulebook as shipped, on this machine alone."""
    return TestClient(create_app(SETTINGS), base_url="http://127.0.0.1", raise_server_exceptions=False)
