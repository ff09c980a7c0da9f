"""Where a batch writes: its result, its rejects, and the state that lets it go on after a stop."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from afterrun.batch.write.output import SUFFIXES, Format
from afterrun.batch.write.tally import Tally
from afterrun.errors import AfterrunError
from afterrun.storage import read_json
from afterrun.visible import is_text

STDOUT = "-"
STATE = "_job"
"""The folder of the state inside a result folder; readers of tables skip names that begin so."""
PART = "part-{:06d}.parquet"
REJECTS_PARTS = "*.rejects.csv"


class PlaceError(AfterrunError):
    """The result cannot be put where it was asked to be."""


class Place(NamedTuple):
    """One batch on disk."""

    result: Path
    """A folder of Parquet chunks, or one file."""
    format: Format
    folder: bool
    state: Path
    """The frozen plan, the lock, and a record for each finished chunk."""
    parts: Path
    """The folder of the chunks: for one file they are put together at the end."""
    rejects: Path

    @property
    def plan(self) -> Path:
        """The frozen plan."""
        return self.state / "plan.json"

    @property
    def lock(self) -> Path:
        """Held by the one run that writes."""
        return self.state / "lock"

    @property
    def success(self) -> Path:
        """Written last of all."""
        return self.result / "_SUCCESS" if self.folder else self.state / "_SUCCESS"

    @property
    def key(self) -> Path:
        """The names behind bit masks and levels."""
        return (self.result if self.folder else self.state) / "rulebook.json"

    @property
    def rejects_known(self) -> Path:
        """The digest of the rejects as they were written, to see whether somebody mended them in place."""
        return self.state / "rejects-known.json"

    @property
    def spool(self) -> Path:
        """What came through stdin."""
        return self.state / "input"

    @property
    def ids(self) -> Path:
        """The record ids seen so far, made anew by each run."""
        return self.state / "ids"

    @property
    def decided(self) -> Path:
        """What workers have decided and nobody has put in its place yet."""
        return self.state / "decided"

    def part(self, number: int) -> Path:
        """One chunk."""
        return self.parts / PART.format(number)

    def record(self, number: int) -> Path:
        """What is known of one finished chunk."""
        return self.state / f"{number:06d}.json"

    def tally(self, number: int) -> Tally | None:
        """What was counted in one finished chunk; None where there is no record of it."""
        record = self.record(number)
        return Tally(**read_json(record)["tally"]) if record.is_file() else None

    def rejects_part(self, number: int) -> Path:
        """The rejects of one chunk."""
        return self.state / f"{number:06d}.rejects.csv"


def place_of(out: str, format: Format | None) -> Place:
    """The place for a new batch, or for one to go on with.

    A name with the suffix of a format is one file, any other a folder. Raises PlaceError.
    """
    path = _named(out)
    by_suffix = SUFFIXES.get(path.suffix.lower())
    if path.is_dir() or (by_suffix is None and format in (None, "parquet")):
        if format not in (None, "parquet"):
            raise PlaceError(f"{out} is a folder, and a folder holds Parquet; give a file for {format}")
        return folder_place(path)
    return file_place(path, format or by_suffix or "parquet")


def _named(out: str) -> Path:
    """The path, which the writer of Parquet takes as text only. Raises PlaceError."""
    if not is_text(out):
        raise PlaceError(f"{out}: the name is no text in UTF-8; give another")
    return Path(out)


def folder_place(path: Path) -> Place:
    """A batch in a folder of its own."""
    return Place(path, "parquet", True, path / STATE, path, path / "rejects.csv")


def file_place(path: Path, format: Format) -> Place:
    """A batch as one file, with its state hidden beside it."""
    state = path.with_name(f".{path.name}.job")
    return Place(path, format, False, state, state, path.with_name(f"{path.name}.rejects.csv"))


def existing_place(out: str) -> Place:
    """The place of a batch that was begun before. Raises PlaceError."""
    path = _named(out)
    place = folder_place(path) if path.is_dir() else file_place(path, SUFFIXES.get(path.suffix, "csv"))
    if not place.plan.is_file():
        raise PlaceError(f"{out}: no batch was written there")
    return place


def refuse_foreign(place: Place) -> None:
    """Never write over what no batch of ours made. Raises PlaceError."""
    path = place.result
    if place.folder:
        if path.exists() and not path.is_dir():
            raise PlaceError(f"{path} is not a folder")
        if path.is_dir() and not place.plan.is_file() and any(each.name != STATE for each in path.iterdir()):
            raise PlaceError(f"{path} holds other files; give a new or an empty folder")
    elif not place.plan.is_file():
        for each in (path, place.rejects):
            if each.exists():
                raise PlaceError(f"{each} is there already; give a new name, or move it away")
