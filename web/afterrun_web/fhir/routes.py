"""The addresses below `/fhir`: what there is to read, and the two operations."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from afterrun.interchange import capability_statement, extract, next_question
from afterrun_web.fhir.answering import Answering
from afterrun_web.fhir.places import Places
from afterrun_web.fhir.resources import Shelf
from afterrun_web.fhir.versions import speak_r4
from afterrun_web.requests.origins import FHIR


def fhir_routes(answering: Answering, places: Places) -> APIRouter:
    """Everything below `/fhir`; nothing that is sent is kept."""
    routes = APIRouter(prefix=FHIR, redirect_slashes=False, dependencies=[Depends(speak_r4)])
    shelf = Shelf()

    @routes.get("/metadata")
    async def metadata(request: Request) -> Response:
        base = places.fhir(request)
        return await answering.asked(
            lambda book: capability_statement(book.main, base, shelf.kinds(book.main))
        )

    @routes.post("/Questionnaire/$next-question")
    async def asks(request: Request) -> Response:
        return await answering.posted(request, lambda book, body: next_question(book.main, body))

    @routes.post("/QuestionnaireResponse/$extract")
    async def extracts(request: Request) -> Response:
        return await answering.posted(request, lambda book, body: extract(book.main, body, book.assess))

    @routes.get("/{kind}")
    async def searched(request: Request, kind: str) -> Response:
        base, given = places.fhir(request), request.query_params
        return await answering.asked(lambda book: shelf.search(book.main, kind, given, base))

    @routes.get("/{kind}/{id}")
    async def read(kind: str, id: str) -> Response:
        return await answering.asked(lambda book: shelf.read(book.main, kind, id))

    return routes
