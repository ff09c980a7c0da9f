"""What would differ with other answers: every question with its controls, and two results side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.assessment import Conversation
from afterrun.errors import IntakeError
from afterrun.explanation import answer_in_words
from afterrun.intake import DONT_KNOW, LONGEST_TEXT, RECORD_ID, Misread
from afterrun.rulebook import UNKNOWN
from afterrun.rulebook.schema import Question
from afterrun.telling import Findings, Inquiry, capital, explanation_parts
from afterrun_web.pages.audit.intakes import answers_in
from afterrun_web.pages.audit.opening import overview
from afterrun_web.pages.audit.subject import Subject, subject_in
from afterrun_web.pages.interview.fields import ANSWER, UNIT, Fields, answer_in, fields_of
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent

BOTH = f'Give a number, or say "{DONT_KNOW}". Not both.'
NO_OPTION = "Choose one of these answers."
OTHERS = "(answers changed)"
CHANGED = "Answers were changed in this audit: "


class Control(NamedTuple):
    """One question, its answer now, and the fields for another."""

    question: Question
    now: str
    fields: Fields
    blank: bool
    """Whether the fields say that it is not answered."""
    unknown: bool
    """Whether they say that it is asked and not known."""
    changed: bool
    wrong: str


def add_to(pages: APIRouter, site: Site) -> None:
    """The page of other answers."""

    @pages.post("/what-if")
    def what_if(form: Sent) -> Response:
        return Trial(site, form).page()


class Trial:
    """Other answers, as a form brings them: what of it is no answer, and what follows from the rest."""

    def __init__(self, site: Site, form: Form) -> None:
        self._site = site
        self._subject = subject_in(site, form)
        self._form = form
        self._intake = self._subject.intake
        self._instead: dict[str, Any] = {}
        self._wrong: dict[str, str] = {}
        self._notes: list[str] = []
        for question in self._subject.rulebook.questions.values():
            if form.one("do") != "anew" and f"{ANSWER}:{question.id}" in form.fields:
                self._read(question)

    def page(self) -> Response:
        """The controls, and what would differ; or the audit of the changed intake."""
        subject, do = self._subject, self._form.one("do")
        if do == "take" and self._instead and not self._wrong:
            return self._taken()
        found = self._found() if self._instead and not self._wrong else Findings()
        turned = [] if found.what_if is None else found.what_if.conclusions
        chosen = self._form.one("turned")
        return subject.page(
            "what_if.html.j2",
            status=422 if self._wrong else 200,
            sections=self._sections(),
            wrong=self._wrong,
            notes=self._notes,
            tried=do not in ("", "anew") and not self._wrong,
            turned=[each for each in turned if "." in each.conclusion],
            chosen=[each for each in turned if each.conclusion == chosen],
            **{**explanation_parts(subject.view, found), "source_link": None, "rule_link": subject.rule_link},
        )

    def _found(self) -> Findings:
        """The two results; what does not fit together of the answers is wrong with each that it names."""
        try:
            return self._subject.found(Inquiry(instead=self._instead))
        except IntakeError as error:
            self._wrong = {each.key: capital(each.message) for each in error.problems}
            return Findings()

    def _read(self, question: Question) -> None:
        """Take what a question's fields hold, where it is another answer than the intake's."""
        name, now = question.id, {**self._intake, **self._instead}
        given = [each for each in self._form.all(f"{ANSWER}:{name}") if each.strip()]
        if UNKNOWN.value in given and len(given) > 1:
            self._wrong[name] = BOTH
            return
        sent = Form({ANSWER: given, UNIT: self._form.all(f"{UNIT}:{name}")})
        try:
            found = answer_in(self._subject.rulebook, question, sent, _said(now))
        except Misread as misread:
            self._wrong[name] = str(misread)
            return
        if found is None and given:
            self._wrong[name] = NO_OPTION
            return
        adds = {name: None} if found is None else found.adds
        self._instead.update({key: value for key, value in adds.items() if self._intake.get(key) != value})
        if found is not None and found.note:
            self._notes.append(found.note)

    def _sections(self) -> dict[str, list[Control]]:
        rulebook, intake = self._subject.rulebook, self._intake
        given = {**intake, **self._instead}
        talk = Conversation(rulebook, _said(given))
        found: dict[str, list[Control]] = {}
        for question in rulebook.questions.values():
            name, wrong = question.id, self._wrong.get(question.id, "")
            sent = self._form.all(f"{ANSWER}:{name}")
            values = {**given, name: list(sent)} if wrong and question.options else given
            typed = next((each for each in sent if wrong and each not in ("", UNKNOWN.value)), "")
            fields = fields_of(talk, question, values, typed)
            now = capital(answer_in_words(rulebook, name, intake.get(name), intake))
            control = Control(
                question,
                now,
                fields,
                values.get(name) is None,
                values.get(name) == UNKNOWN.value,
                name in self._instead,
                wrong,
            )
            found.setdefault(rulebook.sections[question.section].title, []).append(control)
        return found

    def _taken(self) -> Response:
        """The audit of the intake with the other answers, which says that they are others."""
        subject = self._subject
        given = {RECORD_ID: _renamed(subject.answers.record_id), **self._intake, **self._instead}
        answers = answers_in(subject.rulebook, _said(given))
        names = ", ".join(name for name in self._instead if name in subject.rulebook.questions)
        return overview(Subject(self._site, answers, [*subject.told, f"{CHANGED}{names}."]))


def _renamed(record: str | None) -> str:
    """The name of a record whose answers are others now, on whatever is printed or taken along."""
    if not record or record.endswith(OTHERS):
        return record or OTHERS
    return f"{record[: LONGEST_TEXT - len(OTHERS) - 1]} {OTHERS}"


def _said(intake: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in intake.items() if value is not None}
