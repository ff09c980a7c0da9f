"""`afterrun start`: an intake in, an enrolment in the diary."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import afterrun
from afterrun.intake import Format
from afterrun.schedule import Preferences, day_words
from afterrun.telling import conflicts_section, phase_words
from afterrun_cli.diary.opening import open_diary
from afterrun_cli.runner.plans.options import first_day, refuse_blank
from afterrun_cli.runner.plans.wishes import Wishes
from afterrun_cli.terminal.intakes import single_intake
from afterrun_cli.terminal.loading import check_in_part_from
from afterrun_cli.terminal.show import put_lines


class StartOptions(NamedTuple):
    """What the command line says of the first day, and of a plan that there is already."""

    start: str | None
    past: bool
    again: bool
    seen: bool
    now: datetime
    wishes: Wishes = Wishes()


def start_plan(
    file: str,
    options: StartOptions,
    person: str,
    db: str | None,
    input_format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Enrol, or say why not."""
    now = options.now
    refuse_blank(options.wishes)
    begins = first_day(options.start, now.date(), options.past)
    part = check_in_part_from(rulebook_folder)
    base = part.base
    assert base is not None
    preferences = options.wishes.preferences(base.schedule)
    answers = single_intake(base, file, input_format)
    result = afterrun.assess(base, answers)
    with open_diary(db, must_exist=False) as diary:
        intake = afterrun.as_intake(base, answers)
        from afterrun.diary import NewPlan, schedules_of

        plan = NewPlan(person, begins, now, options.again, options.seen, preferences)
        history = diary.enrol(part, intake, result, plan)
    starts, first = (day_words(day, year=True) for day in (history.start, history.last_day(1)))
    put_lines(f"Enrolled: {phase_words(part, history.standing.programme)}, from {starts} on.")
    put_lines(f"First check-in: on {first} or later, with  afterrun checkin")
    if history.number > 1:
        put_lines("The plan before this one is over; a calendar takes back what it still held.")
    if preferences != Preferences():
        for point in conflicts_section(schedules_of(part, history)[-1]).points:
            put_lines(f"{point.name}: {point.text}")
    put_lines("Its weeks, as they stand after each check-in:  afterrun plan")
    put_lines("The same as a calendar:  afterrun plan -o plan.ics")
