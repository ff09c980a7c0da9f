"""Where a batch writes: its result, its rejects, and the state that lets it go on after a stop.

A folder holds its rows below `data`, and nothing else there. What lies beside it begins with `_`, so that
readers of whole folders pass it over.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from afterrun.batch.input.folders import LOCK, PLAN, STATE, SUCCESS, beside
from afterrun.batch.input.spool import PACKED, Compression
from afterrun.batch.write.output import PACKABLE, SUFFIXES, Format
from afterrun.batch.write.tally import Tally
from afterrun.errors import AfterrunError
from afterrun.storage import PARTIAL, read_json, storage_faults
from afterrun.visible import is_text

STDOUT = "-"
DATA = "data"
PART = "part-{:06d}.parquet"
REJECTS_PARTS = "*.rejects.csv"
_OF_A_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,9}\Z")
"""What the name of a file ends in, and that of a folder hardly ever."""


_AS_TABLES = {".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".duckdb": "duckdb"}
"""How the names of databases end, which are written by their address."""


class PlaceError(AfterrunError):
    """The result cannot be put where it was asked to be, or what is there cannot be read."""


class Place(NamedTuple):
    """One batch on disk."""

    result: Path
    """A folder, or one file."""
    format: Format
    compression: Compression
    folder: bool
    state: Path
    """The frozen plan, the lock, and a record for each finished chunk."""
    parts: Path
    """The folder of the chunks: for one file they are put together at the end."""
    rejects: Path
    key: Path
    """The names behind bit masks and levels."""
    dictionary: Path
    """What each column means, as a data package."""

    @property
    def plan(self) -> Path:
        """The frozen plan."""
        return self.state / PLAN

    @property
    def lock(self) -> Path:
        """Held by the one run that writes."""
        return self.state / LOCK

    @property
    def success(self) -> Path:
        """Written last of all."""
        return self.result / SUCCESS if self.folder else self.state / SUCCESS

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

    @property
    def scratch(self) -> Path:
        """What is half of a workbook while one is written."""
        return self.state / "scratch"

    def part(self, number: int) -> Path:
        """One chunk."""
        return self.parts / PART.format(number)

    def record(self, number: int) -> Path:
        """What is known of one finished chunk."""
        return self.state / f"{number:06d}.json"

    def tally(self, number: int) -> Tally | None:
        """What was counted in one finished chunk; None where there is no whole record of it."""
        record = self.record(number)
        try:
            return Tally(**read_json(record)["tally"]) if record.is_file() else None
        except (ValueError, KeyError, TypeError):
            return None

    def rejects_part(self, number: int) -> Path:
        """The rejects of one chunk."""
        return self.state / f"{number:06d}.rejects.csv"


def place_of(out: str, format: Format | None) -> Place:
    """The place for a new batch, or for one to go on with.

    A name with the suffix of a format is one file, one without any suffix a folder. Raises PlaceError.
    """
    path = _named(out)
    if path.is_dir() or out.endswith("/"):
        return _folder_of(path, format)
    suffix, compression = _suffix_of(path)
    by_suffix = SUFFIXES.get(suffix)
    if by_suffix is None and format is None and not _OF_A_FILE.search(path.name):
        return folder_place(path)
    if by_suffix is None and format == "parquet" and not _OF_A_FILE.search(path.name):
        return folder_place(path)
    if by_suffix is None and format is None:
        ending = "".join(path.suffixes[-2:] if compression else path.suffixes[-1:])
        more = f"; a table as {_AS_TABLES[ending]}:///FILE?table=NAME" if ending in _AS_TABLES else ""
        raise PlaceError(f"{out}: {ending} cannot be written. {CAN_BE_WRITTEN}{more}")
    if by_suffix is not None and format not in (None, by_suffix):
        raise PlaceError(f"{out} ends in {suffix}, and --format says {format}; give one of them")
    chosen = format or by_suffix or "csv"
    if compression and chosen not in PACKABLE:
        raise PlaceError(f"{out}: {chosen} is not packed as {compression}. {CAN_BE_WRITTEN}")
    return file_place(path, chosen, compression)


CAN_BE_WRITTEN = (
    "Give .csv or .jsonl, plain or with .gz or .zst behind, .parquet, .arrow or .xlsx; or a folder, by a "
    "name without an ending, or with / behind it"
)


def _folder_of(path: Path, format: Format | None) -> Place:
    if format not in (None, "parquet"):
        raise PlaceError(f"{path} is a folder, and a folder holds Parquet; give a file for {format}")
    return folder_place(path)


def _suffix_of(path: Path) -> tuple[str, Compression]:
    compression = PACKED.get(path.suffix.lower(), "")
    return (path.with_suffix("") if compression else path).suffix.lower(), compression


def _named(out: str) -> Path:
    """The path, which the writer of Parquet takes as text only. Raises PlaceError."""
    if not is_text(out):
        raise PlaceError(f"{out}: the name is no text in UTF-8; give another")
    try:
        Path(out).is_dir()
    except OSError as error:
        raise PlaceError(f"{out}: {error.strerror}; give another name") from None
    return Path(out)


def folder_place(path: Path) -> Place:
    """A batch in a folder of its own; one of an earlier version is left as it was laid out."""
    state = path / STATE
    if (path / "rulebook.json").is_file() and state.is_dir():
        earlier = path / "rejects.csv", path / "rulebook.json", path / "datapackage.json"
        return Place(path, "parquet", "", True, state, path, *earlier)
    beside = path / "_rejects.csv", path / "_rulebook.json", path / "_datapackage.json"
    return Place(path, "parquet", "", True, state, path / DATA, *beside)


def file_place(path: Path, format: Format, compression: Compression = "") -> Place:
    """A batch in one file, its state hidden beside it."""
    state, rejects, dictionary = beside(path)
    return Place(path, format, compression, False, state, state, rejects, state / "rulebook.json", dictionary)


def existing_place(out: str) -> Place:
    """The place of a batch that was begun before. Raises PlaceError."""
    path = _named(out)
    place = folder_place(path) if path.is_dir() else file_place(path, "csv")
    if not place.plan.is_file():
        raise PlaceError(f"{out}: no batch was written there")
    format = state_of(place.plan)["options"]["format"]
    return place if place.folder else file_place(path, format, _suffix_of(path)[1])


def state_of(path: Path) -> Any:
    """What a file of the state holds. Raises PlaceError where it is damaged."""
    try:
        return read_json(path)
    except ValueError:
        said = "is damaged; throw away the result and what lies beside it, and run the batch again"
        raise PlaceError(f"{path} {said}") from None


def refuse_foreign(place: Place) -> None:
    """Never write over what no batch of ours made. Raises PlaceError."""
    path = place.result
    if place.folder:
        if path.exists() and not path.is_dir():
            raise PlaceError(f"{path} is not a folder")
        foreign = path.is_dir() and any(not _is_begun(place, each) for each in path.iterdir())
        # A run that begins at the same time may have written its plan meanwhile.
        if foreign and not place.plan.is_file():
            raise PlaceError(f"{path} holds other files; give a new or an empty folder")
        refuse_foreign_parts(place)
    elif not place.plan.is_file():
        for each in (path, place.rejects, place.dictionary):
            if each.exists():
                raise PlaceError(f"{each} is there already; give a new name, or move it away")


def _is_begun(place: Place, path: Path) -> bool:
    """Whether something in a result folder may be there before the plan is."""
    return path == place.state or (path == place.parts and path.is_dir() and not any(path.iterdir()))


def refuse_foreign_parts(place: Place, chunks: int | None = None) -> None:
    """Whatever lies among the rows is read as rows. Raises PlaceError where there is something else."""
    if place.parts in (place.result, place.state) or not place.parts.is_dir():
        return
    for each in sorted(place.parts.iterdir()):
        number = each.name[5:11]
        ours = number.isdigit() and each.name == PART.format(int(number))
        beyond = ours and chunks is not None and int(number) >= chunks
        if beyond or not (ours or each.name.endswith(PARTIAL)):
            raise PlaceError(f"{each} is not this batch's, and would be read as rows of it; move it away")


def finished_chunks(place: Place) -> list[int]:
    """The numbers of the chunks that have a record."""
    with storage_faults(place.state):
        names = [each.stem for each in place.state.iterdir() if each.suffix == ".json"]
    return sorted(int(name) for name in names if re.fullmatch("[0-9]{6,}", name))
