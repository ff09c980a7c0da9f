"""Who came with the request that is being answered."""

from __future__ import annotations

from contextvars import ContextVar
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What an account is for."""

    PERSON = "person"
    CLINICIAN = "clinician"

    @classmethod
    def _missing_(cls, value: object) -> Role | None:
        """A file of accounts may still call a person what the first of them was."""
        return cls.PERSON if value == "runner" else None


class Visitor(NamedTuple):
    """Somebody at a page or behind a program."""

    account: str = ""
    """The name of the account; nothing where none is needed, or nobody has signed in."""
    roles: frozenset[Role] = frozenset()
    csrf: str = ""
    """What each form must bring back; nothing where none must."""
    mark: str = ""
    """The same in each session of an account, and in none of another; nothing where nobody signs in."""
    of_machine: str = ""
    """Whose diary the owner of this machine keeps, who needs no account."""

    @property
    def person(self) -> str:
        """Whose diary this is: never another's. Raises PermissionError for who has none."""
        if Role.PERSON not in self.roles:
            raise PermissionError("no diary is kept for who asks nothing for themselves")
        return self.account or self.of_machine


def owner(person: str) -> Visitor:
    """The one person at this machine, who needs no account, and keeps that person's diary."""
    return Visitor(roles=frozenset(Role), of_machine=person)


_now: ContextVar[Visitor] = ContextVar("visitor", default=Visitor())  # noqa: B039


def arrived(visitor: Visitor) -> None:
    """Say who came, for as long as this request is answered."""
    _now.set(visitor)


def visitor() -> Visitor:
    """Who came; somebody without any role where nobody said."""
    return _now.get()
