"""One server for all tests of pages: it keeps nothing that one could leave to another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def site() -> Iterator[object]:
    """A server with the shipped rulebook, on a day in March."""
    from tests.support.web_visits import served

    with served() as server:
        yield server
