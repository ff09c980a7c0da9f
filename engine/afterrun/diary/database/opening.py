"""The database behind a diary: opened for its owner alone, brought up to date, refused if it is newer."""

from __future__ import annotations

import os
import shlex
import sqlite3
import time
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from afterrun.diary.database import faults
from afterrun.diary.database.addresses import Address
from afterrun.diary.database.forgetting import OUTSIDE
from afterrun.diary.database.soundness import refuse_damaged_pages, refuse_missing_parts
from afterrun.diary.database.write_ahead import damage_of_log
from afterrun.diary.errors import DamagedError, StorageError

MIGRATIONS = Path(__file__).with_name("migrations")
LONGEST_ANSWER_SECONDS = 120
"""How long a server may take over one question."""
_SQLITE = b"SQLite format 3\x00"
_OURS = {"alembic_version", "enrolments", "check_ins"}
_LOCK = 0x61667472
"""The server's lock while tables are made; the letters are 'aftr'."""


def open_database(address: Address, *, create: bool = True) -> Engine:
    """The database at an address, with its tables.

    A file that is no diary is not touched, and without `create` none is made. Raises StorageError.
    """
    url = address.url
    is_file = url.get_backend_name() == "sqlite"
    if is_file:
        path = Path(url.database or "")
        _look_at(path, create)
        _owner_only(path)
    try:
        return _opened(address, engine_of(address))
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StorageError(
            f"no driver for {url.get_backend_name()} is installed: pip install 'afterrun[postgresql]'"
        ) from error
    except DBAPIError as error:
        # A driver may quote the address, and so the password, in an error of its own.
        raise faults.storage_error(error, address) from None
    except CommandError as error:
        raise DamagedError(str(address), str(error)) from error
    except ArgumentError as error:
        raise StorageError(f"{address} cannot be used: {address.without_secrets(str(error))}") from None
    except faults.WRONG_CONTENT as error:
        if is_file:
            raise DamagedError(str(address), "it holds what no afterrun wrote") from error
        raise StorageError(f"{address} is no address of a database") from None


def engine_of(address: Address) -> Engine:
    """What speaks with the database, within limits of time; nothing is opened or looked at yet."""
    engine = create_engine(address.url, connect_args=_arguments(address))
    if engine.dialect.name == "sqlite":
        _as_sqlite(engine)
    else:
        _as_server(engine)
    return engine


def _opened(address: Address, engine: Engine) -> Engine:
    try:
        with engine.begin() as connection:
            refuse_damaged_pages(connection, str(address))
            _bring_up_to_date(connection, address)
            refuse_missing_parts(connection, str(address))
    except BaseException:
        engine.dispose()
        raise
    return engine


def _arguments(address: Address) -> dict[str, Any]:
    """What the driver is given beside the address."""
    if address.url.get_backend_name() == "sqlite":
        return {}
    limits = {"connect_timeout": faults.PATIENCE_SECONDS, "tcp_user_timeout": LONGEST_ANSWER_SECONDS * 1000}
    return {name: each for name, each in limits.items() if name not in address.url.query} | dict(
        address.secrets
    )


def _look_at(path: Path, create: bool) -> None:
    """Refuse what is no diary, and what is damaged, before anything of it is changed."""
    try:
        if not path.exists():
            if not create:
                here = shlex.quote(str(path))
                raise StorageError(
                    f"there is no diary at {path}: begin with  afterrun start FILE --db {here}"
                )
            return
        if not path.is_file():
            raise StorageError(f"{path} is no file")
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror}") from error
    if not head and not create:
        raise StorageError(f"there is no diary at {path}: the file is empty")
    if head and head != _SQLITE:
        raise StorageError(f"{path} is not a database")
    if why := damage_of_log(path):
        raise DamagedError(str(path), why)
    tables = _tables(path) if head else set()
    if tables and not tables >= _OURS:
        if len(_OURS & tables) > 1:
            raise DamagedError(str(path), f"it lacks its table {min(_OURS - tables)}")
        raise StorageError(f"{path} is the database of another program")


def _tables(path: Path) -> set[str]:
    """What is in a file, without a change to it; nothing where it cannot be told."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return {
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return set()


def _owner_only(path: Path) -> None:
    """Make the file, if there is none, as one that only its owner can read."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StorageError(f"{path} cannot be used: {error.strerror}") from error


def _as_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, not where the driver guesses
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {faults.PATIENCE_SECONDS * 1000}")
        _ahead_log(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(OUTSIDE):
            # The lock is taken before the first look, so that nobody writes between look and write.
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _ahead_log(cursor: Any) -> None:
    """Turn on the write-ahead log; SQLite does not wait for others when it does that, so we do."""
    until = time.monotonic() + faults.PATIENCE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _as_server(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{faults.PATIENCE_SECONDS}s'")
            cursor.execute(f"SET statement_timeout = '{LONGEST_ANSWER_SECONDS}s'")
        connection.commit()


def _bring_up_to_date(connection: Connection, address: Address) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    now, (head, *earlier) = MigrationContext.configure(connection).get_current_revision(), _versions()
    if now == head:
        return
    if now is not None and now not in earlier:
        if not str(now).isdigit() or str(now) < str(head):
            raise DamagedError(str(address), "its version is none that there ever was")
        raise StorageError(
            f"the diary was written by a newer afterrun (its tables are {now}, known are those up to "
            f"{head}). Nothing was touched; install the newer afterrun to go on."
        )
    command.upgrade(_migrations(connection=connection), "head")


@cache
def _versions() -> tuple[str, ...]:
    """The versions that the tables have had, the newest first: they lie in files, which stay as they are."""
    return tuple(each.revision for each in ScriptDirectory.from_config(_migrations()).walk_revisions())


def _migrations(**given: Connection) -> Config:
    config = Config(attributes=given)
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
