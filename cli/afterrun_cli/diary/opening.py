"""The diary that a command was asked to use, and the errors that all of its commands share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from afterrun.extras import missing_modules
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave

if TYPE_CHECKING:
    from afterrun.diary import Diary


def default_file() -> Path:
    """Where the diary is that nobody gave another place."""
    import platformdirs

    return platformdirs.user_data_path("afterrun", appauthor=False) / "diary.sqlite"


def address_of(db: str | None) -> str:
    """The address of the diary, also where nobody gave one."""
    return str(default_file()) if db is None else db


def place_of(db: str | None) -> str:
    """The same, however a file was written: its drafts are found from any folder."""
    address = address_of(db).removeprefix("sqlite:///")
    return address if "://" in address else os.path.abspath(address)


def has_begun() -> bool:
    """Whether there is a diary where nobody gave another place, and what reads it."""
    return not missing_modules("diary") and default_file().exists()


@contextmanager
def open_diary(db: str | None, *, must_exist: bool = True) -> Iterator[Diary]:
    """The diary, closed in the end; leaves with a word when it refuses or cannot be used."""
    from afterrun.diary import Diary

    try:
        if db is None and must_exist and not default_file().exists():
            leave(UNUSABLE, "error: there is no diary yet: begin with  afterrun start FILE")
        diary = Diary(address_of(db), create=not must_exist)
        try:
            yield diary
        finally:
            diary.close()
    except PermissionError as error:
        leave(COULD_NOT_RUN, f"error: {error.filename} cannot be used: {error.strerror}")
