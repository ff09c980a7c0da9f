"""What answers in a browser alone: a form in, the page that follows out; nothing leaves the device."""

from __future__ import annotations

import ast
import gc
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import afterrun
from afterrun.assessment import Conversation
from afterrun.inference import Engine
from afterrun.intake import Misread, typed_answer
from afterrun.rulebook import unpacked_rulebook
from afterrun.rulebook.schema import Question
from afterrun.telling import Frame, load_templates, render
from afterrun_web.books import Books
from afterrun_web.pages.by_form import BY_FORM
from afterrun_web.pages.interview import questions
from afterrun_web.pages.site import Site
from afterrun_web.requests.forms import Form, form_in
from afterrun_web.requests.refusing import Refused, fault
from afterrun_web.sealing import Kept, Seal, Unreadable
from afterrun_web.settings import Settings
from afterrun_web.visitors import Visitor

if TYPE_CHECKING:
    from starlette.responses import HTMLResponse

ENGINE: Engine = "compiled"
"""durable-rules is C and not here; each page of a result says so."""
BY_ONE_ENGINE = (
    "This was worked out on your own device, by one engine. On a computer afterrun checks each result "
    "with a second one."
)
NOT_HERE = Refused(
    404,
    "This is not here",
    "It needs afterrun on a computer.",
    "Your answers are in the page before.",
)
_FRAME = Frame("frame.html.j2", "afterrun_web", "./")
_AROUND = {"static": "./", "visitor": Visitor(), "alone": True, "by_one_engine": BY_ONE_ENGINE}
_ADDRESS = re.compile(r'\b((?:form)?action|href)="/')


class First(NamedTuple):
    """What everybody sees first, so that it can be shown before Python is there."""

    start: str
    question: str


class Pages:
    """Every page, from one rulebook."""

    def __init__(self, pack: str) -> None:
        self._clock = _Clock()
        settings = Settings(b"", now=self._clock)
        rulebook = unpacked_rulebook(pack)
        # No diary is kept here, so nobody checks in.
        books = Books(rulebook, None, lambda: self._clock.now.date())
        # A page is its text here; a server makes an answer of it.
        draw = cast("Callable[..., HTMLResponse]", _drawn)
        self._site = Site(settings, books, Seal(settings, _Open()), draw, ENGINE)

    def answer(self, path: str, body: str, now: str) -> str:
        """The page that follows a form, at some moment on the person's own clock."""
        try:
            return self._page(path, body, now)
        except Refused as refused:
            return _drawn("refused.html.j2", refused=refused)
        except Exception:
            # As on a server: no result, and none of what was answered in any message.
            return _drawn("refused.html.j2", refused=fault(self._site.books.today().main.identity))

    def first(self, now: str) -> First:
        """The first two pages, with no answers in them and no day."""
        start = self._page("/", "", now)
        question = self._page("/question", "", now)
        return First(*(re.sub(r'(name="token" value=)"[^"]*"', r'\1""', each) for each in (start, question)))

    def results(self, intakes: str, start: str) -> str:
        """The result and the weeks of each intake, as JSON: what the command line says of them."""
        rulebook, day = self._site.books.today().main, date.fromisoformat(start)
        told = []
        for intake in json.loads(intakes):
            result = afterrun.assess(rulebook, intake, engine=ENGINE)
            schedule = afterrun.weeks(rulebook, afterrun.State.of(result), day)
            told.append({"result": result.to_dict(), "plan": schedule.to_dict()})
        return json.dumps(told)

    def warmed(self, root: str) -> None:
        """Load all that any page can need, since no file is there later to load it from."""
        for name in sorted(_imports(Path(root))):
            with suppress(ImportError):
                import_module(name)
        load_templates(_FRAME)
        rulebook, answers = self._site.books.today().main, dict[str, Any]()
        talk = Conversation(rulebook, answers, engine=ENGINE)
        self._clock.now = datetime.now().astimezone()
        now = self._clock.now.isoformat()
        while step := talk.next():
            self._drawn_once("/question", talk, now)
            talk.take(_some_answer(rulebook, step.question, talk.intake))
        for path in BY_FORM:
            for more in ("", "&do=print"):
                self._drawn_once(path, talk, now, more)
        self._drawn_once("/why", talk, now, f"&conclusion={next(iter(rulebook.propositions))}")
        gc.collect()

    def _page(self, path: str, body: str, now: str) -> str:
        self._clock.now = datetime.fromisoformat(now)
        if path == "/":
            return cast("str", questions.beginning(self._site))
        if path not in BY_FORM:
            raise NOT_HERE
        return cast("str", BY_FORM[path](self._site, self._begun(form_in(body.encode()))))

    def _drawn_once(self, path: str, talk: Conversation, now: str, more: str = "") -> None:
        rulebook = self._site.books.today().main
        token = self._site.seal.close(rulebook, Kept(talk.answers))
        self._page(path, f"token={token}{more}", now)

    def _begun(self, form: Form) -> Form:
        """The form; one of the first pages, which were drawn long ago, carries nothing yet."""
        return form if form.one("token") else Form({**form.fields, "token": [self._site.begun().token]})


class _Clock:
    """The moment that came with a form: the Python here was started elsewhere, and at another time."""

    now = datetime(2000, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class _Open:
    """No lock: what a page carries never leaves the device of whom it is about."""

    def close(self, told: bytes, at: int) -> str:
        return urlsafe_b64encode(at.to_bytes(8) + told).decode()

    def open(self, text: str) -> tuple[bytes, int]:
        try:
            told = urlsafe_b64decode(text)
        except ValueError:
            raise Unreadable from None
        return told[8:], int.from_bytes(told[:8])


def _drawn(template: str, *, status: int = 200, **words: Any) -> str:
    """A page, with addresses that hold under any path."""
    html = render(template, _FRAME, **_AROUND, **words)
    return _ADDRESS.sub(r'\1="./', html)


def _imports(root: Path) -> Iterator[str]:
    """Whatever some module asks for somewhere, and the modules themselves."""
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {each.name for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
    yield from found


def _some_answer(
    rulebook: afterrun.Rulebook, question: Question, intake: Mapping[str, Any]
) -> dict[str, Any]:
    """An answer that the question allows; where there are options the last, which is rarely a warning."""
    units = [each.id for quantity in rulebook.quantities.values() for each in quantity.units]
    numbers = ["1", "20", "2000", *(f"10 {each}" for each in units)]
    for line in [str(len(question.options))] if question.options else numbers:
        with suppress(Misread):
            return typed_answer(rulebook, question, line, intake).adds
    raise ValueError(f"no answer fits {question.id}")
