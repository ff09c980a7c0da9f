"""Names that stay: the canonical address of each thing that is exchanged, and ids made from what it is."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from afterrun.rulebook import Rulebook

NOWHERE = "https://fhir.afterrun.invalid"
"""What addresses begin with where a rulebook names none: nothing is ever served below '.invalid'."""


def canonical(rulebook: Rulebook, kind: str, name: str = "", versioned: bool = False) -> str:
    """The address of a resource of some kind, the rulebook's own where no name is given.

    With `|` and the rulebook's version where a reference has to say which one is meant.
    """
    base = (rulebook.codes.canonical if rulebook.codes else "") or NOWHERE
    version = f"|{rulebook.identity.version}" if versioned else ""
    return f"{base}/{kind}/{fhir_id(name or rulebook.identity.name)}{version}"


def fhir_id(name: str) -> str:
    """A name of the rulebook as the id of a resource, which takes no underscore.

    >>> fhir_id("patellar_tendon")
    'patellar-tendon'
    """
    return name.replace("_", "-")[:64]


def stable_id(rulebook: Rulebook, *parts: str) -> str:
    """A UUID (RFC 9562, version 5) that the same parts always give under the same rulebook.

    It hangs on the rulebook's digest too: what another rulebook says is another thing.
    """
    return str(
        uuid5(uuid5(NAMESPACE_URL, canonical(rulebook, "Questionnaire")), "|".join((rulebook.digest, *parts)))
    )
