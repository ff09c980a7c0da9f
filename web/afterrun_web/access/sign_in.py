"""Signing in and out: pages without script, and the cookie that says who came."""

from __future__ import annotations

import hmac
from hashlib import sha256
from math import ceil

from fastapi import APIRouter
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response

from afterrun_web.access.accounts import Accounts
from afterrun_web.access.limits import Limits
from afterrun_web.access.roles import SIGN_IN, SIGN_OUT
from afterrun_web.access.sessions import Holder, Sessions, is_id, new_id
from afterrun_web.drawing import LEAVES_NOTHING, WHOSE, page
from afterrun_web.requests.forms import Form
from afterrun_web.requests.sent import Sent
from afterrun_web.settings import Settings
from afterrun_web.visitors import Visitor, arrived, visitor

COOKIE = "__Host-afterrun"
WRONG = "This name and this password do not belong together."


class Access:
    """Accounts, their sessions, and how often a password may be tried. Raises AccountError."""

    def __init__(self, settings: Settings) -> None:
        if settings.accounts is None:
            raise ValueError("a shared server has accounts")
        self.accounts = Accounts(settings.accounts)
        self.sessions = Sessions(self.accounts.engine, settings.now)
        self.limits = Limits(settings.now)
        # Of its own, so that nothing that is sealed with the other could be one of these.
        self._key = hmac.digest(settings.key, b"csrf", sha256)

    def fresh(self) -> str:
        """A session that is nobody's; nothing of it is kept."""
        return new_id()

    def by_session(self, session: str) -> Visitor:
        """Who has it; somebody without a role where it is nobody's."""
        came = _visitor(self.sessions.holder(session))
        # No session has a colon in it, so that none brings forth the mark of an account.
        mark = self._keyed(f"account:{came.account}") if came.account else ""
        return came._replace(csrf=self._keyed(session), mark=mark)

    def by_token(self, token: str) -> Visitor:
        """For whom a program acts; no form brings anything back from it."""
        return _visitor(self.sessions.holder_of_token(token) if token else None)

    def _keyed(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), sha256).hexdigest()


def router(access: Access) -> APIRouter:
    """The pages to sign in and out."""
    pages = APIRouter(include_in_schema=False)

    @pages.get(SIGN_IN)
    def ask() -> Response:
        return RedirectResponse("/", 303) if visitor().account else sign_in_page()

    @pages.post(SIGN_IN)
    def sign_in(form: Sent, request: Request) -> Response:
        name = form.one("name")
        address = request.client.host if request.client else ""
        if seconds := access.limits.wait(name, address):
            minutes = ceil(seconds / 60)
            told = f"Too many tries. Wait {minutes} minute{'s' * (minutes > 1)}, then try again."
            response = sign_in_page(429, told, name, form)
            response.headers["Retry-After"] = str(seconds)
            return response
        account = access.accounts.id_of(name, form.one("password"))
        if account is None:
            return sign_in_page(403, WRONG, name, form)
        access.limits.succeeded(name, address)
        session = access.sessions.begin(account, cookie_of(request.headers))
        arrived(access.by_session(session))
        kept = _carried(form) if form.one(WHOSE) == visitor().mark else {}
        went: Response = page("signed_in.html.j2", kept=kept) if kept else RedirectResponse("/", 303)
        went.headers["Set-Cookie"] = cookie_with(session)
        return went

    @pages.post(SIGN_OUT)
    def sign_out(request: Request) -> Response:
        access.sessions.end(cookie_of(request.headers))
        went = RedirectResponse(SIGN_IN, 303)
        went.headers["Set-Cookie"] = f"{cookie_with('')}; Max-Age=0"
        went.headers.update(LEAVES_NOTHING)
        return went

    return pages


def cookie_of(headers: Headers) -> str:
    """The session that a browser brings; nothing where it brings none."""
    brought = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
    return brought if is_id(brought) else ""


def cookie_with(session: str) -> str:
    """What makes a browser bring a session: to this host alone, on a private way, unseen by scripts."""
    return f"{COOKIE}={session}; Path=/; Secure; HttpOnly; SameSite=Lax"


def sign_in_page(status: int = 200, wrong: str = "", name: str = "", form: Form = Form({})) -> HTMLResponse:  # noqa: B008
    """The page to sign in on; the form is the one to go on with afterwards."""
    kept = _carried(form)
    whose = {WHOSE: form.one(WHOSE)} if kept else {}
    return page("sign_in.html.j2", status=status, wrong=wrong, name=name, kept=kept | whose)


def _carried(form: Form) -> dict[str, str]:
    """What is brought over a sign-in: answers as they are sealed, or an intake as it was pasted."""
    return {name: form.one(name) for name in ("token", "intake") if form.one(name)}


def _visitor(holder: Holder | None) -> Visitor:
    return Visitor() if holder is None else Visitor(holder.name, frozenset({holder.role}))
