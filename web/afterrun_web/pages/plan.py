"""The weeks of the plan with how each exercise is done, and the same as a calendar."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import Response

import afterrun
from afterrun.schedule import as_calendar
from afterrun.telling import plan_page, plan_parts, result_page, why_no_weeks
from afterrun_web.forms import Form
from afterrun_web.pages.interview import Sent
from afterrun_web.pages.site import Site, Talk

FURTHEST = timedelta(days=366)


def router(site: Site) -> APIRouter:
    """The pages of a plan."""
    pages = APIRouter()

    @pages.post("/plan")
    def plan(form: Sent) -> Response:
        talk = site.talk_of(form)
        today = site.settings.now().date()
        start, wrong = first_day(form, today)
        found, schedule = weeks_of(talk, start)
        if not schedule.weeks:
            return without_weeks(talk, found, schedule)
        parts = plan_parts(talk.rulebook, schedule, plan_page(talk.rulebook, schedule), styled=False)
        return talk.page(
            "weeks.html.j2",
            status=422 if wrong else 200,
            start=start,
            today=today,
            furthest=today + FURTHEST,
            wrong=wrong,
            **parts,
        )

    @pages.post("/calendar")
    def calendar(form: Sent) -> Response:
        talk = site.talk_of(form)
        now = site.settings.now()
        start, _ = first_day(form, now.date())
        found, schedule = weeks_of(talk, start)
        if not schedule.weeks:
            return without_weeks(talk, found, schedule)
        # A count that grows from export to export, so that readers take the later one.
        written = as_calendar(schedule, now=now, sequence=int(now.timestamp()) // 60)
        return Response(
            written,
            media_type="text/calendar",
            headers={"Content-Disposition": 'attachment; filename="plan.ics"'},
        )

    return pages


def weeks_of(talk: Talk, start: date) -> tuple[afterrun.Result, afterrun.Schedule]:
    """The result, and its weeks from a first day on."""
    found = afterrun.assess(talk.rulebook, talk.talk.intake)
    return found, afterrun.weeks(talk.rulebook, afterrun.State.of(found), start)


def without_weeks(talk: Talk, found: afterrun.Result, schedule: afterrun.Schedule) -> Response:
    """What to do where nothing goes by the week."""
    told = result_page(talk.rulebook, found, commands=False)
    told = told._replace(lead=f"{told.lead} {why_no_weeks(talk.rulebook, schedule)}")
    level = talk.rulebook.triage[found.triage]
    return talk.page("outcome.html.j2", page=told, level=level, inputs=(), unfolded=False)


def first_day(form: Form, today: date) -> tuple[date, str]:
    """The first day of week 1, next Monday unless the form says another; and what is wrong with that."""
    monday = today + timedelta(days=-today.weekday() % 7)
    said = form.one("start").strip()
    if not said:
        return monday, ""
    try:
        start = date.fromisoformat(said)
    except ValueError:
        return monday, f"That is no date. Write it as in {monday}."
    if start < today:
        return monday, f"{start} is over. Give today or a later day."
    if start > today + FURTHEST:
        return monday, f"{start} is more than a year away. By then the answers are out of date."
    return start, ""
