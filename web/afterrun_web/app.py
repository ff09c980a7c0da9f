"""The application: settings in, pages and API out."""

from __future__ import annotations

from typing import NoReturn

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

import afterrun
from afterrun.intake import CHECKIN
from afterrun.rulebook import rulebook_parts
from afterrun_web import api, fhir, pages
from afterrun_web.books import Books
from afterrun_web.requests.crossing import Crossing
from afterrun_web.requests.guard import Guard
from afterrun_web.requests.problems import OTHER, TOLD
from afterrun_web.requests.refusing import Refused
from afterrun_web.sealing import Seal
from afterrun_web.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Pages, API and FHIR over one rulebook, which is loaded at once. Raises RulebookError, ClientsError."""
    main = afterrun.load_rulebook(settings.rulebook, cache=settings.cache)
    check_in = None
    if CHECKIN in rulebook_parts(settings.rulebook):
        check_in = afterrun.load_rulebook(settings.rulebook, CHECKIN, cache=settings.cache)
    else:
        # A diary holds check-ins, and there are none.
        settings = settings._replace(diary=None)
    books = Books(main, check_in, lambda: settings.now().date(), settings.recorder)
    # Its own pages about the API would load from elsewhere on the web.
    app = FastAPI(title="afterrun", docs_url=None, redoc_url=None, openapi_url=None)
    if settings.shared:
        _ask_for_accounts(app, settings)
    app.add_middleware(Guard, settings=settings, books=books)
    if settings.origins:
        app.add_middleware(Crossing, origins=settings.origins)
    app.add_exception_handler(HTTPException, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_address)
    app.include_router(pages.router(pages.Site(settings, books, Seal(settings))))
    app.include_router(api.router(books, served=True, tokens=settings.shared))
    app.state.reports = fhir.Reports(settings.hook_feedback)
    app.include_router(fhir.router(books, settings, app.state.reports))
    return app


def _ask_for_accounts(app: FastAPI, settings: Settings) -> None:
    # What keeps accounts takes a while to load, and whoever is alone needs none.
    from afterrun_web import access

    who = access.Access(settings)
    app.add_middleware(access.Gate, access=who)
    app.include_router(access.router(who))


def _refuse_address(request: Request, error: Exception) -> NoReturn:
    """An address with something in it that cannot be read leads nowhere."""
    raise TOLD[404]


def _refuse(request: Request, error: Exception) -> NoReturn:
    """What the framework refuses is told as everything else that is."""
    assert isinstance(error, HTTPException)
    raise TOLD.get(error.status_code) or Refused(error.status_code, OTHER, str(error.detail))
