"""The file of accounts: made for its owner alone, and refused where it is another's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from afterrun.storage import make_folder, storage_faults
from afterrun_web.access.errors import AccountError
from afterrun_web.access.tables import Base

APPLICATION = 0x61667461
"""Marks the file as ours; the letters are 'afta'."""
VERSION = 1
PATIENCE_MILLISECONDS = 10_000


def open_accounts(file: Path, *, create: bool) -> Engine:
    """The file's database, with its tables. Raises AccountError, StorageFault."""
    if not file.exists():
        if not create:
            raise AccountError(f"there are no accounts at {file}")
        make_folder(file.parent, private=True)
        with storage_faults(file):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    # Errors would quote names and hashes otherwise; a connection a look needs no end to be kept open for.
    engine = create_engine(URL.create("sqlite", database=str(file)), hide_parameters=True, poolclass=NullPool)
    event.listen(engine, "connect", _prepare)
    with account_faults(file), engine.begin() as connection:
        application, version, tables = (
            connection.exec_driver_sql(each).scalar_one()
            for each in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
        )
        if not tables:
            Base.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        elif application != APPLICATION:
            raise AccountError(f"{file} holds no accounts: it is the database of another program")
        elif version != VERSION:
            raise AccountError(f"{file} was written by a newer afterrun; nothing was touched")
    return engine


@contextmanager
def account_faults(file: Path) -> Iterator[None]:
    """What the database refuses, in one word and without what it holds."""
    try:
        yield
    except DBAPIError as error:
        raise AccountError(f"{file} cannot be used: {error.orig}") from None


def _prepare(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()
