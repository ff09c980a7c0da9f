"""What every page is made from, and the conversation that a form carries."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.responses import HTMLResponse

import afterrun
from afterrun.assessment import Conversation, Scope
from afterrun_web.books import Books
from afterrun_web.drawing import page
from afterrun_web.forms import Form
from afterrun_web.refusing import Refused
from afterrun_web.sealing import Kept, Outdated, Seal, Unreadable
from afterrun_web.settings import Settings


class Site(NamedTuple):
    """One rulebook, and what seals the answers to it."""

    settings: Settings
    books: Books
    seal: Seal

    def talk_of(self, form: Form) -> Talk:
        """The conversation that a form carries; refuses what was made elsewhere, or stands no longer."""
        rulebook = self.books.today()
        token = form.one("token")
        if not token:
            raise Refused(400, "Nothing came with this form", "It holds no answers, not even none.")
        try:
            return Talk(self, rulebook, self.seal.open(rulebook, token))
        except Unreadable:
            why = "What it holds was not made here, or it was changed on the way."
            raise Refused(400, "This form cannot be read", why) from None
        except Outdated as outdated:
            raise Refused(
                409,
                "Please answer once more",
                str(outdated),
                "Nothing is lost: what you said is filled in wherever it still fits. Questions about warning "
                "signs come empty, for a sign may be new since.",
                self.seal.close(rulebook, outdated.kept),
                "Go on",
            ) from None

    def begun(self) -> Talk:
        """A conversation in which nothing is said yet."""
        return Talk(self, self.books.today(), Kept())


class Talk:
    """A conversation while one request is answered."""

    def __init__(self, site: Site, rulebook: afterrun.Rulebook, kept: Kept) -> None:
        self._site = site
        self._before = kept.before
        self.rulebook = rulebook
        self.talk = Conversation(rulebook, kept.answers, Scope(offers=kept.before))

    @property
    def token(self) -> str:
        """The answers as they are now, for a page to carry."""
        return self._site.seal.close(self.rulebook, Kept(self.talk.answers, self._before))

    def page(self, template: str, *, status: int = 200, **words: Any) -> HTMLResponse:
        """A page that carries the conversation on."""
        given = len(self.talk.asked)
        return page(
            template, status=status, token=self.token, given=given, identity=self.rulebook.identity, **words
        )
