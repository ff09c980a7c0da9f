"""`afterrun checkin`: check-ins from files, or asked in the terminal, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import afterrun
from afterrun.assessment import part_of
from afterrun.intake import Format, RawIntake, raw_intakes, record_of
from afterrun.telling import check_in_page
from afterrun_cli.runner.assess import STDIN, Count, name_of, opened
from afterrun_cli.runner.interview import InputClosed, Interview, Left
from afterrun_cli.terminal.exits import FOUND, INTERRUPTED, UNUSABLE, leave, printable, say
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import put, put_json, show_page

PART = "checkin"
Shape = Literal["text", "json"]


def check_in(files: list[str], shape: Shape, format: Format | None, rulebook_folder: Path | None) -> None:
    """Answer every check-in of every file, or the one that is asked for when there is no file."""
    if files.count(STDIN) > 1:
        leave(UNUSABLE, "error: stdin (-) can be read once only")
    rulebook = rulebook_from(rulebook_folder, PART)
    if not files:
        _ask(rulebook, shape)
        return
    count = Count()
    for file in files:
        with opened(file, count) as stream:
            if stream is not None:
                _answer(rulebook, raw_intakes(stream, name_of(file), format), shape, len(files) > 1, count)
    sys.stdout.flush()
    if count.bad:
        sys.exit(FOUND if count.good else UNUSABLE)


def _answer(
    rulebook: afterrun.Rulebook, raws: Iterator[RawIntake], shape: Shape, several_files: bool, count: Count
) -> None:
    for raw in raws:
        try:
            with faults():
                said = _checked_in(rulebook, raw)
        except afterrun.IntakeError as error:
            count.refuse(error.problems)
            continue
        count.good += 1
        alone = raw.whole_file and not several_files
        place = {"file": raw.file} if several_files else {}
        if shape == "json":
            put_json({**place, **({} if alone else {"line": raw.line}), **said.to_dict()}, compact=not alone)
            continue
        if not alone:
            put(f"{printable(raw.file)}, line {raw.line}:\n")
        show_page(check_in_page(rulebook, said))
        if not alone:
            put("")


def _checked_in(rulebook: afterrun.Rulebook, raw: RawIntake) -> afterrun.CheckIn:
    """The answer to one record; IntakeError tells every problem with file, line and key."""
    if raw.problems:
        raise afterrun.IntakeError(raw.problems)
    try:
        return afterrun.check_in(rulebook, raw.data)
    except afterrun.IntakeError as error:
        raise afterrun.IntakeError(
            each._replace(file=raw.file, line=raw.lines.get(each.key.split(".")[0], raw.line))
            for each in error.problems
        ) from None


def _ask(rulebook: afterrun.Rulebook, shape: Shape) -> None:
    """Ask programme and week, then only what can still change what to do."""
    interview = Interview(rulebook, {}, None)
    enrolment, _ = part_of(rulebook)
    try:
        with faults():
            interview.run()
            said = afterrun.check_in(rulebook, record_of(rulebook, enrolment, interview.intake))
    except KeyboardInterrupt:
        leave(INTERRUPTED, "", "Stopped.", "Nothing was saved.")
    except InputClosed:
        leave(UNUSABLE, "", "error: the input ended before the questions did: there is no result.")
    except Left:
        say("", "Nothing was saved.")
        return
    if shape == "json":
        put_json(said.to_dict())
    else:
        show_page(check_in_page(rulebook, said))
