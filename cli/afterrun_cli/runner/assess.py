"""`afterrun assess`: intake files in, results out, in order, as they are read."""

from __future__ import annotations

from pathlib import Path

from afterrun.intake import Format, read_intake
from afterrun_cli.runner.logged import LogOptions, logged
from afterrun_cli.terminal.exits import say_more
from afterrun_cli.terminal.intakes import answer_files, refuse_stdin_twice
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import Shape, show_result


def assess_files(
    files: list[str],
    shape: Shape,
    input_format: Format | None,
    rulebook_folder: Path | None,
    logs: LogOptions,
    *,
    full: bool,
) -> None:
    """Assess every intake of every file."""
    refuse_stdin_twice(files)
    rulebook = rulebook_from(rulebook_folder)
    with logged(logs, rulebook) as log:
        answer_files(
            files,
            input_format,
            shape,
            lambda raw: log.assess(rulebook, read_intake(rulebook, raw)),
            lambda result: show_result(rulebook, result, shape, full=full),
        )
    if shape == "text" and not full:
        say_more()
