"""What stands of a record's id in rows and rejects, replaced by its pseudonym."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from afterrun.batch.input.form.cells import NUMBER
from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.form.names import Names, folded
from afterrun.batch.input.form.words import WordBook, parts_of
from afterrun.batch.input.pseudonyms import WITHHELD, Pseudonyms
from afterrun.batch.input.rejects import NO_COLUMN, GivenRow, Reject
from afterrun.batch.input.sources import Source
from afterrun.batch.input.text.dialect import MISSING
from afterrun.errors import Problem
from afterrun.intake import RECORD_ID
from afterrun.rulebook import UNKNOWN, Rulebook, engine_of


def hidden_rows(source: Source, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with pseudonyms, where the source is to be read so."""
    if source.pseudonyms is None:
        return frame
    ids = frame[RECORD_ID]
    known = {each: source.pseudonyms.of(each) for each in ids.drop_nulls().unique()}
    return frame.with_columns(ids.replace_strict(known, return_dtype=pl.String, default=None))


def hidden_row(rulebook: Rulebook, source: Source, given: GivenRow) -> GivenRow:
    """A row as it is shown among rejects: the pseudonym in its column, no raw line, nothing passed over.

    In a row that is shifted the id stands in another column: what is no answer there is withheld, too.
    """
    if source.pseudonyms is None:
        return given
    columns, cells = _columns(rulebook, source), dict[str, str]()
    for name, text in given.cells.items():
        column = columns.get(folded(name))
        if column is None or column.role == "other":
            continue
        is_id = column.role == "record_id" and text.strip()
        shown = source.pseudonyms.of(text.strip()) if is_id else text
        cells[name] = WITHHELD if _is_doubtful(rulebook, column, text) else shown
    return GivenRow(WITHHELD if given.raw else "", cells, WITHHELD if given.unread else "")


def hidden_problems(
    rulebook: Rulebook, source: Source, problems: Sequence[Problem], given: GivenRow
) -> list[Problem]:
    """What is wrong with a row, without a word of a cell or a name that may be an id."""
    if source.pseudonyms is None:
        return list(problems)
    columns = _columns(rulebook, source)
    known = {*columns, *(column.key for column in columns.values())}
    doubtful = {""} if given.unread else set()
    for name, text in given.cells.items():
        column = columns.get(folded(name))
        if column is not None and _is_doubtful(rulebook, column, text):
            doubtful |= {"", column.key, folded(name)}
    said, told = f"cannot be used {WITHHELD}", list[Problem]()
    for each in problems:
        if each.key and folded(each.key) not in known:
            told.append(Problem(said, key=NO_COLUMN))
        elif folded(each.key) in doubtful and (each.key or "'" in each.message):
            told.append(Problem(said, key=each.key))
        else:
            told.append(each)
    return told


def hidden_reject(rulebook: Rulebook, source: Source, reject: Reject, given: GivenRow) -> Reject:
    """A reject whose reason does not quote the id of the row, which is `given` as it was."""
    pseudonyms = source.pseudonyms
    if pseudonyms is None:
        return reject
    reason, columns = reject.reason, _columns(rulebook, source)
    for name, text in given.cells.items():
        column = columns.get(folded(name))
        if column is not None and column.role == "record_id" and text.strip():
            reason = _without(reason, text.strip(), pseudonyms)
    if RECORD_ID in reject.question.split(";"):
        parts = reason.split("; ")
        reason = "; ".join(
            f"{RECORD_ID}: cannot be used {WITHHELD}" if part.startswith(RECORD_ID) else part
            for part in parts
        )
    return reject._replace(reason=reason, given=hidden_row(rulebook, source, given))


def _without(reason: str, record_id: str, pseudonyms: Pseudonyms) -> str:
    return reason.replace(f"'{record_id}'", f"'{pseudonyms.of(record_id)}'")


def _columns(rulebook: Rulebook, source: Source) -> dict[str, Column]:
    """What stands under a name, in the columns of the source and in those that a line may add."""
    native = engine_of(rulebook, Names).native
    return {**native, **{folded(column.name): column for column in source.columns}}


def _is_doubtful(rulebook: Rulebook, column: Column, text: str) -> bool:
    """Whether a cell holds what its column cannot: any word, and maybe an id."""
    text, book = text.strip(), engine_of(rulebook, WordBook)
    if not text or text in MISSING or text == UNKNOWN.value or NUMBER.fullmatch(text.replace(",", ".")):
        return False
    if column.role in ("number", "unread"):
        return True
    if column.role == "unit":
        return book.units(column).spelt(text) is None
    if column.role == "tick":
        return book.ticks(column).spelt(text) is None
    if column.role in ("choice", "list"):
        words = book.options(column)
        return any(
            words.spelt(part) is None
            for part in ([text] if column.role == "choice" else parts_of(words, text))
        )
    return False
