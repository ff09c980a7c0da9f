"""`afterrun plan` of an intake: the weeks of its plan out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import afterrun
from afterrun.intake import Format
from afterrun.telling import result_page
from afterrun_cli.runner.plans.options import PlanOptions
from afterrun_cli.runner.plans.shapes import Plan, show_plan
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import rulebook_from


def plan_file(
    file: str,
    start: date,
    options: PlanOptions,
    person: str | None,
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Show the weeks of one intake's plan, or say what to do instead; both are an answer, with exit 0."""
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, input_format)
    result = afterrun.assess(rulebook, answers)
    preferences = options.wishes.preferences(rulebook.schedule)
    schedule = afterrun.weeks(rulebook, afterrun.State.of(result, person), start, preferences=preferences)
    show_plan(Plan(rulebook, schedule, result_page(rulebook, result)), options)
