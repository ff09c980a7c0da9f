"""The addresses below `/cds-services` (CDS Hooks 2.0): services, cards, what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from afterrun.interchange import call_in, cards_of, feedback_in, service_id, services_of
from afterrun_web.books import Book, Books
from afterrun_web.fhir.answering import Answering
from afterrun_web.fhir.places import Places
from afterrun_web.fhir.reports import Reports
from afterrun_web.requests.origins import HOOKS
from afterrun_web.requests.problems import TOLD
from afterrun_web.requests.refusing import Refused
from afterrun_web.requests.sent import JSON

if TYPE_CHECKING:
    from afterrun_web.fhir.trust import Trust

NO_CLIENTS = Refused(
    401,
    "No client is known here",
    "this server trusts no client of its hooks; whoever runs it names them with --cds-clients",
    headers={"WWW-Authenticate": "Bearer"},
)


def hook_routes(
    books: Books,
    answering: Answering,
    places: Places,
    reports: Reports,
    trust: Trust | None,
    *,
    old_before: Callable[[], datetime],
    open_to_all: bool,
) -> APIRouter:
    """Everything below `/cds-services`; `open_to_all` where nobody but this machine can come.

    Answers from before `old_before` make no plan.
    """
    routes = APIRouter(prefix=HOOKS, redirect_slashes=False)

    def trusted(request: Request, *endpoints: str) -> Callable[[], None]:
        told = request.headers.get("authorization", "")
        return lambda: _check(trust, open_to_all, told, endpoints)

    def check_service(id: str) -> None:
        if id != service_id(books.today().main):
            raise TOLD[404]

    @routes.get("")
    async def services(request: Request) -> Response:
        may = trusted(request, places.hook(request))
        return await answering.asked(lambda book: services_of(book.main), JSON, may)

    @routes.post("/{id}")
    async def called(request: Request, id: str) -> Response:
        check_service(id)
        links = places.links(request)

        def work(book: Book, body: Any) -> dict[str, Any]:
            return cards_of(book.main, call_in(book.main, body), links, old_before(), book.assess)

        return await answering.posted(request, work, JSON, trusted(request, places.hook(request, id)))

    @routes.post("/{id}/feedback")
    async def fed_back(request: Request, id: str) -> Response:
        check_service(id)

        def work(book: Book, body: Any) -> dict[str, Any]:
            reports.take(feedback_in(body), book.main.digest)
            return {}

        # Which of the two a token is to name can be read either way.
        endpoints = (places.hook(request, id, "feedback"), places.hook(request, id))
        return await answering.posted(request, work, JSON, trusted(request, *endpoints))

    return routes


def _check(trust: Trust | None, open_to_all: bool, authorization: str, endpoints: tuple[str, ...]) -> None:
    """Refuse whoever may not call."""
    if trust is None:
        if not open_to_all:
            raise NO_CLIENTS
        return
    from afterrun_web.fhir.trust import NotTrusted, TooMany

    try:
        trust.check(authorization, endpoints)
    except NotTrusted as error:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise Refused(401, "This token is not taken", str(error), headers=headers) from None
    except TooMany:
        raise Refused(
            503, "Too many calls", "too many calls are remembered; send it again in a minute"
        ) from None
