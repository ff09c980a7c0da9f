"""A crew takes lots in hand ahead of time, and hands each out decided when its turn comes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import polars as pl

from afterrun.batch.crew.decided import Decided, Stored, decide
from afterrun.batch.crew.orders import Orders
from afterrun.batch.input.layout import PLACE_COLUMNS
from afterrun.batch.input.lots import Lot
from afterrun.batch.write.output import Output


class Crew(Protocol):
    """Whoever decides the lots of a batch."""

    ahead: int
    """How many lots are to be begun before the first of them is asked for."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def begin(self, lot: Lot) -> None:
        """Take a lot in hand."""

    def decided(self, lot: Lot) -> Decided:
        """A lot that was begun, when it is decided; of its rows maybe only the place of each."""

    def rows(self, lot: Lot, decided: Decided) -> pl.DataFrame:
        """All columns of a decided lot."""

    def file(self, lot: Lot) -> Path | None:
        """Where the rows of a decided lot lie as they are to be written, if that is so."""

    def forget(self, lot: Lot) -> None:
        """A lot is done with."""


class Here:
    """This process alone: a lot is decided when it is asked for."""

    ahead = 0

    def __init__(self, orders: Orders, output: Output) -> None:
        self._orders, self._output = orders, output

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def begin(self, lot: Lot) -> None:
        """Nothing is done ahead of time."""

    def decided(self, lot: Lot) -> Decided:
        """A lot, with all of its columns."""
        return decide(self._orders.rulebook, self._output, self._orders.sources, lot)

    def rows(self, lot: Lot, decided: Decided) -> pl.DataFrame:
        """The rows as they are."""
        return decided.rows

    def file(self, lot: Lot) -> Path | None:
        """Nothing lies on disk."""
        return None

    def forget(self, lot: Lot) -> None:
        """Nothing was kept."""


class Elsewhere(ABC):
    """Workers that lay down what they decided where this process finds it."""

    ahead: int

    def __init__(self, output: Output, folder: Path) -> None:
        self._output = output
        self.stored = Stored(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(whole=error is None)

    def begin(self, lot: Lot) -> None:
        """Hand a lot to the workers, unless an earlier run left it decided."""
        if not self.stored.has(lot.number):
            self.send(lot)

    def decided(self, lot: Lot) -> Decided:
        """Wait for a lot."""
        self.wait(lot)
        return self.stored.take(lot.number, list(PLACE_COLUMNS))

    def rows(self, lot: Lot, decided: Decided) -> pl.DataFrame:
        """All columns, from disk."""
        return self.stored.take(lot.number).rows

    def file(self, lot: Lot) -> Path | None:
        """The rows are written already, if all columns that are counted by are wanted too."""
        return self.stored.rows(lot.number) if self._output.keeps_all else None

    def forget(self, lot: Lot) -> None:
        """Throw away what a worker laid down."""
        self.stored.forget(lot.number)

    @abstractmethod
    def send(self, lot: Lot) -> None:
        """Hand a lot to the workers."""

    @abstractmethod
    def wait(self, lot: Lot) -> None:
        """Return when a lot is laid down; raise what kept a worker from it."""

    @abstractmethod
    def close(self, *, whole: bool) -> None:
        """Let the workers go; at once where the batch did not come to its end."""
