"""The result: its first screen and the rest folded below it, and the proof of each conclusion."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

import afterrun
from afterrun.assessment import Case, result_of
from afterrun.explanation import explanations_of
from afterrun.telling import Findings, View, explanation_parts, result_page
from afterrun_web.pages.interview import Interview, Sent
from afterrun_web.pages.site import Site


def router(site: Site) -> APIRouter:
    """The pages of a result."""
    pages = APIRouter()

    @pages.post("/result")
    def result(form: Sent) -> Response:
        talk = site.talk_of(form)
        # What settles everything is told though more could be asked; all else waits for its answers.
        if (talk.talk.doubt() or talk.talk.next()) and not talk.talk.level.settles:
            return Interview(talk, form).onward()
        found = afterrun.assess(talk.rulebook, talk.talk.intake)
        told = result_page(talk.rulebook, found, commands=False)
        level = talk.rulebook.triage[found.triage]
        unfolded = form.one("do") == "print"
        return talk.page(
            "outcome.html.j2", page=told.whole if unfolded else told, level=level, inputs=(), unfolded=unfolded
        )

    @pages.post("/why")
    def why(form: Sent) -> Response:
        talk = site.talk_of(form)
        case = Case.of(talk.rulebook, talk.talk.intake)
        found = result_of(case)
        view = View(talk.rulebook, case.answers, found.triage, "runner")
        proofs = Findings(explanations_of(case)).seen_by(view)
        return talk.page("reasons.html.j2", **explanation_parts(view, proofs))

    return pages
