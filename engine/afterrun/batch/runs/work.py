"""Lots decided by a crew in, rows and rejects out in their order, and every row accounted for."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from afterrun.batch.crew.crews import Crew
from afterrun.batch.crew.decided import Decided, Unaccounted, reasons_counted
from afterrun.batch.decide.columns import Columns
from afterrun.batch.input.folders import left_out, results_in, why_left_out
from afterrun.batch.input.layout import no_rows_of
from afterrun.batch.input.lots import Lot, lots
from afterrun.batch.input.rejects import Reject
from afterrun.batch.input.sources import Source, find_inputs
from afterrun.batch.read.duplicates import DuplicateFinder, Later
from afterrun.batch.request import Progress, Request, Tell, Watch
from afterrun.batch.runs.mended import Mended, is_mended
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, added, tally_of, with_gaps, with_mended
from afterrun.rulebook import engine_of


class LotResult(NamedTuple):
    """One lot, ready to be written."""

    rows: Callable[[], pl.DataFrame]
    rejects: Sequence[Reject]
    tally: Tally
    file: Path | None = None
    """Where the rows are written already."""


class Work:
    """The lots of a batch as they come from a crew; later rows of an id are refused here, in order."""

    def __init__(
        self,
        request: Request,
        output: Output,
        sources: Sequence[Source],
        ids: Path,
        watch: Watch,
        crew: Crew,
        mended: Mended | None = None,
    ) -> None:
        """`ids` is a folder for the record ids met so far; what came back `mended` is no reject any more."""
        self._counted = Tally()
        self._request, self._output, self._sources, self._watch = request, output, sources, watch
        self._crew = crew
        self._duplicates = DuplicateFinder(ids, sources)
        self._places = {source.name: place for place, source in enumerate(sources)}
        self._mended = mended or Mended(sources, {})

    @property
    def total(self) -> Tally:
        """All lots that were counted so far, told apart by what their inputs did not ask."""
        total = with_gaps(self._counted, [each.gaps.names for each in self._sources])
        return with_mended(total, map(is_mended, self._sources))

    def lots(self, finished: Callable[[int], Tally | None]) -> Iterator[tuple[Lot, Tally | None]]:
        """Every lot in order, with its tally if it was finished before; the crew is kept ahead of it."""
        begun: deque[tuple[Lot, Tally | None]] = deque()
        rows = self._request.options.rows_per_chunk
        for lot in lots(self._sources, rows):
            tally = None if self._mended.is_made_again(lot, rows) else finished(lot.number)
            if tally is None:
                self._crew.begin(lot)
            begun.append((lot, tally))
            if len(begun) > self._crew.ahead:
                yield begun.popleft()
        yield from begun

    def result(self, lot: Lot) -> LotResult:
        """One lot. Raises TooManyRejects where not even one is borne."""
        rulebook, decided = self._request.rulebook, self._without_mended(self._crew.decided(lot))
        places, later = decided.rows, list[Later]()
        for refuse in (self._mended.refuse, self._duplicates.refuse):
            if (found := refuse(rulebook, lot, places)) is not None:
                later.append(found)
                places = places.filter(found.stays)
        self._mended.remember(places)
        if not later:
            whole = partial(self._crew.rows, lot, decided)
            result = LotResult(whole, decided.rejects, decided.tally, self._crew.file(lot))
        else:
            rows, refused = self._crew.rows(lot, decided), list[Reject]()
            for each in later:
                rows = rows.filter(each.stays)
                refused += each.rejects
            doubles = [each for each in refused if not self._mended.came_back(each)]
            rejects = self._in_order([*decided.rejects, *doubles])
            counted = reasons_counted(rulebook, rejects)
            rows_in = decided.tally.rows_in - (len(refused) - len(doubles))
            tally = tally_of(rulebook, rows, rows_in, counted, decided.tally.blank)
            if not tally.complete:
                raise Unaccounted(f"{tally.rows_in} rows in, {tally.rows} rows out, {tally.rejects} rejects")
            result = LotResult(lambda: rows, rejects, tally)
        if self._request.limits.strict:
            self._request.limits.check(result.tally, "".join(map(str, result.rejects[:1])))
        return result

    def _without_mended(self, decided: Decided) -> Decided:
        """A lot without the rejects that came back mended, which count where they came back."""
        kept = [each for each in decided.rejects if not self._mended.came_back(each)]
        gone = len(decided.rejects) - len(kept)
        if not gone:
            return decided
        tally = decided.tally._replace(
            rows_in=decided.tally.rows_in - gone,
            rejects=len(kept),
            reasons=dict(sorted(Counter(reasons_counted(self._request.rulebook, kept)).items())),
        )
        return decided._replace(rejects=kept, tally=tally)

    def _in_order(self, rejects: Iterable[Reject]) -> list[Reject]:
        return sorted(rejects, key=lambda each: (self._places[each.file], each.line))

    def forget(self, lot: Lot) -> None:
        """A lot is written."""
        self._crew.forget(lot)

    def nothing(self) -> LotResult:
        """The lot of inputs that hold no row: a table with columns all the same."""
        rulebook = self._request.rulebook
        decided = engine_of(rulebook, Columns).decide(engine_of(rulebook, no_rows_of))
        rows = self._output.keep(decided)
        return LotResult(lambda: rows, (), tally_of(rulebook, decided, 0, ()))

    def remember(self, places: pl.DataFrame) -> None:
        """Take note of the record ids of a lot that an earlier run finished."""
        self._mended.remember(places)
        self._duplicates.remember(places)

    def count(self, tally: Tally, share: float) -> None:
        """Add a lot to the total. Raises TooManyRows and TooManyRejects."""
        self._counted = added([self._counted, tally])
        self._watch(Progress(self._counted.rows_in, self._counted.rejects, share))
        self._request.limits.check(self._counted)


def sources_of(request: Request, spool: Path, tell: Tell, earlier: int = 0) -> list[Source]:
    """The inputs, found; `tell` is given what is passed over in those that are not `earlier` ones."""
    sources = find_inputs(
        request.rulebook, request.inputs, spool, request.limits.max_unpacked, request.how, earlier
    )
    for source in sources[earlier:]:
        for note in source.notes:
            tell(f"{source.name}: {note}")
    for path in left_out(request.inputs):
        tell(f"{path}: left out, since {why_left_out(path)}")
    for path in results_in(request.inputs):
        tell(f"{path}: passed over with what lies in it or beside it, since a batch wrote it")
    return sources
