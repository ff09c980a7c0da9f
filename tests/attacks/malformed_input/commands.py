"""Every command that reads a file, given malformed ones: it ends with a word and a code, forging nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.attacks.malformed_input.inputs import (
    Malformed,
    malformed,
    malformed_check_ins,
    malformed_rulebook_files,
    malformed_tables,
    whole_intake,
    written,
)
from tests.attacks.unseen import unseen
from tests.support.cli_runs import SAMPLE, Ran, run
from tests.support.rulebooks.copies import copied

Words = tuple[str, ...]

FILE = "FILE"
INTAKES: tuple[Words, ...] = (
    ("assess", FILE),
    ("assess", FILE, "--format", "json"),
    ("fhir", "assess", FILE),
    ("fhir", "assess", FILE, "-o", "out.ndjson"),
    ("explain", FILE),
    ("explain", FILE, "--format", "json"),
    ("explain", FILE, "--nearest", "triage"),
    ("explain", FILE, "--what-if", "age_years=50"),
    ("plan", FILE),
    ("plan", FILE, "--format", "json"),
    ("plan", FILE, "-o", "plan.ics"),
    ("report", FILE, "-o", "report.html"),
    ("report", FILE, "--summary", "-o", "page.html"),
    ("start", FILE),
    ("change", FILE, "age_years"),
    ("migrate", FILE),
    ("ask", "--resume", FILE),
    ("batch", FILE, "out.csv"),
    ("rules", "cover", FILE),
    ("rules", "test", FILE),
    ("rules", "mutate", FILE, "--sample", "1"),
)
CHECK_INS: tuple[Words, ...] = (
    ("checkin", FILE),
    ("checkin", FILE, "--format", "json"),
    ("checkin", "--answers", FILE),
    ("explain", FILE, "--part", "checkin"),
    ("rules", "cover", "--part", "checkin", FILE),
)
TABLES: tuple[Words, ...] = (
    ("batch", FILE, "out.csv"),
    ("batch", FILE, "out", "--explain"),
    ("batch", FILE, "out.parquet"),
    ("assess", FILE),
    ("batch", FILE, "-", "--output-format", "jsonl"),
    ("batch", FILE, "out.jsonl", "--chunk-rows", "2"),
)
RULEBOOKS: tuple[Words, ...] = (
    ("rules", "check", FILE),
    ("assess", str(SAMPLE), "--rulebook", FILE),
    ("rules", "list", FILE),
)
RULEBOOK_FILES = (
    "rules/triage.yaml",
    "knowledge/questions.yaml",
    "knowledge/plans.yaml",
    "rules/checkin/week.yaml",
    "knowledge/schedule.yaml",
)
CODES = (0, 1, 2, 3)


class Attacked(NamedTuple):
    """What came of it."""

    tried: int
    refused: int
    faults: tuple[str, ...]


class Attack(NamedTuple):
    """One malformed file, and the command that is given it."""

    case: Malformed
    words: Words
    place: str = ""
    """Where it stands in a rulebook."""


def attacks(seed: int = 0, *, each_on_all: bool = False) -> Iterator[Attack]:
    """Every malformed file with one of its commands in turn, or with all of them."""
    for cases, commands in (
        (malformed(whole_intake(), seed), INTAKES),
        (malformed_check_ins(seed), CHECK_INS),
        (malformed_tables(seed), TABLES),
    ):
        for place, case in enumerate(cases):
            chosen = commands if each_on_all else (commands[place % len(commands)],)
            yield from (Attack(case, words) for words in chosen)
    for number, name in enumerate(RULEBOOK_FILES):
        text = (Path(SAMPLE).parents[1] / name).read_text(encoding="utf-8")
        for place, case in enumerate(malformed_rulebook_files(text, seed + number)):
            if each_on_all or place % len(RULEBOOK_FILES) == number:
                yield Attack(case, RULEBOOKS[place % len(RULEBOOKS)], name)


def attack_all(chosen: Sequence[Attack] | Iterator[Attack], folder: Path) -> Attacked:
    """Run them, each in a folder of its own; `folder` is where those are."""
    tried, refused, faults = 0, 0, list[str]()
    copy: Path | None = None
    for tried, (case, words, place) in enumerate(chosen, 1):
        own = folder / str(tried)
        own.mkdir()
        if place:
            copy = copied(folder / "rulebook") if copy is None else copy
            before = (copy / place).read_bytes()
            (copy / place).write_bytes(case.content)
            file = copy
        else:
            file = written(case, own)
        ran = run(*(str(file) if word == FILE else word for word in words), home=own, cwd=own)
        if place:
            assert copy is not None
            (copy / place).write_bytes(before)
        refused += ran.code != 0
        faults += [f"{case.name}, {' '.join(words)}: {fault}" for fault in _faults(words, ran, own)]
    return Attacked(tried, refused, tuple(faults))


def _faults(words: Words, ran: Ran, folder: Path) -> Iterator[str]:
    if "Traceback" in ran.err:
        yield f"a traceback: {ran.err[-300:]}"
    elif ran.code not in CODES:
        yield f"ends with {ran.code}: {ran.err[-300:]}"
    elif ran.code and not (ran.err + ran.out).strip():
        yield f"ends with {ran.code} and no word"
    for name, text in (("stdout", ran.out), ("stderr", ran.err)):
        if hidden := unseen(text):
            yield f"{name} holds {hidden[:20]!r}"
    if any(line.startswith("FORGED") for line in (ran.out + ran.err).splitlines()):
        yield "a line is forged"
    if ran.code == 0 and words[-2:] == ("--format", "json"):
        yield from _json_faults(ran.out)
    for file in folder.rglob("*"):
        # Of what is somebody's health nothing may be read by others.
        if file.is_file() and not file.name.startswith("given") and file.stat().st_mode & 0o077:
            yield f"{file.name} may be read by others"


def _json_faults(text: str) -> Iterator[str]:
    def no_number(name: str) -> Any:
        raise ValueError(name)

    for line in [text] if text.startswith("{\n") else text.splitlines():
        try:
            json.loads(line, parse_constant=no_number)
        except ValueError as error:
            yield f"no JSON: {error}: {line[:100]}"
