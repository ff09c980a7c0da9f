"""The quarantine: rows that were refused, with place and reason, in a form that can be mended and fed back.

A reject is written as a table row: `reject_*` columns in front, then the columns of its file. Mend the
cells and give the file to `afterrun batch` again; the `reject_*` columns are passed over. A line that is
no table row stands whole in `reject_raw`, its columns blank; until they are filled in it is refused again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, TextIO

from afterrun.batch.input.cells import LIST_SEPARATOR
from afterrun.batch.input.headers import RAW, REJECT_PREFIX, Column
from afterrun.errors import Problem
from afterrun.intake import RECORD_ID
from afterrun.rulebook import Rulebook

Kind = Literal[
    "answer", "fields", "quote", "encoding", "zero_byte", "too_long", "not_json", "duplicate", "not_mended"
]
"""`answer`: what `assess` refuses; the others are damage that only files have."""

LONGEST_RAW = 2000
"""Characters of a raw line that are kept."""
FRONT = ("reject_file", "reject_line", "reject_reason", "reject_question", RAW)


class Reject(NamedTuple):
    """One row that was refused."""

    source: int
    file: str
    line: int
    kind: Kind
    reason: str
    question: str = ""
    """The questions or columns that are wrong, parted by semicolons."""
    raw: str = ""
    """The line as it stood, bytes that are no text written as \\x00."""
    cells: Mapping[str, str] = {}
    """The row's cells by column; all blank where it is no table row."""


def for_problems(
    place: tuple[int, str, int], problems: Sequence[Problem], raw: str, cells: Mapping[str, str]
) -> Reject:
    """The reject of a row whose answers are wrong; place is source, file and line."""
    reason = "; ".join(dict.fromkeys(str(each._replace(file="", line=None)) for each in problems))
    question = LIST_SEPARATOR.join(dict.fromkeys(each.key for each in problems if each.key))
    return Reject(*place, "answer", reason, question, raw, cells)


def readable(line: bytes) -> str:
    """A line as text that any file can hold; no byte of it is lost, save beyond LONGEST_RAW."""
    shown = cell(line[: 4 * LONGEST_RAW].decode("utf-8", errors="backslashreplace"))
    return shown if len(shown) <= LONGEST_RAW and len(line) <= 4 * LONGEST_RAW else shown[:LONGEST_RAW] + "…"


def cell(value: Any) -> str:
    """A value as a cell of the quarantine's table."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(cell(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, default=str)
    text = value if isinstance(value, str) else str(value)
    if not text.isprintable():
        text = "".join(each if each >= " " else f"\\x{ord(each):02x}" for each in text)
    return text.encode("utf-8", errors="backslashreplace").decode("utf-8")


def question_columns(rulebook: Rulebook) -> list[str]:
    """One column per key of an intake, a unit in front of the first question that needs it."""
    names = [RECORD_ID]
    for question in rulebook.questions.values():
        if question.quantity:
            unit = rulebook.quantities[question.quantity].unit_key
            names += [unit] if unit not in names else []
        names.append(question.id)
    return names


def header(rulebook: Rulebook, columns_of_sources: Iterable[Sequence[Column] | None]) -> list[str]:
    """The columns of the quarantine: those of the files, in their order, behind the `reject_*` columns.

    None stands for a file without columns of its own, as JSON lines are.
    """
    own: dict[str, None] = {RECORD_ID: None}
    for columns in columns_of_sources:
        names = [column.name for column in columns] if columns else question_columns(rulebook)
        own |= {_folded(name): None for name in names}
    return [*FRONT, *(name for name in own if name and not name.startswith(REJECT_PREFIX))]


def write(
    stream: TextIO, columns: Sequence[str], rejects: Iterable[Reject], with_header: bool = True
) -> None:
    """Write rejects as CSV under the columns of `header`; the stream was opened with newline=''."""
    writer = csv.writer(stream, lineterminator="\n")
    if with_header:
        writer.writerow(columns)
    for each in rejects:
        cells = {_folded(name): cell(value) for name, value in each.cells.items()}
        front = (each.file, each.line, each.reason, each.question, each.raw)
        writer.writerow([*map(cell, front), *(cells.get(name, "") for name in columns[len(FRONT) :])])


def write_file(path: Path, columns: Sequence[str], rejects: Iterable[Reject]) -> None:
    """Write a whole file of rejects, with its header."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        write(stream, columns, rejects)


def _folded(name: str) -> str:
    return name.strip().lower()
