"""A batch that went into a table of a database, for those who look at it; nothing is written there."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import polars as pl

from afterrun.batch.foreign.addresses import Address
from afterrun.batch.foreign.databases import AT_ONCE, database_faults, open_database, table_at
from afterrun.batch.places import PlaceError
from afterrun.batch.runs.tabled import END, KEY, PLAN, job_beside, rejects_beside
from afterrun.batch.write.tally import Tally
from afterrun.intake import RECORD_ID
from afterrun.once import once
from afterrun.visible import on_one_line

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class KeptTable:
    """A batch in a table; to be closed. Rows have no order there: each knows its input and its line."""

    def __init__(self, address: Address, scratch: Path) -> None:
        self._address, self.scratch = address, scratch
        self._engine = open_database(address)

    def __enter__(self) -> KeptTable:
        try:
            self._find()
        except BaseException:
            self._engine.dispose()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def _find(self) -> None:
        from sqlalchemy import inspect

        with database_faults(self._address), self._engine.connect() as connection:
            there = inspect(connection).get_table_names(self._address.schema or None)
        if job_beside(self._address).table not in there or PLAN not in self._records:
            raise PlaceError(f"{self._address}: no batch was written there")

    @property
    def name(self) -> str:
        return str(self._address)

    @property
    def plan(self) -> Mapping[str, Any]:
        plan: Mapping[str, Any] = self._records[PLAN]
        return plan

    @property
    def finished(self) -> bool:
        return END in self._records

    @property
    def names(self) -> Mapping[str, Mapping[str, str]]:
        names: Mapping[str, Mapping[str, str]] = self._records[KEY]["names"]
        return names

    @once
    def tallies(self) -> Mapping[int, Tally]:
        return {
            number: Tally(**record["tally"])
            for number, record in sorted(self._records.items())
            if number >= 0
        }

    @once
    def columns(self) -> Sequence[str]:
        return self._select(self._address, limit=0)[0]

    @once
    def rejects(self) -> Path:
        names, rows = self._select(rejects_beside(self._address))
        path = self.scratch / "rejects.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(rows)
        return path

    @property
    def way_to_mend(self) -> str:
        table = rejects_beside(self._address).table
        return f"Mend the cells in the table {table}, and give that to a batch into a new table."

    def of_record(self, record_id: str) -> pl.DataFrame:
        return self._where(RECORD_ID, record_id)

    def of_line(self, line: int) -> pl.DataFrame:
        return self._where("line", line)

    def place_of(self, row: Mapping[str, Any]) -> int:
        from sqlalchemy import and_, func, or_, select

        names = [on_one_line(each.get("name", each["path"])) for each in self.plan["inputs"]]
        before = names[: names.index(row["source"])]
        source, line = _column("source"), _column("line")
        earlier = or_(source.in_(before), and_(source == row["source"], line < row["line"]))
        counted = select(func.count()).select_from(table_at(self._address)).where(earlier)
        with database_faults(self._address), self._engine.connect() as connection:
            return int(connection.execute(counted).scalar_one())

    def _where(self, name: str, value: str | int) -> pl.DataFrame:
        names, rows = self._select(self._address, _column(name) == value)
        return pl.DataFrame(rows, schema=list(names), orient="row", infer_schema_length=None)

    @once
    def _records(self) -> dict[int, Any]:
        names, rows = self._select(job_beside(self._address))
        if set(names) != {"number", "record"}:
            raise PlaceError(f"{self._address}: the table '{job_beside(self._address).table}' is no batch's")
        number, record = names.index("number"), names.index("record")
        return {row[number]: json.loads(row[record]) for row in rows}

    def _select(
        self, address: Address, condition: ColumnElement[bool] | None = None, limit: int | None = None
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns of a table, and its rows."""
        from sqlalchemy import literal_column, select

        wanted: Any = select(literal_column("*")).select_from(table_at(address)).limit(limit)
        if condition is not None:
            wanted = wanted.where(condition)
        with database_faults(address), self._engine.connect() as connection:
            found = connection.execution_options(yield_per=AT_ONCE).execute(wanted)
            return list(found.keys()), [tuple(row) for row in found]


def _column(name: str) -> Any:
    from sqlalchemy.sql import column, quoted_name

    return column(quoted_name(name, quote=True))
