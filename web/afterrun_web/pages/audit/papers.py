"""What is printed or taken along of an audit: one page for whoever treats the knee, and the whole report."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from afterrun.telling import Paper, contents_of, handover_of, handover_parts, report_html, report_parts
from afterrun_web.pages.audit.subject import subject_in
from afterrun_web.pages.site import Site
from afterrun_web.requests.sent import Sent

PAPERS: tuple[Paper, ...] = get_args(Paper)
DOWNLOAD = {"Content-Disposition": 'attachment; filename="audit-report.html"'}


def add_to(pages: APIRouter, site: Site) -> None:
    """The summary and the report."""

    @pages.post("/summary")
    def summary(form: Sent) -> Response:
        subject = subject_in(site, form)
        paper = next((each for each in PAPERS if each == form.one("paper")), PAPERS[0])
        handover = handover_of(subject.rulebook, subject.answers)
        return subject.page("summary.html.j2", papers=PAPERS, **handover_parts(handover, paper))

    @pages.post("/report")
    def report(form: Sent) -> Response:
        subject = subject_in(site, form)
        if form.one("do") == "download":
            return HTMLResponse(report_html(subject.rulebook, subject.answers), headers=DOWNLOAD)
        return subject.page("report.html.j2", **report_parts(contents_of(subject.rulebook, subject.answers)))
