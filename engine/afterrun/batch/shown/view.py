"""One stored row with its proof: made anew from the input, and held against what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from afterrun.assessment import Result, assess
from afterrun.batch.foreign.addresses import Address
from afterrun.batch.foreign.records import OtherRecords
from afterrun.batch.input.folders import STDIN, Input
from afterrun.batch.input.form.headers import resolve
from afterrun.batch.input.how import how_from
from afterrun.batch.input.layout import answers_in
from afterrun.batch.input.lots import lots
from afterrun.batch.input.pseudonyms import WITHHELD, Pseudonyms
from afterrun.batch.input.rejects import ToldReject, columns_of_rejects, rejects_of, rejects_on
from afterrun.batch.input.sources import Source, find_inputs, input_of
from afterrun.batch.places import Place
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.runs.append import in_turns
from afterrun.batch.runs.frozen import PlanDiffers, changed
from afterrun.batch.shown.differences import differences_of
from afterrun.batch.shown.kept import Kept, looked_at
from afterrun.errors import AfterrunError
from afterrun.intake import RECORD_ID, Answers
from afterrun.rulebook import Rulebook


class RowNotFound(AfterrunError):
    """No stored row has this id or line, or several have."""


class RowDiffers(AfterrunError):
    """A stored row is not what the rulebook says of its input."""


class View(NamedTuple):
    """A stored row, and the result that it was checked against."""

    notes: tuple[str, ...]
    """What else there is of the record, and how the row was found."""
    file: str
    line: int
    stored: Mapping[str, Any]
    answers: Answers
    result: Result


def view(
    rulebook: Rulebook,
    where: Place | Address,
    row: str,
    file: str = "",
    pseudonyms: Pseudonyms | None = None,
    records: OtherRecords | None = None,
) -> View:
    """Find a row by its record id, or else by its line in the input `file`, and prove it anew.

    Where ids were replaced, `pseudonyms` are those of the batch. What was piped into it is not kept: it is
    read from standard input again where `file` is STDIN. Where lines may be of another kind than intakes,
    `records` are those of the batch.

    Raises RowNotFound, PlanDiffers when rulebook or input are no longer those of the batch, and
    RowDiffers with every difference.
    """
    with looked_at(where) as kept:
        pseudonym = _pseudonym(kept, row, pseudonyms)
        sources = _sources(rulebook, kept, pseudonyms, records, piped=file == STDIN)
        of_many = "" if file == STDIN and len(sources) == 1 else file
        stored, notes = _stored(rulebook, kept, sources, row, of_many, pseudonym)
        source, line, answers = _input_row(rulebook, kept, sources, stored)
        stored = {name: stored[name] for name in kept.columns}
    result = assess(rulebook, answers)
    wrong = list(differences_of(rulebook, stored, answers, result))
    if wrong:
        told = (f"  - {each}" for each in wrong)
        raise RowDiffers(f"{kept.name}: the stored row of {source.name}, line {line} is wrong:", *told)
    return View(notes, source.name, line, stored, answers, result)


def _pseudonym(kept: Kept, row: str, pseudonyms: Pseudonyms | None) -> str:
    """What the batch calls a record. Raises PlanDiffers where its key is another, or missing."""
    was = kept.plan.get("how", {}).get("pseudonyms")
    if was != (pseudonyms.fingerprint if pseudonyms else None):
        told = "give the key that made them by --pseudonymise" if was else "leave --pseudonymise out"
        raise PlanDiffers(f"{kept.name}: ids were {'' if was else 'not '}replaced by pseudonyms; {told}")
    return pseudonyms.of(row) if pseudonyms else row


def _sources(
    rulebook: Rulebook,
    kept: Kept,
    pseudonyms: Pseudonyms | None,
    records: OtherRecords | None,
    *,
    piped: bool,
) -> list[Source]:
    """The inputs of the batch, if they and the rulebook are still the same; packed ones are unpacked."""
    plan = kept.plan
    if plan["rulebook"]["digest"] != rulebook.digest:
        theirs, ours = plan["rulebook"]["digest"][:12], rulebook.digest[:12]
        raise PlanDiffers(f"{kept.name} was made with the rulebook {theirs}, not with {ours}")
    given: list[Input] = []
    for each in plan["inputs"]:
        at = input_of(each["path"])
        if at == STDIN and not piped:
            raise PlanDiffers(
                f"{kept.name} was made of what was piped in, and that is not kept; pipe it in again:",
                f"  … | afterrun batch view {kept.name} ID --file -",
            )
        if isinstance(at, Path) and not at.is_file():
            raise PlanDiffers(f"the input {at} is no longer there, so the row cannot be proved from it")
        given.append(at)
    how = how_from(plan.get("how", {}), pseudonyms)._replace(records=records)
    found = find_inputs(rulebook, given, kept.scratch, how=how)
    found = in_turns(found, plan["inputs"])
    for source, before in zip(found, plan["inputs"], strict=True):
        if source.fingerprint != before["fingerprint"]:
            after = {"size": source.size, "fingerprint": source.fingerprint}
            if source.name == STDIN:
                raise PlanDiffers(f"what is piped in is not what {kept.name} was made of")
            raise PlanDiffers(f"the input {source.name} has changed since: {changed(before, after)}")
    # Stored rows call an input as it was given, which may have been from another folder.
    return [
        replace(source, name=before.get("name", source.name))
        for source, before in zip(found, plan["inputs"], strict=True)
    ]


def _stored(
    rulebook: Rulebook,
    kept: Kept,
    sources: list[Source],
    row: str,
    file: str,
    called: str,
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The row as stored, and what is to be told beside it."""
    names, found = kept.columns, pl.DataFrame()
    refused: list[ToldReject] = []
    if not file:
        refused = rejects_of(kept.rejects, called, _id_columns(rulebook, kept))
        if RECORD_ID in names:
            found = kept.of_record(called)
    by_id = not found.is_empty()
    if refused and not by_id:
        raise RowNotFound(f"the record '{row}' was refused:", *_told(kept, refused), *_by_line(row))
    if not by_id and row.isdigit():
        of_file = _names_of(sources, file) if file else []
        refused = rejects_on(kept.rejects, int(row), of_file)
        if "line" in names:
            found = kept.of_line(int(row))
            if file and "source" in names:
                found = found.filter(pl.col("source").cast(pl.String).is_in(of_file))
        if refused and found.is_empty():
            raise RowNotFound(f"line {row} was refused:", *_told(kept, refused))
    if found.is_empty():
        hint = "" if RECORD_ID in names and "line" in names else ", and some were left out by --columns"
        raise RowNotFound(f"no row of {kept.name} has the record_id or line '{row}'{hint}")
    if found.height > 1:
        told = (f"  - {_whereabouts(sources, each)}" for each in found.iter_rows(named=True))
        way = "name one by its line, and its input with --file" if by_id else "name the input with --file"
        raise RowNotFound(f"{found.height} rows of {kept.name} fit '{row}'; {way}:", *told)
    stored = found.row(0, named=True)
    other = f"another row of '{row}'" if by_id else "another input's"
    notes = [f"{other} was refused: {each.file}, line {each.line}: {each.reason}" for each in refused]
    if not by_id and not file and RECORD_ID in names:
        notes.append(f"no record is called '{row}': this is line {row}")
    return stored, tuple(notes)


def _told(kept: Kept, refused: Sequence[ToldReject]) -> Iterator[str]:
    """Rejects with what is wrong and what was read, and the way to mend them."""
    for each in refused:
        yield f"  - {each.file}, line {each.line}: {each.reason}"
        if each.raw not in ("", WITHHELD):
            yield f"    The line reads: {each.raw}"
    yield kept.way_to_mend


def _id_columns(rulebook: Rulebook, kept: Kept) -> list[str]:
    """The columns of the rejects that hold a record's id, under whatever name."""
    names, how = columns_of_rejects(kept.rejects), how_from(kept.plan.get("how", {}))
    columns = resolve(rulebook, names, "", how).columns
    return [column.name for column in columns if column.role == "record_id"]


def _by_line(row: str) -> tuple[str, ...]:
    return (f"For line {row} of an input name the input with --file.",) if row.isdigit() else ()


def _whereabouts(sources: list[Source], row: Mapping[str, Any]) -> str:
    """Where a stored row came from, as far as it is stored."""
    source = str(row.get("source", ""))
    name = sources[int(source)].shown if source.isdigit() and int(source) < len(sources) else source
    occasion = f" ({row['occasion']})" if row.get("occasion") else ""
    return f"{name}, line {row.get('line', 'unknown')}{occasion}"


def _names_of(sources: list[Source], file: str) -> list[str]:
    """What an input may be called in the column `source`: its place in Parquet, its name elsewhere."""
    names = {file, str(Path(file).absolute())}
    places = [place for place, each in enumerate(sources) if names & {each.name, each.shown, str(each.given)}]
    if not places:
        there = ", ".join(each.name for each in sources)
        raise RowNotFound(f"no input of this batch is '{file}'; there are {there}")
    return [text for place in places for text in (str(place), sources[place].shown)]


def _listed(sources: list[Source]) -> str:
    return ", ".join(each.name for each in sources)


def _input_row(
    rulebook: Rulebook, kept: Kept, sources: list[Source], stored: Mapping[str, Any]
) -> tuple[Source, int, Answers]:
    """The answers behind a stored row, read anew from the chunk that it came from."""
    index = kept.place_of(stored)
    for lot in lots(sources, kept.plan["options"]["rows_per_chunk"]):
        tally = kept.tallies.get(lot.number)
        rows = 0 if tally is None else tally.rows
        if index < rows:
            read = pl.concat([read_chunk(rulebook, sources[each], chunk).frame for each, chunk in lot.pieces])
            found = read[index : index + 1] if read.height == rows else read
            found = found.filter(_as_stored(sources, stored))
            if found.is_empty():
                names = ", ".join(sources[each].name for each, _ in lot.pieces[:3])
                raise RowDiffers(f"{names} has no usable row where the stored row says it is")
            row = found.row(0, named=True)
            return sources[row["source"]], row["line"], answers_in(rulebook, row)
        index -= rows
    raise RowDiffers(f"{kept.name} has more rows than its inputs")


def _as_stored(sources: list[Source], stored: Mapping[str, Any]) -> pl.Expr:
    """Where a row as it was read has the place and the id of the stored one."""
    same = pl.lit(True)
    if "line" in stored:
        same = same & (pl.col("line") == int(stored["line"] or 0))
    if "source" in stored:
        same = same & pl.col("source").is_in(_places_of(sources, str(stored["source"])))
    if RECORD_ID in stored and "line" not in stored:
        same = same & (pl.col(RECORD_ID) == stored[RECORD_ID])
    return same


def _places_of(sources: list[Source], told: str) -> list[int]:
    """The inputs that the column `source` may mean: it holds places in Parquet, names elsewhere."""
    return [place for place, each in enumerate(sources) if told in (str(place), each.shown)]
