"""What each address answers: a rulebook and a request's object in, plain JSON values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, get_args

import afterrun
from afterrun import Problem, Rulebook
from afterrun.assessment import Case, Conversation
from afterrun.errors import nearest
from afterrun.intake import ANSWERS, ENROLLED
from afterrun.rulebook import approval_words, versions_of
from afterrun.telling import Inquiry, Reader, View
from afterrun_web.api.members import Members
from afterrun_web.api.preferences import PLACE, preferences_in
from afterrun_web.api.questions import question_as_json
from afterrun_web.books import Book

Told = dict[str, Any]
INTAKE, INSTEAD = "intake", "instead"
MOST_CHANGES = 3
"""Answers that a nearest change may change here: more takes a minute and not a moment."""
MOST_NEAREST = 3
"""Names whose nearest changes one request may ask for: a short one stands for many, and for seconds."""
READERS: tuple[Reader, ...] = get_args(Reader)
EARLIER: Mapping[str, Reader] = {"runner": "person"}
"""What a reader was called before, by programs that still do."""


class Operation(NamedTuple):
    """One address to which requests are posted."""

    path: str
    answer: Callable[[Book, Mapping[str, Any]], Told]
    """Raises IntakeError for what cannot be used, and EngineFault as the engine does."""
    checks_in: bool = False
    """Whether the check-in's part answers."""

    def rulebook(self, book: Book) -> Rulebook:
        """The part that answers."""
        return _part(book) if self.checks_in else book.main


def _assess(book: Book, data: Mapping[str, Any]) -> Told:
    return book.assess(book.main, data).to_dict()


def _checkin(book: Book, data: Mapping[str, Any]) -> Told:
    said = afterrun.check_in(_part(book), data)
    intake = data[ENROLLED].get(ANSWERS)
    return book.written_down(said, intake).to_dict()


def _part(book: Book) -> Rulebook:
    assert book.check_in is not None, "nobody asks for a check-in where there are none"
    return book.check_in


def _next(book: Book, data: Mapping[str, Any]) -> Told:
    rulebook = book.main
    members = Members(data, (INTAKE, "passed_over"))
    members.answers(rulebook, INTAKE)
    passed = members.names("passed_over")
    for name in passed:
        question = rulebook.questions.get(name)
        if question is None:
            near = nearest(name, rulebook.questions)
            members.problems.append(Problem("no question has this name", key="passed_over", nearest=near))
        elif not question.optional:
            members.problems.append(
                Problem(f"'{name}' is not optional: it wants an answer", key="passed_over")
            )
    members.done()
    # In an intake null is not answered; in a conversation it is passed over.
    given = {key: value for key, value in members.object(INTAKE).items() if value is not None}
    talk = Conversation(rulebook, {**dict.fromkeys(passed), **given})
    step = talk.next()
    asked = None
    if step is not None:
        asked = {
            "question": question_as_json(rulebook, step.question),
            "changes": list(step.changes),
            "left_at_most": step.left_at_most,
        }
    case = talk.case
    return {
        **versions_of(rulebook.stamp),
        "triage": case.level.id,
        "at_once": list(case.at_once),
        "next": asked,
    }


def _explain(book: Book, data: Mapping[str, Any]) -> Told:
    members = Members(data, (INTAKE, "conclusions", "questions", "nearest", "at_most", "reader"))
    answers = members.answers(book.main, INTAKE)
    inquiry = Inquiry(
        members.names("conclusions"),
        members.names("questions"),
        {},
        members.names("nearest", MOST_NEAREST),
        members.whole("at_most", 1, MOST_CHANGES) or MOST_CHANGES,
    )
    return _found(book, members, answers, inquiry)


def _what_if(book: Book, data: Mapping[str, Any]) -> Told:
    members = Members(data, (INTAKE, INSTEAD, "reader"))
    answers = members.answers(book.main, INTAKE)
    instead = members.object(INSTEAD, needed=True)
    if not instead and not members.problems:
        members.problems.append(Problem("is empty; give at least one other answer", key=INSTEAD))
    return _found(book, members, answers, Inquiry(instead=instead))


def _found(book: Book, members: Members, answers: afterrun.Answers, inquiry: Inquiry) -> Told:
    reader = members.word("reader", READERS, EARLIER)
    members.done()
    view = View(book.main, answers, Case.of(book.main, answers).level.id, _reader(reader))
    with members.within(INSTEAD):
        found = inquiry.findings(book.main, answers)
    return found.seen_by(view).to_dict(view)


def _reader(word: str | None) -> Reader:
    return next((each for each in READERS if each == EARLIER.get(word or "", word)), "clinician")


def _plan(book: Book, data: Mapping[str, Any]) -> Told:
    members = Members(data, (INTAKE, "start", PLACE, "person"))
    answers = members.answers(book.main, INTAKE)
    start, person = members.day("start"), members.text("person")
    preferences = preferences_in(members, book.main.schedule)
    members.done()
    state = afterrun.State.of(afterrun.assess(book.main, answers), person)
    schedule = afterrun.weeks(book.main, state, start, preferences=preferences)
    return {**schedule.to_dict(), "now": book.main.triage[schedule.triage].do}


def rulebook_as_json(book: Book) -> Told:
    """What the rulebook asks and can conclude, and how far somebody answers for it."""
    main, asked = book.main, book.check_in
    return {
        **versions_of(main.stamp),
        **({} if asked is None else {"check_in": asked.stamp}),
        "title": main.identity.title,
        "purpose": main.identity.purpose,
        "limits": list(main.identity.limits),
        "approval": approval_words(*book.parts),
        "questions": [question_as_json(main, each) for each in main.questions.values()],
        "check_in_questions": []
        if asked is None
        else [question_as_json(asked, each) for each in asked.questions.values()],
        "triage": [{"id": each.id, "name": each.name, "do": each.do} for each in main.triage.values()],
        "patterns": [
            {"id": each.id, "name": each.name, "text": each.text, "levels": list(each.levels)}
            for each in main.patterns.values()
        ],
        "interventions": [
            {
                "id": each.id,
                "kind": each.kind,
                "name": each.name,
                "short": each.short,
                "steps": list(each.steps),
            }
            for each in main.interventions.values()
        ],
        "plan": [{"key": each.key, "text": each.text, "unit": each.unit} for each in main.plan],
        "conclusions": list(main.propositions),
    }


OPERATIONS = (
    Operation("/assess", _assess),
    Operation("/next", _next),
    Operation("/explain", _explain),
    Operation("/what-if", _what_if),
    Operation("/plan", _plan),
    Operation("/checkin", _checkin, checks_in=True),
)


def operations_of(check_in: Rulebook | None) -> tuple[Operation, ...]:
    """Those that a rulebook answers: no check-in where it has none."""
    return tuple(each for each in OPERATIONS if check_in is not None or not each.checks_in)
