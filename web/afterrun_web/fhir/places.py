"""Under which address clients know this server: as the operator wrote it, else as the request came."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

from afterrun.interchange import Links
from afterrun_web.requests.origins import FHIR, HOOKS


class Places(NamedTuple):
    """Whole addresses of this server."""

    served_at: str = ""
    """What the operator says of it. A token names it, so no request may."""

    def base(self, request: Request) -> str:
        """Scheme, name and port."""
        return self.served_at or f"{request.url.scheme}://{request.headers.get('host', '')}"

    def fhir(self, request: Request) -> str:
        """Where resources are."""
        return f"{self.base(request)}{FHIR}"

    def hook(self, request: Request, *parts: str) -> str:
        """Where a service is; without parts, where they are listed."""
        return "/".join((f"{self.base(request)}{HOOKS}", *parts))

    def links(self, request: Request) -> Links:
        """Where a card leads to."""
        base = self.base(request)
        return Links(f"{base}/question", f"{base}/audit", f"{base}/rulebook")
