"""A batch from its inputs to its end: chunk by chunk, safe to kill, the same when it goes on.

A chunk is finished once its record is there: its rows and its rejects were written before. Nothing is
ever appended, and what is finished is not touched again, so that going on can neither lose nor double.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from afterrun.batch.chunk_work import ChunkWork, Made, Unaccounted, all_chunks, first_words
from afterrun.batch.decide.columns import Columns
from afterrun.batch.frozen import STDIN, Options, freeze, frozen_plan
from afterrun.batch.input.rejects import header, write, write_file
from afterrun.batch.input.sources import Chunk, Given, Source, find_inputs
from afterrun.batch.limits import Limits, Progress, TooManyRejects, Watch
from afterrun.batch.places import Place, refuse_foreign
from afterrun.batch.write.output import Output
from afterrun.batch.write.tally import Tally, added
from afterrun.errors import AfterrunError
from afterrun.rulebook import Rulebook
from afterrun.storage import (
    PARTIAL,
    InUse,
    make_folder,
    one_writer,
    storage_faults,
    write_text,
    write_whole,
)


class InputChanged(AfterrunError):
    """An input was changed while it was read; nothing made from it can be trusted."""


def run(
    rulebook: Rulebook,
    inputs: Sequence[Given],
    place: Place,
    options: Options,
    limits: Limits,
    watch: Watch,
    tell: Callable[[str], None],
) -> Tally:
    """Run a batch, or go on with it; one that is finished is left as it is.

    `tell` is given what was passed over in the inputs. Raises PlaceError, InUse or PlanDiffers where it
    may not write, TooManyRejects where the limits stop it, StorageFault where the disk does, and
    ProblemsError where an input is unusable as a whole.
    """
    columns = rulebook.compiled(Columns)
    output = Output(columns, explain=options.explain, chosen=options.columns)
    refuse_foreign(place)
    begun = place.state.is_dir()
    try:
        make_folder(place.state)
        with one_writer(place.lock):
            clean(place)
            with storage_faults(place.spool):
                sources = find_inputs(rulebook, inputs, place.spool)
            for source in sources:
                for note in source.notes:
                    tell(f"{source.name}: {note}")
            freeze(place, frozen_plan(rulebook, sources, options))
            begun = True
            return _Job(columns, output, sources, place, options, limits, watch).run()
    except InUse:
        begun = True
        raise
    finally:
        if not begun:
            discard(place)


class _Job:
    def __init__(
        self,
        columns: Columns,
        output: Output,
        sources: Sequence[Source],
        place: Place,
        options: Options,
        limits: Limits,
        watch: Watch,
    ) -> None:
        self._output = output
        self._sources = sources
        self._place = place
        self._options = options
        self._limits = limits
        self._watch = watch
        self._reject_columns = header(columns.rulebook, [each.columns or None for each in sources])
        with storage_faults(place.ids):
            self._work = ChunkWork(columns, output, sources, place.ids)
        self._seen = [_seen(source) for source in sources]

    def run(self) -> Tally:
        """Every chunk, then the end."""
        total = self._finished_file()
        if total is None:
            write_text(self._place.key, json.dumps(self._output.key(), indent=1))
            total, number = self._all()
            self._end(total, number)
        tidy(self._place)
        return total

    def _all(self) -> tuple[Tally, int]:
        total, number = Tally(), 0
        for source, chunk, share in all_chunks(self._sources, self._options.rows_per_chunk):
            tally = self._finished(number)
            if tally is None:
                tally = self._make(number, source, chunk)
            else:
                with storage_faults(self._place.ids):
                    self._work.remember(self._places(number))
            number += 1
            total = added([total, tally])
            self._watch(Progress(total.rows_in, total.rejects, share))
            try:
                self._limits.check(total)
            except TooManyRejects:
                self._gather_rejects(number)
                raise
        if not number:
            self._write(number, self._work.nothing())
            number = 1
        return total, number

    def _make(self, number: int, source: Source, chunk: Chunk) -> Tally:
        """One chunk, made and written; nothing of it is held when the next one is read."""
        # Not only results need the disk: the ids seen so far go there too.
        with storage_faults(self._place.ids):
            made = self._work.make(source, chunk)
        if self._limits.strict:
            self._limits.check(made.tally, first_words(made.rejects))
        self._write(number, made)
        return made.tally

    def _write(self, number: int, made: Made) -> None:
        """Rejects, rows, and last the record that makes the chunk finished."""
        place = self._place
        place.success.unlink(missing_ok=True)
        if made.rejects:

            def write_rejects(path: Path) -> None:
                with path.open("w", encoding="utf-8", newline="") as stream:
                    write(stream, self._reject_columns, made.rejects, with_header=False)

            write_whole(place.rejects_part(number), write_rejects)
        write_whole(place.part(number), lambda path: self._output.write_part(made.kept, path))
        record = {"tally": made.tally.to_dict()}
        write_text(place.record(number), json.dumps(record))

    def _finished(self, number: int) -> Tally | None:
        """The tally of a chunk that is there as its record says, or None."""
        place = self._place
        record = _read_json(place.record(number))
        if record is None:
            return None
        tally = Tally.from_dict(record["tally"])
        if tally.rejects and not place.rejects_part(number).is_file():
            return None
        return tally if _height(place.part(number)) == tally.rows else None

    def _places(self, number: int) -> pl.DataFrame:
        return pl.read_parquet(self._place.part(number), columns=["record_id", "source", "line"])

    def _gather_rejects(self, number: int) -> None:
        parts = [self._place.rejects_part(each) for each in range(number)]
        found = [part for part in parts if part.is_file()]

        def gather(path: Path) -> None:
            write_file(path, self._reject_columns, ())
            with path.open("ab") as whole:
                for part in found:
                    with part.open("rb") as stream:
                        shutil.copyfileobj(stream, whole, 1 << 20)

        if found:
            write_whole(self._place.rejects, gather)

    def _end(self, total: Tally, number: int) -> None:
        """Put together what belongs together, make sure of it, and say that it is finished."""
        place = self._place
        if not total.complete:
            raise Unaccounted(f"{total.rows_in} rows in, {total.rows} rows out, {total.rejects} rejects")
        self._refuse_changed_inputs()
        self._gather_rejects(number)
        written = {"rows_in": total.rows_in, "rows": total.rows, "rejects": total.rejects, "chunks": number}
        if not place.folder:
            parts = [place.part(each) for each in range(number)]
            names = [source.name for source in self._sources]
            write_whole(
                place.result, lambda path: self._output.join(parts, path, self._options.format, names)
            )
            written["size"] = place.result.stat().st_size
        write_text(place.success, json.dumps(written))

    def _finished_file(self) -> Tally | None:
        """The tally of a batch whose one file is there whole: its chunks are gone."""
        place = self._place
        written = None if place.folder else _read_json(place.success)
        if written is None or not place.result.is_file() or place.result.stat().st_size != written["size"]:
            return None
        records = [_read_json(place.record(each)) for each in range(written["chunks"])]
        return added(Tally.from_dict(each["tally"]) for each in records if each is not None)

    def _refuse_changed_inputs(self) -> None:
        for source, before in zip(self._sources, self._seen, strict=True):
            if _seen(source) != before:
                raise InputChanged(
                    f"{source.name} was changed while it was read; give a new place for the result"
                )


def clean(place: Place) -> None:
    """Throw away what a killed run left half-written."""
    for folder, pattern in (
        (place.parts, f"*{PARTIAL}"),
        (place.state, f"*{PARTIAL}"),
        (place.spool, "*.part"),
    ):
        for partial in folder.glob(pattern):
            with storage_faults(partial):
                partial.unlink()


def tidy(place: Place) -> None:
    """Throw away what a finished batch no longer needs; what came through stdin cannot be had again."""
    unpacked = [each for each in place.spool.glob("*") if not each.name.startswith("stdin-")]
    parts = [] if place.folder else list(place.parts.glob("part-*"))
    for each in (*unpacked, *parts):
        each.unlink(missing_ok=True)
    shutil.rmtree(place.ids, ignore_errors=True)


def discard(place: Place) -> None:
    """Leave nothing behind where a batch was refused before it began."""
    shutil.rmtree(place.state, ignore_errors=True)
    if place.folder:
        with suppress(OSError):
            place.result.rmdir()


def _seen(source: Source) -> tuple[int, int]:
    path = source.path if source.name == STDIN else Path(source.name)
    with storage_faults(path):
        status = path.stat()
    return status.st_size, status.st_mtime_ns


def _read_json(path: Path) -> Any:
    """What a small file holds; None when it is not there. Whatever we name was written whole."""
    with storage_faults(path):
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _height(part: Path) -> int | None:
    """The rows of a chunk by its footer; None when there is no whole file."""
    try:
        rows: int = pl.scan_parquet(part).select(pl.len()).collect().item()
    except (OSError, PolarsError):
        return None
    return rows
