"""The address of a table in a database: what may stand in one, and how it is shown without its secrets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from afterrun.errors import AfterrunError

Backend = Literal["duckdb", "sqlite", "postgresql"]
DRIVERS: dict[str, Backend] = {
    "duckdb": "duckdb", "sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql",
    "postgresql+psycopg": "postgresql",
}  # fmt: skip
HIDDEN = "***"
_BEGINS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_MEANT = re.compile(
    rf"(?:{'|'.join(map(re.escape, DRIVERS))})(?:\+\w*)?(?:[:;]|//)"
    r"|[a-z][a-z0-9+.:;-]+[:;]/.*@|jdbc:|(?![./]).*\b(?:password|passwd|pwd)\s*=",
    re.IGNORECASE | re.DOTALL,
)
"""What is surely no file: the way of a database slightly mistyped, or any other with a user or password."""
_WAY = "write duckdb:///FILE?table=NAME, sqlite:///FILE?table=NAME or postgresql://HOST/DATABASE?table=NAME"


class AddressError(AfterrunError):
    """What looks like the address of a database cannot be used as one."""


@dataclass(frozen=True)
class Address:
    """A table of a database. Its text shows no secret."""

    backend: Backend
    database: str
    """The file, always by its whole path; or the server's database."""
    table: str
    schema: str = ""
    server: str = ""
    """User, host and port as they may be shown."""
    password: str = field(default="", repr=False)
    options: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """For the driver; they may hold secrets, and are not shown."""

    def __str__(self) -> str:
        """The address without its password and without options for the driver."""
        named = {"table": self.table} | ({"schema": self.schema} if self.schema else {})
        place = self.database if self.of_a_file else f"{self.server}/{quote(self.database)}"
        return f"{self.backend}://{'/' if self.of_a_file else ''}{place}?{urlencode(named)}"

    @property
    def of_a_file(self) -> bool:
        """Whether the database is a file."""
        return self.backend != "postgresql"

    def without_secrets(self, text: str) -> str:
        """What a driver says, which may quote a secret; of several lines the first."""
        secrets = [self.password, *(value for name, value in self.options if "pass" in name.lower())]
        for secret in sorted(filter(None, secrets), key=len, reverse=True):
            text = text.replace(secret, HIDDEN).replace(quote(secret, safe=""), HIDDEN)
        return text.strip().split("\n")[0]


def read_address(text: str) -> Address | None:
    """The table that an address names; None where the text is the name of a file. Raises AddressError.

    >>> str(read_address("postgresql://anna:sesame@host/clinic?table=intakes&sslpassword=sesame"))
    'postgresql://anna@host/clinic?table=intakes'
    """
    # Whatever was read of one that is wrong might be a secret, so nothing of it is told.
    if not _BEGINS.match(text):
        if _MEANT.match(text):
            raise AddressError(f"the address of the database cannot be read; {_WAY}; a file is ./NAME")
        return None
    try:
        parts = urlsplit(text)
        given = parse_qsl(parts.query, keep_blank_values=True)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise AddressError(f"the address of the database cannot be read; {_WAY}") from None
    backend = DRIVERS.get(parts.scheme.lower())
    if backend is None:
        raise AddressError(f"'{parts.scheme}' is no database that can be used here; {_WAY}")
    names = dict(given)
    if not names.get("table"):
        raise AddressError(f"the address of the database names no table; {_WAY}")
    if len(names) < len(given):
        raise AddressError(f"the address of the database says one thing twice behind ?; {_WAY}")
    options = tuple((name, value) for name, value in given if name not in ("table", "schema"))
    database = unquote(parts.path[1:])
    if parts.fragment or (backend == "postgresql" and "@" in parts.path):
        signs = "a sign such as / or # in a password is written as %2F or %23"
        raise AddressError(f"the address of the database cannot be read: {signs}")
    if not database or "\0" in text:
        raise AddressError(f"the address of the database names no database; {_WAY}")
    server, password = "", ""
    if backend == "postgresql":
        user = f"{parts.username}@" if parts.username else ""
        host = parts.hostname or ""
        server = f"{user}{f'[{host}]' if ':' in host else host}{port}"
        password = unquote(parts.password or "")
    else:
        if parts.netloc or database == ":memory:":
            raise AddressError(f"the address of the database names no file; {_WAY}")
        if options:
            raise AddressError(f"the address of a file takes table and schema alone behind ?; {_WAY}")
        database = str(Path(database).absolute())
    return Address(backend, database, names["table"], names.get("schema", ""), server, password, options)
