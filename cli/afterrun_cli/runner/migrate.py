"""`afterrun migrate`: intakes of the earlier questionnaire in, those of today's out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import afterrun
from afterrun.intake import Format, as_intake, migrate, read_raw
from afterrun.telling import migration_lines
from afterrun_cli.terminal.exits import FOUND, UNUSABLE, error_lines, leave, say
from afterrun_cli.terminal.files import json_text, write_out
from afterrun_cli.terminal.intakes import intakes_of, refuse_stdin_twice
from afterrun_cli.terminal.loading import rulebook_from


def migrate_files(
    files: Sequence[str], output: str | None, input_format: Format | None, rulebook_folder: Path | None
) -> None:
    """Rewrite every intake of every file, and leave with 1 where something is to be answered again."""
    refuse_stdin_twice(files)
    rulebook = rulebook_from(rulebook_folder)
    raws = [raw for file in files for raw in intakes_of(file, input_format)]
    alone = len(raws) == 1 and raws[0].whole_file
    written: list[str] = []
    left = bad = 0
    for raw in raws:
        try:
            migration = read_raw(rulebook, raw, migrate)
            answers = read_raw(rulebook, raw._replace(data=migration.intake), afterrun.read_answers)
        except afterrun.IntakeError as error:
            bad += 1
            say(*error_lines(error.problems))
            continue
        intake = as_intake(rulebook, answers)
        written.append(json_text(intake, compact=not alone))
        waiting = afterrun.assess(rulebook, answers).open_questions
        left += bool(migration.again or waiting)
        say(*migration_lines(migration, waiting, f"{raw.file}:{raw.line}: "))
    if written:
        write_out("".join(written), output)
    if bad or left:
        leave(FOUND if written else UNUSABLE)
