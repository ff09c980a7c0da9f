"""The application: settings in, pages and API out."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import NoReturn

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request

import afterrun
from afterrun_web import pages
from afterrun_web.books import Books
from afterrun_web.guard import Guard
from afterrun_web.problems import OTHER, TOLD
from afterrun_web.refusing import Refused
from afterrun_web.sealing import Seal
from afterrun_web.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Pages and API over one rulebook, which is loaded at once. Raises RulebookError."""
    books = Books(settings)
    # Its own pages about the API would load from elsewhere on the web.
    app = FastAPI(title="afterrun", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(HTTPException, _refuse)
    app.include_router(pages.router(pages.Site(settings, books, Seal(settings))))
    if find_spec("afterrun_web.api") is not None:
        api = import_module("afterrun_web.api")
        check_in = afterrun.load_rulebook(settings.rulebook, "checkin", cache=settings.cache)
        both = api.Books(books.today(), check_in, lambda: settings.now().date())
        app.include_router(api.router(both))
    return app


def _refuse(request: Request, error: Exception) -> NoReturn:
    """What the framework refuses is told as everything else that is."""
    assert isinstance(error, HTTPException)
    raise TOLD.get(error.status_code) or Refused(error.status_code, OTHER, str(error.detail))
