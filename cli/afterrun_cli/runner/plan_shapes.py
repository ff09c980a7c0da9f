"""A plan written in the shape asked for; where there are no weeks, what to do instead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import afterrun
from afterrun.telling import Page
from afterrun_cli.runner.plan_wanted import Wanted
from afterrun_cli.terminal.exits import say
from afterrun_cli.terminal.private_files import write_out
from afterrun_cli.terminal.show import put_json, show_page
from afterrun_cli.terminal.text import as_text


class Plan(NamedTuple):
    """The weeks, and what stands around them."""

    rulebook: afterrun.Rulebook
    schedule: afterrun.Schedule
    instead: Page
    """Shown where there are no weeks."""
    earlier: Sequence[tuple[afterrun.Schedule, date]] = ()
    """What stood there before check-ins or a new beginning changed it, and from which day on it is gone."""


def show_plan(plan: Plan, wanted: Wanted) -> None:
    """Write the plan; weeks or none, both are an answer."""
    schedule = plan.schedule
    if wanted.shape == "json":
        level = plan.rulebook.triage[schedule.triage]
        _put_json({**schedule.to_dict(), "now": level.do}, wanted.output)
    elif wanted.shape == "csv":
        from afterrun.schedule import as_csv

        write_out(as_csv(schedule), wanted.output)
    elif wanted.shape == "ics" and (schedule.weeks or plan.earlier):
        _write_calendar(plan, wanted)
    elif schedule.weeks:
        _write_weeks(plan, wanted)
    if not schedule.weeks:
        _tell_instead(plan, wanted)


def _write_calendar(plan: Plan, wanted: Wanted) -> None:
    from afterrun.schedule import Earlier, as_calendar

    # A count that grows from export to export, so that readers take the later one.
    sequence = int(wanted.now.timestamp()) // 60
    calendar = as_calendar(
        plan.schedule,
        now=wanted.now.astimezone(),
        sequence=sequence,
        instead_of=[Earlier(*each) for each in plan.earlier],
    )
    write_out(calendar, wanted.output)


def _write_weeks(plan: Plan, wanted: Wanted) -> None:
    if wanted.shape == "svg":
        from afterrun.schedule import as_svg

        write_out(as_svg(plan.schedule), wanted.output)
        return
    from afterrun.telling import plan_html, plan_page

    plan_in_words = plan_page(plan.rulebook, plan.schedule)
    if wanted.shape == "html":
        write_out(plan_html(plan.rulebook, plan.schedule, plan_in_words), wanted.output)
    elif wanted.output is None:
        show_page(plan_in_words.page)
    else:
        write_out(as_text(plan_in_words.page) + "\n", wanted.output)


def _tell_instead(plan: Plan, wanted: Wanted) -> None:
    """Nothing goes by the week: say what to do now, in the picture too, for an older one may hang there."""
    level = plan.rulebook.triage[plan.schedule.triage]
    because = (
        "Nothing that is recommended goes by the week, so there are no weeks to lay out."
        if level.shows_plan
        else "There is no plan by the week."
    )
    page = plan.instead._replace(lead=f"{plan.instead.lead} {because}")
    if wanted.shape == "html":
        from afterrun.telling import page_html

        write_out(page_html(page, limits=plan.rulebook.identity.limits), wanted.output)
    elif wanted.shape == "text":
        write_out(as_text(page) + "\n", wanted.output)
    elif wanted.shape == "svg":
        from afterrun.schedule import words_as_svg

        write_out(words_as_svg(level.name, f"{level.do} {because}"), wanted.output)
        say(f"{level.name}. {level.do}", because)
    else:
        say(f"{level.name}. {level.do}", because)
        if wanted.shape == "ics":
            gone = any(each.at.date() >= since for old, since in plan.earlier for each in old.sessions)
            if not plan.earlier:
                say("Nothing was written.")
            elif gone:
                say("The calendar takes back the sessions that were planned.")


def _put_json(value: dict[str, object], output: str | None) -> None:
    if output is None:
        put_json(value)
    else:
        write_out(json.dumps(value, indent=2, ensure_ascii=False) + "\n", output)
