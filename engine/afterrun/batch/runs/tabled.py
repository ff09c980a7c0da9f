"""A batch into a table of a database, with a table beside it of what was refused and one of what is done.

A chunk is one transaction: its rows, its rejects and its record are there together or not at all, so that
going on after a kill can neither lose nor double. The record's number is a key: of two runs one is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from afterrun.batch.crew.decided import Unaccounted
from afterrun.batch.crew.hire import crew_for
from afterrun.batch.crew.orders import Orders, output_of
from afterrun.batch.foreign.addresses import Address
from afterrun.batch.foreign.databases import (
    AT_ONCE,
    DatabaseFault,
    database_faults,
    insert_rows,
    open_database,
)
from afterrun.batch.input.layout import PLACE_COLUMNS
from afterrun.batch.input.rejects import Quarantine, Reject
from afterrun.batch.input.sources import Source
from afterrun.batch.places import PlaceError
from afterrun.batch.read.readers import given_columns
from afterrun.batch.request import Request, Tell, Watch
from afterrun.batch.runs.frozen import differing, frozen_plan
from afterrun.batch.runs.unchanged import Unchanged
from afterrun.batch.runs.work import Work, sources_of
from afterrun.batch.write.output import AT_ONCE as PIECE
from afterrun.batch.write.tally import Tally, added
from afterrun.storage import storage_faults

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

_REJECTS, _JOB = "_rejects", "_job"
PLAN, END, KEY = -1, -2, -3
"""The records that are no chunk's."""
_LONGEST_NAME = 63
"""Bytes of a name that every database keeps."""


def rejects_beside(address: Address) -> Address:
    """Where the rejects of a batch into this table are."""
    return replace(address, table=f"{address.table}{_REJECTS}")


def job_beside(address: Address) -> Address:
    """Where the records of a batch into this table are: a number and a text of JSON in each row."""
    return replace(address, table=f"{address.table}{_JOB}")


def run_to_table(request: Request, address: Address, spool: Path, watch: Watch, tell: Tell) -> Tally:
    """Run a batch into a table, or go on with it; one that is finished is left as it is.

    `spool` is a folder for what must be kept meanwhile. Raises PlaceError where the table is another's,
    DatabaseFault where the database refuses, and as `job.run` does.
    """
    if len(f"{address.table}{_REJECTS}".encode()) > _LONGEST_NAME:
        raise PlaceError("the name of the table is too long; give a shorter one")
    if chosen := request.options.columns:
        # By its place a row is known when the batch goes on.
        columns = tuple(dict.fromkeys([*PLACE_COLUMNS, *chosen]))
        request = request._replace(options=request.options._replace(columns=columns))
    engine = open_database(address, create=True)
    try:
        with database_faults(address):
            return _TableJob(request, address, engine).run(spool, watch, tell)
    finally:
        engine.dispose()


class _TableJob:
    def __init__(self, request: Request, address: Address, engine: Engine) -> None:
        self._request, self._address, self._engine = request, address, engine
        self._output = output_of(request.rulebook, request.options)

    def run(self, spool: Path, watch: Watch, tell: Tell) -> Tally:
        """Every chunk, then the end."""
        self._spool = spool
        begun = self._begun()
        # An input may be in the same file, which is open for reading alone or not at all.
        self._engine.dispose()
        with storage_faults(spool):
            sources = sources_of(self._request, spool, tell)
        orders = Orders(self._request.rulebook, self._request.options, sources)
        with crew_for(self._request.hands, orders, self._output, spool / "decided") as crew:
            return self._run(
                begun, sources, Work(self._request, self._output, sources, spool / "ids", watch, crew)
            )

    def _run(self, begun: bool, sources: Sequence[Source], work: Work) -> Tally:
        rulebook, unchanged = self._request.rulebook, Unchanged(sources)
        shown = self._output.shown([source.shown for source in sources])
        quarantine = Quarantine(rulebook, [given_columns(rulebook, each) for each in sources])
        self._rows = self._table(self._address.table, work.nothing().rows().select(shown).schema)
        self._rejects = self._table(
            rejects_beside(self._address).table, dict.fromkeys(_kept_names(quarantine.columns), pl.String())
        )
        plan = frozen_plan(self._request, sources)
        done = self._go_on(begun, plan) if begun else self._begin(plan)
        if END in done:
            total = added(Tally(**record["tally"]) for number, record in done.items() if number >= 0)
            self._request.limits.check(total)
            return total
        for places in self._places([source.shown for source in sources]):
            with storage_faults(self._spool):
                work.remember(places)
        finished = {number: Tally(**record["tally"]) for number, record in done.items() if number >= 0}
        for lot, before in work.lots(finished.get):
            tally = before
            if tally is None:
                # Not only the table needs room: the ids seen so far go to the disk.
                with storage_faults(self._spool):
                    result = work.result(lot)
                tally = result.tally
                self._write(lot.number, self._pieces(result.rows(), shown), quarantine, result.rejects, tally)
                work.forget(lot)
                del result  # before the next lot is read
            work.count(tally, lot.share)
        unchanged.check()
        if not work.total.complete:
            raise Unaccounted(f"{work.total.rows_in} rows in, {work.total.rows} rows out")
        with self._engine.begin() as connection:
            self._record(connection, END, {"rows_in": work.total.rows_in})
        return work.total

    def _begun(self) -> bool:
        """Whether a batch of ours was begun there. Raises PlaceError where something else is."""
        from sqlalchemy import inspect, literal_column, select

        self._job = self._table(
            job_beside(self._address).table, {"number": pl.Int64(), "record": pl.String()}
        )
        ours = [self._address.table, rejects_beside(self._address).table, self._job.name]
        with self._engine.connect() as connection:
            schema, look = self._address.schema or None, inspect(connection)
            # To a database that is a file names are the same in any capitals.
            alike = str.lower if self._address.of_a_file else str
            every_name = [*look.get_table_names(schema), *look.get_view_names(schema)]
            if self._address.backend == "postgresql":
                every_name += look.get_materialized_view_names(schema)
            there = set(map(alike, every_name))
            found = [name for name in ours if alike(name) in there]
            if self._job.name not in found:
                if found:
                    raise PlaceError(
                        f"{self._address}: a table '{found[0]}' is there already; give a new name, or drop it"
                    )
                return False
            every: Any = select(literal_column("*")).select_from(self._job).limit(0)
            names = set(connection.execute(every).keys())
            if names != {"number", "record"}:
                raise PlaceError(
                    f"{self._address}: the table '{self._job.name}' is no batch's; give a new name"
                )
            return connection.execute(select(self._job).where(self._job.c.number == PLAN)).first() is not None

    def _begin(self, plan: dict[str, Any]) -> dict[int, Any]:
        with self._engine.begin() as connection:
            for each in (self._job, self._rows, self._rejects):
                each.create(connection, checkfirst=True)
            self._record(connection, PLAN, plan)
            self._record(connection, KEY, self._output.key())
        return {}

    def _go_on(self, begun: bool, plan: dict[str, Any]) -> dict[int, Any]:
        """The records of what is finished. Raises PlanDiffers."""
        from sqlalchemy import select

        with self._engine.connect() as connection:
            records = {number: json.loads(text) for number, text in connection.execute(select(self._job))}
        differing(records[PLAN], plan, str(self._address))
        return records

    def _places(self, names: Sequence[str]) -> Iterable[pl.DataFrame]:
        """Where the rows came from that earlier runs finished."""
        from sqlalchemy import select

        wanted = select(*(self._rows.c[name] for name in PLACE_COLUMNS))
        index = {name: place for place, name in enumerate(names)}
        with self._engine.connect() as connection:
            found = connection.execution_options(yield_per=AT_ONCE * 20).execute(wanted)
            for rows in found.partitions():
                places = [(*told, index[source], line) for *told, source, line in rows]
                yield pl.DataFrame(places, schema=PLACE_COLUMNS, orient="row")

    def _pieces(self, rows: pl.DataFrame, shown: Sequence[pl.Expr]) -> Iterator[pl.DataFrame]:
        """The rows with names: as text they take many times their room."""
        return (piece.select(shown) for piece in rows.iter_slices(PIECE))

    def _write(
        self,
        number: int,
        pieces: Iterable[pl.DataFrame],
        quarantine: Quarantine,
        rejects: Sequence[Reject],
        tally: Tally,
    ) -> None:
        names = [each.name for each in self._rejects.columns]
        with self._engine.begin() as connection:
            self._record(connection, number, {"tally": tally._asdict()})
            for piece in pieces:
                insert_rows(connection, self._rows, piece, self._spool)
            refused = (dict(zip(names, row, strict=True)) for row in quarantine.rows(rejects))
            while some := list(islice(refused, PIECE)):
                connection.execute(self._rejects.insert(), some)
        if self._address.backend == "duckdb":
            # What it keeps in memory is wanted for the next lot.
            self._engine.dispose()

    def _record(self, connection: Connection, number: int, record: dict[str, Any]) -> None:
        from sqlalchemy.exc import IntegrityError

        try:
            connection.execute(self._job.insert(), {"number": number, "record": json.dumps(record)})
        except IntegrityError:
            raise DatabaseFault(f"{self._address}: another run is writing there; wait for its end") from None

    def _table(self, name: str, schema: Any) -> Table:
        from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, Table, Text
        from sqlalchemy.sql import quoted_name

        def kind(dtype: Any) -> Any:
            if dtype.is_float():
                return Double()
            return (
                BigInteger()
                if dtype in (pl.Int64, pl.UInt64)
                else Integer()
                if dtype.is_integer()
                else Text()
            )

        columns = [
            Column(
                quoted_name(each, quote=True), kind(dtype), primary_key=each == "number", autoincrement=False
            )
            for each, dtype in schema.items()
        ]
        where = quoted_name(self._address.schema, quote=True) if self._address.schema else None
        return Table(quoted_name(name, quote=True), MetaData(), *columns, schema=where)


def _kept_names(names: Sequence[str]) -> list[str]:
    """Names of columns, cut to what a database keeps of them, and still all different."""
    kept: list[str] = []
    for place, name in enumerate(names):
        short = (
            name
            if len(name.encode()) <= _LONGEST_NAME
            else f"{name.encode()[:50].decode(errors='ignore')}_{place}"
        )
        kept.append(short if short not in kept else f"{short[:40]}_{place}")
    return kept
