"""What a database or its content does wrong, in words: full, held by others, gone, or damaged."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from afterrun.diary.database.addresses import Address
from afterrun.diary.errors import DamagedError, StorageError

PATIENCE_SECONDS = 30
"""How long to wait for another program that holds the diary."""
WRONG_CONTENT = (
    ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, AssertionError,
)  # fmt: skip
"""What comes of reading what nobody wrote."""

_HELD = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_USABLE_NO_MORE = (
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_INTERRUPT,
)  # fmt: skip
"""What is wrong then is the disk, or the right to it, and not the diary."""


def storage_error(error: DBAPIError, address: Address, place: str = "") -> StorageError:
    """The word for what a database refused; `place` is what to call the diary."""
    place = place or str(address)
    said = address.without_secrets(" ".join(str(error.orig).split()).rstrip("."))
    if is_held(error):
        return StorageError(f"another program holds {place}; waited {PATIENCE_SECONDS} s. Try again later")
    if _state(error) == "57014":
        return StorageError(f"the server took too long over {place}. Try again later")
    if is_full(error):
        return StorageError(f"{place} cannot be written: the disk is full")
    if _is_damage(error):
        return DamagedError(place, said)
    return StorageError(f"{place} cannot be used: {said}")


def is_held(error: DBAPIError) -> bool:
    """Whether another program was in the way all the while."""
    return _of_sqlite(error) in _HELD or _state(error) in ("55P03", "40P01")


def is_full(error: DBAPIError) -> bool:
    """Whether there is no room."""
    # The memory that readers and writers share is a file, too.
    shared = getattr(error.orig, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_SHMSIZE
    return shared or _of_sqlite(error) == sqlite3.SQLITE_FULL or _state(error) == "53100"


def _is_damage(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error) not in _USABLE_NO_MORE
    # Syntax and names that are not there, and pages that the server itself finds damaged.
    return _state(error).startswith(("42P", "427", "428", "XX0"))


def _of_sqlite(error: DBAPIError) -> int:
    """SQLite's own number for it; what its driver cannot decode has none."""
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF


def _state(error: DBAPIError) -> str:
    """A server's code for it; none when it did not get to say one."""
    return getattr(error.orig, "sqlstate", None) or ""
