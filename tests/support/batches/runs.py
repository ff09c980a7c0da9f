"""What the tests of batches share: intake files, the command, and the rows that `assess` expects."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

import afterrun
from afterrun.batch import Columns
from afterrun.batch.decide.fired import names_in
from afterrun.inference import conclude, facts_of
from afterrun.intake import read_answers
from afterrun.rulebook import engine_of
from tests.support.cli_runs import COMMAND, Ran, run
from tests.support.paths import ROOT
from tests.support.random_input.intakes import CALM, random_intake

Intake = dict[str, Any]
Row = dict[str, Any]


def batch(*arguments: object, stdin: bytes = b"", cwd: Path = ROOT) -> Ran:
    """Run `afterrun batch` in this process."""
    return run("batch", *map(str, arguments), stdin=stdin, cwd=cwd)


def batch_process(*arguments: object, **options: Any) -> Ran:
    """Run `afterrun batch` in a process of its own."""
    ran = subprocess.run(
        [COMMAND, "batch", *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def random_intakes(rulebook: afterrun.Rulebook, count: int, seed: int = 1) -> list[Intake]:
    """Valid intakes, each with a record id of its own."""
    chance = random.Random(seed)
    return [
        {"record_id": f"P{seed}-{number}", **random_intake(rulebook, chance, CALM)} for number in range(count)
    ]


def write_csv(path: Path, rulebook: afterrun.Rulebook, intakes: Iterable[Mapping[str, Any]]) -> Path:
    """Intakes as CSV, several choices in one cell."""
    units = [quantity.unit_key for quantity in rulebook.quantities.values()]
    columns = ["record_id", *units, *rulebook.questions]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for intake in intakes:
            writer.writerow([_cell(intake.get(name)) for name in columns])
    return path


def write_jsonl(path: Path, intakes: Iterable[Mapping[str, Any]]) -> Path:
    """Intakes as JSON lines."""
    path.write_text("".join(json.dumps(intake) + "\n" for intake in intakes), encoding="utf-8")
    return path


def write_parquet(path: Path, rulebook: afterrun.Rulebook, intakes: Sequence[Mapping[str, Any]]) -> Path:
    """Intakes as Parquet: lists, texts, and numbers where 'unknown' does not make them texts."""
    columns: dict[str, pl.Series] = {}
    for name in dict.fromkeys(key for intake in intakes for key in intake):
        values = [None if intake.get(name) in ("", []) else intake.get(name) for intake in intakes]
        question = rulebook.questions.get(name)
        if question is not None and question.type == "multi":
            columns[name] = pl.Series(values, dtype=pl.List(pl.String))
        elif all(value is None or isinstance(value, int | float) for value in values):
            columns[name] = pl.Series(values, dtype=pl.Float64)
        else:
            columns[name] = pl.Series([_cell(value) or None for value in values], dtype=pl.String)
    pl.DataFrame(columns).write_parquet(path)
    return path


def expected_row(rulebook: afterrun.Rulebook, intake: Mapping[str, Any]) -> Row:
    """One row of a batch by the reference evaluator, intake by intake: slow, and independent."""
    answers = read_answers(rulebook, intake)
    result = afterrun.assess(rulebook, answers, engine="reference")
    truths = conclude(rulebook, facts_of(rulebook, answers), "reference").truths
    shows = rulebook.triage[result.triage].shows_patterns
    row: Row = {"record_id": result.record_id, "triage": result.triage}
    for pattern in rulebook.patterns.values():
        refuted = shows and truths.get(f"pattern.{pattern.id}.{pattern.levels[-1]}") is False
        row[f"pattern_{pattern.id}"] = result.patterns.get(pattern.id) or ("none" if refuted else None)
    row["interventions"] = ";".join(result.interventions)
    for item in rulebook.plan:
        if item.parameter or item.formula:
            row[f"plan_{item.key}"] = result.plan.get(item.key)
        if item.quantity is not None:
            row[f"plan_display_{item.key}"] = result.display.get(item.key)
            unit = f"plan_{rulebook.quantities[item.quantity].unit_key}"
            if isinstance(result.plan.get(item.key), int | float):
                row[unit] = answers.units[rulebook.quantities[item.quantity].unit_key]
            row.setdefault(unit, None)
    row["open_questions"] = ";".join(result.open_questions)
    row["fired"] = set(result.fired)
    row["rulebook"] = rulebook.digest
    return row


def rows_of(rulebook: afterrun.Rulebook, out: Path) -> list[Row]:
    """The rows that a batch wrote, in order, as `expected_row` has them, whatever the format."""
    if out.is_dir():
        frame = pl.read_parquet(sorted(out.glob("data/part-*.parquet")))
    else:
        readers = {
            ".csv": lambda: pl.read_csv(out, infer_schema=False),
            ".jsonl": lambda: pl.read_ndjson(out, infer_schema_length=None),
            ".arrow": lambda: pl.read_ipc(out),
            ".parquet": lambda: pl.read_parquet(out),
        }
        frame = readers[out.suffix]()
    return [_read(rulebook, row) for row in frame.iter_rows(named=True)]


def differences(wanted: Row, found: Row) -> dict[str, tuple[Any, Any]]:
    """The columns that are not equal, numbers to a millionth; those that only one has do not count."""
    return {
        name: (wanted[name], found[name])
        for name in wanted
        if name in found and not _equal(wanted[name], found[name])
    }


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _read(rulebook: afterrun.Rulebook, row: Row) -> Row:
    read = dict(row)
    if "fired" in row:
        fired = row["fired"]
        if isinstance(fired, str) or fired is None:
            read["fired"] = set((fired or "").split(";")) - {""}
        else:
            read["fired"] = set(names_in(engine_of(rulebook, Columns).rules, list(fired)))
    for name, value in row.items():
        if name.startswith("plan_") and not name.endswith("_unit"):
            read[name] = None if value in (None, "") else float(value)
        elif name in ("interventions", "open_questions"):
            read[name] = value or ""
    return read


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < 1e-6
    return bool(one == other)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ";".join(value) if isinstance(value, list) else str(value)
