"""Whether a request that changes something was sent by a page of our own."""

from __future__ import annotations

from starlette.datastructures import Headers

READS = frozenset({"GET", "HEAD", "OPTIONS"})


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
