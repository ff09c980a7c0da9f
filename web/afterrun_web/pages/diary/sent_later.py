"""A check-in that a phone kept, as it comes at last: written as if each question had been asked in turn.

What cannot be written so is answered with 409 and led to the check-in as always, with the answers filled in;
the phone keeps it until it is written there or thrown away. Sent again, it writes nothing and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response

import afterrun
from afterrun.intake import Misread
from afterrun.telling import no_week_words
from afterrun_web.pages.diary.check_in import TWICE
from afterrun_web.pages.diary.check_in_form import CheckIn
from afterrun_web.pages.diary.desk import Desk, stand_of
from afterrun_web.pages.diary.standing import standing_page
from afterrun_web.pages.diary.written import stands_already, told
from afterrun_web.pages.interview.fields import ANSWER, UNIT, answer_in
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Kept, Outdated, Unreadable

if TYPE_CHECKING:
    from afterrun.diary import Diary, History

NOT_WRITTEN = 409
UNREADABLE = Refused(
    400,
    "This check-in cannot be read",
    "Its page was made for somebody else, or by a server that is no longer the same. Nothing was written.",
    "Check in anew. What this phone kept stays on it until you throw it away there.",
    home=("/diary", "Your diary"),
)


class _Page(NamedTuple):
    """What the page said that was filled in."""

    stand: str
    """How the diary stood; nothing where the questions have changed since."""
    week: int | None
    made: date
    sent: str
    kept: Kept


def taken(desk: Desk, form: Form) -> Response:
    """Write the check-in down, once; or lead to it."""
    page = _page_of(desk, form)
    with desk.writing() as diary:
        return _Later(desk, form, page).written(diary)


class _Later:
    """What was filled in, held against the diary as it is now."""

    def __init__(self, desk: Desk, form: Form, page: _Page) -> None:
        from afterrun.diary import CheckInQuestions

        self._desk, self._form, self._page = desk, form, page
        self._now = desk.history()
        self._said = _said(desk.part, CheckInQuestions(desk.part, self._now).known, form)
        self._by_hand = bool(form.one("hand"))
        said_on, self._day = _days(self._now, page, _date(form.one("told")), desk.now.date())
        self._again = False
        if self._by_hand and page.week is not None:
            over = self._now.last_day(page.week)
            # Told before the week was over: it can be written now, and a sign may be new since.
            self._again = said_on < over <= desk.now.date()
            self._day = over if self._again else self._day

    def written(self, diary: Diary) -> Response:
        """What comes of it."""
        desk, page = self._desk, self._page
        flat = {key: value for adds in self._said.values() for key, value in adds.items()}
        if stands_already(self._now, page.kept._replace(answers=flat)):
            if self._now.check_ins[-1].seen_on is not None:
                return standing_page(desk, TWICE)
            return told(desk, self._now, TWICE)
        about = {"day": self._day.isoformat(), "seen": False, "correct": False, "sent": page.sent}
        if page.stand == stand_of(self._now):
            about["stand"] = page.stand
        else:
            # Nothing is written, and what was said is offered: for the same week, to correct it.
            about |= {"stand": "", **self._corrects()}
        token = desk.site.seal.close(desk.part, Kept(before=flat, about=about))
        check_in = CheckIn(desk, Form({"token": [token]}))
        response = self._led(check_in)
        if response is None:
            return check_in.written(diary)
        response.status_code = max(response.status_code, NOT_WRITTEN)
        return response

    def _corrects(self) -> dict[str, Any]:
        """What makes it a correction, where its week was reported otherwise meanwhile."""
        from afterrun.diary import is_answered_anew

        if not self._now.check_ins:
            return {}
        last = self._now.check_ins[-1]
        if last.week != self._page.week or not is_answered_anew(self._desk.part, self._now, last):
            return {}
        return {"correct": True, "day": last.day.isoformat()}

    def _led(self, check_in: CheckIn) -> Response | None:
        """Where the person is led; nowhere where all is said that is asked."""
        if self._again:
            return check_in.step.onward()
        left = self._left(check_in)
        if left:
            given = {ANSWER: self._form.all(left), UNIT: self._form.all(_unit(left))}
            return check_in.answering(left, Form(given))
        if self._by_hand or not check_in.is_whole:
            return check_in.step.onward()
        week = check_in.asked.week
        if week is None and self._page.week is not None and not check_in.stops:
            return standing_page(self._desk, no_week_words(check_in.asked.why))
        return None

    def _left(self, check_in: CheckIn) -> str:
        """The first question that is not answered by what was said, or wrongly; none at the end."""
        talk = check_in.talk.talk
        while not talk.level.settles and (step := talk.next()) is not None:
            name = step.question.id
            adds = self._said.get(name)
            if adds is not None and not talk.refused(adds):
                talk.take(adds)
            elif step.question.optional and not _given(self._form, name):
                talk.pass_over(step.question)
            else:
                return name
        return ""


def _page_of(desk: Desk, form: Form) -> _Page:
    try:
        # It may be sent days later; on which day it was filled in is written down with it.
        kept = desk.site.seal.open(desk.part, form.one("token"), ages=False)
        stand = kept.about.get("stand", "")
    except Outdated as outdated:
        kept, stand = outdated.kept, ""
    except Unreadable:
        raise UNREADABLE from None
    about = kept.about
    if not {"stand", "week", "made", "sent"} <= about.keys():
        raise UNREADABLE
    return _Page(stand, about["week"], date.fromisoformat(about["made"]), about["sent"], kept)


def _said(part: afterrun.Rulebook, known: Mapping[str, Any], form: Form) -> dict[str, dict[str, Any]]:
    """What each answer adds; what is no answer is left out here, and told where its question is asked."""
    said, intake = dict[str, dict[str, Any]](), dict(known)
    for name, question in part.questions.items():
        if not _given(form, name):
            continue
        own = Form({ANSWER: form.all(name), UNIT: form.all(_unit(name))})
        try:
            found = answer_in(part, question, own, intake)
        except Misread:
            continue
        if found is not None:
            said[name] = found.adds
            intake |= found.adds
    return said


def _days(history: History, page: _Page, told: date | None, today: date) -> tuple[date, date]:
    """The day on which it was filled in, and the one that it is written for, which reports its week."""
    said_on = max(page.made, min(told or today, today))
    if page.week is None:
        return said_on, said_on
    return said_on, min(said_on, history.last_day(page.week + 1) - timedelta(days=1))


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _given(form: Form, name: str) -> bool:
    return any(each.strip() for each in form.all(name))


def _unit(name: str) -> str:
    return f"{name}-unit"
