"""The addresses of a check-in: begun for a day, answered, with own files, written down, told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from afterrun.telling import WeekOffers, other_sum_lines
from afterrun_web.pages.diary.check_in_form import AGAIN, HOME, CheckIn
from afterrun_web.pages.diary.desk import STALE, Desk, stand_of
from afterrun_web.pages.diary.standing import standing_page
from afterrun_web.pages.diary.written import Written, told
from afterrun_web.pages.interview.own_files import SentFiles, read_sent, with_files
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused
from afterrun_web.requests.sent import Sent

GOES_ON = "That is written down already: you have been seen, and the plan goes on."
TWICE = "This check-in was written down already. It stands once."


def add_to(pages: APIRouter, desk: Desk) -> None:
    """The pages of a check-in."""

    @pages.post("/check-in/begin")
    def begin(form: Sent) -> Response:
        return begun(desk, form)

    @pages.post("/check-in")
    def question(form: Sent) -> Response:
        return _unless_written(desk, lambda: CheckIn(desk, form).step.answered())

    @pages.post("/check-in/answers")
    def answers(form: Sent) -> Response:
        return _unless_written(desk, lambda: CheckIn(desk, form).answers_page())

    @pages.post("/check-in/end")
    def end(form: Sent) -> Response:
        return _unless_written(desk, lambda: CheckIn(desk, form).step.stopped_here())

    @pages.post("/check-in/files")
    async def files(request: Request) -> Response:
        def taken(form: Form, sent: SentFiles) -> Response:
            return _unless_written(desk, lambda: _with_files(desk, form, sent))

        return await with_files(request, desk.site, taken)

    @pages.post("/check-in/write")
    def write(form: Sent) -> Response:
        # Read behind the lock: the same form may have been written while this one waited.
        with desk.writing() as diary:
            return _unless_written(desk, lambda: CheckIn(desk, form).written(diary))

    @pages.get("/check-in/last")
    def last() -> Response:
        history = desk.history()
        return told(desk, history) if history.check_ins else desk.to()


def _unless_written(desk: Desk, answer: Callable[[], Response]) -> Response:
    """The answer; where the check-in is written already, its page, and that it stands once."""
    try:
        return answer()
    except Written:
        history = desk.history()
        if history.check_ins[-1].seen_on is not None:
            return standing_page(desk, GOES_ON)
        return told(desk, history, TWICE)


def begun(desk: Desk, form: Form) -> Response:
    """The first question of a check-in on a day; a form says whether it corrects, or the person was seen."""
    from afterrun.diary import before_last

    history = desk.history()
    correct, seen = bool(form.one("correct")), bool(form.one("seen"))
    # Who was seen was so for the stop on that page, and for none that came later.
    if seen and desk.about_in(form).get("stand") != stand_of(history):
        raise STALE
    if correct:
        # Refused where it cannot be corrected, before anything is asked.
        before_last(desk.part, history)
    day = history.check_ins[-1].day if correct else _day(form, desk.now.date())
    about = {"stand": stand_of(history), "day": day.isoformat(), "seen": seen, "correct": correct}
    return CheckIn(desk, Form({"token": [desk.seal(about)]})).step.onward()


def _with_files(desk: Desk, form: Form, sent: SentFiles) -> Response:
    """The check-in with what the person's own files say of its week; the files are kept nowhere."""
    check_in = CheckIn(desk, form)
    week, before, part = check_in.asked.week, check_in.before, check_in.part
    files, notice = read_sent(sent, desk.now.date())
    if files is None or week is None:
        return check_in.step.onward(notice)
    found = WeekOffers(part, before, files, week, check_in.earlier, types=False)
    others = other_sum_lines(part, before, files, commands=False)
    return CheckIn(desk, check_in.talk.with_files(found.kept())).step.onward(" ".join([notice, *others]))


def _day(form: Form, today: date) -> date:
    said = form.one("day").strip()
    try:
        return date.fromisoformat(said) if said else today
    except ValueError:
        why = f"'{said[:40]}' is no date. Write it as in {today}."
        raise Refused(400, "That is no date", why, AGAIN, home=HOME) from None
