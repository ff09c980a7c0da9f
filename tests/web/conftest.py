"""One server for all tests of pages, one client of the API: neither keeps what one leaves to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import afterrun

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def site() -> Iterator[object]:
    """A server with the shipped rulebook, on a day in March."""
    from tests.support.web_visits import served

    with served() as server:
        yield server


@pytest.fixture(scope="session")
def api(rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook) -> TestClient:
    """A client of the API with the rulebook as shipped."""
    from tests.support.apis import client_of

    return client_of(rulebook, checkin_part)
