"""Intake tables in every manner that people write them, and damage in every kind that files suffer."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import polars as pl

from afterrun import Rulebook, read_answers
from afterrun.batch import Reject
from afterrun.batch.input.form.cells import intake_of
from afterrun.batch.input.form.gaps import as_asked
from afterrun.batch.input.form.headers import resolve
from afterrun.batch.input.form.words import coded
from afterrun.batch.input.how import AS_IT_IS, How
from afterrun.batch.input.layout import row_of, schema_of
from afterrun.batch.input.rejects import first_told, question_columns, reason_of
from afterrun.batch.input.sources import chunks, find_inputs
from afterrun.batch.input.text.dialect import Dialect
from afterrun.batch.read.readers import read_chunk
from afterrun.batch.read.reading import ChunkRead
from afterrun.errors import IntakeError
from afterrun.intake import raw_intakes, read_intake
from afterrun.rulebook.schema import Question
from tests.support.random_input.intakes import random_intake

Cells = dict[str, str]
PLAIN = Dialect()
MANNERS = ("plain", "redcap", "loose")

HOSTILE = (
    "unknown", "UNKNOWN", " unknown ", "none", " none", "none ", "none;none", "none;", ";", ";;", "a;b",
    "no", "No", "0", "1", "1.0", "2", "3", "01", "-1", "-0", "+5", "5.", ".5", "5.0", "5.5", "1e1", "1E1",
    "1e400", "1e-400", "0e99", "0.0000001", "9.9999999", "10.0000004", "10.0000005", "inf", "-inf", "nan",
    "NaN", "Infinity", "1_0", "0x10", "1,5", "1 000", "٣", "½", "5 km", "km", "KM", "km mi", "true", "TRUE",
    "False", "yes", "", " ", "  ", "\t", "\u00a0", "\u2003 7", "x" * 41, "0." + "3" * 41, "1" * 41,
    "9223372036854.775807", "1e13", "99999999999999", "squat;stairs", "squat; stairs", "squat ;stairs",
    "1;3", "3;none", "below_kneecap;outer_side;muscle", "é", "\u2028", '"', 'a"b', "O'Brien", "=1+1",
    "null", "None", "N/A", "-", "\x1f", "\x1f7\x1f", "\ufeff5", "5\u200b",
)  # fmt: skip


def read_all(rulebook: Rulebook, path: Path, spool: Path, rows: int = 1000, how: How = AS_IT_IS) -> ChunkRead:
    """A file read whole, chunk by chunk."""
    frames, rejects, rows_in, blank = [pl.DataFrame(schema=schema_of(rulebook))], [], 0, 0
    for source in find_inputs(rulebook, [path], spool, how=how):
        for chunk in chunks(source, rows):
            read = read_chunk(rulebook, source, chunk)
            assert read.rows_in == read.frame.height + len(read.rejects) + read.blank
            blank += read.blank
            assert dict(read.frame.schema) == schema_of(rulebook)
            frames.append(read.frame)
            rejects += read.rejects
            rows_in += read.rows_in
    return ChunkRead(pl.concat(frames), rejects, rows_in, blank)


def cells_of(rulebook: Rulebook, intake: Mapping[str, Any], chance: random.Random, manner: str) -> Cells:
    """A valid intake as the cells of a table: `plain`, `redcap` (codes and option columns) or `loose`."""
    cells = dict.fromkeys(columns_of(rulebook, manner), "")
    for key, value in intake.items():
        question = rulebook.questions.get(key)
        if value is None or value == "" or value == []:
            if manner == "redcap" and question and question.type == "multi" and chance.random() < 0.5:
                cells |= dict.fromkeys(_ticks(question), "0")
        elif question is None or question.type in ("integer", "number"):
            cells[key] = _loose(value, chance) if manner == "loose" and question else str(value)
        elif question.type == "single":
            cells[key] = _word(question, value, manner)
        elif manner == "redcap":
            zero, one = chance.choice(
                (("0", "1"), ("0.0", "1.0"), ("false", "true"), ("", "1"), ("FALSE", "TRUE"))
            )
            ticked = [option.id in value for option in question.options]
            cells |= {
                name: one if each else zero for name, each in zip(_ticks(question), ticked, strict=True)
            }
        else:
            cells[key] = ("; " if manner == "loose" else ";").join(value)
    if manner == "loose":
        cells = {
            name: chance.choice(("", " ", "  ")) + text + chance.choice(("", " "))
            for name, text in cells.items()
        }
    return cells


def columns_of(rulebook: Rulebook, manner: str) -> list[str]:
    """The headers of a manner."""
    names = []
    for name in question_columns(rulebook):
        question = rulebook.questions.get(name)
        names += _ticks(question) if manner == "redcap" and question and question.type == "multi" else [name]
    return names


def _ticks(question: Question) -> list[str]:
    return [
        f"{question.id}___{place + 1 if place % 2 else option.id}"
        for place, option in enumerate(question.options)
    ]


def _word(question: Question, value: str, manner: str) -> str:
    ids = [option.id for option in question.options]
    return str(ids.index(value) + 1) if manner == "redcap" and coded(question) and value in ids else value


def _loose(value: Any, chance: random.Random) -> str:
    if isinstance(value, str):
        return value
    return chance.choice((str(value), f"+{value}", f"{value:.4f}", f"{float(value)}", f"00{value}"))


def csv_bytes(
    rows: Sequence[Cells], chance: random.Random, manner: str, quoting: Literal[0, 1] = csv.QUOTE_MINIMAL
) -> bytes:
    """A table as CSV; in the loose manner with a BOM, shouting headers and mixed line ends."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=quoting, lineterminator="\n")
    header = list(rows[0])
    writer.writerow([f" {name.upper()} " if manner == "loose" else name for name in header])
    writer.writerows([row[name] for name in header] for row in rows)
    text = stream.getvalue()
    if manner == "loose":
        ended = [line + chance.choice(("\n", "\r\n", "\r")) for line in text.split("\n")[:-1]]
        return b"\xef\xbb\xbf" + "".join(ended)[: None if chance.random() < 0.5 else -1].encode()
    return text.encode()


def json_lines(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Intakes as JSON lines."""
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def by_line(read: ChunkRead) -> dict[int, dict[str, Any] | Reject]:
    """Every row of a file by its line: the accepted as a row of the layout, the others as rejects."""
    accepted: dict[int, dict[str, Any] | Reject] = {
        row["line"]: row for row in read.frame.iter_rows(named=True)
    }
    refused = {reject.line: reject for reject in read.rejects}
    assert not accepted.keys() & refused.keys()
    assert list(accepted) == sorted(accepted)
    assert [each.line for each in read.rejects] == sorted(refused)
    return accepted | refused


def intakes(rulebook: Rulebook, count: int, seed: int) -> list[dict[str, Any]]:
    """Random valid intakes, numbered."""
    chance = random.Random(seed)
    made = [random_intake(rulebook, chance) for _ in range(count)]
    return [{"record_id": f"r{number}", **each} for number, each in enumerate(made)]


def expected(rulebook: Rulebook, rows: list[dict[str, Any]], first: int = 2) -> list[dict[str, Any]]:
    """The rows that these intakes are, read one by one."""
    return [row_of(rulebook, read_answers(rulebook, each), line) for line, each in enumerate(rows, first)]


def hostile_cells(rulebook: Rulebook, seed: int, count: int, manner: str) -> list[dict[str, str]]:
    """Valid rows of which one to three cells hold something odd."""
    chance = random.Random(seed)
    made = []
    for each in intakes(rulebook, count, seed):
        cells = cells_of(rulebook, each, chance, manner)
        for name in chance.sample(list(cells), chance.choice((1, 1, 1, 2, 3))):
            cells[name] = chance.choice(HOSTILE)
        made.append(cells)
    return made


def alone(
    rulebook: Rulebook, cells: dict[str, Any], line: int, dialect: Dialect = PLAIN
) -> dict[str, Any] | str:
    """What a row is by itself: its layout, or the reasons against it."""
    columns = resolve(rulebook, list(cells), "").columns
    plain, doubts = dialect.cells(columns, list(cells.values()))
    row = intake_of(rulebook, columns, plain)
    problems = first_told(doubts, row.problems)
    try:
        answers = read_answers(rulebook, row.intake)
    except IntakeError as error:
        problems = first_told(problems, error.problems)
    if problems:
        return reason_of(problems)
    return row_of(rulebook, as_asked(rulebook, answers, row.columns), line)


def verdicts(read: ChunkRead) -> dict[int, dict[str, Any] | str]:
    """What became of each line: its layout, or the reasons against it."""
    return {line: each.reason if isinstance(each, Reject) else each for line, each in by_line(read).items()}


Verdicts = dict[int, dict[str, Any] | str]


def json_verdicts(rulebook: Rulebook, path: Path, spool: Path) -> tuple[Verdicts, Verdicts]:
    """What each JSON line is by itself, as cells; and, of those that an intake file takes, as such."""
    (source,) = find_inputs(rulebook, [path], spool)
    columns = {column.name: column for column in source.columns}
    as_cells: Verdicts = {}
    as_intake: Verdicts = {}
    with path.open("rb") as stream:
        for raw in raw_intakes(stream, "", "jsonl"):
            keys = [key for key in columns if key in raw.data]
            named = [columns[key] for key in keys]
            cells, doubts = source.dialect.cells(named, [raw.data[key] for key in keys])
            row = intake_of(rulebook, named, cells)
            strange = {key: value for key, value in raw.data.items() if key not in columns}
            problems = first_told(
                [each._replace(line=None, file="") for each in raw.problems], doubts, row.problems
            )
            answered: dict[str, Any] = {}
            try:
                answered = row_of(rulebook, read_answers(rulebook, {**row.intake, **strange}), raw.line)
            except IntakeError as error:
                problems = first_told(problems, error.problems)
            as_cells[raw.line] = reason_of(problems) if problems else answered
            with contextlib.suppress(IntakeError):
                as_intake[raw.line] = row_of(rulebook, read_intake(rulebook, raw), raw.line)
    return as_cells, as_intake
