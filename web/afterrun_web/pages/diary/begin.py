"""A result's answers in, a plan in the diary out: from which day, on which days, at what time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.responses import Response

import afterrun
from afterrun.assessment import Conversation
from afterrun.schedule import Preferences, PreferencesError
from afterrun.telling import phase_words, stopped_words
from afterrun_web.pages.diary.desk import STALE, Desk, stand_of
from afterrun_web.pages.diary.standing import standing_page
from afterrun_web.pages.plan import FURTHEST, first_day
from afterrun_web.pages.wishes import fields_of, wishes_in, wrong_words
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent

if TYPE_CHECKING:
    from afterrun.diary import History

ALREADY = "Your plan was begun already, with these answers. It stands once."
NEEDS_AGAIN = "You have a plan already. Say that this one is to take its place."
NEEDS_SEEN = "Your plan was stopped. Another one follows it only once you have been seen."


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages that begin a plan."""

    @pages.post("/start")
    def start(form: Sent) -> Response:
        try:
            chosen = wishes_in(desk.base, form)
        except PreferencesError as error:
            return Beginning(desk, form).page(wrong_words(error))
        return Beginning(desk, form).page(chosen=chosen)

    @pages.post("/begin")
    def begin(form: Sent) -> Response:
        return Beginning(desk, form).begun()


class Beginning:
    """A plan to begin from the answers that a form carries."""

    def __init__(self, desk: Desk, form: Form) -> None:
        self._desk = desk
        self._form = form
        self._talk = desk.site.talk_of(form)
        talk = Conversation(self._talk.rulebook, self._talk.talk.answers)
        self._intake = afterrun.as_intake(talk.rulebook, afterrun.read_answers(talk.rulebook, talk.intake))

    def page(self, wrong: list[str] | None = None, chosen: Preferences = Preferences()) -> Response:  # noqa: B008
        """What is to be chosen; that no plan follows is told before."""
        from afterrun.diary import begin

        desk, today = self._desk, self._desk.now.date()
        result = afterrun.assess(desk.base, self._intake)
        standing = begin(desk.part, result)
        found = desk.enrolments()
        latest = found[-1] if found else None
        starts, _ = first_day(self._form.one("start"), today)
        schedule = afterrun.weeks(desk.base, afterrun.State.of(result), starts, preferences=chosen)
        return desk.page(
            "start.html.j2",
            status=422 if wrong else 200,
            token=self._talk.token,
            stand=desk.seal({"stand": stand_of(latest)}),
            phase=phase_words(desk.part, standing.programme),
            start=starts,
            today=today,
            furthest=today + FURTHEST,
            wishes=fields_of(desk.base, chosen, schedule),
            wrong=wrong or [],
            latest=latest,
            stopped=stopped_words(latest) if latest is not None else "",
        )

    def begun(self) -> Response:
        """The plan is begun, or what is wrong is told."""
        from afterrun.diary import NewPlan

        desk, form, now = self._desk, self._form, self._desk.now
        about = desk.about_in(Form({"token": form.all("stand")}))
        starts, wrong = first_day(form.one("start"), now.date())
        try:
            chosen = wishes_in(desk.base, form)
        except PreferencesError as error:
            return self.page([*([wrong] if wrong else []), *wrong_words(error)])
        if wrong:
            return self.page([wrong], chosen)
        again, seen = bool(form.one("again")), bool(form.one("seen"))
        with desk.writing(create=True) as diary:
            found = diary.all_of(desk.person)
            latest = found[-1] if found else None
            if latest is not None and self._is_this(latest, starts, chosen):
                already = True
            elif about.get("stand") != stand_of(latest):
                raise STALE
            else:
                already = False
                if latest is not None and not again:
                    return self.page([NEEDS_AGAIN], chosen)
                if latest is not None and latest.standing.stopped and not seen:
                    return self.page([NEEDS_SEEN], chosen)
                result = afterrun.assess(desk.base, self._intake)
                plan = NewPlan(desk.person, starts, now, again and latest is not None, seen, chosen)
                diary.enrol(desk.part, self._intake, result, plan)
        if already:
            return standing_page(desk, ALREADY)
        return desk.to()

    def _is_this(self, latest: History, starts: date, chosen: Preferences) -> bool:
        """Whether the latest plan is the one that the form begins, which was sent twice."""
        same = (latest.intake, latest.start, latest.preferences) == (
            self._intake,
            starts,
            chosen.to_dict(),
        )
        return same and not latest.check_ins and latest.noted_at.date() == self._desk.now.date()
