"""What a phone may keep of a diary, and a check-in on one page, to be answered where nobody can be asked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from afterrun.assessment import Conversation
from afterrun.intake import DONT_KNOW
from afterrun.rulebook import UNKNOWN
from afterrun.rulebook.schema import Question
from afterrun.schedule import day_words
from afterrun.telling import about_week, beside_question
from afterrun_web.drawing import frame, version
from afterrun_web.pages.diary.check_in_form import talk_of
from afterrun_web.pages.diary.desk import NOWHERE, Desk, stand_of
from afterrun_web.pages.diary.sent_later import taken
from afterrun_web.pages.diary.standing import Ahead
from afterrun_web.pages.interview.fields import Fields, fields_of
from afterrun_web.requests.sent import Sent
from afterrun_web.visitors import visitor

if TYPE_CHECKING:
    from afterrun.diary import CheckInQuestions, History

HERE = "/check-in/offline"
LOADED = ("style.css", "phone.js", "steps.js", "icon.svg")
REMEMBERED = 64
ON_A_SCALE = 15
"""Whole numbers that are chosen rather than typed, where there are no more."""


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages for a phone without a net."""

    ahead = ToldAhead()

    @pages.get("/offline")
    def kept() -> Response:
        return what_to_keep(desk)

    @pages.get(HERE)
    def ask() -> Response:
        return asking(desk, ahead)

    @pages.post(HERE)
    def take(form: Sent) -> Response:
        return taken(desk, form)


def what_to_keep(desk: Desk) -> Response:
    """Who is here, how the diary stands, and which pages there are to keep: none where it was deleted."""
    with desk.diary() as diary:
        if diary is None:
            raise NOWHERE
        found = diary.all_of(desk.person)
    pages, stand = list[str](), ""
    if found:
        last = ["/diary/check-in/last"] if found[-1].check_ins else []
        loaded = [f"{frame().scripts}{name}" for name in LOADED]
        pages = ["/diary", *Ahead(desk).pages(), "/diary/exercises", *last, f"/diary{HERE}", *loaded]
        # What a page says of today is of today.
        stand = "-".join((stand_of(found[-1]), desk.now.date().isoformat(), version(), desk.part.digest[:12]))
    return JSONResponse({"keeper": desk.keeper, "csrf": visitor().csrf, "stand": stand, "pages": pages})


class Stopping(NamedTuple):
    """What stops the plan, with how soon to be seen then."""

    alone: Mapping[str, Mapping[str, str]]
    """Each answer, by its question."""
    together: Mapping[tuple[str, str], str]
    """Each two signs that are more urgent together."""
    at_once: Mapping[str, str]
    """The signs that have words of their own before all else."""


class ToldAhead:
    """What is told before anybody answers, worked out once for the same state; no answer is kept for it."""

    def __init__(self) -> None:
        self._found: dict[bytes, Stopping] = {}

    def of(self, questions: CheckInQuestions, asked: list[str]) -> Stopping:
        """What each answer to these questions would bring."""
        history = questions.history
        state = [questions.part.digest, asked, questions.unseen, history.intake, history.standing.to_dict()]
        digest = sha256(json.dumps(state, sort_keys=True).encode()).digest()
        if (found := self._found.get(digest)) is not None:
            return found
        if len(self._found) >= REMEMBERED:
            self._found.clear()
        alone = questions.stopped_by(asked)
        signs = alone.get(questions.sign, {})
        words = {each: told for each in signs if (told := questions.at_once([each]))}
        found = Stopping(alone, questions.worse_together(signs), words)
        self._found[digest] = found
        return found


class OnThePage(NamedTuple):
    """A question with its fields, among others on one page."""

    question: Question
    fields: Fields
    scale: tuple[tuple[str, str], ...]
    """Numbers to choose from, with their words."""
    stops: Mapping[str, int]
    """The answers that stop the plan, each with the place of what is said then."""
    beside: str
    may_not_apply: bool


def asking(desk: Desk, ahead: ToldAhead) -> Response:
    """All that the coming check-in can ask, with what is said at once where an answer stops the plan."""
    from afterrun.diary import CheckInQuestions, asked_on

    part, history, today = desk.part, desk.history(), desk.now.date()
    asked = asked_on(history, today, today, seen=False)
    week = None if history.standing.stopped else asked.week or history.next_week
    questions = CheckInQuestions(part, history)
    talk, _ = talk_of(questions, week, {}, {})
    asks = talk.still_asked()
    alone, together, at_once = ahead.of(questions, [each.id for each in asks])
    told = {level for by in alone.values() for level in by.values()} | set(together.values())
    levels = [level for level in desk.base.triage.values() if level.id in told]
    places = {level.id: place for place, level in enumerate(levels, 1)}
    stops = {name: {value: places[each] for value, each in by.items()} for name, by in alone.items()}
    shown = [_on_the_page(questions, talk, history, week, each, stops) for each in asks]
    stand = stand_of(history)
    # The same for as long as the diary stands as it does, so that a page made anew is no second check-in.
    sent = sha256(f"{desk.keeper} {stand} {week}".encode()).hexdigest()[:16]
    return desk.page(
        "offline.html.j2",
        token=desk.seal({"stand": stand, "week": week, "made": today.isoformat(), "sent": sent}),
        sent=sent,
        together=[(places[level], pair) for pair, level in together.items()],
        shown=shown,
        levels=list(enumerate(levels, 1)),
        at_once=at_once,
        about=[] if week is None else about_week(part, history, week, commands=False),
        over="" if week is None else day_words(history.last_day(week), year=True),
    )


def _on_the_page(
    questions: CheckInQuestions,
    talk: Conversation,
    history: History,
    week: int | None,
    question: Question,
    stops: Mapping[str, Mapping[str, int]],
) -> OnThePage:
    fields = fields_of(talk, question, {})
    beside = question.id in questions.looking_back() and week is not None
    return OnThePage(
        question,
        fields,
        _scale(question, fields),
        stops.get(question.id, {}),
        beside_question(history, week) if beside and week is not None else "",
        question.skip_when is not None,
    )


def _scale(question: Question, fields: Fields) -> tuple[tuple[str, str], ...]:
    low, high = question.at_least, question.at_most
    if fields.groups or question.type != "integer" or low is None or high is None:
        return ()
    if high - low >= ON_A_SCALE:
        return ()
    numbers = ((each, question.labels.get(each, "")) for each in range(int(low), int(high) + 1))
    choices = [(str(each), f"{each}: {text}" if text else str(each)) for each, text in numbers]
    return (*choices, *([(UNKNOWN.value, DONT_KNOW)] if fields.unknown else []))
