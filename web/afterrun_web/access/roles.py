"""Which pages are for whom. What stands in no line is for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from afterrun_web.visitors import Role

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"


class Audience(NamedTuple):
    """Who may see a page."""

    roles: frozenset[Role] = frozenset()
    strangers: bool = False
    """Whether also who has not signed in."""


STRANGERS = Audience(frozenset(Role), strangers=True)
ACCOUNTS = Audience(frozenset(Role))
PERSONS = Audience(frozenset({Role.PERSON}))
CLINICIANS = Audience(frozenset({Role.CLINICIAN}))
NOBODY = Audience()

PAGES: Mapping[str, Audience] = {
    "static": STRANGERS,
    "manifest.webmanifest": STRANGERS,
    "service-worker.js": STRANGERS,
    "sign-in": STRANGERS,
    # Whoever calls there is no account, and brings a token that the hooks check.
    "cds-services": STRANGERS,
    "": ACCOUNTS,
    "sign-out": ACCOUNTS,
    "question": ACCOUNTS,
    "answers": ACCOUNTS,
    "files": ACCOUNTS,
    "result": ACCOUNTS,
    "why": ACCOUNTS,
    "plan": ACCOUNTS,
    "exercises": ACCOUNTS,
    "calendar": ACCOUNTS,
    "rulebook": ACCOUNTS,
    "api": ACCOUNTS,
    "fhir": ACCOUNTS,
    "diary": PERSONS,
    "audit": CLINICIANS,
    "batch": CLINICIANS,
}
"""By the first part of the address."""


def audience_of(path: str) -> Audience:
    """Who may see what is at an address."""
    first = path.removeprefix("/").partition("/")[0]
    return NOBODY if not first and path != "/" else PAGES.get(first, NOBODY)
