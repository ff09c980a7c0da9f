"""What a worker must know to decide any lot of a batch, and the same sealed, to go to another process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from afterrun.batch.crew.decided import Stored, decide
from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.lots import Lot
from afterrun.batch.input.sources import Source
from afterrun.batch.request import Options
from afterrun.batch.write.output import Output
from afterrun.rulebook import Rulebook, engine_of, pack_rulebook, unpack_rulebook


def output_of(rulebook: Rulebook, options: Options) -> Output:
    """The shape of the result. Raises UnknownNameError and NoReasons."""
    return Output(engine_of(rulebook, Columns), explain=options.explain, chosen=options.columns)


class Orders(NamedTuple):
    """By which rulebook, of what, in what shape."""

    rulebook: Rulebook
    options: Options
    sources: Sequence[Source]

    def sealed(self, folder: Path) -> SealedOrders:
        """The same for other processes, which lay down what they decide in a folder."""
        packed = pack_rulebook(self.rulebook, "")
        sources = [replace(each, path=each.path.absolute()) for each in self.sources]
        return SealedOrders(packed, self.rulebook.day, self.options, tuple(sources), folder)


class SealedOrders(NamedTuple):
    """Orders as plain values."""

    rulebook: str
    day: date | None
    options: Options
    sources: tuple[Source, ...]
    folder: Path

    def worker(self) -> Worker:
        """Whoever carries these orders out."""
        rulebook = unpack_rulebook(self.rulebook)
        if self.day is not None:
            rulebook = rulebook.on(self.day)
        orders = Orders(rulebook, self.options, self.sources)
        return Worker(orders, output_of(rulebook, self.options), Stored(self.folder))


class Worker:
    """Decides lots and lays them down, each once."""

    def __init__(self, orders: Orders, output: Output, stored: Stored) -> None:
        self._orders, self._output, self._stored = orders, output, stored

    def work(self, lot: Lot) -> None:
        """Decide a lot, unless that was done before: a killed run or another worker may have."""
        if not self._stored.has(lot.number):
            orders = self._orders
            decided = decide(orders.rulebook, self._output, orders.sources, lot)
            self._stored.put(lot.number, self._output, decided)
