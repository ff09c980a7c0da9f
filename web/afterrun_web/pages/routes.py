"""Where each page is asked for."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from afterrun_web.pages import audit, batch, book, diary, installing, outcome, plan, start
from afterrun_web.pages.by_form import BY_FORM
from afterrun_web.pages.interview import own_files
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent


def router(site: Site) -> APIRouter:
    """Every page."""
    whole = APIRouter(include_in_schema=False)
    whole.include_router(_of_forms(site))
    for part in (start, own_files, installing, diary, audit, batch, book):
        whole.include_router(part.router(site))
    return whole


def _of_forms(site: Site) -> APIRouter:
    """The pages that follow from the answers in a form."""
    pages = APIRouter()
    for path, answer in {**BY_FORM, "/why": _why, "/calendar": plan.calendar}.items():
        pages.add_api_route(path, _answering(site, answer), methods=["POST"])
    return pages


def _why(site: Site, form: Form) -> Response:
    """Here a rule has a page of its own."""
    return outcome.why(site, form, book.rule_link)


def _answering(site: Site, answer: Callable[[Site, Form], Response]) -> Callable[[Form], Response]:
    def endpoint(form: Sent) -> Response:
        return answer(site, form)

    return endpoint
