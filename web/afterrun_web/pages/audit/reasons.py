"""Why a conclusion, a number or a rule is so or not, down to the answers; and what would change it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.explanation import Names
from afterrun.rulebook import engine_of
from afterrun.telling import MOST_SETS, Inquiry, explanation_parts
from afterrun_web.pages.audit.opening import overview
from afterrun_web.pages.audit.subject import Subject, subject_in
from afterrun_web.pages.outcome import MOST_BESIDE
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent

WHICH = "There is nothing of that name here. Choose one of the lists below."


def add_to(pages: APIRouter, site: Site) -> None:
    """The pages of one conclusion."""

    @pages.post("/why")
    def why(form: Sent) -> Response:
        subject, name = subject_in(site, form), form.one("conclusion")
        if not engine_of(subject.rulebook, Names).whole(name):
            return overview(subject, WHICH)
        return _found(subject, form, "reasons.html.j2", name, Inquiry([name]))

    @pages.post("/nearest")
    def nearest(form: Sent) -> Response:
        subject, name = subject_in(site, form), form.one("conclusion")
        # A short name would stand for many, and for many seconds.
        if name not in subject.rulebook.propositions:
            return overview(subject, WHICH)
        return _found(subject, form, "nearest.html.j2", name, Inquiry(nearest=[name]))

    @pages.post("/why-asked")
    def why_asked(form: Sent) -> Response:
        subject, name = subject_in(site, form), form.one("question")
        if name not in subject.rulebook.questions:
            return overview(subject, WHICH)
        return _found(subject, form, "asked.html.j2", name, Inquiry(questions=[name]))


def _found(subject: Subject, form: Form, template: str, name: str, inquiry: Inquiry) -> Response:
    parts = explanation_parts(subject.view, subject.found(inquiry))
    parts["rule_link"] = subject.rule_link
    do, beside = form.one("do"), len(parts["sources"]) <= MOST_BESIDE
    if not beside:
        parts["source_link"] = None
    return subject.page(
        template,
        chosen=name,
        changeable=name in subject.rulebook.propositions,
        sources_alone=do == "sources",
        sources_beside=beside,
        most=None if do == "every" else MOST_SETS,
        **parts,
    )
