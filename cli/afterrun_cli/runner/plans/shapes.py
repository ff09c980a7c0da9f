"""A plan written in the shape asked for; where there are no weeks, what to do instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import afterrun
from afterrun.telling import Page, as_markdown, page_html, plan_html, plan_page, why_no_weeks
from afterrun_cli.runner.plans.options import PlanOptions
from afterrun_cli.terminal.exits import say, say_more
from afterrun_cli.terminal.files import write_json, write_out
from afterrun_cli.terminal.layout.text import as_text
from afterrun_cli.terminal.pdf import pdf_of
from afterrun_cli.terminal.show import show_page


class Plan(NamedTuple):
    """The weeks, and what stands around them."""

    rulebook: afterrun.Rulebook
    schedule: afterrun.Schedule
    instead: Page
    """Shown where there are no weeks."""
    earlier: Sequence[tuple[afterrun.Schedule, date]] = ()
    """What stood there before check-ins or a new beginning changed it, and from which day on it is gone."""


def show_plan(plan: Plan, options: PlanOptions) -> None:
    """Write the plan; weeks or none, both are an answer."""
    schedule = plan.schedule
    if options.shape == "json":
        level = plan.rulebook.triage[schedule.triage]
        write_json({**schedule.to_dict(), "now": level.do}, options.output)
    elif options.shape == "csv":
        from afterrun.schedule import as_csv

        write_out(as_csv(schedule), options.output)
    elif options.shape == "ics" and (schedule.weeks or plan.earlier):
        _write_calendar(plan, options)
    elif schedule.weeks:
        _write_weeks(plan, options)
    if not schedule.weeks:
        _tell_instead(plan, options)


def _write_calendar(plan: Plan, options: PlanOptions) -> None:
    from afterrun.schedule import Earlier, as_calendar

    # A count that grows from export to export, so that readers take the later one.
    sequence = int(options.now.timestamp()) // 60
    calendar = as_calendar(
        plan.schedule,
        now=options.now.astimezone(),
        sequence=sequence,
        instead_of=[Earlier(*each) for each in plan.earlier],
    )
    write_out(calendar, options.output)


def _write_weeks(plan: Plan, options: PlanOptions) -> None:
    if options.shape == "svg":
        from afterrun.schedule import as_svg

        write_out(as_svg(plan.schedule), options.output)
        return
    plan_in_words = plan_page(plan.rulebook, plan.schedule)
    if options.shape in ("html", "pdf"):
        html = plan_html(plan.rulebook, plan.schedule, plan_in_words)
        write_out(pdf_of(html) if options.shape == "pdf" else html, options.output)
    elif options.shape == "markdown":
        write_out(as_markdown(plan_in_words.illustrated) + "\n", options.output)
    elif options.output is None:
        show_page(plan_in_words.page, full=options.full)
        if not options.full:
            say_more()
    else:
        write_out(as_text(plan_in_words.page.whole) + "\n", options.output)


def _tell_instead(plan: Plan, options: PlanOptions) -> None:
    """Nothing goes by the week: say what to do now, in the picture too, for an older one may hang there."""
    level = plan.rulebook.triage[plan.schedule.triage]
    because = why_no_weeks(plan.rulebook, plan.schedule)
    page = plan.instead._replace(lead=f"{plan.instead.lead} {because}")
    if options.shape in ("html", "pdf"):
        html = page_html(page)
        write_out(pdf_of(html) if options.shape == "pdf" else html, options.output)
    elif options.shape == "markdown":
        write_out(as_markdown(page) + "\n", options.output)
    elif options.shape == "text" and options.output is None:
        show_page(page, full=options.full)
        if page.more and not options.full:
            say_more()
    elif options.shape == "text":
        write_out(as_text(page.whole) + "\n", options.output)
    elif options.shape == "svg":
        from afterrun.schedule import words_as_svg

        write_out(words_as_svg(level.name, f"{level.do} {because}"), options.output)
        say(f"{level.name}. {level.do}", because)
    else:
        say(f"{level.name}. {level.do}", because)
        if options.shape == "ics":
            gone = any(each.at.date() >= since for old, since in plan.earlier for each in old.sessions)
            if not plan.earlier:
                say("Nothing was written.")
            elif gone:
                say("The calendar takes back the sessions that were planned.")
