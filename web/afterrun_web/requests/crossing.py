"""What pages of other sites may ask from a browser (CORS): FHIR and hooks, never with a cookie."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from afterrun_web.books import DIGEST
from afterrun_web.requests.origins import FHIR, HOOKS, is_below

SECONDS = 600
"""For how long a browser remembers what it may ask."""


class Crossing:
    """Tells browsers what pages of the named origins may ask, and lets them read the answers."""

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._crossed = CORSMiddleware(
            app,
            allow_origins=sorted(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Accept", "Authorization", "Content-Type", "Prefer", "X-Medplum"],
            allow_credentials=False,
            expose_headers=[DIGEST],
            max_age=SECONDS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the application, by way of the check where other sites may come."""
        crosses = scope["type"] == "http" and is_below(scope["path"], (FHIR, HOOKS))
        await (self._crossed if crosses else self._app)(scope, receive, send)
