"""What makes an app of these pages on a phone: the manifest, and the worker that answers without a net."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from afterrun_web.drawing import frame, worker
from afterrun_web.pages.site import Site

PAPER, ACCENT = "#fbfbf8", "#14595c"


def router(site: Site) -> APIRouter:
    """Both, at addresses that stay: a browser asks for them by name."""
    pages = APIRouter()

    @pages.get("/manifest.webmanifest")
    def manifest() -> Response:
        told = {
            "id": "/",
            "name": site.books.today().main.identity.title,
            "short_name": "afterrun",
            "lang": "en",
            "start_url": "/" if site.settings.diary is None or site.settings.shared else "/diary",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": ACCENT,
            "icons": [
                _icon("icon.svg", "any", "image/svg+xml"),
                _icon("icon-192.png", "192x192"),
                _icon("icon-512.png", "512x512"),
                _icon("icon-maskable.png", "512x512", purpose="maskable"),
            ],
        }
        return JSONResponse(told, media_type="application/manifest+json")

    @pages.get("/service-worker.js")
    def service_worker() -> Response:
        return Response(worker(), media_type="text/javascript")

    return pages


def _icon(name: str, sizes: str, kind: str = "image/png", purpose: str = "any") -> dict[str, str]:
    return {"src": f"{frame().scripts}{name}", "sizes": sizes, "type": kind, "purpose": purpose}
