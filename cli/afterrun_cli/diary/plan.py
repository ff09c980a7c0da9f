"""`afterrun plan` without an intake: the weeks that lie ahead, as the last check-in left them."""

from __future__ import annotations

from pathlib import Path

from afterrun.telling import page_of, stopped_words, what_now
from afterrun_cli.diary.opening import open_diary
from afterrun_cli.runner.plans.options import PlanOptions
from afterrun_cli.runner.plans.shapes import Plan, show_plan
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.loading import check_in_part_from


def plan_of_diary(options: PlanOptions, person: str, db: str | None, rulebook_folder: Path | None) -> None:
    """Show the weeks that lie ahead of someone who keeps a diary."""
    part = check_in_part_from(rulebook_folder)
    assert part.base is not None
    with open_diary(db) as diary:
        from afterrun.diary import weeks_ahead

        history, schedule, earlier = weeks_ahead(part, diary.enrolments(person), usual_time=options.at)
    level = part.base.triage[schedule.triage]
    instead = page_of(level.name, f"{level.do} {stopped_words(history)}".strip(), (), schedule.rulebook)
    show_plan(Plan(part.base, schedule, instead, earlier), options)
    if history.standing.stopped:
        say(*what_now(history, schedule))
    elif history.last_day(history.next_week) < options.now.date():
        say(f"Week {history.next_week} has had no check-in yet, and the plan waits for it:  afterrun checkin")
