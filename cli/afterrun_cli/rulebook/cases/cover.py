"""`afterrun rules cover`: which conditions of which rules the cases exercise both ways."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from afterrun.telling import coverage_html, coverage_lines, coverage_page
from afterrun.verify.cases import Exercise, Places, cover
from afterrun_cli.rulebook.cases.tried import cases_from, lay_out_of, refusing_cases_that_fail
from afterrun_cli.terminal.exits import FOUND, leave
from afterrun_cli.terminal.loading import rulebook_from
from afterrun_cli.terminal.show import put, put_json

_COLOURS: Mapping[Exercise, str] = {"both": "32", "only true": "33", "only false": "33", "never": "31"}


def show_coverage(
    files: Sequence[Path],
    folder: Path | None,
    part: str | None,
    least: float | None,
    shape: Literal["text", "json", "html"],
) -> None:
    """Show the coverage; leave with 1 when it is below what is asked for."""
    rulebook = rulebook_from(folder, part)
    cases = cases_from(files, rulebook)
    places = Places(folder, part)
    with refusing_cases_that_fail():
        coverage = cover(rulebook, cases, places, lay_out_of(rulebook))
    page = coverage_page(rulebook, coverage, places)
    if shape == "json":
        put_json(coverage.to_dict())
    elif shape == "html":
        put(coverage_html(page))
    else:
        colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        for line in coverage_lines(page):
            code = _COLOURS[line.exercise] if line.exercise is not None and colour else ""
            put(line.words, code)
    if least is not None and coverage.percent < least:
        leave(FOUND, f"{coverage.percent:.1f} % is below the {least:g} % asked for")
