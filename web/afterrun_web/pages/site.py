"""What every page is made from, and the conversation that a form carries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import afterrun
from afterrun.assessment import Conversation, Scope
from afterrun.inference import Engine
from afterrun.telling import KeptOffers
from afterrun_web.books import Books
from afterrun_web.drawing import page
from afterrun_web.requests.forms import Form
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Kept, Outdated, Seal, Unreadable
from afterrun_web.settings import Settings
from afterrun_web.visitors import Role, visitor

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse


class Ways(NamedTuple):
    """Where the pages of an interview lead."""

    question: str
    answers: str
    result: str
    """What comes at the end, or where the person stops early."""
    files: str
    """Where a person's own files go."""


AUDITED = "audited"
"""What marks answers as those of an intake that is audited, and holds what is told of it."""
FILES = "files"
"""What holds the offers of the person's own files."""
DAY = "day"
"""What marks answers as those of a check-in: the day that it is of."""
OF_INTAKE = Ways("/question", "/answers", "/result", "/files")


class Site(NamedTuple):
    """One rulebook, and what seals the answers to it."""

    settings: Settings
    books: Books
    seal: Seal
    draw: Callable[..., HTMLResponse] = page
    """Makes a page of a template and its words."""
    engine: Engine = "durable"

    def talk_of(self, form: Form) -> Talk:
        """The conversation that a form carries; refuses what was made elsewhere, or stands no longer."""
        rulebook = self.books.today().main
        kept = self.kept_in(form, rulebook, OF_INTAKE.question)
        if AUDITED in kept.about:
            raise Refused(
                409,
                "This intake is being audited",
                "Its answers are looked at, and nothing more is asked of them.",
                "Nothing is lost: go on with the audit.",
                form.one("token"),
                "Go on with the audit",
                "/audit",
            )
        files = KeptOffers(rulebook, kept.about.get(FILES, {}), self.settings.now().date())
        scope = Scope(offers=kept.before, of_files=files.answers)
        return Talk(self, Conversation(rulebook, kept.answers, scope, engine=self.engine), kept, files=files)

    def kept_in(self, form: Form, rulebook: afterrun.Rulebook, again: str) -> Kept:
        """What a form carries; `again` is where answers are given once more that stand no longer."""
        try:
            return self.opened(form, rulebook)
        except Outdated as outdated:
            if again == OF_INTAKE.question and DAY in outdated.was.about:
                raise Refused(
                    409,
                    "These are answers of a check-in",
                    "They belong to your diary.",
                    "Nothing is lost: go on with the check-in.",
                    form.one("token"),
                    "Go on",
                    "/diary/check-in",
                ) from None
            raise Refused(
                409,
                "Please answer once more",
                str(outdated),
                "Nothing is lost: what you said is filled in wherever it still fits. Questions about warning "
                "signs come empty, for a sign may be new since.",
                self.seal.close(rulebook, outdated.kept),
                "Go on",
                again,
            ) from None

    def opened(self, form: Form, rulebook: afterrun.Rulebook) -> Kept:
        """What a form carries, as long as it stands; after that raises Outdated."""
        token = form.one("token")
        if not token:
            raise Refused(400, "Nothing came with this form", "It holds no answers, not even none.")
        try:
            return self.seal.open(rulebook, token)
        except Unreadable:
            why = "What it holds was not made here, or it was changed on the way."
            raise Refused(400, "This form cannot be read", why) from None

    def begun(self) -> Talk:
        """A conversation in which nothing is said yet."""
        return Talk(self, Conversation(self.books.today().main, {}, engine=self.engine), Kept())


class Talk:
    """A conversation while one request is answered."""

    def __init__(
        self,
        site: Site,
        talk: Conversation,
        kept: Kept,
        ways: Ways = OF_INTAKE,
        known: Collection[str] = (),
        files: KeptOffers | None = None,
    ) -> None:
        self._site = site
        self._kept = kept
        self._ways = ways
        self._known = known
        self.files = files
        """What the person's own files offer; None where none are taken."""
        self.rulebook = talk.rulebook
        self.talk = talk

    @property
    def most_megabytes(self) -> int:
        """The most of the person's own files that is taken at once."""
        return self._site.settings.largest_batch // (1024 * 1024)

    def with_files(self, kept: Mapping[str, Any]) -> Form:
        """A form that carries the same conversation with what files offer."""
        return Form({"token": (self._sealed(self._kept._replace(about={**self._kept.about, FILES: kept})),)})

    @property
    def token(self) -> str:
        """The answers as they are now, for a page to carry."""
        return self._sealed(self._kept)

    def _sealed(self, kept: Kept) -> str:
        said = {key: value for key, value in self.talk.answers.items() if key not in self._known}
        return self._site.seal.close(self.rulebook, kept._replace(answers=said))

    def page(self, template: str, *, status: int = 200, **words: Any) -> HTMLResponse:
        """A page that carries the conversation on."""
        given = len(self.talk.asked)
        return self._site.draw(
            template,
            status=status,
            token=self.token,
            given=given,
            identity=self.rulebook.identity,
            ways=self._ways,
            keeps_diary=self._site.settings.diary is not None and Role.PERSON in visitor().roles,
            **words,
        )
