"""The result: its first screen and the rest folded below it, and the proof of each conclusion."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import afterrun
from afterrun.assessment import Case
from afterrun.explanation import explained
from afterrun.telling import Findings, View, explanation_parts, result_page
from afterrun_web.pages.interview.questions import Interview
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form

if TYPE_CHECKING:
    from starlette.responses import Response

RuleLink = Callable[[afterrun.Rulebook, str], str]
"""Where a rule of this name has its page; nothing where it has none."""
MOST_BESIDE = 30
"""Sources told below a proof; more have a page of their own, so that none is long to load."""


def no_link(rulebook: afterrun.Rulebook, name: str) -> str:
    """Nowhere: where no rulebook can be read."""
    return ""


def result(site: Site, form: Form) -> Response:
    """What the rulebook says, or what is still to be asked."""
    talk = site.talk_of(form)
    # What settles everything is told though more could be asked; all else waits for its answers.
    if (talk.talk.doubt() or talk.talk.next()) and not talk.talk.level.settles:
        return Interview(talk, form).onward()
    found = afterrun.assess(talk.rulebook, talk.talk.intake, engine=site.engine)
    site.books.today().written("ask", found)
    told = result_page(talk.rulebook, found, commands=False)
    level = talk.rulebook.triage[found.triage]
    unfolded = form.one("do") == "print"
    return talk.page(
        "outcome.html.j2",
        page=told.whole if unfolded else told,
        level=level,
        inputs=(),
        unfolded=unfolded,
    )


def why(site: Site, form: Form, rule_link: RuleLink = no_link) -> Response:
    """Each conclusion by name, or one with its proof, whose rules may lead on."""
    talk = site.talk_of(form)
    case = Case.of(talk.rulebook, talk.talk.intake, site.engine)
    view = View(talk.rulebook, case.answers, case.level.id, "person")
    every = explained(case)
    found = Findings(every.explanations, standings=every.standings).seen_by(view)
    wanted = "" if form.one("do") == "all" else form.one("conclusion")
    chosen = tuple(each for each in found.explanations if each.conclusion == wanted)
    proof = found._replace(explanations=chosen)
    sources = proof.sources()
    return talk.page(
        "reasons.html.j2",
        all=found.explanations,
        chosen=wanted if chosen else "",
        sources_alone=bool(chosen) and form.one("do") == "sources",
        sources_beside=len(sources) <= MOST_BESIDE,
        **{
            **explanation_parts(view, proof, beside=False),
            "rule_link": lambda name: rule_link(talk.rulebook, name),
        },
    )
