"""One look at a file before it is read: its format, its columns, and whether it is an intake table at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from afterrun.batch.input.headers import (
    NO_RECORDS,
    Column,
    Headers,
    named,
    nothing_known,
    of_quarantine,
    resolve,
)
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.lines import BOM
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.text.dialect import Dialect, found_in, notes_on, told_of
from afterrun.batch.input.text.header import header_of
from afterrun.errors import Problem, ProblemsError
from afterrun.intake import LONGEST_LINE, RECORD_ID
from afterrun.rulebook import Rulebook
from afterrun.spreadsheets import restored

Format = Literal["csv", "jsonl", "parquet"]

_LINES_LOOKED_AT = 50
_TEXT = (pl.String, pl.Categorical, pl.Enum, pl.Null)


class Table(NamedTuple):
    """What the head of a file tells, as `Source` keeps it."""

    columns: tuple[Column, ...]
    begins: int
    first_line: int
    rows: int | None
    notes: tuple[str, ...]
    dialect: Dialect = Dialect()


def format_of(path: Path, suffix: str, name: str) -> Format:
    """The format by the content where that is certain, else by the suffix."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix == ".parquet":
        raise ProblemsError([Problem("is no Parquet file", name)])
    first = head.removeprefix(BOM).lstrip()[:1]
    return "jsonl" if suffix in (".jsonl", ".ndjson") or first in (b"{", b"[") else "csv"


def look_at(rulebook: Rulebook, path: Path, format: Format, name: str, how: How = AS_IT_IS) -> Table:
    """The file's columns and where its rows begin; ProblemsError if it is wrong as a whole."""
    if format == "parquet":
        return _parquet(rulebook, path, name, how)
    with path.open("rb") as file:
        head = file.read(2 * LONGEST_LINE)
    if not head.removeprefix(BOM).strip():
        raise ProblemsError([Problem("is empty", name)])
    return _csv(rulebook, head, name, how) if format == "csv" else _json_lines(rulebook, head, name)


def _csv(rulebook: Rulebook, head: bytes, name: str, how: How) -> Table:
    header = header_of(head, named(rulebook), how)
    fields, line = header.fields, header.line
    if not fields:
        raise ProblemsError([Problem("is empty", name)])
    if isinstance(fields, Damage):
        raise ProblemsError([Problem(f"is no table: its header {_as_of_header(fields)}", name, line)])
    names = list(map(restored, fields)) if of_quarantine(fields) else fields
    found = _without_problems(resolve(rulebook, names, name), line)
    dialect = found_in(head[header.ends :], found.columns, header.separator, how)
    notes = (*notes_on(dialect, how), *found.notes)
    return Table(found.columns, header.ends, header.next_line, None, notes, dialect)


def _as_of_header(damage: Damage) -> str:
    return damage.reason if damage.reason.startswith("holds") else f"is damaged: {damage.reason}"


def _json_lines(rulebook: Rulebook, head: bytes, name: str) -> Table:
    begins = len(BOM) if head.startswith(BOM) else 0
    lines = [line for line in head[begins:].split(b"\n")[: 10 * _LINES_LOOKED_AT] if line.strip()]
    objects: list[dict[str, Any]] = []
    for line in lines[:_LINES_LOOKED_AT]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        objects += [value] if isinstance(value, dict) else []
    if not objects:
        first = lines[0].strip()
        if first[:1] == b"[" or first == b"{":
            raise ProblemsError([Problem("is one JSON document; write one object a line", name)])
        raise ProblemsError([Problem("is no table: none of its first lines is a JSON object", name)])
    keys = list(dict.fromkeys(key for each in objects for key in each))
    units = [quantity.unit_key for quantity in rulebook.quantities.values()]
    if keys and not any(key in rulebook.questions or key in units or key == RECORD_ID for key in keys):
        raise ProblemsError([nothing_known(rulebook, keys, name)])
    return Table((), begins, 1, None, () if RECORD_ID in keys else (NO_RECORDS,))


def _parquet(rulebook: Rulebook, path: Path, name: str, how: How) -> Table:
    try:
        schema = pl.read_parquet_schema(path)
        rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise ProblemsError([Problem(f"is damaged as a Parquet file: {str(error)[:200]}", name)]) from None
    headers = resolve(rulebook, list(schema), name)
    wrong = [
        Problem(f"a column of {dtype} cannot hold this: write {wanted}", name, key=column.name)
        for column, dtype in zip(headers.columns, schema.values(), strict=True)
        if (wanted := _wanted_instead(column, dtype))
    ]
    found = _without_problems(headers._replace(problems=(*headers.problems, *wrong)), None)
    return Table(found.columns, 0, 1, rows, found.notes, told_of(how))


def _wanted_instead(column: Column, dtype: pl.DataType) -> str:
    """What a typed column should hold; nothing where it can be what it is."""
    if column.role == "other" or isinstance(dtype, _TEXT):
        return ""
    numeric = dtype.is_numeric()
    fits, wanted = {
        "list": (isinstance(dtype, pl.List) and isinstance(dtype.inner, _TEXT), "text, or lists of text"),
        "number": (numeric, "numbers or text"),
        "tick": (numeric or isinstance(dtype, pl.Boolean), "true and false, 1 and 0, or text"),
        "record_id": (numeric and not dtype.is_decimal(), "text or whole numbers"),
        "raw": (False, "text or codes"),
    }.get(column.role, (numeric, "text or codes"))
    return "" if fits else wanted


def _without_problems(headers: Headers, line: int | None) -> Headers:
    if headers.problems:
        raise ProblemsError([each._replace(line=line) for each in headers.problems])
    return headers
