"""Accounts: who may come in, by name and password."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session as Work

from afterrun_web.access.errors import AccountError
from afterrun_web.access.opening import account_faults, open_accounts
from afterrun_web.access.passwords import Passwords, password_fault
from afterrun_web.access.tables import LONGEST_NAME, Account
from afterrun_web.visitors import Role


class AccountLine(NamedTuple):
    """What is told of an account."""

    name: str
    role: Role


class Accounts:
    """The accounts in a file. Raises AccountError wherever it cannot be used."""

    def __init__(self, file: Path, *, create: bool = False, passwords: Passwords | None = None) -> None:
        self._file = file
        self.engine = open_accounts(file, create=create)
        self._passwords = passwords or Passwords()

    def add(self, name: str, role: Role, password: str) -> None:
        """Make an account; its name is that of the diary which it sees."""
        self._refuse_weak(password, name)
        hashed = self._passwords.hash(password)
        with self._work() as work:
            _refuse_taken(work, name)
            work.add(Account(name=name, key=key_of(name), role=role, password=hashed))

    def refuse_taken(self, name: str) -> None:
        """Raise AccountError unless an account can have this name."""
        with self._work() as work:
            _refuse_taken(work, name)

    def refuse_unknown(self, name: str) -> None:
        """Raise AccountError unless there is such an account."""
        with self._work() as work:
            _one(work, name)

    def all(self) -> list[AccountLine]:
        """Every account, by name."""
        with self._work() as work:
            return [
                AccountLine(each.name, Role(each.role))
                for each in work.scalars(select(Account).order_by(Account.key))
            ]

    def remove(self, name: str) -> None:
        """End an account, with its sessions and tokens; a diary of that name stays."""
        with self._work() as work:
            work.delete(_one(work, name))

    def change_password(self, name: str, password: str) -> None:
        """Give it another password; whoever came in with the one before, or a token, is out."""
        self._refuse_weak(password, name)
        hashed = self._passwords.hash(password)
        with self._work() as work:
            account = _one(work, name)
            account.password = hashed
            account.sessions.clear()
            account.tokens.clear()

    def id_of(self, name: str, password: str) -> int | None:
        """The account whose name and password these are; the same work for a name that is none."""
        with Work(self.engine) as work:
            account = work.scalar(select(Account).where(Account.key == key_of(name)))
        if not self._passwords.fits(account.password if account is not None else None, password):
            return None
        assert account is not None
        if self._passwords.is_weak(account.password):
            with Work(self.engine) as work, work.begin():
                work.merge(account).password = self._passwords.hash(password)
        return account.id

    @contextmanager
    def _work(self) -> Iterator[Work]:
        with account_faults(self._file), Work(self.engine) as work, work.begin():
            yield work

    @staticmethod
    def _refuse_weak(password: str, name: str) -> None:
        if fault := password_fault(password, name):
            raise AccountError(fault)


def _one(work: Work, name: str) -> Account:
    account = work.scalar(select(Account).where(Account.key == key_of(name)))
    if account is None:
        raise AccountError(f"there is no account '{name}'")
    return account


def _refuse_taken(work: Work, name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountError(f"1 to {LONGEST_NAME} printable characters are a name")
    if work.scalar(select(Account).where(Account.key == key_of(name))) is not None:
        raise AccountError(f"there is an account '{name}' already")


def key_of(name: str) -> str:
    """A name as it is compared."""
    return unicodedata.normalize("NFKC", name.strip()).casefold()
