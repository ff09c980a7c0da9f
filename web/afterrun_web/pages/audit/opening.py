"""An intake in, pasted or as a file; what the rules make of it out, and the ways on from there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.explanation import standing_of, subject_of
from afterrun.rulebook import Proposition, Truth, name_of
from afterrun.telling import contents_of, fired_rows, report_parts
from afterrun_web.pages.audit.intakes import as_text, intake_in, opening_page
from afterrun_web.pages.audit.subject import Subject, subject_in
from afterrun_web.pages.site import Site
from afterrun_web.requests.sent import Sent, SentFile

KINDS = {
    "triage": "How soon to be seen",
    "pattern": "Patterns",
    "intervention": "Interventions",
    "parameter": "Chosen numbers",
}
MOST_LEAVES = 60
"""Answers behind a proof that is told at once; a longer one has a page of its own."""


class Way(NamedTuple):
    """A conclusion whose reasons can be asked for."""

    conclusion: str
    words: str
    value: Truth
    gives_way: bool = False
    """Whether another conclusion about the same thing stands, though this one is proved."""


def add_to(pages: APIRouter, site: Site) -> None:
    """The first page of an audit, and the one to begin at."""

    @pages.get("")
    def opening() -> Response:
        return opening_page()

    @pages.post("")
    def pasted(form: Sent) -> Response:
        if form.one("token"):
            subject = subject_in(site, form)
            if form.one("do") == "mend":
                return opening_page(as_text(subject.view.intake))
            return overview(subject)
        text = form.one("intake")
        return overview(Subject(site, *intake_in(site.books.today(), text.encode())))

    @pages.post("/file")
    def sent(file: SentFile) -> Response:
        return overview(Subject(site, *intake_in(site.books.today(), file.content, file.name)))


def overview(subject: Subject, notice: str = "") -> Response:
    """What the rules make of the intake: the level, every conclusion, what fired, and what was answered."""
    contents = contents_of(subject.rulebook, subject.answers)
    level = name_of("triage", contents.result.triage)
    # Where answers are missing for any level, there is nothing that proves it.
    proved = next((each for each in contents.claims if each.id == level), None)
    told = [each.id for each in contents.claims if each.value is not False and each.id != level]
    truths = subject.case.truths
    return subject.page(
        "overview.html.j2",
        status=422 if notice else 200,
        notice=notice,
        proved=proved,
        whole=proved is not None and proved.leaf_count <= MOST_LEAVES,
        concluded=_by_kind(subject, told),
        others=_by_kind(
            subject, [each for each in subject.rulebook.propositions if truths.get(each) is not True]
        ),
        fired=list(fired_rows(subject.rulebook, contents.result)),
        **{**report_parts(contents), "source_link": None, "rule_link": subject.rule_link},
    )


def _by_kind(subject: Subject, names: Iterable[str]) -> dict[str, list[Way]]:
    """Conclusions below what they are about, in the order of the knowledge."""
    book, truths = subject.rulebook, subject.case.truths
    order = [*book.triage, *book.patterns, *book.interventions, *book.parameters]
    about: dict[str, list[Way]] = {title: [] for title in KINDS.values()}
    found = [(Proposition.parse(name), name) for name in names]
    of_kind = [each for each in found if each[0].kind in KINDS]
    for proposition, name in sorted(of_kind, key=lambda each: order.index(each[0].subject)):
        value = truths.get(name)
        stands = standing_of(subject.case, subject_of(name)).stands if value else name
        words = subject.view.words(name, value)
        about[KINDS[proposition.kind]].append(Way(name, words, value, stands not in (name, None)))
    return {title: ways for title, ways in about.items() if ways}
