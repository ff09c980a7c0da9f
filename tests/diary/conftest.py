"""A diary in a file, and the same on a server where one can be started."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from afterrun.diary import Diary


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.process, pytest.mark.slow])])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'own' / 'diary.sqlite'}"
    return str(request.getfixturevalue("postgres"))


@pytest.fixture
def diary(address: str) -> Iterator[Diary]:
    opened = Diary(address)
    yield opened
    opened.close()
