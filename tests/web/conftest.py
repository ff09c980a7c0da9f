"""One server for all tests of pages, one client of the API: neither keeps what one leaves to another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

import afterrun

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.web.diary_visits import Keeper


@pytest.fixture(scope="session")
def site() -> Iterator[object]:
    """A server with the shipped rulebook, on a day in March."""
    from tests.support.web.visits import served

    with served() as server:
        yield server


@pytest.fixture(scope="session")
def api(rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook) -> Iterator[TestClient]:
    """A client of the API with the rulebook as shipped; its loop runs on, as a server's does."""
    from tests.support.servers.api import client_of

    with client_of(rulebook, checkin_part) as client:
        yield client


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keeper]:
    """Somebody who may keep a diary, at a server of their own."""
    from tests.support.web.diary_visits import keeping

    with keeping(tmp_path_factory.mktemp("diary")) as keeper:
        yield keeper


@pytest.fixture
def keeper(opened: Keeper, rulebook: afterrun.Rulebook) -> Keeper:
    """The same with a plan whose first week is over."""
    opened.anew()
    opened.begin(rulebook)
    opened.at_end_of(1)
    return opened
