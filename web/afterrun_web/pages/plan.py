"""The weeks of the plan, how each exercise is done, and the same as a calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import afterrun
from afterrun.schedule import Earlier, Preferences, PreferencesError, Schedule
from afterrun.telling import PlanPage, plan_page, plan_parts, result_page, why_no_weeks
from afterrun_web.pages.site import Site
from afterrun_web.pages.wishes import fields_of, sent_in, wishes_in, wrong_words
from afterrun_web.requests.forms import Form

if TYPE_CHECKING:
    from starlette.responses import Response

FURTHEST = timedelta(days=366)
A_PAGE = 24
"""Weeks on one page, so that none is long to load."""


def weeks(site: Site, form: Form) -> Response:
    """The weeks of the plan."""
    return Weeks(site, form).page("weeks.html.j2")


def exercises(site: Site, form: Form) -> Response:
    """How each exercise of the plan is done."""
    return Weeks(site, form).page("exercises.html.j2")


def calendar(site: Site, form: Form) -> Response:
    """The sessions as a calendar."""
    return Weeks(site, form).calendar()


class Weeks:
    """The weeks that follow from the answers in a form, from the day and with the wishes that it says."""

    def __init__(self, site: Site, form: Form) -> None:
        self._talk = site.talk_of(form)
        self._form = form
        self._now = site.settings.now()
        rulebook = self._talk.rulebook
        self._start, wrong = first_day(form.one("start"), self._now.date())
        self._wrong = [wrong] if wrong else []
        self._chosen = Preferences()
        try:
            self._chosen = wishes_in(rulebook, form)
        except PreferencesError as error:
            self._wrong += wrong_words(error)
        self._result = afterrun.assess(rulebook, self._talk.talk.intake, engine=site.engine)
        self._schedule = afterrun.weeks(
            rulebook, afterrun.State.of(self._result), self._start, preferences=self._chosen
        )

    def page(self, template: str) -> Response:
        """A page of the plan."""
        if not self._schedule.weeks:
            return self._instead()
        today = self._now.date()
        return self._talk.page(
            template,
            status=422 if self._wrong else 200,
            start=self._start,
            today=today,
            furthest=today + FURTHEST,
            wrong=self._wrong,
            wishes=fields_of(self._talk.rulebook, self._chosen, self._schedule),
            sent=sent_in(self._form),
            **self._parts(),
        )

    def calendar(self) -> Response:
        """The sessions as events of a calendar; none of days that were not meant."""
        if not self._schedule.weeks:
            return self._instead()
        if self._wrong:
            return self.page("weeks.html.j2")
        return calendar_file(self._schedule, self._now)

    def _parts(self) -> dict[str, Any]:
        """What is shown of the plan: all of it on paper, else so many weeks, the exercises on their own."""
        rulebook = self._talk.rulebook
        whole = plan_page(rulebook, self._schedule)
        parts = plan_parts(rulebook, self._schedule, whole, styled=False)
        if self._form.one("do") == "print":
            return {**parts, "cards": whole.exercises, "printed": True, "first": 1, "others": ()}
        shown, others = weeks_from(whole, self._form.one("week"))
        first = shown.weeks[0].number
        cards = whole.exercises
        return {**parts, "plan": shown, "cards": cards, "printed": False, "first": first, "others": others}

    def _instead(self) -> Response:
        """What to do where nothing goes by the week."""
        rulebook = self._talk.rulebook
        told = result_page(rulebook, self._result, commands=False)
        told = told._replace(lead=f"{told.lead} {why_no_weeks(rulebook, self._schedule)}")
        level = rulebook.triage[self._result.triage]
        return self._talk.page("outcome.html.j2", page=told, level=level, inputs=(), unfolded=False)


def weeks_from(whole: PlanPage, number: str) -> tuple[PlanPage, list[tuple[int, int]]]:
    """The page of weeks that begins with this one, else the first; and where each other begins and ends."""
    pages = [whole.weeks[at : at + A_PAGE] for at in range(0, len(whole.weeks), A_PAGE)]
    shown = next((each for each in pages if str(each[0].number) == number), pages[0])
    others = [(each[0].number, each[-1].number) for each in pages if each is not shown]
    return whole._replace(weeks=shown, exercises=()), others


def calendar_file(schedule: Schedule, now: datetime, instead_of: Iterable[Earlier] = ()) -> Response:
    """The sessions as events to take along, which take back what an earlier export held."""
    from starlette.responses import Response

    from afterrun.schedule import as_calendar

    return Response(
        # A count that grows from export to export, so that readers take the later one.
        as_calendar(schedule, now=now, sequence=int(now.timestamp()) // 60, instead_of=instead_of),
        media_type="text/calendar",
        headers={"Content-Disposition": 'attachment; filename="plan.ics"'},
    )


def first_day(said: str, today: date) -> tuple[date, str]:
    """The first day of week 1, next Monday unless another is said; and what is wrong with that."""
    monday = today + timedelta(days=-today.weekday() % 7)
    if not said.strip():
        return monday, ""
    try:
        start = date.fromisoformat(said.strip())
    except ValueError:
        return monday, f"That is no date. Write it as in {monday}."
    if start < today:
        return monday, f"{start} is over. Give today or a later day."
    if start > today + FURTHEST:
        return monday, f"{start} is more than a year away. By then the answers are out of date."
    return start, ""
