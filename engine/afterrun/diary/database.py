"""The database behind a diary: opened for its owner alone, brought up to date, refused if it is newer."""

from __future__ import annotations

import os
import shlex
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from afterrun.diary.errors import StorageError

MIGRATIONS = Path(__file__).with_name("migrations")
PATIENCE_SECONDS = 30
"""How long to wait for another process that is writing."""
_SQLITE = b"SQLite format 3\x00"
_LOCK = 0x61667472
"""The server's lock while tables are made; the letters are 'aftr'."""


def open_database(address: str, *, create: bool = True) -> Engine:
    """The database at an address: `sqlite:///FILE`, a path, or `postgresql://…`, with its tables.

    A file that is no diary is not touched, and without `create` none is made. Raises StorageError.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        _look_at(path, create)
        _owner_only(path)
    try:
        engine = create_engine(url)
        if engine.dialect.name == "sqlite":
            _as_sqlite(engine)
        with engine.begin() as connection:
            _bring_up_to_date(connection)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise StorageError(
            f"no driver for {url.get_backend_name()} is installed: pip install 'afterrun[postgresql]'"
        ) from error
    except (OperationalError, DatabaseError) as error:
        raise StorageError(f"{hidden(url)} cannot be used: {str(error.orig).strip()}") from error
    except CommandError as error:
        raise StorageError(f"{hidden(url)} is damaged: {error}") from error
    return engine


def hidden(url: URL) -> str:
    """The address without its password."""
    return url.render_as_string(hide_password=True)


def _url(address: str) -> URL:
    if "://" not in address:
        return _of_a_file(URL.create("sqlite", database=address))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StorageError("the address of the database cannot be read; write sqlite:///FILE") from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise StorageError(f"'{backend}' is no database for a diary; sqlite and postgresql are")
    if backend == "sqlite":
        return _of_a_file(url)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return url


def _of_a_file(url: URL) -> URL:
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        raise StorageError("a diary in memory would be lost; write sqlite:///FILE")
    if url.drivername not in ("sqlite", "sqlite+pysqlite") or url.query or url.host:
        raise StorageError("the address of the database takes a file and no more; write sqlite:///FILE")
    return url


def _look_at(path: Path, create: bool) -> None:
    """Refuse what is no diary before anything of it is changed."""
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
    if head and head != _SQLITE:
        raise StorageError(f"{path} is not a database")
    tables = _tables(path) if head else set()
    if tables and not {"alembic_version", "enrolments"} <= tables:
        raise StorageError(f"{path} is the database of another program")


def _tables(path: Path) -> set[str]:
    """What is in a file, without a change to it; nothing where it cannot be told."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return {
                name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
            }
    except sqlite3.DatabaseError:
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
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        _ahead_log(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # The lock is taken before the first look, so that nobody writes between look and write.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _ahead_log(cursor: Any) -> None:
    """Turn on the write-ahead log; SQLite does not wait for others when it does that, so we do."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _bring_up_to_date(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    known = ScriptDirectory.from_config(config)
    now = MigrationContext.configure(connection).get_current_revision()
    if now == known.get_current_head():
        return
    if now is not None and now not in {each.revision for each in known.walk_revisions()}:
        raise StorageError(
            f"the diary was written by a newer afterrun (its tables are {now}, known are those up to "
            f"{known.get_current_head()}). Nothing was touched; install the newer afterrun to go on."
        )
    command.upgrade(config, "head")
