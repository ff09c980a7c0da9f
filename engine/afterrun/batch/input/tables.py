"""One look at a file before it is read: its format, its columns, and whether it is an intake table at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import polars as pl

from afterrun.batch.foreign.laid import DAMAGE, EMPTY, LINE, Laid
from afterrun.batch.input.form.codes import with_coding
from afterrun.batch.input.form.columns import Column, few
from afterrun.batch.input.form.gaps import Gaps, gaps_of
from afterrun.batch.input.form.header_rows import names_below, names_of_three, refuse_rows_of_header
from afterrun.batch.input.form.headers import Headers, of_quarantine, resolve, resolve_keys
from afterrun.batch.input.form.names import LIMESURVEY, Names, folded
from afterrun.batch.input.form.typed import kind_words, wanted_instead
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.lines import BOM, LINE_END
from afterrun.batch.input.rejects import Damage
from afterrun.batch.input.text.csv_fields import split_line
from afterrun.batch.input.text.dialect import Dialect, by_column, found_in, found_in_cells, notes_on
from afterrun.batch.input.text.header import HeaderRow, header_of, rows_below
from afterrun.batch.stored import DAMAGES, damaged_parquet, scan_parquet
from afterrun.errors import Problem, ProblemsError
from afterrun.intake import FROM_FILES, LONGEST_LINE
from afterrun.rulebook import Rulebook, engine_of
from afterrun.spreadsheets import restored

Format = Literal["csv", "jsonl", "parquet", "cells"]
"""`cells` is a table of texts that was laid down from what is no text: see `foreign`."""

_LINES_LOOKED_AT = 2000
"""Of JSON lines and of rows: enough to see which keys and codes there are, and soon read."""
_BYTES_LOOKED_AT = 2 << 20
PARQUET = b"PAR1"
"""How its files begin, and end."""


class Table(NamedTuple):
    """What the head of a file tells, as `Source` keeps it."""

    columns: tuple[Column, ...]
    begins: int
    first_line: int
    rows: int | None
    notes: tuple[str, ...]
    gaps: Gaps
    dialect: Dialect = Dialect()


def format_of(path: Path, suffix: str, name: str) -> Format:
    """The format by the content where that is certain, else by the suffix."""
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(max(0, path.stat().st_size - len(PARQUET)))
        ends = file.read()
    if head.startswith(PARQUET):
        if ends != PARQUET:
            raise ProblemsError([Problem("is cut off: its end is missing; copy or export it again", name)])
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
        raise ProblemsError([Problem(EMPTY, name)])
    is_whole = len(head) <= min(path.stat().st_size, _BYTES_LOOKED_AT)
    if format == "csv":
        return _csv(rulebook, head, name, how)
    return _json_lines(rulebook, head, name, how, is_whole=is_whole)


def _csv(rulebook: Rulebook, head: bytes, name: str, how: How) -> Table:
    known = engine_of(rulebook, Names)
    header = header_of(head, known, how)
    fields, line = header.fields, header.line
    if not fields:
        raise ProblemsError([Problem(EMPTY, name)])
    if isinstance(fields, Damage):
        raise ProblemsError([Problem(f"is no table: its header {_as_of_header(fields)}", name, line)])
    names = list(map(restored, fields)) if of_quarantine(fields) else fields
    below = rows_below(head, header, 2)
    above = len(header.above)
    names, more = names_below(known, names, [row.fields for row in below])
    if more:
        header = below[more - 1]
    elif header.above and (
        of_three := names_of_three(known, header.above[-1], [names, *(row.fields for row in below[:1])])
    ):
        names, header, above = of_three, below[0], above - 1
    headers = resolve(rulebook, names, name, how)
    lime = LIMESURVEY in headers.manners
    dialect = found_in(head[header.ends :], headers.columns, header.separator, how, lime=lime)
    rows = _first_rows(head, header, len(names), dialect)
    headers = _coded(rulebook, headers, by_column(rows, len(names)), how)
    titles = [_on_titles(above, "line", line)] if above else []
    notes = (*titles, *notes_on(dialect, how), *headers.notes, *_on_nameless(names, rows))
    headers = headers._replace(notes=notes)
    return _table(rulebook, headers, name, line, header.ends, header.next_line, None, dialect)


def _first_rows(head: bytes, header: HeaderRow, width: int, dialect: Dialect) -> list[list[str]]:
    """The first rows that are whole, to see how their cells are written; blank where there is no answer."""
    lines = LINE_END.split(head[header.ends : header.ends + _BYTES_LOOKED_AT])[:_LINES_LOOKED_AT]
    rows = (split_line(line, width, dialect.separator) for line in lines)
    return [
        ["" if dialect.is_na(cell) else cell for cell in row] for row in rows if not isinstance(row, Damage)
    ]


def _coded(rulebook: Rulebook, headers: Headers, cells: Sequence[Sequence[Any]], how: How) -> Headers:
    """The columns with what their codes mean, by what was told or by the first cells of each."""
    columns, problems = [], [*headers.problems]
    for column, each in zip(headers.columns, cells, strict=True):
        coded, problem = with_coding(rulebook, column, each, how.codes)
        columns.append(coded)
        problems += [problem] if problem else []
    return headers._replace(columns=tuple(columns), problems=tuple(problems))


def _table(
    rulebook: Rulebook,
    headers: Headers,
    name: str,
    header_line: int | None,
    begins: int,
    first_line: int,
    rows: int | None,
    dialect: Dialect,
) -> Table:
    """What columns without problems make of a file."""
    if headers.problems:
        raise ProblemsError([each._replace(file=name, line=header_line) for each in headers.problems])
    gaps = gaps_of(rulebook, headers.columns, whole=headers.whole)
    notes = (*headers.notes, *gaps.notes())
    return Table(headers.columns, begins, first_line, rows, notes, gaps, dialect)


def _as_of_header(damage: Damage) -> str:
    return damage.reason if damage.reason.startswith("holds") else f"is damaged: {damage.reason}"


def _json_lines(rulebook: Rulebook, head: bytes, name: str, how: How, *, is_whole: bool) -> Table:
    begins = len(BOM) if head.startswith(BOM) else 0
    lines = [line for line in head[begins : begins + _BYTES_LOOKED_AT].split(b"\n") if line.strip()]
    objects: list[dict[str, Any]] = []
    for line in lines[:_LINES_LOOKED_AT]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            # What says where answers came from is no column; each line is held against it by itself.
            objects.append({key: each for key, each in value.items() if key != FROM_FILES})
    if not objects:
        first = lines[0].strip()
        if first[:1] == b"[" or first == b"{":
            what, way = (
                ("is one JSON document", "'.[]'") if first[:1] == b"[" else ("has JSON over lines", ".")
            )
            said = f"{what}; write one object a line, as does: jq -c {way} FILE > FILE.jsonl"
            raise ProblemsError([Problem(said, name)])
        way = "; take the comma off its lines' ends" if first.endswith(b"},") else ""
        raise ProblemsError([Problem(f"is no table: none of its first lines is a JSON object{way}", name)])
    inside = _with_answers_inside(rulebook, objects)
    if inside:
        said = "holds answers inside: put them beside record_id"
        if len(objects) == 1 and isinstance(objects[0][inside[0]], list):
            said = f"holds intakes: write one a line, as does: jq -c '.{inside[0][:60]}[]' FILE > FILE.jsonl"
        raise ProblemsError([Problem(said, name, 1, key[:60]) for key in inside])
    refuse_rows_of_header(rulebook, list(objects[0]), (each.values() for each in objects[:2]), name)
    is_whole = is_whole and len(lines) <= _LINES_LOOKED_AT
    headers = resolve_keys(rulebook, objects, name, how, is_whole=is_whole)
    cells = [[each.get(column.name) for each in objects] for column in headers.columns]
    headers, dialect = _written(rulebook, headers, cells, how)
    return _table(rulebook, headers._replace(whole=is_whole), name, 1, begins, 1, None, dialect)


def _written(
    rulebook: Rulebook, headers: Headers, cells: Sequence[Sequence[Any]], how: How, *, lime: bool = False
) -> tuple[Headers, Dialect]:
    """What the first cells of each column, parted already, say of how a table is written."""
    dialect = found_in_cells(cells, headers.columns, ",", how, lime=lime)
    if dialect.na:
        cells = [[None if dialect.is_na(cell) else cell for cell in each] for each in cells]
    headers = _coded(rulebook, headers, cells, how)
    return headers._replace(notes=(*notes_on(dialect, how), *headers.notes)), dialect


def _with_answers_inside(rulebook: Rulebook, objects: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys under which some of the objects hold another with the names of questions."""
    known = {folded(name) for name in rulebook.questions}
    found = (
        key
        for each in objects
        for key, value in each.items()
        for inner in (value if isinstance(value, list) else [value])
        if isinstance(inner, dict) and not known.isdisjoint(map(folded, inner))
    )
    return list(dict.fromkeys(found))


def laid_table(rulebook: Rulebook, path: Path, laid: Laid, name: str, how: How) -> Table:
    """The columns of a table of texts, as those of a CSV file with these cells."""
    names = list(map(restored, laid.names)) if of_quarantine(laid.names) else list(laid.names)
    first = scan_parquet(path).head(_LINES_LOOKED_AT).drop(LINE, DAMAGE).collect().rows()
    names, skipped, above = _of_rows(rulebook, laid, names, first)
    headers = resolve(rulebook, names, name, how)
    lime = LIMESURVEY in headers.manners
    cells = by_column(first[skipped:], len(names))
    headers, dialect = _written(rulebook, headers, cells, how, lime=lime)
    line = laid.header_line
    notes = [*laid.notes, *([_on_titles(above, "row", line)] if above else [])]
    nameless = _on_nameless(names, first[skipped:])
    headers = headers._replace(notes=(*notes, *headers.notes, *nameless))
    return _table(rulebook, headers, name, line or None, skipped, line + 1, laid.rows - skipped, dialect)


def _of_rows(
    rulebook: Rulebook, laid: Laid, names: list[str], first: Sequence[Sequence[Any]]
) -> tuple[list[str], int, int]:
    """What columns are called, how many of the first rows are header, too, and how many above are none.

    Of three rows of header the first or the second was found, as it names questions.
    """
    known = engine_of(rulebook, Names)
    below = [[each or "" for each in row] for row in first[:2]]
    called, more = names_below(known, names, below)
    if more:
        return called, more, len(laid.above)
    if laid.above and (of_three := names_of_three(known, laid.above[-1], [names, *below[:1]])):
        return of_three, 1, len(laid.above) - 1
    return names, 0, len(laid.above)


def _on_nameless(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """What to tell of cells below no name."""
    places = [at for at, name in enumerate(names) if not name.strip()]
    filled = [str(at + 1) for at in places if any(str(row[at] or "").strip() for row in rows)]
    if filled:
        yield f"passed over column {few(filled)}: {'they have' if len(filled) > 1 else 'it has'} no name"


def _on_titles(count: int, what: str, line: int) -> str:
    """What to tell of rows above a header."""
    return f"passed over {count} row{'s' * (count > 1)} above its header in {what} {line}"


def _parquet(rulebook: Rulebook, path: Path, name: str, how: How) -> Table:
    try:
        rows = int(scan_parquet(path).select(pl.len()).collect().item())
        first = scan_parquet(path).head(2).collect()
        refuse_rows_of_header(rulebook, first.columns, first.rows(), name)
        return typed_table(rulebook, scan_parquet(path), rows, name, how)
    except DAMAGES as error:
        raise damaged_parquet(error, name) from None


def typed_table(
    rulebook: Rulebook, frame: pl.LazyFrame, rows: int | None, name: str, how: How = AS_IT_IS
) -> Table:
    """Columns that have types, of a file or a frame; ProblemsError with all that they cannot hold."""
    schema = frame.collect_schema()
    headers = resolve(rulebook, list(schema), name, how)
    looked_at = [
        each.name for each in headers.columns if each.role in ("choice", "list", "number", "tick", "unit")
    ]
    first = frame.select(looked_at).head(_LINES_LOOKED_AT).collect()
    wrong = [
        Problem(f"a column of {kind_words(dtype)} cannot hold this: write {wanted}", name, key=column.name)
        for column, dtype in zip(headers.columns, schema.values(), strict=True)
        if (wanted := wanted_instead(rulebook, column, dtype))
    ]
    cells = [first[each.name].to_list() if each.name in first else () for each in headers.columns]
    headers = headers._replace(problems=(*headers.problems, *wrong))
    headers, dialect = _written(rulebook, headers, cells, how)
    return _table(rulebook, headers, name, None, 0, 1, rows, dialect)
