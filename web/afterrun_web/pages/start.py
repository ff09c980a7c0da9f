"""Where one begins: what this is, what it is not, how long it takes; and what pages load."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun_web.drawing import STATIC, assets
from afterrun_web.pages.interview.questions import beginning
from afterrun_web.pages.site import Site
from afterrun_web.requests.problems import TOLD

FOR_GOOD = "public, max-age=31536000, immutable"


def router(site: Site) -> APIRouter:
    """The first page, and the files beside all pages."""
    pages = APIRouter()

    @pages.get("/")
    def start() -> Response:
        return beginning(site)

    @pages.get(f"{STATIC}{{version}}/{{name}}")
    def static(version: str, name: str) -> Response:
        found = assets().get(name)
        if found is None:
            raise TOLD[404]
        return Response(found.content, media_type=found.kind, headers={"Cache-Control": FOR_GOOD})

    return pages
