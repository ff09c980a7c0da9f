"""What the tests of the web ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import afterrun

if TYPE_CHECKING:
    from starlette.testclient import TestClient


@pytest.fixture(scope="session")
def api(rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook) -> TestClient:
    """A client of the API with the rulebook as shipped."""
    from tests.support.apis import client_of

    return client_of(rulebook, checkin_part)
