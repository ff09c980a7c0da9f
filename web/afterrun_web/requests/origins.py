"""Who sent a request: a page of our own, a program, or a page elsewhere that the operator named."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

READS = frozenset({"GET", "HEAD", "OPTIONS"})
API, FHIR, HOOKS = "/api", "/fhir", "/cds-services"
"""Where programs ask."""


def is_below(path: str, prefixes: Iterable[str]) -> bool:
    """Whether an address is one of these, or below one.

    >>> is_below("/fhir/metadata", [FHIR]), is_below("/fhirs", [FHIR])
    (True, False)
    """
    return any(path == each or path.startswith(f"{each}/") for each in prefixes)


def is_origin(text: str) -> bool:
    """Whether it is an origin as a browser says it: scheme, name and port, in small letters.

    >>> [is_origin(f"https://{each}") for each in ("ehr.example.org", "ehr.example.org/", "*.example.org")]
    [True, False, False]
    """
    try:
        parts = urlsplit(text)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return False
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"https": 443, "http": 80}
    return (
        "*" not in text
        and parts.scheme in usual
        and parts.port != usual[parts.scheme]
        and text == f"{parts.scheme}://{name}{port}"
    )


def may_cross(path: str, headers: Headers, named: Collection[str]) -> bool:
    """Whether a page at one of the named origins may ask this: FHIR and hooks, and no page."""
    return headers.get("origin", "") in named and is_below(path, (FHIR, HOOKS))


def from_another_site(method: str, scheme: str, headers: Headers) -> bool:
    """Whether a browser says that another site sent it. Programs say neither, and bring no cookie unasked."""
    if method in READS:
        return False
    fetched = headers.get("sec-fetch-site", "")
    origin = headers.get("origin", "").lower()
    if fetched and fetched not in ("same-origin", "none"):
        return True
    if origin == "null":
        # A page that hides where it stands; only the browser's own word can say that it is ours.
        return fetched != "same-origin"
    return bool(origin) and origin != f"{scheme}://{headers.get('host', '')}".lower()
