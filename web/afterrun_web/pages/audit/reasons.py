"""Why one conclusion is so, or not so, down to the answers; and what it would take for it to be otherwise."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.errors import UnknownNameError
from afterrun.telling import MOST_SETS, Inquiry, capital, explanation_parts
from afterrun_web.forms import Form
from afterrun_web.pages.audit.opening import overview
from afterrun_web.pages.audit.subject import Subject, subject_in
from afterrun_web.pages.interview import Sent
from afterrun_web.pages.outcome import MOST_BESIDE
from afterrun_web.pages.site import Site

WHICH = "Choose a conclusion of the list. Nothing was asked for yet."


def add_to(pages: APIRouter, site: Site) -> None:
    """The pages of one conclusion."""

    @pages.post("/why")
    def why(form: Sent) -> Response:
        return _about(site, form, "reasons.html.j2")

    @pages.post("/why-asked")
    def why_asked(form: Sent) -> Response:
        return _about(site, form, "asked.html.j2")

    @pages.post("/nearest")
    def nearest(form: Sent) -> Response:
        return _about(site, form, "nearest.html.j2")


def _about(site: Site, form: Form, template: str) -> Response:
    subject = subject_in(site, form)
    name = form.one("question" if template == "asked.html.j2" else "conclusion")
    if not name:
        return overview(subject, WHICH)
    try:
        return subject.page(template, **_parts(subject, form, template, name))
    except UnknownNameError as error:
        return overview(subject, capital(str(error)))


def _parts(subject: Subject, form: Form, template: str, name: str) -> dict[str, Any]:
    do = form.one("do")
    match template:
        case "asked.html.j2":
            found = subject.found(Inquiry(questions=[name]))
        case "nearest.html.j2":
            found = subject.found(Inquiry(nearest=[name]))
        case _:
            found = subject.found(Inquiry([name]))
    sources = found.sources()
    return {
        "chosen": name,
        "sources_alone": do == "sources",
        "sources_beside": len(sources) <= MOST_BESIDE,
        "most": None if do == "every" else MOST_SETS,
        **explanation_parts(subject.view, found),
    }
