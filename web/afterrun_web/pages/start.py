"""Where one begins: what this is, what it is not, how long it takes; and what pages load."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from afterrun.rulebook import stamp_words
from afterrun_web.drawing import STATIC, assets
from afterrun_web.pages.site import Site
from afterrun_web.problems import TOLD
from afterrun_web.visitors import Role, visitor

FOR_GOOD = "public, max-age=31536000, immutable"


def router(site: Site) -> APIRouter:
    """The first page, and the files beside all pages."""
    pages = APIRouter()

    @pages.get("/")
    def start() -> Response:
        begun = site.begun()
        first = begun.talk.next()
        return begun.page(
            "start.html.j2",
            most=first.left_at_most if first is not None else 0,
            stamp=stamp_words(begun.rulebook.stamp),
            takes_files=site.settings.batches is not None and Role.CLINICIAN in visitor().roles,
        )

    @pages.get(f"{STATIC}{{version}}/{{name}}")
    def static(version: str, name: str) -> Response:
        found = assets().get(name)
        if found is None:
            raise TOLD[404]
        return Response(found.content, media_type=found.kind, headers={"Cache-Control": FOR_GOOD})

    return pages
