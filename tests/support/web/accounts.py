"""A server that several share, on a clock of ours, and guests with the cookies that a browser would keep.

It stands behind a proxy of ours: each guest says for itself that it came by https, and from where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
from argon2 import PasswordHasher
from fastapi import FastAPI

from afterrun_web.access import Accounts, Passwords
from afterrun_web.app import create_app
from afterrun_web.serving import new_key
from afterrun_web.settings import Settings
from afterrun_web.visitors import Role, visitor
from tests.support.web.visits import NOBODY, Served, Visitor, app_served

PASSWORDS = {"anna": "four words of anna", "berta": "four words of berta", "dr. carla": "four words of carla"}
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_ADDRESSES = count(1)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self._now = datetime(2027, 3, 3, 12).astimezone()

    def __call__(self) -> datetime:
        return self._now

    def go_on(self, by: timedelta) -> None:
        self._now += by


def quick_accounts(file: Path) -> Accounts:
    """Accounts whose passwords take no time: anna and berta run, dr. carla is a clinician."""
    accounts = Accounts(file, create=True, passwords=Passwords(QUICK))
    for name, password in PASSWORDS.items():
        accounts.add(name, Role.CLINICIAN if name.startswith("dr.") else Role.PERSON, password)
    return accounts


@contextmanager
def shared_server(folder: Path, clock: Clock, **more: Any) -> Iterator[Served]:
    """Serve until the end of the block; beside the pages each part that has roles says whose it is."""
    file = folder / "accounts.sqlite"
    quick_accounts(file)
    settings = Settings(
        new_key(), shared=True, accounts=file, now=clock, diary=str(folder / "diary.sqlite"), person="owner"
    )._replace(**more)
    app = create_app(settings)
    _add_stand_ins(app)
    with app_served(app, proxy_headers=True, forwarded_allow_ips=["127.0.0.1"]) as address:
        yield Served(address, settings)


def _add_stand_ins(app: FastAPI) -> None:
    real = list(app.router.routes)

    @app.api_route("/diary/whose", methods=["GET", "POST"])
    def whose() -> dict[str, str]:
        return {"person": visitor().person}

    @app.get("/audit/whose")
    @app.get("/batch/whose")
    @app.get("/unlisted")
    def who() -> dict[str, str]:
        return {"account": visitor().account}

    @app.api_route("/api/whose", methods=["GET", "POST"])
    def program() -> dict[str, str]:
        return {"account": visitor().account}

    @app.get("/question/fault")
    def fault() -> None:
        raise RuntimeError("four words of anna and a swollen knee")

    # Before the API, which answers for whatever else begins as its addresses do.
    app.router.routes[:] = [*app.router.routes[len(real) :], *real]


class Guest(Visitor):
    """Somebody with a browser at a shared server, at an address of their own."""

    def __init__(self, server: Served, name: str = "", **headers: str) -> None:
        self.cookie = ""
        self.set_cookies: list[str] = []
        self.sent = []
        here = server.address.replace("http:", "https:")
        self.headers_sent = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": f"192.0.2.{next(_ADDRESSES)}",
            "Origin": here,
            "Sec-Fetch-Site": "same-origin",
            **headers,
        }
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._client = httpx2.Client(
            base_url=server.address, timeout=60, limits=limits, headers=self.headers_sent, verify=NOBODY
        )
        self.open("/")
        if name:
            self.sign_in(name)

    def sign_in(self, name: str, password: str | None = None) -> Guest:
        """Fill in the page to sign in."""
        self.press("Sign in", name=name, password=PASSWORDS[name] if password is None else password)
        return self

    @property
    def csrf(self) -> str:
        """What the page's forms bring back."""
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.html)
        assert found, self.text
        return found[1]

    def bring(self, cookie: str) -> Guest:
        """Bring this session from now on."""
        self.cookie = cookie
        self._client.headers["Cookie"] = f"__Host-afterrun={cookie}"
        return self

    def _take(self, response: Any) -> Visitor:
        for line in response.headers.get_list("set-cookie"):
            self.set_cookies.append(line)
            self.bring(line.partition(";")[0].removeprefix("__Host-afterrun="))
        if response.status_code == 303:
            return self.open(response.headers["location"])
        return super()._take(response)
