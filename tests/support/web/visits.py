"""Pages as a browser without scripts uses them, on the real server: forms filled in, buttons pressed."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any, NamedTuple

import httpx2
import uvicorn
from fastapi import FastAPI

import afterrun
from afterrun.rulebook.schema import Question
from afterrun_web.app import create_app
from afterrun_web.sealing import Kept, Seal
from afterrun_web.serving import listening_at, new_key
from afterrun_web.settings import Settings
from tests.support.web.pages import Page

NOW = datetime(2027, 3, 3, 12).astimezone()
CACHE = Path(os.environ["XDG_CACHE_HOME"], "afterrun")
"""Where the rulebook is packed for every server of the tests."""
SETTINGS = Settings(new_key(), cache=CACHE, now=lambda: NOW)


class Served(NamedTuple):
    """A server that answers, and how it was set up."""

    address: str
    settings: Settings

    def seal(self, rulebook: afterrun.Rulebook, answers: Mapping[str, Any]) -> str:
        """What a page carries once these answers are given."""
        return Seal(self.settings).close(rulebook, Kept(answers))


@contextmanager
def served(settings: Settings = SETTINGS) -> Iterator[Served]:
    """Serve until the end of the block, on a port that is free."""
    with app_served(create_app(settings), server_header=False, lifespan="on", ws="none") as address:
        yield Served(address, settings)


@contextmanager
def app_served(app: FastAPI, **options: Any) -> Iterator[str]:
    """The same of an app, with further options of uvicorn; the address of it."""
    with listening_at(0) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


NOBODY = SSLContext(PROTOCOL_TLS_CLIENT)
"""Whom a client trusts who asks without encryption: to read the system's list takes longer than a page."""


class Button(NamedTuple):
    """What can be pressed: its words, and what is then sent where."""

    words: str
    action: str
    fields: tuple[tuple[str, str], ...]


class Visitor:
    """Somebody at a page; `sent` holds the address of everything that was asked for."""

    def __init__(self, address: str) -> None:
        # No connection is kept, so that none is left open.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(
            base_url=address, timeout=60, limits=limits, follow_redirects=True, verify=NOBODY
        )
        self.sent: list[str] = []
        self.open("/")

    def open(self, path: str) -> Visitor:
        """Go to an address."""
        return self._take(self._client.get(path))

    def post(self, path: str, **options: Any) -> Visitor:
        """Send something that no form of ours sends."""
        return self._take(self._client.post(path, **options))

    def press(self, words: str, **fields: str | Sequence[str]) -> Visitor:
        """Fill in fields, press the button that begins with these words, and be at the page that comes."""
        button = next(each for each in self.buttons if each.words.startswith(words))
        given = {name: [value] if isinstance(value, str) else list(value) for name, value in fields.items()}
        kept = [each for each in button.fields if each[0] not in given]
        sent: dict[str, list[str]] = dict(given)
        for name, value in kept:
            sent.setdefault(name, []).append(value)
        return self.post(button.action, data=sent)

    def answer(self, question: Question, intake: Mapping[str, Any]) -> Visitor:
        """Answer the question that is asked as an intake does."""
        value = intake.get(question.id)
        if value is None:
            return self.press("Skip")
        if value == "unknown" and not question.options and "I don't know" in [b.words for b in self.buttons]:
            return self.press("I don't know")
        unit = (
            {"unit": str(intake["volume_unit"])} if question.quantity and 'name="unit"' in self.html else {}
        )
        told = [str(each) for each in value] if isinstance(value, list) else str(value)
        return self.press("Continue", answer=told, **unit)

    @property
    def question(self) -> str:
        """The question that the page asks; nothing where it asks none."""
        found = (
            re.search(r'name="question" value="(\w+)"', self.html)
            if "<fieldset" in self.html or 'id="answer"' in self.html
            else None
        )
        return found[1] if found else ""

    @property
    def token(self) -> str:
        """What the page carries."""
        found = re.search(r'name="token" value="([^"]+)"', self.html)
        assert found, self.text
        return found[1]

    @property
    def text(self) -> str:
        """What the page says."""
        return Page(self.html).text

    def _take(self, response: Any) -> Visitor:
        self.sent.append(str(response.request.url))
        self.status: int = response.status_code
        self.headers = response.headers
        self.content: bytes = response.content
        self.html = response.text if "html" in response.headers["content-type"] else ""
        self.buttons = _Forms(self.html).buttons
        return self


class _Forms(HTMLParser):
    """The buttons of a page, each with what its form would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.buttons: list[Button] = []
        self._action = ""
        self._fields: list[tuple[str, str]] = []
        self._open: dict[str, str] | None = None
        self._words = ""
        self._opens = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action, self._fields, self._first = given["action"], [], len(self.buttons)
            # A form that is read by its address is opened, not pressed.
            self._opens = given["method"] == "get"
        elif tag == "input" and "name" in given:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._fields.append((given["name"], given.get("value", "")))
        elif tag == "button" and "form" not in given and given.get("type") != "button" and not self._opens:
            self._open, self._words = given, ""

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._open is not None:
            own = ((self._open["name"], self._open["value"]),) if "name" in self._open else ()
            action = self._open.get("formaction", self._action)
            self.buttons.append(Button(" ".join(self._words.split()), action, own))
            self._open = None
        elif tag == "form":
            for place in range(self._first, len(self.buttons)):
                button = self.buttons[place]
                taken = {name for name, _ in button.fields}
                rest = tuple(each for each in self._fields if each[0] not in taken)
                self.buttons[place] = button._replace(fields=(*rest, *button.fields))
