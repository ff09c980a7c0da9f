"""`afterrun fhir assess`: responses in, Bundles out; what cannot be used becomes an OperationOutcome."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import afterrun
from afterrun.errors import IntakeError, Problem
from afterrun.intake import Format, RawIntake, read_raw
from afterrun.interchange import (
    Heard,
    Issue,
    ResponseError,
    bundle_of,
    outcome_of,
    read_response,
    response_of,
)
from afterrun.storage import write_whole
from afterrun_cli.runner.logged import Logged, LogOptions, logged
from afterrun_cli.terminal.days import read_day
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, leave, say
from afterrun_cli.terminal.files import json_text, leave_unwritten, shown_place, write_out
from afterrun_cli.terminal.intakes import STDIN, intakes_of
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.progress import progress_bar
from afterrun_cli.terminal.show import put_json

REJECTS = ".rejects.ndjson"
"""What the name of the file of refused responses ends with, beside that of the Bundles."""


class Told(NamedTuple):
    """What became of one response."""

    raw: RawIntake
    resource: dict[str, Any]
    """A Bundle, or an OperationOutcome."""
    refused: tuple[str, ...] = ()
    """Why there is no Bundle, in lines for a reader."""


def assess_responses(
    file: str,
    day: str | None,
    output: Path | None,
    input_format: Format | None,
    folder: Path | None,
    logs: LogOptions,
) -> None:
    """Tell each response of a file as a Bundle; exit 1 if some could not be used, 2 if none could."""
    on = None if day is None else read_day("--date", day, date(2027, 3, 1))
    for written in () if output is None or file == STDIN else (output, _beside(output)):
        if os.path.realpath(written) == os.path.realpath(file):
            leave(UNUSABLE, f"error: {written} is the file that is read: give another name for the result")
    rulebook = rulebook_from(folder)
    with logged(logs, rulebook) as log:
        told = (_told(rulebook, raw, on, log) for raw in intakes_of(file, input_format))
        first = next(told)
        if first.raw.whole_file or (file != STDIN and not os.access(file, os.R_OK)):
            _one(first, output)
        else:
            _many(first, told, output)


def _beside(output: Path) -> Path:
    return output.with_suffix(REJECTS)


def _told(rulebook: afterrun.Rulebook, raw: RawIntake, on: date | None, log: Logged) -> Told:
    try:
        return Told(raw, bundle_of(rulebook, _heard(rulebook, raw), on, log.assess))
    except ResponseError as error:
        return _refused(raw, error.issues, [f"{_place(raw)}: {each}" for each in error.issues])
    except IntakeError as error:
        return _refused(raw, error.problems, [str(each) for each in error.problems])


def _heard(rulebook: afterrun.Rulebook, raw: RawIntake) -> Heard:
    """A response as it came, or an intake of our own kind as the response that a form would give."""
    if raw.problems or "resourceType" in raw.data:
        return read_raw(rulebook, raw, read_response)
    return read_response(rulebook, read_raw(rulebook, raw, response_of))


def _refused(raw: RawIntake, problems: Sequence[Issue | Problem], lines: Iterable[str]) -> Told:
    outcome = outcome_of(problems)
    for issue in outcome["issue"]:
        issue["diagnostics"] = _place(raw)
    return Told(raw, outcome, tuple(f"error: {line}" for line in lines))


def _place(raw: RawIntake) -> str:
    return raw.file if raw.whole_file else f"{raw.file}:{raw.line}"


def _one(told: Told, output: Path | None) -> None:
    """A file that holds one: whoever reads stdout gets FHIR in any case."""
    if told.refused:
        put_json(told.resource)
        leave(UNUSABLE, *told.refused)
    if output is None:
        put_json(told.resource)
    else:
        write_out(json_text(told.resource), output)


def _many(first: Told, rest: Iterator[Told], output: Path | None) -> None:
    """A line for each in order; those that are refused in a file of their own, beside that of the Bundles."""
    if output is None:
        good, bad = _write(first, rest, sys.stdout, None)
    else:
        beside = _beside(output)
        counts: list[tuple[int, int]] = []
        with leave_unwritten():
            # Both are there, or neither.
            write_whole(
                output,
                lambda bundles: write_whole(
                    beside,
                    lambda rejects: counts.append(_to_files(first, rest, bundles, rejects)),
                    private=True,
                ),
                private=True,
            )
        good, bad = counts[0]
        say(f"{good} told in {shown_place(output)}")
        if bad:
            say(f"{bad} refused, with the reasons in {shown_place(beside)}")
        else:
            beside.unlink()
    if bad:
        leave(FOUND if good else UNUSABLE)


def _to_files(first: Told, rest: Iterator[Told], bundles: Path, rejects: Path) -> tuple[int, int]:
    with ExitStack() as open_files:
        good, bad = (
            open_files.enter_context(path.open("w", encoding="utf-8")) for path in (bundles, rejects)
        )
        return _write(first, rest, good, bad)


def _write(first: Told, rest: Iterator[Told], bundles: TextIO, rejects: TextIO | None) -> tuple[int, int]:
    """A line for each; how many were told, and how many refused."""
    good = bad = 0
    with progress_bar("{task.fields[words]}", words="", total=None) as step:
        for told in chain((first,), rest):
            if not told.refused:
                good += 1
                bundles.write(json_text(told.resource, compact=True))
            else:
                bad += 1
                say(*told.refused)
                if rejects is not None:
                    rejects.write(json_text(told.resource, compact=True))
            step(words=f"{good} told, {bad} refused")
    return good, bad
