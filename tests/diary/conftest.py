"""A diary in a file, and the same on a server where one can be started."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from afterrun.diary import Diary
from tests.support.diaries import POSTGRES, server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not POSTGRES or os.getuid() != 0:
        pytest.skip("no PostgreSQL here that could be started (apt-get install postgresql; run as root)")
    yield from server(tmp_path_factory.mktemp("pg"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.process)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'own' / 'diary.sqlite'}"
    found = str(request.getfixturevalue("postgres"))
    import psycopg

    with psycopg.connect(found, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS check_ins, enrolments, forgettings, alembic_version")
    return found


@pytest.fixture
def diary(address: str) -> Iterator[Diary]:
    opened = Diary(address)
    yield opened
    opened.close()
