"""`afterrun checkin` without a diary: check-ins from files, or asked here, and what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import afterrun
from afterrun.assessment import part_of
from afterrun.intake import ANSWERS, ENROLLED, Format, read_raw, record_of
from afterrun.telling import check_in_page
from afterrun_cli.interview.conversation import Interview
from afterrun_cli.interview.leaving import leave_with_person, offer_rest
from afterrun_cli.runner.logged import LogOptions, logged
from afterrun_cli.terminal.exits import say_more
from afterrun_cli.terminal.intakes import answer_files, refuse_stdin_twice
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_json, show_page


def check_in(
    files: list[str],
    shape: Literal["text", "json"],
    input_format: Format | None,
    rulebook_folder: Path | None,
    logs: LogOptions,
    *,
    full: bool,
) -> None:
    """Answer every check-in of every file, or the one that is asked for when there is no file."""
    refuse_stdin_twice(files)
    part = check_in_part_from(rulebook_folder)

    def show(said: afterrun.CheckIn) -> None:
        show_page(check_in_page(part, said), full=full)

    with logged(logs, part) as log:
        if files:
            answer_files(
                files,
                input_format,
                shape,
                lambda raw: log.check_in(
                    read_raw(part, raw, afterrun.check_in), raw.data[ENROLLED].get(ANSWERS)
                ),
                show,
            )
            if shape == "text" and not full:
                say_more()
            return
        said = log.check_in(_ask(part), None)
    if shape == "json":
        put_json(said.to_dict())
    else:
        page = check_in_page(part, said)
        show_page(page, full=full)
        if not full:
            offer_rest(page)


def _ask(part: afterrun.Rulebook) -> afterrun.CheckIn:
    """Ask programme and week, then only what can still change what to do."""
    interview = Interview(part, {}, None)
    enrolment, _ = part_of(part)
    with leave_with_person(lambda: ["Nothing was saved."], "there is no result"):
        interview.run()
        return afterrun.check_in(part, record_of(part, enrolment, interview.intake))
