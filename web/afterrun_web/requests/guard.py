"""What holds for every request and every answer: who may come, how much, and what leaves."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterrun_web.books import Books
from afterrun_web.requests.forms import FORM, UPLOAD, kind_of
from afterrun_web.requests.origins import from_another_site, may_cross
from afterrun_web.requests.problems import refusal
from afterrun_web.requests.refusing import Refused, fault, log_fault
from afterrun_web.settings import Settings, is_loopback
from afterrun_web.visitors import Visitor, arrived, owner

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
BATCH, OWN_FILES = "/batch", ("/files", "/diary/check-in/files")
"""Where files of intakes are sent to, and a person's own files of their running."""
READ_AWAY = 256 * 1024 * 1024
"""Bytes of a body that is refused which are still taken, so that its sender hears why."""


class _TooLarge(Exception):
    """The body holds more than it may."""


class Guard:
    """Stands before the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings, books: Books) -> None:
        self._app = app
        self._settings = settings
        self._books = books

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what may not come, and put the headers on whatever leaves."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        out = _Out(send)
        # Who comes to a shared server is nobody until access says otherwise.
        arrived(Visitor() if self._settings.shared else owner(self._settings.person))
        headers = Headers(scope=scope)
        if scope["method"] == "HEAD":
            # What a page would say of itself; the server sends no body to who wants none.
            scope = {**scope, "method": "GET"}
        of_files = scope["path"] if kind_of(headers) == UPLOAD else ""
        large = of_files in (BATCH, *OWN_FILES)
        body = _Body(receive, self._settings.largest_batch if large else self._most(headers))
        try:
            self._check(scope, headers)
            if _length(headers) > body.most:
                raise _TooLarge
            await self._app(scope, body, out)
        except Refused as refused:
            # Some are raised again and again: none may keep what was at hand when it was.
            refused.__traceback__ = refused.__context__ = refused.__cause__ = None
            await out.instead(self._refusal(scope, refused), scope, receive)
        except _TooLarge:
            await body.read_away()
            await out.instead(self._refusal(scope, _too_large(body.most, of_files)), scope, receive)
        except Exception as error:
            log_fault(error)
            told = fault(self._books.today().main.identity)
            await out.instead(self._refusal(scope, told), scope, receive)

    def _refusal(self, scope: Scope, refused: Refused) -> Response:
        return refusal(scope["path"], refused, self._books.today().main.stamp)

    def _check(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        if not self._settings.shared and not is_loopback(name.strip("[]").lower()):
            raise Refused(
                421,
                "This is not the address",
                "These pages are served to this machine alone, under 127.0.0.1 and localhost.",
                "Open the address that afterrun serve says.",
            )
        # A page elsewhere on the web sends nothing here in somebody's name.
        if from_another_site(scope["method"], scope["scheme"], headers) and not may_cross(
            scope["path"], headers, self._settings.origins
        ):
            raise CROSS_SITE

    def _most(self, headers: Headers) -> int:
        return self._settings.largest_form if kind_of(headers) == FORM else self._settings.largest_upload


CROSS_SITE = Refused(
    403, "This came from another site", "Another site tried to send something here.", "Begin here instead."
)


def _too_large(most: int, of_files: str) -> Refused:
    size = f"{most // 1024} kB" if most < 1024 * 1024 else f"{most // (1024 * 1024)} MB"
    why = f"What was sent is larger than {size}, which is the most."
    if of_files in OWN_FILES:
        command = "ask" if of_files == OWN_FILES[0] else "checkin"
        fewer = (
            f"Go back and give fewer of them. Or use 'afterrun {command} --history', which takes any size."
        )
        return Refused(413, "These files are too large", why, fewer)
    if of_files == BATCH:
        parts = "Give the file in parts, or packed. Or use 'afterrun batch', which takes any size."
        return Refused(413, "This file is too large", why, parts, home=(BATCH, "Give another file"))
    return Refused(413, "This is too large", why)


def _length(headers: Headers) -> int:
    told = headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() else 0


class _Body:
    """A body that ends in an error where it is too large, whatever was said of its length."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self.most = most
        self._seen = 0
        self._more = True

    async def __call__(self) -> Message:
        message = await self._receive()
        self._count(message)
        if self._seen > self.most:
            raise _TooLarge
        return message

    async def read_away(self) -> None:
        """Take what still comes, and keep none of it."""
        while self._more and self._seen < READ_AWAY:
            self._count(await self._receive())

    def _count(self, message: MutableMapping[str, Any]) -> None:
        self._seen += len(message.get("body", b""))
        self._more = message["type"] == "http.request" and bool(message.get("more_body"))


class _Out:
    """What leaves, with the headers of every answer."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)

    async def instead(self, response: Response, scope: Scope, receive: Receive) -> None:
        """Answer with this, unless another answer has begun; then it breaks off."""
        if self._begun:
            raise ConnectionError("the answer broke off")
        await response(scope, receive, self)
