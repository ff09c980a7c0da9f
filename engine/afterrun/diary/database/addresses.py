"""The address of a diary: what may stand in one, and how it is shown without its passwords."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from afterrun.diary.errors import StorageError

HIDDEN = "***"


class Address(NamedTuple):
    """Where a diary is; the secrets lie apart, so that nothing that shows the URL shows them."""

    url: URL
    secrets: Mapping[str, str]
    """The passwords, by their name as the driver takes it."""

    def __str__(self) -> str:
        """The file, or the address without its passwords and without the options, which may hold more."""
        if self.url.get_backend_name() == "sqlite":
            return str(self.url.database)
        return self.url.set(query={}).render_as_string()

    def without_secrets(self, text: str) -> str:
        """What a driver says, which may quote the password; a short one may be any word."""
        for secret in sorted(self.secrets.values(), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return text


def read_address(address: str) -> Address:
    """`sqlite:///FILE`, a path, or `postgresql://…`. Raises StorageError."""
    _refuse_odd(address)
    if "://" not in address:
        return Address(_of_a_file(URL.create("sqlite", database=address)), {})
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # Whatever was read of it might be a password.
        raise StorageError("the address of the database cannot be read; write sqlite:///FILE") from None
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise StorageError(f"'{backend}' is no database for a diary; sqlite and postgresql are")
    if backend == "sqlite":
        return Address(_of_a_file(url), {})
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    return _apart(url)


def _refuse_odd(name: str) -> None:
    try:
        if b"\0" not in os.fsencode(name):
            return
    except UnicodeEncodeError:
        pass
    raise StorageError("the address of the database holds a character that no name can hold")


def _apart(url: URL) -> Address:
    """The secrets of a server's address taken out of it."""
    secrets = {name: value for name, value in url.query.items() if "pass" in name.lower()}
    if any(not isinstance(value, str) for value in secrets.values()):
        raise StorageError("the address of the database names a password more than once")
    kept = {name: str(value) for name, value in secrets.items() if value}
    if url.password:
        kept.setdefault("password", url.password)
    return Address(url.difference_update_query(secrets).set(password=None), kept)


def _of_a_file(url: URL) -> URL:
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        raise StorageError("a diary in memory would be lost; write sqlite:///FILE")
    if url.drivername not in ("sqlite", "sqlite+pysqlite") or url.query or url.host:
        raise StorageError("the address of the database takes a file and no more; write sqlite:///FILE")
    _refuse_odd(name)
    return url
