"""Rows that are understood together: what one of them leaves open, the others may show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import Protocol, TypeVar

from afterrun.history.formats.activity import Activity, Entry, Fault, Note, Sport, may_be_run
from afterrun.history.formats.tables.dates import Order, moment_in
from afterrun.history.formats.tables.numbers import Doubt
from afterrun.history.formats.tables.rows import Row, Table


class Told(Protocol):
    """The cells of one row that somebody asks for."""

    @property
    def place(self) -> str: ...
    @property
    def date(self) -> str: ...


T = TypeVar("T", bound=Told)
A = TypeVar("A", bound=Told, contravariant=True)


class Understood(Protocol[A]):
    """What all rows say together."""

    order: Order
    notes: list[Note]

    def sport(self, entry: A) -> Sport | None:
        """What was done; None where no known word says it."""

    def activity(self, entry: A) -> Activity:
        """One row. Raises Doubt where it can be read in two ways, or in none."""


def entries_of(
    table: Table,
    told: Callable[[Row], T],
    understand: Callable[[Sequence[T]], Understood[T]],
    zone: tzinfo | None = None,
) -> Iterator[Entry]:
    """What a table holds, row by row; a row that cannot be read is told with its day, where it has one.

    `zone` is that of dates which name none.
    """
    rows = list[T]()
    for row in table.rows:
        if isinstance(row, Fault):
            yield row
        else:
            rows.append(told(row))
    understood = understand(rows)
    yield from understood.notes
    for each in rows:
        try:
            yield understood.activity(each)
        except Doubt as doubt:
            began = moment_in(understood.order, each.date, zone)
            yield Fault(str(doubt), each.place, began, may_be_run(understood.sport(each)))
