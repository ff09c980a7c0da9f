"""Accounts, sessions and tokens in their file: what is kept of a secret, and when it ends."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from afterrun_web.access import AccountError, Accounts, Passwords, Sessions
from afterrun_web.access.limits import MOST_KEPT, Limits
from afterrun_web.visitors import Role, Visitor, owner
from tests.support.web.accounts import PASSWORDS, QUICK, Clock, quick_accounts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "house" / "accounts.sqlite"


@pytest.fixture
def accounts(file: Path) -> Accounts:
    return quick_accounts(file)


def test_the_file_is_its_owners_alone_and_holds_no_secret(file: Path, accounts: Accounts) -> None:
    account = accounts.id_of("anna", PASSWORDS["anna"])
    assert account is not None
    sessions = Sessions(accounts.engine, Clock())
    secrets = [*PASSWORDS.values(), sessions.begin(account), sessions.new_token("anna")]
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    content = file.read_bytes()
    assert b"$argon2id$" in content
    assert not [each for each in secrets if each.encode() in content]


def test_an_account_is_made_once_listed_and_removed(accounts: Accounts) -> None:
    assert [(each.name, each.role) for each in accounts.all()] == [
        ("anna", "person"), ("berta", "person"), ("dr. carla", "clinician"),
    ]  # fmt: skip
    for taken in ("anna", "Anna", " ANNA "):
        with pytest.raises(AccountError, match="already"):
            accounts.add(taken, Role.CLINICIAN, "some words of another")
    accounts.remove("berta")
    assert accounts.id_of("berta", PASSWORDS["berta"]) is None
    for act in (accounts.remove, accounts.refuse_unknown):
        with pytest.raises(AccountError, match="there is no account 'berta'"):
            act("berta")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201])
def test_what_no_diary_could_bear_is_no_name(accounts: Accounts, name: str) -> None:
    with pytest.raises(AccountError, match="characters are a name"):
        accounts.add(name, Role.PERSON, "four words that do well")


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "Maria from far away", "x" * 201])
def test_a_password_that_is_easily_guessed_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.add("maria from far away", Role.PERSON, password)
    with pytest.raises(AccountError):
        accounts.change_password("anna", "short")


def test_a_name_has_any_capitals_and_a_password_only_its_own(accounts: Accounts) -> None:
    assert accounts.id_of("Anna ", PASSWORDS["anna"]) is not None
    for wrong in (PASSWORDS["anna"].upper(), PASSWORDS["berta"], "", PASSWORDS["anna"] + " "):
        assert accounts.id_of("anna", wrong) is None


class Counting(PasswordHasher):
    """Keeps how costly each was that it worked out."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.worked: list[Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        self.worked.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


def test_a_name_that_is_none_costs_the_same_work(file: Path, accounts: Accounts) -> None:
    hasher = Counting()
    again = Accounts(file, passwords=Passwords(hasher))
    for name in ("anna", "nobody"):
        assert again.id_of(name, "not the password") is None
    known, unknown = hasher.worked
    assert unknown == known


def test_a_hash_of_less_work_is_made_anew_at_sign_in(file: Path, accounts: Accounts) -> None:
    def kept() -> str:
        with closing(sqlite3.connect(file)) as look:
            return str(look.execute("SELECT password FROM accounts WHERE name = 'anna'").fetchone()[0])

    before = kept()
    better = Accounts(file, passwords=Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    assert better.id_of("anna", "not the password") is None
    assert kept() == before
    assert better.id_of("anna", PASSWORDS["anna"]) is not None
    assert "m=16,t=2" in kept()
    assert better.id_of("anna", PASSWORDS["anna"]) is not None


def test_another_password_and_a_removal_end_sessions_and_tokens(accounts: Accounts) -> None:
    sessions = Sessions(accounts.engine, Clock())
    for act in (
        partial(accounts.change_password, "anna", PASSWORDS["anna"]),
        partial(accounts.remove, "anna"),
    ):
        account = accounts.id_of("anna", PASSWORDS["anna"])
        assert account is not None
        session, token = sessions.begin(account), sessions.new_token("anna")
        assert sessions.holder(session) == sessions.holder_of_token(token) == ("anna", Role.PERSON)
        act()
        assert sessions.holder(session) is sessions.holder_of_token(token) is None
    with pytest.raises(AccountError):
        sessions.new_token("anna")


def test_a_session_ends_even_if_it_is_used_and_is_then_deleted(file: Path, accounts: Accounts) -> None:
    clock = Clock()
    sessions = Sessions(accounts.engine, clock)
    account = accounts.id_of("anna", PASSWORDS["anna"])
    assert account is not None
    session = sessions.begin(account)
    for _ in range(11):
        clock.go_on(timedelta(hours=1))
        assert sessions.holder(session) is not None
    clock.go_on(timedelta(hours=1))
    assert sessions.holder(session) is None
    sessions.begin(account)
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_a_token_ends_after_ninety_days(accounts: Accounts) -> None:
    clock = Clock()
    sessions = Sessions(accounts.engine, clock)
    token = sessions.new_token("anna")
    clock.go_on(timedelta(days=90) - timedelta(seconds=1))
    assert sessions.holder_of_token(token) is not None
    clock.go_on(timedelta(seconds=1))
    assert sessions.holder_of_token(token) is None


def test_a_session_is_no_token_and_a_token_no_session(accounts: Accounts) -> None:
    sessions = Sessions(accounts.engine, Clock())
    account = accounts.id_of("anna", PASSWORDS["anna"])
    assert account is not None
    assert sessions.holder_of_token(sessions.begin(account)) is None
    assert sessions.holder(sessions.new_token("anna")) is None


@pytest.mark.parametrize("kind", ["none", "text", "another", "newer"])
def test_a_file_that_holds_no_accounts_is_refused_and_left_as_it_is(file: Path, kind: str) -> None:
    file.parent.mkdir()
    if kind == "text":
        file.write_text("no database, but long enough to be looked at as one\n" * 50, encoding="ascii")
    elif kind != "none":
        with closing(sqlite3.connect(file)) as made:
            made.execute("CREATE TABLE other (a)")
            if kind == "newer":
                made.execute(f"PRAGMA application_id = {0x61667461}")
                made.execute("PRAGMA user_version = 2")
            made.commit()
    before = file.read_bytes() if file.exists() else None
    with pytest.raises(AccountError):
        Accounts(file, passwords=Passwords(QUICK))
    assert (file.read_bytes() if file.exists() else None) == before


def test_only_a_runner_has_a_diary() -> None:
    assert owner("me").person == "me"
    assert Visitor("anna", frozenset({Role.PERSON})).person == "anna"
    for other in (Visitor(), Visitor("dr. carla", frozenset({Role.CLINICIAN}))):
        with pytest.raises(PermissionError):
            _ = other.person


def test_tries_are_counted_by_name_and_address_by_address_and_by_name() -> None:
    clock = Clock()
    limits = Limits(clock)
    assert [limits.wait("anna", "192.0.2.1") for _ in range(6)] == [0] * 5 + [900]
    assert limits.wait("ANNA ", "192.0.2.1") == 900
    assert limits.wait("anna", "192.0.2.2") == 0
    assert [limits.wait(f"n{each}", "192.0.2.1") > 0 for each in range(16)] == [False] * 15 + [True]
    assert [limits.wait("anna", f"198.51.100.{each}") > 0 for each in range(45)] == [False] * 44 + [True]
    clock.go_on(timedelta(minutes=14))
    assert limits.wait("anna", "192.0.2.1") == 60
    clock.go_on(timedelta(minutes=1))
    assert limits.wait("anna", "192.0.2.1") == 0


def test_a_right_password_does_not_count_and_a_household_is_one_address() -> None:
    limits = Limits(Clock())
    for _ in range(20):
        assert limits.wait("anna", "192.0.2.1") == 0
        limits.succeeded("anna", "192.0.2.1")
    assert [limits.wait("anna", f"2001:db8:1:2::{each}") > 0 for each in range(6)] == [False] * 5 + [True]
    assert limits.wait("anna", "2001:db8:1:3::1") == 0
    assert [limits.wait("b", each) for each in ("192.0.2.9", "::ffff:192.0.2.9") * 3][-1] > 0


def test_a_crowd_does_not_fill_the_memory() -> None:
    limits = Limits(Clock())
    for each in range(MOST_KEPT):
        limits.wait(f"name{each}", "")
        limits.wait("x", f"2001:db8:{each % 65536:x}::1")
    assert len(limits._tries) <= MOST_KEPT


def test_a_file_in_which_a_person_is_called_a_runner_still_lets_in(file: Path, accounts: Accounts) -> None:
    with closing(sqlite3.connect(file)) as kept:
        kept.execute("UPDATE accounts SET role = 'runner' WHERE name = 'anna'")
        kept.commit()
    assert next(each.role for each in accounts.all() if each.name == "anna") == Role.PERSON
    account = accounts.id_of("anna", PASSWORDS["anna"])
    assert account is not None
    sessions = Sessions(accounts.engine, Clock())
    holder = sessions.holder(sessions.begin(account))
    assert holder is not None
    assert holder.role is Role.PERSON
