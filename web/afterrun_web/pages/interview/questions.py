"""One question a page, the answers so far, and the end of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from afterrun.assessment import NextQuestion
from afterrun.explanation import answer_in_words
from afterrun.intake import (
    DONT_KNOW,
    FROM_FILES,
    Misread,
    TypedAnswer,
    UnitMissing,
    UnitsDiffer,
    offers_unknown,
    typed_answer,
)
from afterrun.rulebook import stamp_words
from afterrun.rulebook.schema import Question
from afterrun.telling import (
    FIRST,
    NEEDED,
    UNIT_NEEDED,
    KeptOffers,
    alarm_of,
    capital,
    doubt_words,
    heading_words,
    last_words,
    question_help,
)
from afterrun_web.pages.interview.fields import ANSWER, UNIT, answer_in, fields_of
from afterrun_web.pages.site import Site, Talk
from afterrun_web.requests.forms import Form
from afterrun_web.visitors import Role, visitor

if TYPE_CHECKING:
    from starlette.responses import Response


def beginning(site: Site) -> Response:
    """What this is, what it is not, how long it takes."""
    begun = site.begun()
    first = begun.talk.next()
    most = first.left_at_most if first is not None else 0
    return begun.page(
        "start.html.j2",
        most=most,
        stamp=stamp_words(begun.rulebook.stamp),
        takes_files=site.settings.batches is not None and Role.CLINICIAN in visitor().roles,
    )


def question(site: Site, form: Form) -> Response:
    """The page that follows an answer."""
    return Interview(site.talk_of(form), form).answered()


def answers(site: Site, form: Form) -> Response:
    """The answers so far."""
    talk = site.talk_of(form)
    return talk.page("answers.html.j2", rows=rows_of(talk), ended=talk.talk.next() is None)


def rows_of(talk: Talk) -> list[tuple[Question, str]]:
    """Each question dealt with, and its answer in words."""
    rulebook, intake = talk.rulebook, talk.talk.intake
    return [
        (rulebook.questions[name], capital(answer_in_words(rulebook, name, intake.get(name), intake)))
        for name in talk.talk.asked
    ]


class Interview:
    """One step of an interview: a form in, the page that follows out."""

    def __init__(
        self,
        talk: Talk,
        form: Form,
        beside: Mapping[str, str] | None = None,
        picture: tuple[str, str] = ("", ""),
    ) -> None:
        self._beside = beside or {}
        self._pictured, self._picture = picture
        self._page = talk
        self._rulebook = talk.rulebook
        self._talk = talk.talk
        self._form = form

    def answered(self) -> Response:
        """Do what the form's button says, and show what comes then."""
        do, name = self._form.one("do"), self._form.one("question")
        if do == "confirm":
            return self._confirmed()
        if do in ("", "go"):
            return self.onward()
        if do == "back":
            return self._back(name)
        step = self._talk.next()
        question = self._rulebook.questions.get(name)
        if question is None:
            return self.onward("There is no such question. Here is the one that comes next.")
        if name not in self._talk.asked and (step is None or step.question.id != name):
            return self.onward("That question is not asked now. Here is what comes next.")
        match do:
            case "change":
                return self._ask(question)
            case "list":
                return self._ask(question, unfolded=True)
            case "pass" if question.optional:
                self._talk.pass_over(question)
                return self.onward()
            case "none" if question.gate:
                return self._taken(
                    question, TypedAnswer({name: [each.id for each in question.options if each.alone]})
                )
        return self._read(question, DONT_KNOW if do == "unknown" and offers_unknown(question) else "")

    def _takes_files(self, question: Question) -> bool:
        """Whether the person's own files are asked for this question."""
        written = self._rulebook.history
        asked = written is not None and question.id in [each.question for each in written.offers]
        return asked and self._page.files is not None

    def _file_lines(self, question: Question, files: KeptOffers, offered: Mapping[str, Any]) -> list[str]:
        """What the person's files say to a question, and to what it comes where the answer is another."""
        intake = self._talk.intake
        lines = files.lines(question.id, intake)
        if question.id in intake and offered and self._talk.is_of_files(question):
            said = answer_in_words(self._rulebook, question.id, intake[question.id], intake)
            then = {**intake, **offered}
            told = answer_in_words(self._rulebook, question.id, then[question.id], then)
            lines += [f"Your files say: {told}"] if told != said else []
        return lines

    def onward(self, notice: str = "") -> Response:
        """What comes next: a doubt, a question, or the end of them."""
        if (doubt := self._talk.doubt()) is not None:
            return self._page.page("doubt.html.j2", words=doubt_words(doubt), question=doubt.doubt.answer)
        step = self._talk.next()
        if step is not None:
            return self._ask(step.question, step, notice=notice)
        return self.ended(notice)

    def ended(self, notice: str = "") -> Response:
        """The end of the questions."""
        return self._page.page("end.html.j2", last=last_words(self._talk), notice=notice)

    def _back(self, name: str) -> Response:
        before = self._talk.before(name or None)
        if before is not None:
            return self._ask(self._rulebook.questions[before])
        step = self._talk.next()
        if name in self._talk.asked:
            return self._ask(self._rulebook.questions[name], notice=FIRST)
        return self._ask(step.question, step, notice=FIRST) if step is not None else self.onward()

    def _confirmed(self) -> Response:
        if (doubt := self._talk.doubt()) is not None:
            self._talk.confirm(doubt)
        return self.onward()

    def _read(self, question: Question, line: str) -> Response:
        """Take the answer, or ask again and say what is wrong with it."""
        intake = self._talk.intake
        try:
            found = (
                typed_answer(self._rulebook, question, line, intake)
                if line
                else answer_in(self._rulebook, question, self._form, intake)
            )
        except UnitMissing:
            return self._ask(question, wrong=UNIT_NEEDED, of_unit=True)
        except Misread as misread:
            return self._ask(question, wrong=str(misread), of_unit=isinstance(misread, UnitsDiffer))
        if found is None and question.optional:
            self._talk.pass_over(question)
            return self.onward()
        if found is None:
            return self._ask(question, wrong=NEEDED)
        if wrong := self._talk.refused(found.adds):
            return self._ask(question, wrong=capital(wrong))
        return self._taken(question, found)

    def _taken(self, question: Question, found: TypedAnswer) -> Response:
        offer = {} if question.id in self._talk.answers else self._talk.offer(question)
        said = {**self._talk.intake, **found.adds}
        # Whoever sends what was filled in takes the offer, with the runs behind it.
        taken = FROM_FILES in offer and all(said.get(key) == offer[key] for key in offer if key != FROM_FILES)
        self._talk.take(offer if taken else found.adds)
        return self.onward(found.note)

    def _ask(
        self,
        question: Question,
        step: NextQuestion | None = None,
        *,
        wrong: str = "",
        of_unit: bool = False,
        notice: str = "",
        unfolded: bool = False,
    ) -> Response:
        talk, rulebook = self._talk, self._rulebook
        answered, files = question.id in talk.answers, self._page.files
        if step is None and not answered:
            step = talk.next()
        changes = talk.can_change(question) if step is None else step.changes
        offered = talk.offer(question)
        offer: dict[str, Any] = {} if answered else offered
        given = {**talk.intake, **offer}
        if wrong and question.quantity and self._form.one(UNIT):
            given[rulebook.quantities[question.quantity].unit_key] = self._form.one(UNIT)
        if wrong and question.options:
            given[question.id] = list(self._form.all(ANSWER))
        fields = fields_of(talk, question, given, self._form.one(ANSWER) if wrong else "")
        return self._page.page(
            "question.html.j2",
            status=422 if wrong else 200,
            question=question,
            section=rulebook.sections[question.section],
            heading=heading_words(talk, question.id, step),
            alarm=alarm_of(rulebook, step) if step is not None else None,
            beside=self._beside.get(question.id, ""),
            help=question_help(rulebook, question, changes),
            fields=fields,
            folded=bool(question.gate) and not (answered or unfolded or wrong),
            offered=bool(offer),
            from_files=[] if files is None else self._file_lines(question, files, offered),
            of_files=bool(offer) and talk.is_of_files(question),
            picture=self._picture,
            pictured=self._pictured,
            takes_files=self._takes_files(question),
            most=self._page.most_megabytes,
            has_files=files is not None and files.stands,
            answered=answered,
            first=talk.before(question.id) is None,
            wrong=wrong,
            of_unit=of_unit and bool(fields.units),
            notice=notice,
        )
