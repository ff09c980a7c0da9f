"""A lot in, its decided rows and rejects out: the one function that every worker runs, anywhere.

What stands in a lot decides the result alone, so that any process may do it, in any order, and once more.
Only which row of an id came first is not known here: that is seen to when the lots come together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.form.headers import named
from afterrun.batch.input.layout import no_rows_of
from afterrun.batch.input.lots import Lot
from afterrun.batch.input.rejects import GivenRow, Reject
from afterrun.batch.input.sources import Source
from afterrun.batch.read.readers import read_lot
from afterrun.batch.read.reading import ChunkRead
from afterrun.batch.stored import read_parquet
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, tally_of
from afterrun.errors import EngineFault
from afterrun.rulebook import Rulebook, engine_of
from afterrun.storage import write_text, write_whole


class Unaccounted(EngineFault):
    """Rows in are not rows out and rejects; the result cannot be trusted."""


class Decided(NamedTuple):
    """One lot, decided, before later rows of an id are refused."""

    rows: pl.DataFrame
    """With the columns that are written, and those that are counted by."""
    rejects: Sequence[Reject]
    tally: Tally


def decide(rulebook: Rulebook, output: Output, sources: Sequence[Source], lot: Lot) -> Decided:
    """Read and decide one lot."""
    frame, rejects, rows_in, blank = _read_whole(rulebook, sources, lot)
    decided = engine_of(rulebook, Columns).decide(frame)
    tally = tally_of(rulebook, decided, rows_in, reasons_counted(rulebook, rejects), blank)
    if not tally.complete or decided.height != frame.height:
        names = ", ".join(sources[place].shown for place, _ in lot.pieces[:3])
        raise Unaccounted(
            f"{names}: {rows_in} rows in, {tally.rows} rows out, "
            f"{tally.rejects} rejects, {blank} blank in one lot"
        )
    return Decided(output.keep(decided), rejects, tally)


def _read_whole(rulebook: Rulebook, sources: Sequence[Source], lot: Lot) -> ChunkRead:
    """All pieces of a lot together; what they were read into is let go of before they are decided."""
    frames, rejects = [engine_of(rulebook, no_rows_of)], list[Reject]()
    rows_in = blank = 0
    for read in read_lot(rulebook, sources, lot):
        frames.append(read.frame)
        rejects += read.rejects
        rows_in += read.rows_in
        blank += read.blank
    # In one piece: how rows lie in memory would else be seen in the file that is written of them.
    return ChunkRead(pl.concat(frames, rechunk=True), rejects, rows_in, blank)


def reasons_counted(rulebook: Rulebook, rejects: Sequence[Reject]) -> list[str]:
    """What each reject is counted by."""
    known = named(rulebook) if rejects else ()
    return [each.counted_as(known) for each in rejects]


class Stored:
    """Decided lots on disk, for whoever puts them together: each is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rows(self, number: int) -> Path:
        """The rows of a lot; if none is refused later, they are its part of the result as it stands."""
        return self.folder / f"{number:06d}.parquet"

    def put(self, number: int, output: Output, decided: Decided) -> None:
        """Lay down a lot: its rows, and last what is known of them."""
        write_whole(self.rows(number), lambda path: output.write_part(decided.rows, path), private=True)
        known = {"tally": decided.tally._asdict(), "rejects": decided.rejects}
        write_text(self._known(number), json.dumps(known), private=True)

    def has(self, number: int) -> bool:
        """Whether a lot is there."""
        return self._known(number).is_file() and self.rows(number).is_file()

    def take(self, number: int, columns: Sequence[str] | None = None) -> Decided:
        """A lot as it was put; with all of its columns or some."""
        known = json.loads(self._known(number).read_text(encoding="utf-8"))
        rejects = [Reject(*told)._replace(given=GivenRow(*told[-1])) for told in known["rejects"]]
        rows = read_parquet(self.rows(number), columns)
        return Decided(rows, rejects, Tally(**known["tally"]))

    def forget(self, number: int) -> None:
        """A lot is done with."""
        for path in (self._known(number), self.rows(number)):
            path.unlink(missing_ok=True)

    def _known(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"
