"""People's folders in, a file of one row a person out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from afterrun.batch.formula_marks import marked
from afterrun.batch.people.folders import NotPeople, nested, people_in
from afterrun.batch.people.rows import HistoryReading, PersonRead, columns, person_read
from afterrun.batch.places import PlaceError
from afterrun.batch.write.output import SUFFIXES, Format
from afterrun.batch.write.workbook import write_workbook
from afterrun.errors import AfterrunError
from afterrun.extras import require
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.storage import refuse_unwritable, write_whole


class InTheWay(AfterrunError):
    """The table would be written over what it is made of."""


def history_of_people(
    rulebook: Rulebook,
    paths: Sequence[Path],
    output: Path,
    how: HistoryReading,
    watch: Callable[[PersonRead, int, int], None],
) -> None:
    """Read each person's files on their own and write all rows, by `record_id`, to a file of its owner.

    `watch` is called after each person with what was read, how many are done, and of how many. Raises
    NotPeople, InTheWay, PlaceError, StorageFault, DoesNotFit.
    """
    form = SUFFIXES.get(output.suffix.lower())
    if form is None:
        raise PlaceError(f"{output}: a table of people is written as {', '.join(SUFFIXES)}")
    people = people_in(paths)
    if within := nested(people):
        raise NotPeople(*within)
    place = output.resolve()
    if any(each.path.resolve() in (place, *place.parents) for each in people):
        raise InTheWay(f"{output} would lie among the files that are read: give another place")
    refuse_unwritable(output)
    if form == "xlsx":
        require("xlsxwriter")
    rows = []
    for done, person in enumerate(people, start=1):
        read = person_read(rulebook, person, how)
        rows.append(read.row)
        watch(read, done, len(people))
    frame = pl.DataFrame(rows, schema=columns(rulebook))
    write_whole(output, lambda path: _write(frame, form, path), private=True)


def _write(frame: pl.DataFrame, form: Format, path: Path) -> None:
    match form:
        case "parquet":
            frame.write_parquet(path)
        case "jsonl":
            frame.write_ndjson(path)
        case "arrow":
            frame.write_ipc(path)
        case "csv":
            frame.with_columns(marked([RECORD_ID])).write_csv(path)
        case "xlsx":
            days = frame.with_columns(pl.col(pl.Date).cast(pl.String))
            no_rejects, scratch = (path.with_name(f"{path.name}.{each}") for each in ("rejects", "sheets"))
            write_workbook(path, [days], no_rejects, scratch)
