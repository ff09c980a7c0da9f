"""What a batch left behind, wherever it lies, for those who look at it: its plan, its counts, its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import polars as pl

from afterrun.batch.foreign.addresses import Address, read_address
from afterrun.batch.foreign.workbooks import scan_sheet
from afterrun.batch.formula_marks import given_text, unmarked
from afterrun.batch.input.spool import unpack
from afterrun.batch.places import Place, PlaceError, existing_place, finished_chunks, state_of
from afterrun.batch.shown.kept_table import KeptTable
from afterrun.batch.stored import DAMAGES, scan_arrow, scan_csv, scan_json_lines, scan_parquet
from afterrun.batch.write.tally import Tally
from afterrun.batch.write.workbook import RESULTS
from afterrun.intake import RECORD_ID
from afterrun.once import once
from afterrun.storage import storage_faults

_INDEX = "_index"


class Kept(Protocol):
    """A batch that was begun."""

    scratch: Path
    """A folder for what is needed as long as somebody looks."""

    @property
    def name(self) -> str:
        """Where it is, without a secret."""

    @property
    def plan(self) -> Mapping[str, Any]:
        """What was frozen."""

    @property
    def finished(self) -> bool:
        """Whether its end was reached."""

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        """The words behind ids."""

    @property
    def tallies(self) -> Mapping[int, Tally]:
        """What was counted in each finished chunk."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of its rows."""

    @property
    def rejects(self) -> Path:
        """What was refused, as the table of quarantine; there may be none."""

    @property
    def way_to_mend(self) -> str:
        """What to do about a row that was refused."""

    def of_record(self, record_id: str) -> pl.DataFrame:
        """The rows of a record."""

    def of_line(self, line: int) -> pl.DataFrame:
        """The rows that came from a line of any input."""

    def place_of(self, row: Mapping[str, Any]) -> int:
        """How many rows came before this one."""


@contextmanager
def looked_at(where: Place | Address) -> Iterator[Kept]:
    """Look at a batch for a while. Raises PlaceError where none was begun, and DatabaseFault."""
    with TemporaryDirectory(prefix="afterrun-") as scratch:
        if isinstance(where, Place):
            yield _KeptFiles(where, Path(scratch))
        else:
            with KeptTable(where, Path(scratch)) as kept:
                yield kept


def existing(out: str) -> Place | Address:
    """Where a batch wrote: files, or a table. Raises PlaceError and AddressError."""
    return read_address(out) or existing_place(out)


class _KeptFiles:
    """A batch in a folder or a file."""

    def __init__(self, place: Place, scratch: Path) -> None:
        self._place, self.scratch = place, scratch

    @property
    def name(self) -> str:
        return str(self._place.result)

    @once
    def plan(self) -> Mapping[str, Any]:
        plan: Mapping[str, Any] = state_of(self._place.plan)
        return plan

    @property
    def finished(self) -> bool:
        return self._place.success.is_file()

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        names: Mapping[str, Mapping[str, str]] = state_of(self._place.key)["names"]
        return names

    @once
    def tallies(self) -> Mapping[int, Tally]:
        found = {}
        for number in finished_chunks(self._place):
            tally = self._place.tally(number)
            if tally is None:
                said = "is damaged; run the batch again, and it is made anew"
                raise PlaceError(f"{self._place.record(number)} {said}")
            found[number] = tally
        return found

    @property
    def columns(self) -> Sequence[str]:
        return [name for name in self._rows.collect_schema().names() if name != _INDEX]

    @property
    def rejects(self) -> Path:
        return self._place.rejects

    @property
    def way_to_mend(self) -> str:
        mended = f"afterrun batch mended.csv {self._place.result} --append"
        return f"Copy {self._place.rejects} to mended.csv, mend the cells there, and add them:  {mended}"

    def of_record(self, record_id: str) -> pl.DataFrame:
        return self._where(pl.col(RECORD_ID).cast(pl.String) == record_id)

    def of_line(self, line: int) -> pl.DataFrame:
        return self._where(pl.col("line").cast(pl.UInt64) == line)

    def place_of(self, row: Mapping[str, Any]) -> int:
        return int(row[_INDEX])

    def _where(self, condition: pl.Expr) -> pl.DataFrame:
        with self._faults():
            return self._rows.filter(condition).collect()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            with storage_faults(self._place.result):
                yield
        except DAMAGES as error:
            said = f"is damaged: {str(error)[:200]}"
            raise PlaceError(f"{self.name} {said}", "Run the batch again, and it is made anew.") from None

    @once
    def _rows(self) -> pl.LazyFrame:
        """The rows as they are stored; what is packed is unpacked first."""
        place, path = self._place, self._place.result
        with self._faults():
            if place.compression:
                path = unpack(path, place.compression, self.scratch / f"result-{path.name}", str(path))
            if place.folder:
                rows = scan_parquet(*(place.part(number) for number in finished_chunks(place)))
            elif place.format in ("csv", "xlsx"):
                rows = scan_csv(path) if place.format == "csv" else scan_sheet(path, RESULTS)
                rows = rows.with_columns(unmarked(given_text(rows.collect_schema())))
            elif place.format == "jsonl":
                rows = scan_json_lines(path)
            elif place.format == "arrow":
                rows = scan_arrow(path)
            else:
                rows = scan_parquet(path)
            rows.collect_schema()
            return rows.with_row_index(_INDEX)
