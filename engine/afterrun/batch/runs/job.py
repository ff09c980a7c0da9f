"""A batch from its inputs to its end: chunk by chunk, safe to kill, the same when it goes on.

A chunk is finished once its record is there: its rows and its rejects were written before. Nothing is
ever appended, and what is finished is not touched again, so that going on can neither lose nor double.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from afterrun.batch.crew.decided import Unaccounted
from afterrun.batch.crew.hire import crew_for
from afterrun.batch.crew.orders import Orders, output_of
from afterrun.batch.input.layout import PLACE_COLUMNS
from afterrun.batch.input.lots import Lot
from afterrun.batch.input.rejects import Quarantine
from afterrun.batch.input.sources import Source
from afterrun.batch.places import (
    Place,
    refuse_foreign,
    refuse_foreign_parts,
    state_of,
)
from afterrun.batch.read.readers import given_columns
from afterrun.batch.request import Request, Tell, TooManyRejects, Watch
from afterrun.batch.runs.append import (
    earlier_inputs,
    in_turns,
    refuse_own_files,
    with_earlier,
)
from afterrun.batch.runs.frozen import freeze, frozen_plan
from afterrun.batch.runs.mended import Mended, names_called
from afterrun.batch.runs.tidying import (
    clean,
    close,
    digest_of,
    discard,
    inputs_forgotten,
    refuse_changed,
    tidy,
)
from afterrun.batch.runs.unchanged import Unchanged
from afterrun.batch.runs.work import LotResult, Work, sources_of
from afterrun.batch.stored import height_of, read_parquet
from afterrun.batch.write.dictionary import data_dictionary
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, added
from afterrun.batch.write.workbook import refuse_too_many_rows
from afterrun.storage import (
    InUse,
    make_folder,
    move_whole,
    one_writer,
    storage_faults,
    write_text,
    write_whole,
)


def run(request: Request, place: Place, watch: Watch, tell: Tell) -> Tally:
    """Run a batch, or go on with it; one that is finished is left as it is.

    `tell` is given what was passed over in the inputs. Raises PlaceError, InUse or PlanDiffers where it
    may not write, TooManyRejects where the limits stop it, StorageFault where the disk does, and
    ProblemsError where an input is unusable as a whole.
    """
    output = output_of(request.rulebook, request.options)
    refuse_foreign(place)
    refuse_own_files(request, place)
    begun = place.state.is_dir()
    try:
        for folder in (place.result, place.state) if place.folder else (place.state,):
            make_folder(folder, private=True)
        with one_writer(place.lock):
            clean(place)
            close(place)
            with inputs_forgotten(place, hides_ids=request.how.pseudonyms is not None):
                earlier = earlier_inputs(place) if request.append else []
                request = with_earlier(request, earlier)
                with storage_faults(place.spool):
                    sources = in_turns(sources_of(request, place.spool, tell, len(earlier)), earlier)
                    mended = Mended(sources, names_called(sources, earlier))
                if place.format == "xlsx":
                    refuse_too_many_rows(sources)
                orders = Orders(request.rulebook, request.options, sources)
                with crew_for(request.hands, orders, output, place.decided) as crew:
                    if request.append:
                        refuse_changed(place)
                    freeze(place, frozen_plan(request, sources, earlier), append=request.append)
                    begun = True
                    make_folder(place.parts, private=True)
                    with storage_faults(place.ids):
                        work = Work(request, output, sources, place.ids, watch, crew, mended)
                    return _Job(request, output, sources, place, work).run()
    except InUse:
        begun = True
        raise
    finally:
        if not begun:
            discard(place)


class _Job:
    def __init__(
        self, request: Request, output: Output, sources: Sequence[Source], place: Place, work: Work
    ) -> None:
        self._format, self._output, self._sources = request.options.format, output, sources
        self._place, self._work = place, work
        self._limits = request.limits
        self._quarantine = Quarantine(
            request.rulebook, [given_columns(request.rulebook, each) for each in sources]
        )
        self._unchanged = Unchanged(sources)

    def run(self) -> Tally:
        """Every chunk, then the end."""
        total = self._finished_before()
        if total is None:
            refuse_changed(self._place)
            write_text(self._place.key, json.dumps(self._output.key(), indent=1), private=True)
            self._end(self._all())
            total = self._work.total
        else:
            self._limits.check(total)
        tidy(self._place)
        return total

    def _all(self) -> int:
        """All chunks, those of earlier runs too; gives their number."""
        number = 0
        for lot, tally in self._work.lots(self._finished):
            number = lot.number + 1
            if tally is None:
                tally = self._make(lot)
            else:
                with storage_faults(self._place.ids):
                    part = self._place.part(lot.number)
                    self._work.remember(read_parquet(part, list(PLACE_COLUMNS)))
            try:
                self._work.count(tally, lot.share)
            except TooManyRejects:
                self._gather_rejects(number)
                raise
        if not number:
            self._write(number, self._work.nothing())
        return max(number, 1)

    def _make(self, lot: Lot) -> Tally:
        """One lot, made and written; nothing of it is held when the next one is read."""
        # Not only results need the disk: the ids seen so far go there too.
        with storage_faults(self._place.ids):
            result = self._work.result(lot)
        self._write(lot.number, result)
        self._work.forget(lot)
        return result.tally

    def _write(self, number: int, result: LotResult) -> None:
        """Rejects, rows, and last the record that makes the chunk finished."""
        place, quarantine = self._place, self._quarantine
        place.success.unlink(missing_ok=True)
        if result.rejects:
            write_whole(
                place.rejects_part(number),
                lambda path: quarantine.write(path, result.rejects, with_header=False),
                private=True,
            )
        part = place.part(number)
        if result.file is None:
            rows = result.rows().select(self._output.kept)
            write_whole(part, lambda path: self._output.write_part(rows, path), private=True)
        else:
            move_whole(result.file, part)
        write_text(place.record(number), json.dumps({"tally": result.tally._asdict()}), private=True)

    def _finished(self, number: int) -> Tally | None:
        """The tally of a chunk that is there as its record says, with its rejects, or None."""
        tally = self._rows_there(number)
        there = tally is not None and (not tally.rejects or self._place.rejects_part(number).is_file())
        return tally if there else None

    def _rows_there(self, number: int) -> Tally | None:
        tally = self._place.tally(number)
        return tally if tally is not None and height_of(self._place.part(number)) == tally.rows else None

    def _gather_rejects(self, number: int) -> None:
        found = self._rejects_parts(number)

        def gather(path: Path) -> None:
            self._quarantine.write(path, ())
            with path.open("ab") as whole:
                for part in found:
                    with part.open("rb") as stream:
                        shutil.copyfileobj(stream, whole, 1 << 20)

        if found:
            refuse_changed(self._place)
            write_whole(self._place.rejects, gather, private=True)
            write_text(self._place.rejects_known, json.dumps(digest_of(self._place.rejects)), private=True)
        elif self._place.rejects_known.is_file():
            # All that was refused has come back mended.
            refuse_changed(self._place)
            for file in (self._place.rejects, self._place.rejects_known):
                file.unlink(missing_ok=True)

    def _rejects_parts(self, number: int) -> list[Path]:
        parts = [self._place.rejects_part(each) for each in range(number)]
        return [part for part in parts if part.is_file()]

    def _end(self, number: int) -> None:
        """Put together what belongs together, make sure of it, and say that it is finished."""
        place, total = self._place, self._work.total
        if not total.complete:
            raise Unaccounted(
                f"{total.rows_in} rows in, {total.rows} rows out, {total.rejects} rejects, "
                f"{total.blank} blank"
            )
        self._unchanged.check()
        self._gather_rejects(number)
        written: dict[str, Any] = {
            **{name: getattr(total, name) for name in ("rows_in", "rows", "rejects", "blank")},
            "chunks": number,
        }
        if not place.folder:
            parts = [place.part(each) for each in range(number)]
            names = [source.shown for source in self._sources]
            write_whole(
                place.result,
                lambda path: self._output.join(
                    parts, path, (place.format, place.compression), names, place.rejects, place.scratch
                ),
                private=True,
            )
            written["size"] = place.result.stat().st_size
            if place.format == "xlsx":
                # Its rejects are mended in it.
                written["digest"] = digest_of(place.result)
        self._write_dictionary(number)
        write_text(place.success, json.dumps(written), private=True)

    def _write_dictionary(self, chunks: int) -> None:
        place = self._place
        refuse_foreign_parts(place, chunks)
        paths = [place.part(each) for each in range(chunks)] if place.folder else [place.result]
        inside = [str(each.relative_to(place.dictionary.parent)) for each in paths]
        rejects = (place.rejects.name, self._quarantine.columns) if place.rejects.is_file() else None
        package = data_dictionary(self._output, place.format, place.compression, inside, rejects)
        write_text(place.dictionary, package, private=True)

    def _finished_before(self) -> Tally | None:
        """The tally of a batch whose result is there whole: what it was put together from is gone."""
        place = self._place
        if not place.success.is_file():
            return None
        written = state_of(place.success)
        if place.folder:
            chunks = [self._rows_there(each) for each in range(written["chunks"])]
        elif place.result.is_file() and place.result.stat().st_size == written["size"]:
            chunks = [place.tally(each) for each in range(written["chunks"])]
        else:
            return None
        total = added(each for each in chunks if each is not None)
        complete = None not in chunks and place.key.is_file() and place.dictionary.is_file()
        return total if complete and (not total.rejects or place.rejects.is_file()) else None
