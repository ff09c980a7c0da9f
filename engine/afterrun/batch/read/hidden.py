"""What stands of a record's id in rows and rejects, replaced by its pseudonym."""

from __future__ import annotations

import polars as pl

from afterrun.batch.input.form.columns import Column
from afterrun.batch.input.pseudonyms import WITHHELD, Pseudonyms
from afterrun.batch.input.rejects import GivenRow, Reject
from afterrun.batch.input.sources import Source
from afterrun.intake import RECORD_ID


def hidden_rows(source: Source, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with pseudonyms, where the source is to be read so."""
    if source.pseudonyms is None:
        return frame
    ids = frame[RECORD_ID]
    known = {each: source.pseudonyms.of(each) for each in ids.drop_nulls().unique()}
    return frame.with_columns(ids.replace_strict(known, return_dtype=pl.String, default=None))


def hidden_row(source: Source, given: GivenRow) -> GivenRow:
    """A row as it is shown among rejects: the pseudonym in its column, no raw line, nothing passed over."""
    if source.pseudonyms is None:
        return given
    passed_over = {column.name for column in source.columns if column.role == "other"}
    cells = {
        name: source.pseudonyms.of(text.strip()) if _is_id(source, name) and text.strip() else text
        for name, text in given.cells.items()
        if name not in passed_over
    }
    return GivenRow(WITHHELD if given.raw else "", cells, WITHHELD if given.unread else "")


def hidden_reject(source: Source, reject: Reject, given: GivenRow) -> Reject:
    """A reject whose reason does not quote the id of the row, which is `given` as it was."""
    pseudonyms = source.pseudonyms
    if pseudonyms is None:
        return reject
    reason = reject.reason
    for name, text in given.cells.items():
        if _is_id(source, name) and text.strip():
            reason = _without(reason, text.strip(), pseudonyms)
    if RECORD_ID in reject.question.split(";"):
        parts = reason.split("; ")
        reason = "; ".join(
            f"{RECORD_ID}: cannot be used {WITHHELD}" if part.startswith(RECORD_ID) else part
            for part in parts
        )
    return reject._replace(reason=reason, given=hidden_row(source, given))


def _without(reason: str, record_id: str, pseudonyms: Pseudonyms) -> str:
    return reason.replace(f"'{record_id}'", f"'{pseudonyms.of(record_id)}'")


def _is_id(source: Source, name: str) -> bool:
    columns: dict[str, Column] = {column.name: column for column in source.columns}
    return (name in columns and columns[name].role == "record_id") or name == RECORD_ID
