"""The intake that is audited, as one request needs it: sealed in each form, and read anew from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import HTMLResponse

from afterrun import Answers
from afterrun.assessment import Case
from afterrun.intake import RECORD_ID
from afterrun.once import once
from afterrun.telling import Findings, Inquiry, View
from afterrun_web.drawing import page
from afterrun_web.pages.audit.intakes import answers_in
from afterrun_web.pages.book import rule_link
from afterrun_web.pages.site import AUDITED, Site
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Kept, Outdated

ANEW = "This page was made some time ago, or by other rules. What stands here now is judged anew."
HOME = ("/audit", "Audit another intake")


class Subject:
    """One intake while a request about it is answered."""

    def __init__(self, site: Site, answers: Answers, told: Sequence[str] = ()) -> None:
        self._seal = site.seal
        self.rulebook = site.books.today().main
        self.answers = answers
        self.told = tuple(told)
        """What became of the intake on the way here."""

    @once
    def case(self) -> Case:
        """It, assessed."""
        return Case.of(self.rulebook, self.answers)

    @once
    def view(self) -> View:
        """It, as a clinician meets it."""
        return View(self.rulebook, self.answers, self.case.level.id, "clinician")

    @property
    def intake(self) -> dict[str, Any]:
        """Its answers and units, without the name of its record."""
        return {key: value for key, value in self.view.intake.items() if key != RECORD_ID}

    @property
    def token(self) -> str:
        """What a form carries of it."""
        about = {AUDITED: {RECORD_ID: self.answers.record_id, "told": self.told}}
        return self._seal.close(self.rulebook, Kept(self.intake, about=about))

    def rule_link(self, name: str) -> str:
        """The address of a rule in the book; nothing where nobody wrote it."""
        return rule_link(self.rulebook, name)

    def found(self, inquiry: Inquiry) -> Findings:
        """The answers to what is asked of it. Raises UnknownNameError, IntakeError."""
        return inquiry.findings(self.rulebook, self.answers)

    def page(self, template: str, *, status: int = 200, **words: Any) -> HTMLResponse:
        """A page about it."""
        given = {"token": self.token, "told": self.told, "record": self.answers.record_id}
        return page(f"audit/{template}", status=status, **given, **words)


def subject_in(site: Site, form: Form) -> Subject:
    """The intake that a form carries, of an audit or of one's own result; refuses what was made elsewhere."""
    rulebook = site.books.today().main
    try:
        kept, stale = site.opened(form, rulebook), False
    except Outdated as outdated:
        # An audit is of answers as they were given: that they are old is no reason to ask again.
        kept, stale = outdated.was, True
    except Refused as refused:
        refused.home = HOME
        raise
    about = kept.about.get(AUDITED, {})
    given = {key: value for key, value in kept.answers.items() if value is not None}
    record = about.get(RECORD_ID)
    if record is not None:
        given[RECORD_ID] = record
    told = about.get("told", ())
    return Subject(
        site, answers_in(rulebook, given), [*told, *([ANEW] if stale and ANEW not in told else ())]
    )
