"""`afterrun start`: an intake in, an enrolment in the diary."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import afterrun
from afterrun.intake import Format
from afterrun_cli.diary.opening import opened
from afterrun_cli.runner.assess import single_intake
from afterrun_cli.runner.plan_wanted import first_day
from afterrun_cli.terminal.loading import faults, rulebook_from
from afterrun_cli.terminal.show import put


class Beginning(NamedTuple):
    """What the command line says of the first day, and of a plan that there is already."""

    start: str | None
    past: bool
    again: bool
    seen: bool


def start_plan(
    file: str,
    beginning: Beginning,
    person: str,
    db: str | None,
    format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Enrol, or say why not."""
    now = datetime.now().replace(microsecond=0)
    begins = first_day(beginning.start, now.date(), beginning.past)
    part = rulebook_from(rulebook_folder, "checkin")
    base = part.base
    assert base is not None
    answers = single_intake(base, file, format)
    with faults():
        result = afterrun.assess(base, answers)
    with opened(db, must_exist=False) as diary:
        intake = afterrun.as_intake(base, answers)
        from afterrun.diary import NewPlan

        plan = NewPlan(person, begins, now, beginning.again, beginning.seen)
        history = diary.enrol(part, intake, result, plan)
    programme = part.questions["programme"]
    name = next(each.text for each in programme.options if each.id == history.standing.programme)
    put(f"Enrolled: {name}, from {history.start} on.")
    put(f"First check-in: on {history.last_day(1)} or later, with  afterrun checkin")
    if history.number > 1:
        put("The plan before this one is over; a calendar takes back what it still held.")
    put("Its weeks, as they stand after each check-in:  afterrun plan  (-o plan.ics for a calendar)")
