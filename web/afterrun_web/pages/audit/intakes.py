"""What was pasted, or a file, in; the intake in it out, or what is wrong with it, and its text to mend."""

from __future__ import annotations

import io
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

import afterrun
from afterrun import Answers, IntakeError, Problem
from afterrun.intake import CHECKIN, ENROLLED, RawIntake, migrate, raw_intakes, read_intake, read_raw
from afterrun.interchange import ResponseError, read_response
from afterrun.telling import migration_lines
from afterrun.visible import as_json
from afterrun_web.books import Book
from afterrun_web.drawing import page

LARGEST = 128 * 1024
"""Bytes of an intake; a response of FHIR that brings its questions along has a hundred thousand."""
MOST_TOLD = 40
"""Problems told of one intake."""
NOTHING = "Nothing came. Paste an intake below, or choose its file."
EMPTY = "The file is empty. Choose another one, or paste an intake below."
TOO_LARGE = f"It is larger than {LARGEST // 1024} kB, and no intake is. Nothing of it was read."
CHECK_IN = "It is a check-in and no intake. An audit is of the first answers; it may hold them as 'answers'."
BARE_CHECK_IN = "It holds a week's answers: a check-in and no intake. An audit is of the first answers."
SEVERAL = "It holds several intakes; give one."
EARLIER = "It is of the earlier questionnaire. What carries over is audited, the rest is not answered."


class Unfit(Exception):
    """What came is no intake that can be audited; what is wrong with it, and its text to be mended."""

    def __init__(self, wrong: Iterable[str], text: str = "") -> None:
        super().__init__("no intake")
        self.wrong = tuple(wrong)
        self.text = text


class Came(NamedTuple):
    """An intake that can be audited."""

    answers: Answers
    told: tuple[str, ...] = ()
    """What became of it on the way."""


class AuditRoute(APIRoute):
    """A page of the audit, or the one where what is wrong with the intake can be mended."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers a request."""
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await answered(request)
            except Unfit as unfit:
                return opening_page(unfit.text, unfit.wrong)

        return answer


def opening_page(text: str = "", wrong: tuple[str, ...] = ()) -> Response:
    """Where an intake is pasted or its file chosen."""
    # Tabs and carriage returns would be spelled out where they are shown.
    shown = text.expandtabs(2).replace("\r\n", "\n").replace("\r", "\n")
    return page("audit/opening.html.j2", status=422 if wrong else 200, text=shown, wrong=wrong)


def intake_in(book: Book, content: bytes, name: str = "") -> Came:
    """The intake that was pasted, or sent as a file of this name. Raises Unfit."""
    rulebook = book.main
    if len(content) > LARGEST:
        raise Unfit([TOO_LARGE])
    if not content.strip():
        raise Unfit([EMPTY if name else NOTHING])
    text = _text(content)
    raws = raw_intakes(io.BytesIO(content), name)
    raw, second = next(raws), next(raws, None)
    if second is not None:
        raise Unfit([SEVERAL], text)
    if {ENROLLED, CHECKIN} & raw.data.keys():
        raise Unfit([CHECK_IN], text)
    if "resourceType" in raw.data:
        return _of_response(rulebook, raw, text)
    if _is_of_a_week(book, raw.data.keys()):
        raise Unfit([BARE_CHECK_IN], text)
    try:
        return Came(read_intake(rulebook, raw))
    except IntakeError as error:
        return _migrated(rulebook, raw) or _refuse(error, text)


def answers_in(rulebook: afterrun.Rulebook, intake: Mapping[str, Any]) -> Answers:
    """The answers that a form carried. Raises Unfit."""
    try:
        return afterrun.read_answers(rulebook, intake)
    except IntakeError as error:
        raise Unfit(problem_lines(error.problems), as_text(intake)) from None


def as_text(intake: Mapping[str, Any]) -> str:
    """An intake as it can be pasted."""
    return as_json(intake, indent=2)


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """What is wrong, in the words of the command line, each with its line."""
    return _first([_line(each) for each in problems])


def _first(told: list[str]) -> Iterator[str]:
    yield from told[:MOST_TOLD]
    if len(told) > MOST_TOLD:
        yield f"And {len(told) - MOST_TOLD} more."


def _of_response(rulebook: afterrun.Rulebook, raw: RawIntake, text: str) -> Came:
    """The answers of a QuestionnaireResponse, as a clinic's own system has it."""
    try:
        return Came(afterrun.read_answers(rulebook, read_raw(rulebook, raw, read_response).intake))
    except ResponseError as error:
        raise Unfit(_first([str(each) for each in error.issues]), text) from None
    except IntakeError as error:
        return _refuse(error, text)


def _migrated(rulebook: afterrun.Rulebook, raw: RawIntake) -> Came | None:
    """What carries over of an intake of the earlier questionnaire; None where it is none, or all wrong."""
    try:
        migration = read_raw(rulebook, raw, migrate)
        if not migration.again:
            return None
        answers = afterrun.read_answers(rulebook, migration.intake)
    except IntakeError:
        return None
    waiting = afterrun.assess(rulebook, answers).open_questions
    return Came(answers, (EARLIER, *migration_lines(migration, waiting)))


def _is_of_a_week(book: Book, keys: Set[str]) -> bool:
    """Whether these are answers to a check-in's own questions, and none to a question of an intake alone."""
    if book.check_in is None:
        return False
    first, week = book.main.questions.keys(), book.check_in.questions.keys()
    return bool((week - first) & keys) and not (first - week) & keys


def _refuse(error: IntakeError, text: str) -> Came:
    raise Unfit(problem_lines(error.problems), text) from None


def _line(problem: Problem) -> str:
    words = str(problem._replace(file="", line=None))
    return f"Line {problem.line}: {words}" if problem.line else words


def _text(content: bytes) -> str:
    """What can be mended as text; nothing of what is none."""
    try:
        return "" if b"\0" in content else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
