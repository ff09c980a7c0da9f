"""The check-in that a form carries: a week, or new warning signs alone; written down once it is agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from afterrun.assessment import CheckIn as Said
from afterrun.assessment import Conversation
from afterrun.telling import (
    NO_NEW_SIGN,
    KeptOffers,
    about_week,
    beside_question,
    last_words,
    no_week_words,
    stop_words,
)
from afterrun_web.pages.diary.desk import STALE, Desk, stand_of
from afterrun_web.pages.diary.standing import standing_page
from afterrun_web.pages.diary.troubles import without_commands
from afterrun_web.pages.diary.written import Written, is_written
from afterrun_web.pages.interview.questions import Interview, rows_of
from afterrun_web.pages.site import FILES, Talk, Ways
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Kept

if TYPE_CHECKING:
    from afterrun.diary import CheckInQuestions, Diary

WAYS = Ways("/diary/check-in", "/diary/check-in/answers", "/diary/check-in/end", "/diary/check-in/files")
AGAIN = "Nothing was written. Begin the check-in from your diary."
HOME = ("/diary", "Your diary")


def talk_of(
    questions: CheckInQuestions,
    week: int | None,
    answers: Mapping[str, Any],
    offers: Mapping[str, Any],
    files: KeptOffers | None = None,
) -> tuple[Conversation, dict[str, Any]]:
    """The conversation about a week, or about new warning signs alone; and what is settled before it."""
    if week is None:
        settled, scope = questions.known, questions.of_signs
    else:
        settled = {**questions.known, **questions.told_of(week)}
        scope = questions.of_week(week, offers, commands=False)
        if files is not None:
            scope = scope._replace(always=(*scope.always, *files.asks), of_files=files.answers)
    return Conversation(questions.part, {**settled, **answers}, scope), settled


class CheckIn:
    """The check-in that a form carries, as far as it is answered."""

    def __init__(self, desk: Desk, form: Form) -> None:
        from afterrun.diary import CheckInQuestions, asked_on, before_last

        self.desk = desk
        self.part = desk.part
        kept = desk.site.kept_in(form, self.part, WAYS.question)
        if not {"stand", "day", "seen", "correct"} <= kept.about.keys():
            raise Refused(
                400, "This form cannot be read", "It is of another page, and no check-in.", AGAIN, home=HOME
            )
        self._kept = kept
        self.now = desk.history()
        self.day, self.seen = date.fromisoformat(kept.about["day"]), kept.about["seen"]
        self.correct = kept.about["correct"]
        if kept.about["stand"] != stand_of(self.now):
            raise self._gone_on()
        self.before = before_last(self.part, self.now) if self.correct else self.now
        self.questions = CheckInQuestions(self.part, self.before)
        today = desk.now.date()
        self.asked = asked_on(self.before, self.day, today, seen=self.seen or self.correct)
        if self.asked.week is None and not self.correct and "sent" not in kept.about:
            # A sign told now is of today, whenever its page was opened; what a phone held back says when.
            self.day = max(self.day, today)
        self.talk = self._talk()
        self.step = _Steps(self, form)

    def _talk(self) -> Talk:
        kept, week = self._kept, self.asked.week
        offers = {**self.earlier, **kept.before}
        files = None
        if week is not None:
            files = KeptOffers(self.part, kept.about.get(FILES, {}), self.before.last_day(week))
        talk, settled = talk_of(self.questions, week, kept.answers, offers, files)
        return Talk(self.desk.site, talk, kept, WAYS, settled, files)

    @property
    def earlier(self) -> Mapping[str, Any]:
        """What was answered before, where that is corrected."""
        return self.now.check_ins[-1].answers if self.correct else {}

    def answering(self, name: str, form: Form) -> Response:
        """What comes when this question is answered by this form, or what is wrong with that."""
        said = {"do": ["answer"], "question": [name]}
        return _Steps(self, Form({**form.fields, **said})).answered()

    @property
    def answers(self) -> dict[str, Any]:
        """What the person said."""
        return self.questions.answers_in(self.talk.talk.intake)

    @property
    def stops(self) -> bool:
        """Whether that stops the plan."""
        return self.questions.stops(self.answers)

    def answers_page(self) -> Response:
        """The answers so far."""
        ended = self.talk.talk.next() is None
        return self.talk.page("answers.html.j2", rows=rows_of(self.talk), ended=ended)

    def ended(self, notice: str) -> Response:
        """What the answers come to, before any of it is written."""
        talk, asked = self.talk, self.asked
        stop = stop_words(self.questions, self.answers)
        if asked.week is None and not stop and not (self.seen and self.now.standing.stopped):
            words = _why_stopped(self) if self.now.standing.stopped else NO_NEW_SIGN
            return standing_page(self.desk, words)
        seen = asked.week is None and not stop
        return talk.page(
            "diary/end.html.j2",
            stop=stop,
            at_once=self.questions.at_once(self.answers.get(self.questions.sign, ())),
            seen=seen,
            week=asked.week,
            last=last_words(talk.talk),
            notice=notice,
        )

    def written(self, diary: Diary) -> Response:
        """Write the check-in down; what comes then."""
        if not self.is_whole:
            return self.step.onward()
        resumes = self.asked.week is None and not self.stops
        if resumes and not (self.seen and self.now.standing.stopped):
            return self.step.onward()
        now, history, answers = self.desk.now, self.now, self.answers
        if resumes:
            diary.resume(history, self.day, now)
            return self.desk.to()
        book = self.desk.site.books.today()

        def logged(said: Said) -> None:
            book.written_down(said, history.intake)

        if self.correct:
            diary.correct(self.part, history, answers, now, first=logged)
        else:
            # A new sign waits to be seen, whatever was seen before it.
            seen = self.seen and self.asked.week is not None
            diary.check_in(self.part, history, answers, self.day, now, seen=seen, first=logged)
        sent = self._kept.about.get("sent")
        # Of what a phone keeps until it is written, by an address that no server sees whole.
        return self.desk.to("/check-in/last" + (f"#{sent}" if sent else ""))

    @property
    def is_whole(self) -> bool:
        """Whether all is answered that is asked; what stops the plan waits for nothing else."""
        talk = self.talk.talk
        return talk.doubt() is None and (talk.next() is None or talk.level.settles)

    def _gone_on(self) -> Exception:
        """What to do where the diary is no longer as it was when this check-in was begun."""
        kept = self._kept
        if is_written(self.now, kept):
            return Written()
        about = {**kept.about, "stand": stand_of(self.now), "seen": False}
        if self.correct and not self.now.check_ins:
            return STALE
        before = {**kept.before, **{key: each for key, each in kept.answers.items() if each is not None}}
        return Refused(
            409,
            STALE.title,
            "It has changed since this check-in was begun. Nothing was written now.",
            "Nothing is lost: what you answered is filled in. Questions about warning signs come empty.",
            self.desk.site.seal.close(self.part, Kept(before=before, about=about)),
            "Go on",
            WAYS.question,
            home=HOME,
        )


class _Steps(Interview):
    """The questions of a check-in, and its own end."""

    def __init__(self, check_in: CheckIn, form: Form) -> None:
        week, before = check_in.asked.week, check_in.before
        about = "" if week is None else beside_question(before, week)
        super().__init__(check_in.talk, form, dict.fromkeys(check_in.questions.looking_back(), about))
        self._check_in = check_in

    def stopped_here(self) -> Response:
        """The end, where the answers so far stop the plan; else what comes next."""
        talk = self._talk
        return self.ended() if talk.doubt() is None and talk.level.settles else self.onward()

    def onward(self, notice: str = "") -> Response:
        """What comes next; at the first question, which week it is about."""
        if not notice and not self._talk.asked:
            week, why = self._check_in.asked
            before = self._check_in.before
            told = (
                [no_week_words(why)]
                if week is None
                else about_week(self._check_in.part, before, week, commands=False)
            )
            notice = " ".join(told)
        return super().onward(notice)

    def ended(self, notice: str = "") -> Response:
        """The end of the questions."""
        return self._check_in.ended(notice)


def _why_stopped(check_in: CheckIn) -> str:
    """Why a plan that is stopped stays so."""
    from afterrun.diary import DiaryError, refuse_stopped

    try:
        refuse_stopped(check_in.part, check_in.now, False)
    except DiaryError as error:
        return " ".join(without_commands(error))
    return ""
