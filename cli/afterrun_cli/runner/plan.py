"""`afterrun plan`: an intake or a diary in, the weeks of the plan out."""

from __future__ import annotations

import itertools
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import afterrun
from afterrun.intake import Format
from afterrun.telling import first_steps, page_of
from afterrun_cli.runner.assess import single_intake
from afterrun_cli.runner.plan_shapes import Plan, show_plan
from afterrun_cli.runner.plan_wanted import Wanted
from afterrun_cli.terminal.exits import COULD_NOT_RUN, UNUSABLE, leave, say
from afterrun_cli.terminal.loading import faults, rulebook_from


def plan_file(
    file: str,
    start: date,
    wanted: Wanted,
    person: str | None,
    format: Format | None,
    rulebook_folder: Path | None,
) -> None:
    """Show the weeks of one intake's plan, or say what to do instead; both are an answer, with exit 0."""
    _refuse_missing_extra(wanted)
    rulebook = rulebook_from(rulebook_folder)
    answers = single_intake(rulebook, file, format)
    with faults():
        result = afterrun.assess(rulebook, answers)
    try:
        state = afterrun.State.of(result, person)
        schedule = afterrun.weeks(rulebook, state, start, usual_time=wanted.at)
    except afterrun.NoScheduleError as error:
        leave(UNUSABLE, f"error: {error}")
    show_plan(Plan(rulebook, schedule, first_steps(rulebook, result)), wanted)


def plan_of_diary(wanted: Wanted, person: str, db: str | None, rulebook_folder: Path | None) -> None:
    """Show the weeks that lie ahead of someone who keeps a diary, as the last check-in left them."""
    from afterrun_cli.diary.opening import opened

    _refuse_missing_extra(wanted)
    part = rulebook_from(rulebook_folder, "checkin")
    assert part.base is not None
    with opened(db) as diary:
        from afterrun.diary import schedules_of

        history = diary.history(person)
        with faults():
            *before, schedule = schedules_of(part, history, usual_time=wanted.at)
            earlier = [(each, history.changed_from) for each in before]
            *past, _ = diary.all_of(person)
            for old, new in itertools.pairwise([*past, history]):
                earlier += [(each, new.noted_at.date()) for each in schedules_of(part, old)]
    level = part.base.triage[schedule.triage]
    instead = page_of(level.name, level.do, (), schedule.rulebook)
    show_plan(Plan(part.base, schedule, instead, earlier), wanted)
    if history.standing.stopped:
        say("When you have been seen and told that you may go on:  afterrun checkin --seen")
    elif history.last_day(history.next_week) < wanted.now.date():
        say(f"Week {history.next_week} has had no check-in yet, and the plan waits for it:  afterrun checkin")


def _refuse_missing_extra(wanted: Wanted) -> None:
    if wanted.shape == "ics" and find_spec("icalendar") is None:
        leave(
            COULD_NOT_RUN,
            "error: a calendar needs icalendar, which is not installed. "
            "Install it with:  pip install 'afterrun[calendar]'",
        )
