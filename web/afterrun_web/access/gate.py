"""Stands before a shared server's pages and API: who is it, may they, and did a page of ours send it."""

from __future__ import annotations

import hmac
import re
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from afterrun_web.access.roles import SIGN_IN, SIGN_OUT, Audience, audience_of
from afterrun_web.access.sign_in import Access, cookie_of, cookie_with, sign_in_page
from afterrun_web.drawing import CSRF, LEAVES_NOTHING
from afterrun_web.requests.forms import FORM, UPLOAD, Form, kind_of
from afterrun_web.requests.origins import API, FHIR, HOOKS, READS, is_below
from afterrun_web.requests.problems import TOLD
from afterrun_web.requests.refusing import Refused
from afterrun_web.requests.sent import read_form
from afterrun_web.visitors import Visitor, arrived

HEADER = "x-csrf-token"
"""Where a script puts what a form would bring in its first field."""
ENOUGH = 1024
"""Bytes of an upload within which its first field ends."""
_FIRST = re.compile(
    rb'--[^\r\n]{1,70}\r\nContent-Disposition: form-data; name="'
    + CSRF.encode()
    + rb'"\r\n\r\n([0-9a-f]{64})\r\n'
)

NOT_PRIVATE = Refused(
    403,
    "This way is not private",
    "Others on the way could read what you send.",
    "Open the same address with https:// in front.",
)
SIGN_IN_FIRST = Refused(
    401,
    "Sign in first",
    "This server wants a session, or a token that 'afterrun serve accounts token' makes.",
    headers={"WWW-Authenticate": "Bearer"},
)
OUT = "You were signed out, since nothing came for a while or a session was over."


class _Came(NamedTuple):
    visitor: Visitor
    by_token: bool = False
    fresh: str = ""
    """A session that nobody has yet, for a browser that has none."""


class Gate:
    """Lets in whoever has an account for what is asked."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse whoever may not come, and say who did."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["scheme"] != "https":
            raise NOT_PRIVATE
        headers, path = Headers(scope=scope), scope["path"]
        if is_below(path, (HOOKS,)):
            # Their callers are no accounts: each call brings a token of its own, which the hooks check.
            arrived(Visitor())
            await self._app(scope, receive, send)
            return
        came = await run_in_threadpool(self._who, headers, path)
        arrived(came.visitor)
        body = _Body(receive)
        audience = audience_of(path)
        if not audience.strangers and not came.visitor.account:
            if is_below(path, (API, FHIR)):
                raise SIGN_IN_FIRST
            answer: Response = RedirectResponse(SIGN_IN, 303)
            if scope["method"] not in READS:
                # Whoever was signed out in the middle of something goes on with it afterwards.
                answer = sign_in_page(403, OUT, form=await body.form(scope, headers))
                if path == SIGN_OUT:
                    answer.headers.update(LEAVES_NOTHING)
            await answer(scope, receive, _with_cookie(send, came.fresh))
            return
        if not audience.strangers and not audience.roles & came.visitor.roles:
            raise _not_for(came.visitor, audience)
        if scope["method"] not in READS and not came.by_token:
            await _check_csrf(scope, headers, body, came.visitor)
        await self._app(scope, body.again(), _with_cookie(send, came.fresh) if path == SIGN_IN else send)

    def _who(self, headers: Headers, path: str) -> _Came:
        told = headers.get("authorization", "")
        # Elsewhere a browser could be made to keep one; and a token that is wrong is not made up for.
        # By FHIR pages of other sites may ask, so that a session counts for nothing there.
        if is_below(path, (FHIR,)) or (is_below(path, (API,)) and told):
            scheme, _, token = told.partition(" ")
            return _Came(self._access.by_token(token if scheme.lower() == "bearer" else ""), by_token=True)
        session = cookie_of(headers)
        fresh = "" if session else self._access.fresh()
        return _Came(self._access.by_session(session or fresh), fresh=fresh)


def _not_for(visitor: Visitor, audience: Audience) -> Refused:
    if not audience.roles:
        return TOLD[404]
    mine, theirs = (" and ".join(sorted(each)) for each in (visitor.roles, audience.roles))
    return Refused(
        403,
        "This page is not for your account",
        f"It is for a {theirs}, and your account is that of a {mine}.",
        "Begin here, or sign out and in with another account.",
    )


async def _check_csrf(scope: Scope, headers: Headers, body: _Body, visitor: Visitor) -> None:
    kind = kind_of(headers)
    form = Form({})
    if HEADER in headers:
        brought = headers[HEADER]
    elif kind == FORM:
        form = await body.form(scope, headers)
        brought = form.one(CSRF)
    elif kind == UPLOAD:
        found = _FIRST.match(await body.beginning())
        brought = found[1].decode() if found else ""
    else:
        brought = ""
    if not visitor.csrf or not hmac.compare_digest(brought.encode(), visitor.csrf.encode()):
        raise Refused(
            403,
            "Please send this once more",
            "This page is older than your session, or it is not one of ours.",
            "Nothing is lost: go on from here. Or begin anew.",
            form.one("token") if visitor.account else "",
            "Go on",
        )


class _Body:
    """A body that is looked into, and then told again from its beginning."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._seen: list[Message] = []

    async def beginning(self, least: int = ENOUGH) -> bytes:
        """Its first bytes, that many if there are."""
        while sum(len(each.get("body", b"")) for each in self._seen) < least and self._goes_on():
            self._seen.append(await self._receive())
        return b"".join(each.get("body", b"") for each in self._seen)

    async def form(self, scope: Scope, headers: Headers) -> Form:
        """The form in it; an empty one where it is none. The guard bounds how large one is."""
        if kind_of(headers) != FORM:
            return Form({})
        while self._goes_on():
            self._seen.append(await self._receive())
        return await read_form(Request(scope, self.again()))

    def again(self) -> Receive:
        """All of it, from the beginning."""
        left = list(self._seen)

        async def receive() -> Message:
            return left.pop(0) if left else await self._receive()

        return receive

    def _goes_on(self) -> bool:
        return not self._seen or bool(self._seen[-1].get("more_body"))


def _with_cookie(send: Send, fresh: str) -> Send:
    async def sent(message: Message) -> None:
        if fresh and message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if "set-cookie" not in headers:
                headers["set-cookie"] = cookie_with(fresh)
        await send(message)

    return sent
