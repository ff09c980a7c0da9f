"""Sessions of browsers and tokens of programs: random, kept as digests, and each with an end."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session as Work

from afterrun_web.access.accounts import key_of
from afterrun_web.access.errors import AccountError
from afterrun_web.access.tables import Account, Session, Token
from afterrun_web.visitors import Role

IDLE, LONGEST = timedelta(hours=2), timedelta(hours=12)
OF_A_TOKEN = timedelta(days=90)
SELDOM = timedelta(minutes=1)
"""How often a use is written down."""
_ID = re.compile(r"[A-Za-z0-9_-]{43}")


class Holder(NamedTuple):
    """Whose session or token it is."""

    name: str
    role: Role


def new_id() -> str:
    """Nobody guesses it."""
    return secrets.token_urlsafe(32)


def is_id(text: str) -> bool:
    """Whether it has the shape of one."""
    return _ID.fullmatch(text) is not None


class Sessions:
    """Who is in."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def begin(self, account: int, before: str = "") -> str:
        """A new session of an account; the one that the browser had is over."""
        name, now = new_id(), self._seconds()
        with Work(self._engine) as work, work.begin():
            work.execute(delete(Session).where((Session.until <= now) | (Session.end <= now)))
            work.execute(delete(Session).where(Session.digest == _digest(before)))
            until, end = now + _in_seconds(IDLE), now + _in_seconds(LONGEST)
            work.add(Session(digest=_digest(name), account_id=account, until=until, end=end))
        return name

    def holder(self, name: str) -> Holder | None:
        """Whose session it is; nobody's where it is over."""
        now = self._seconds()
        with Work(self._engine) as work:
            found = work.get(Session, _digest(name))
            if found is None or now >= min(found.until, found.end):
                return None
            if found.until < now + _in_seconds(IDLE) - _in_seconds(SELDOM):
                found.until = now + _in_seconds(IDLE)
                work.commit()
            return Holder(found.account.name, Role(found.account.role))

    def end(self, name: str) -> None:
        """Nobody gets in with it any more."""
        with Work(self._engine) as work, work.begin():
            work.execute(delete(Session).where(Session.digest == _digest(name)))

    def new_token(self, name: str) -> str:
        """A token for a program that acts for an account; it is shown this once. Raises AccountError."""
        token, now = new_id(), self._seconds()
        with Work(self._engine) as work, work.begin():
            account = work.scalar(select(Account).where(Account.key == key_of(name)))
            if account is None:
                raise AccountError(f"there is no account '{name}'")
            work.execute(delete(Token).where(Token.end <= now))
            work.add(Token(digest=_digest(token), account_id=account.id, end=now + _in_seconds(OF_A_TOKEN)))
        return token

    def holder_of_token(self, token: str) -> Holder | None:
        """Whose token it is; nobody's where it is over."""
        with Work(self._engine) as work:
            found = work.get(Token, _digest(token))
            if found is None or self._seconds() >= found.end:
                return None
            return Holder(found.account.name, Role(found.account.role))

    def _seconds(self) -> int:
        return int(self._now().timestamp())


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def _in_seconds(span: timedelta) -> int:
    return int(span.total_seconds())
