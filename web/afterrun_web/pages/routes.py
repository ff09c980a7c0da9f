"""Where each page is asked for."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun_web.pages import audit, batch, book, diary, installing, interview, outcome, plan, start
from afterrun_web.pages.site import Site
from afterrun_web.sent import Sent


def router(site: Site) -> APIRouter:
    """Every page."""
    whole = APIRouter(include_in_schema=False)
    whole.include_router(_of_forms(site))
    for part in (start, installing, diary, audit, batch, book):
        whole.include_router(part.router(site))
    return whole


def _of_forms(site: Site) -> APIRouter:
    """The pages that follow from the answers in a form."""
    pages = APIRouter()

    @pages.post("/question")
    def question(form: Sent) -> Response:
        return interview.question(site, form)

    @pages.post("/answers")
    def answers(form: Sent) -> Response:
        return interview.answers(site, form)

    @pages.post("/result")
    def result(form: Sent) -> Response:
        return outcome.result(site, form)

    @pages.post("/why")
    def why(form: Sent) -> Response:
        return outcome.why(site, form, book.rule_link)

    @pages.post("/plan")
    def weeks(form: Sent) -> Response:
        return plan.weeks(site, form)

    @pages.post("/exercises")
    def exercises(form: Sent) -> Response:
        return plan.exercises(site, form)

    @pages.post("/calendar")
    def calendar(form: Sent) -> Response:
        return plan.calendar(site, form)

    return pages
