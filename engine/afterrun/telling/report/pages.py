"""Contents in, HTML out, and from there PDF; the only module of the report that knows the libraries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from afterrun.assessment import PLAN
from afterrun.explanation import VERDICTS, Citations, Explanation, Nearest, WhatIf, WhyAsked, conclusion_words
from afterrun.inference import Engine, Proof
from afterrun.intake import Answers, as_intake
from afterrun.rulebook import Proposition, Rulebook
from afterrun.telling.audit_words import Reader, answer_in_words, change_words, may_see
from afterrun.telling.report.contents import contents_of


def report_html(rulebook: Rulebook, answers: Answers, engine: Engine = "durable") -> str:
    """The audit report of one intake, as one self-contained page."""
    contents = contents_of(rulebook, answers, engine)
    return _page(
        "report.html.j2",
        rulebook,
        answers,
        contents.result.triage,
        "clinician",
        report=contents,
        level=rulebook.triage[contents.result.triage],
        sources=contents.sources,
    )


def explanation_html(
    rulebook: Rulebook,
    answers: Answers,
    triage: str,
    reader: Reader,
    explanations: Iterable[Explanation] = (),
    asked: Iterable[WhyAsked] = (),
    what_if: WhatIf | None = None,
    nearest: Iterable[Nearest] = (),
    rows: Iterable[tuple[str, str, str]] = (),
    sources: Iterable[str] = (),
    hidden: bool = False,
) -> str:
    """Answers to why, why not, why asked, what if and nearest, as one self-contained page."""
    return _page(
        "explanation.html.j2",
        rulebook,
        answers,
        triage,
        reader,
        explanations=tuple(explanations),
        asked=tuple(asked),
        what_if=what_if,
        nearest=tuple(nearest),
        rows=tuple(rows),
        sources=tuple(sources),
        hidden=hidden,
        level=rulebook.triage[triage],
    )


def as_pdf(html: str) -> bytes:
    """The page as PDF. Raises ImportError, or OSError where the system lacks pango."""
    from weasyprint import HTML, URLFetcher

    # A report asks for nothing outside itself, and this makes sure of it.
    refuse = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    pdf: bytes = HTML(string=html, url_fetcher=refuse).write_pdf(pdf_tags=True)
    return pdf


def environment() -> Environment:
    """The templates; every value is escaped, a missing one is an error."""
    made = Environment(
        loader=PackageLoader("afterrun.telling", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["capital"] = lambda text: text[:1].upper() + text[1:]
    made.filters["anchor"] = anchor
    made.tests["in_kind"] = lambda name, kind: Proposition.parse(name).kind == kind
    return made


def anchor(key: str) -> str:
    """A source key, rule id or proposition as the name of a place on a page.

    >>> anchor("article:T3"), anchor("pattern.patellar_tendon.likely")
    ('article-T3', 'pattern-patellar_tendon-likely')
    """
    return key.replace(":", "-").replace(".", "-")


class _Shown:
    """Which proofs a page has told in full, so that a long one is told once and referred to after that."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def __call__(self, proof: Proof) -> tuple[str, bool]:
        """Where a proof stands, and whether it is told for the first time; a short one has no place."""
        if sum(1 for _ in proof.leaves()) < LONG_PROOF:
            return "", True
        key = repr(proof)
        first = key not in self._places
        place = self._places.setdefault(key, f"proof-{len(self._places) + 1}")
        return place, first


LONG_PROOF = 3
"""Leaves from which on a proof is not told twice on a page."""


def _page(
    template: str, rulebook: Rulebook, answers: Answers, triage: str, reader: Reader, **more: Any
) -> str:
    intake = {**answers.units, **as_intake(rulebook, answers)}
    cited = rulebook.compiled(Citations)

    def seen(name: str) -> bool:
        return reader == "clinician" or may_see(rulebook, triage, name)

    made = environment()
    made.tests["seen"] = seen
    made.globals.update(
        style=Markup(made.get_template("style.css").render()),  # ours, not from outside
        rulebook=rulebook,
        answers=answers,
        intake=intake,
        plain=reader == "runner",
        PLAN=PLAN,
        VERDICTS=VERDICTS,
        words=lambda name, value=True: conclusion_words(rulebook, name, value),
        ask=lambda name: rulebook.questions[name].ask if name in rulebook.questions else name,
        answer=lambda name, value: answer_in_words(rulebook, name, value, intake),
        change_words=lambda change, at: change_words(rulebook, change, at),
        seen=seen,
        shown=_Shown(),
        cited=cited.of,
        verdicts=cited.verdicts,
        source_link=lambda key: f"#source-{anchor(key)}",
    )
    return made.get_template(template).render(**more)
