"""Words in, pages of HTML out, each one file that needs nothing beside itself; and from there PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from afterrun.explanation import Citations, verdict_alone, verdict_words
from afterrun.inference import Engine
from afterrun.intake import Answers
from afterrun.rulebook import Rulebook, approval_words, engine_of
from afterrun.schedule import Schedule, as_svg
from afterrun.telling.audit.explanation import (
    asked_words,
    beside_proofs,
    changed_answers,
    changed_results,
)
from afterrun.telling.audit.findings import Findings
from afterrun.telling.audit.nearest import held_fixed, nearest_answers
from afterrun.telling.audit.proofs.tree import Claim, claim_of, proved
from afterrun.telling.audit.report import Contents, contents_of
from afterrun.telling.audit.view import View
from afterrun.telling.handover.sheet import FONT, LINE, MARGIN, SIZES, SMALL, Handover, Paper, fitted
from afterrun.telling.page import Branch, Page, capital
from afterrun.telling.plan import PlanPage
from afterrun.telling.rulebook.coverage import CoveragePage
from afterrun.versions import ENGINE, SCHEMA
from afterrun.visible import visible

if TYPE_CHECKING:
    from jinja2 import Environment

MEASURES = {"font": FONT, "small": SMALL, "line": LINE, "margin": MARGIN}
"""Of the one page for whoever treats the person, in points."""
LONG_PROOF = 3
"""Answers from which on a proof is not told twice on a screen, where it can be folded."""


class Frame(NamedTuple):
    """What stands around a page: nothing beside it is needed, or style and scripts are served with it."""

    base: str = "base.html.j2"
    package: str = ""
    """Whose own templates come before those of this room."""
    scripts: str = ""
    """Where scripts are served; otherwise they stand in the page, as its style does."""


ALONE = Frame()


def page_html(page: Page, *, limits: Iterable[str] = (), inputs: Iterable[str] = ()) -> str:
    """Any page of sections, and what it was made from."""
    return render("page.html.j2", page=page, limits=limits, inputs=inputs)


def change_html(page: Page) -> str:
    """What changed between two rulebooks, with a place to sign for each region and for the whole."""
    return render("rulebook_change.html.j2", page=page)


def plan_html(rulebook: Rulebook, schedule: Schedule, plan: PlanPage) -> str:
    """The weeks of a plan, to be read on a screen, printed, hung on a door."""
    return render("plan.html.j2", **plan_parts(rulebook, schedule, plan))


def plan_parts(
    rulebook: Rulebook, schedule: Schedule, plan: PlanPage, *, styled: bool = True
) -> dict[str, Any]:
    """What such a page is drawn from, in any frame; not `styled` where the frame has the picture's style."""
    svg = safe(as_svg(schedule, styled=styled))
    return {"page": plan.page, "plan": plan, "svg": svg, "limits": rulebook.identity.limits}


def coverage_html(page: CoveragePage) -> str:
    """What cases exercise of a rulebook."""
    return render("coverage.html.j2", page=page)


def explanation_html(view: View, found: Findings) -> str:
    """Answers to why, why not, why asked, what if and nearest."""
    return render("explanation.html.j2", **explanation_parts(view, found))


def explanation_parts(view: View, found: Findings, *, beside: bool = True) -> dict[str, Any]:
    """What such a page is drawn from, in any frame; a page with nothing `beside` proofs has all in them."""
    return _audit_parts(
        view,
        numbers={},
        found=found,
        claims=[claim_of(view, each, () if beside else found.standings) for each in found.explanations],
        asked=[asked_words(view, each) for each in found.asked],
        beside=list(beside_proofs(view, found)) if beside else [],
        changed_answers=changed_answers,
        changed_results=changed_results,
        nearest_answers=nearest_answers,
        held_fixed=held_fixed,
        claim=lambda proof: proved(view, proof),
        sources=found.sources(),
    )


def report_html(
    rulebook: Rulebook, answers: Answers, engine: Engine = "durable", *, paper: Paper | None = None
) -> str:
    """The audit report of one intake, to be unfolded on a screen; or for paper, where all is told once."""
    return render("report.html.j2", **report_parts(contents_of(rulebook, answers, engine), paper))


def report_parts(contents: Contents, paper: Paper | None = None) -> dict[str, Any]:
    """What such a page is drawn from, in any frame."""
    numbers = {row.question: place for place, row in enumerate(contents.answers, 1)}
    return _audit_parts(contents.view, paper, report=contents, sources=contents.sources, numbers=numbers)


def handover_html(handover: Handover, paper: Paper = "a4") -> str:
    """One page for whoever treats the person, for a screen and for a sheet of paper."""
    return render("handover.html.j2", **handover_parts(handover, paper))


def handover_parts(handover: Handover, paper: Paper = "a4") -> dict[str, Any]:
    """What such a page is drawn from, in any frame."""
    return {"sheet": fitted(handover, paper), "paper": paper, **MEASURES}


def handover_style() -> str:
    """The style of such a page on any paper, for a frame that serves styles."""
    return str(_environment(ALONE).get_template("handover.css").render(papers=SIZES, **MEASURES))


def as_pdf(html: str) -> bytes:
    """The page as PDF. Raises ImportError, or OSError where the system lacks pango."""
    from weasyprint import HTML, URLFetcher

    # A report asks for nothing outside itself, and this makes sure of it.
    refuse = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    pdf: bytes = HTML(string=html, url_fetcher=refuse).write_pdf(pdf_tags=True)
    return pdf


def render(template: str, frame: Frame = ALONE, /, **words: Any) -> str:
    """A page of the one style; every word is escaped as it is put in, and what is not seen spelled out."""
    return visible(_environment(frame).get_template(template).render(**words))


def load_templates(frame: Frame) -> None:
    """Read every template now, for a place where no file is to be read later."""
    made = _environment(frame)
    for name in made.list_templates(extensions=["j2"]):
        made.get_template(name)


def asset(name: str) -> str:
    """A style or a script of pages, for a frame that serves it."""
    return str(_environment(ALONE).get_template(name).render())


def safe(markup: str) -> str:
    """Markup of our own making, in which every text was escaped as it was drawn."""
    from markupsafe import Markup

    return Markup(markup)


def anchor(key: str) -> str:
    """A source key, rule id or proposition as the name of a place on a page.

    >>> anchor("article:T3"), anchor("pattern.patellar_tendon.likely")
    ('article-T3', 'pattern-patellar_tendon-likely')
    """
    return key.replace(":", "-").replace(".", "-")


@cache
def _environment(frame: Frame) -> Environment:
    """The templates; a missing word is an error."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    packages = [each for each in (frame.package, "afterrun.telling") if each]
    made = Environment(
        loader=ChoiceLoader([PackageLoader(each) for each in packages]),
        autoescape=True,
        auto_reload=False,  # what is shipped does not change, and may be gone once it is read
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        capital=capital, drawn=safe, anchor=anchor, verdict_words=verdict_words, verdict_alone=verdict_alone
    )
    made.globals.update(
        frame=frame.base,
        served=bool(frame.scripts),
        style=safe(made.get_template("style.css").render()),
        scripted=lambda name: safe(_scripted(made, name, frame.scripts)),
        script=lambda name: safe(_script(made, name)),
        policy=lambda name: safe(_policy(_script(made, name))),
        approval_words=approval_words,
        versions={"schema": SCHEMA, "engine": ENGINE},
        branches=Branch.of,
    )
    return made


def _script(environment: Environment, name: str) -> str:
    return environment.get_template(name).render()


def _scripted(environment: Environment, name: str, served: str) -> str:
    if served:
        return f'<script src="{served}{name}" defer></script>'
    return f"<script>{_script(environment, name)}</script>"


def _policy(script: str) -> str:
    """What lets a page run this script and no other, nor an address that is one."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _audit_parts(view: View, paper: Paper | None = None, **words: Any) -> dict[str, Any]:
    cited = engine_of(view.rulebook, Citations)
    return {
        "view": view,
        "rulebook": view.rulebook,
        "level": view.level,
        "plain": view.plain,
        "places": _Places(LONG_PROOF if paper is None else 1),
        "paper": paper,
        "cited": cited.of,
        "verdicts": cited.verdicts,
        "source_link": lambda key: f"#source-{anchor(key)}",
        # Where rules have pages of their own, and nothing where a page stands alone.
        "rule_link": lambda name: "",
        **words,
    }


class _Places:
    """Where a page tells each proof in full, so that a long one is told once and referred to after that."""

    def __init__(self, long: int) -> None:
        self._long = long
        self._places: dict[Claim, str] = {}

    def __call__(self, claim: Claim) -> tuple[str, bool]:
        """Where a proof stands, and whether it is told for the first time; a short one has no place."""
        if claim.leaf_count < self._long:
            return "", True
        # What a conclusion says of others beside it changes nothing of its proof.
        proof = claim._replace(words="")
        first = proof not in self._places
        return self._places.setdefault(proof, f"proof-{len(self._places) + 1}"), first
