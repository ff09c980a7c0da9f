"""A table of a database: opened without showing a secret, and laid down once as a table of texts."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from afterrun.batch.foreign.addresses import Address
from afterrun.batch.foreign.laid import Laid, Row, lay_down, text_of
from afterrun.errors import Problem, ProblemsError, UnusableError
from afterrun.extras import require
from afterrun.storage import PRIVATE_FILE, private_partial, storage_faults

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table, TableClause

AT_ONCE = 5_000
INSERTED_AT_ONCE = 500
_MODULES = ("duckdb_engine", "psycopg", "sqlalchemy")
"""All of the extra, the first ones being asked for by nothing else: so it is the one that is named."""


_SQLITE = b"SQLite format 3\0"
"""How its files begin; those of DuckDB say what they are from the ninth byte on."""
_BOUNDS = {
    **{"memory_limit": "192MB", "threads": 1},
    **dict.fromkeys(("autoinstall_known_extensions", "autoload_known_extensions"), False),
}
"""Of DuckDB, which would take most of the machine's memory; what is more goes to disk. Nothing is fetched."""
_BOUNDS_OF_A_WRITER = {**_BOUNDS, "memory_limit": "64MB"}
"""It only takes rows in, and the work beside it needs the room."""


class DatabaseFault(UnusableError):
    """A database cannot be opened, read or written; what was finished before stands."""


def open_database(address: Address, *, create: bool = False) -> Engine:
    """What speaks with a database; without `create` its file must be there, and is only read.

    Raises DatabaseFault.
    """
    for module in _MODULES:
        require(module)
    from sqlalchemy import URL, create_engine, text

    if address.of_a_file:
        bounds = _BOUNDS_OF_A_WRITER if create else _BOUNDS
        path, url = Path(address.database), URL.create(address.backend, database=address.database)
        _refuse_other_kind(address, path)
        within: dict[str, Any] = {"config": bounds} if address.backend == "duckdb" else {}
        if not create:
            if not path.is_file():
                raise DatabaseFault(f"{address}: there is no such file")
            # Other programs may read it meanwhile, and nobody needs leave to write there.
            if address.backend == "duckdb":
                within["read_only"] = True
            else:
                url = URL.create("sqlite", database=path.as_uri(), query={"mode": "ro", "uri": "true"})
        engine = create_engine(url, connect_args=within)
        if not path.is_file():
            with database_faults(address), engine.connect() as connection:
                # It is a file with something in it from now on, and its owner's alone.
                connection.execute(text("CREATE TABLE afterrun_begins (here INTEGER)"))
                connection.execute(text("DROP TABLE afterrun_begins"))
                connection.commit()
                path.chmod(PRIVATE_FILE)
        return engine
    user, _, host = address.server.rpartition("@")
    name, _, port = host.partition("]:") if host.startswith("[") else host.partition(":")
    url = URL.create(
        "postgresql+psycopg",
        user or None,
        address.password or None,
        name.strip("[]") or None,
        int(port) if port else None,
        address.database,
        dict(address.options),
    )
    return create_engine(url)


def _refuse_other_kind(address: Address, path: Path) -> None:
    """Raise DatabaseFault where the file is a database of the other kind."""
    begins = b""
    with suppress(OSError), path.open("rb") as file:
        begins = file.read(len(_SQLITE))
    found = "sqlite" if begins == _SQLITE else "duckdb" if begins[8:12] == b"DUCK" else address.backend
    if found != address.backend:
        raise DatabaseFault(f"{address}: is a database of the other kind: write {found}:///FILE?table=NAME")


@contextmanager
def database_faults(address: Address) -> Iterator[None]:
    """Turn what a database refuses into one error that names it, and no secret of it."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

    try:
        yield
    except DBAPIError as error:
        raise DatabaseFault(f"{address}: {address.without_secrets(str(error.orig))}") from None
    except (ArgumentError, SQLAlchemyError) as error:
        raise DatabaseFault(f"{address}: {address.without_secrets(str(error))}") from None


def insert_rows(connection: Connection, table: Table, rows: pl.DataFrame, spool: Path) -> None:
    """Put rows into a table of the same columns; DuckDB takes them from a file, many times as fast."""
    if connection.dialect.name != "duckdb":
        for piece in rows.iter_slices(INSERTED_AT_ONCE):
            connection.execute(table.insert(), piece.to_dicts())
    elif rows.height:
        lot = private_partial(spool / "lot")
        with storage_faults(spool):
            rows.write_parquet(lot)
        name = connection.dialect.identifier_preparer.format_table(table)
        connection.exec_driver_sql(
            f"INSERT INTO {name} SELECT * FROM read_parquet(?)", (glob.escape(str(lot)),)
        )
        lot.unlink()


def table_at(address: Address) -> TableClause:
    """A table as a statement names it, whatever stands in its name."""
    from sqlalchemy import table
    from sqlalchemy.sql import quoted_name

    schema = quoted_name(address.schema, quote=True) if address.schema else None
    return table(quoted_name(address.table, quote=True), schema=schema)


def _bear_any_date(connection: Connection) -> None:
    """Let `infinity` and days before the year 1 be texts: Python has no dates for them, and a column that
    nobody reads would stop the batch."""
    from psycopg import DataError
    from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader

    def bearing(loader: type[Any]) -> type[Any]:
        def load(self: Any, data: bytes) -> Any:
            try:
                return loader.load(self, data)
            except DataError:
                return bytes(data).decode()

        return type(loader.__name__, (loader,), {"load": load})

    adapters = connection.connection.driver_connection.adapters  # type: ignore[union-attr]
    for kind, loader in {
        "date": DateLoader,
        "timestamp": TimestampLoader,
        "timestamptz": TimestamptzLoader,
    }.items():
        adapters.register_loader(kind, bearing(loader))


class _NoText(bytes):
    """What a database holds as text and nobody can read as such."""


def _text_or_bytes(raw: bytes) -> str | _NoText:
    """SQLite keeps as text whatever it was given."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _NoText(raw)


def _row_of(line: int, values: Sequence[Any]) -> Row:
    damages = (
        f"{place}\tis not text in UTF-8" for place, value in enumerate(values) if isinstance(value, _NoText)
    )
    return Row(line, "\n".join(damages), [text_of(value) for value in values])


def lay_down_table(address: Address, target: Path) -> Laid:
    """All rows of a table as they stand at one moment, in one order: by `record_id`, then by all else.

    A table has no lines: its rows are numbered in that order. Raises ProblemsError.
    """
    try:
        engine = open_database(address)
    except DatabaseFault as error:
        raise ProblemsError([Problem(str(error).partition(": ")[2], str(address))]) from None
    from sqlalchemy import String, cast, literal_column, select
    from sqlalchemy.sql import column, quoted_name

    from_table = table_at(address)
    try:
        with database_faults(address), engine.connect() as connection:
            if address.backend == "postgresql":
                _bear_any_date(connection)
            if address.backend == "sqlite":
                connection.connection.driver_connection.text_factory = _text_or_bytes  # type: ignore[union-attr]
            look: Any = select(literal_column("*")).select_from(from_table).limit(0)
            names = list(connection.execute(look).keys())
            columns: list[Any] = [column(quoted_name(name, quote=True)) for name in names]
            first = sorted(columns, key=lambda each: each.name.strip().lower() != "record_id")
            wanted = (
                select(*columns).select_from(from_table).order_by(*(cast(each, String) for each in first))
            )
            found = connection.execution_options(yield_per=AT_ONCE).execute(wanted)
            rows = (_row_of(line, row) for line, row in enumerate(found, start=1))
            count = lay_down(target, len(names), rows)
    except DatabaseFault as error:
        said = str(error).removeprefix(f"{address}: ")
        raise ProblemsError([Problem(f"cannot be read: {said}", str(address))]) from None
    finally:
        engine.dispose()
    return Laid(tuple(names), 0, count)
