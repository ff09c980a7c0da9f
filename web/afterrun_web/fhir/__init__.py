"""FHIR R4 and CDS Hooks, for a clinic's own systems: a body in, what `interchange` says out.

request  ->  (hooks: trust, who calls)  ->  answering: body, thread, OperationOutcome  ->  interchange
the file of clients  ->  clients: keys and issuers    what became of cards  ->  reports
"""

from __future__ import annotations

from fastapi import APIRouter

from afterrun_web.books import Books
from afterrun_web.desk import Desk
from afterrun_web.fhir.answering import Answering
from afterrun_web.fhir.hooks import hook_routes
from afterrun_web.fhir.places import Places
from afterrun_web.fhir.reports import Reports
from afterrun_web.fhir.routes import fhir_routes
from afterrun_web.settings import Settings

__all__ = ["Reports", "router"]


def router(books: Books, settings: Settings, reports: Reports) -> APIRouter:
    """All addresses of this room, to be included in an app. Raises ClientsError."""
    trust, places = None, Places()
    if settings.hook_clients is not None:
        # Only who names clients needs what reads their tokens.
        from afterrun_web.fhir.clients import read_clients
        from afterrun_web.fhir.trust import Trust

        clients = read_clients(settings.hook_clients)
        trust, places = Trust(clients, settings.now), Places(clients.served_at)
    answering = Answering(books, Desk())
    routes = APIRouter()
    routes.include_router(fhir_routes(answering, places))
    routes.include_router(
        hook_routes(
            books,
            answering,
            places,
            reports,
            trust,
            old_before=lambda: settings.now().astimezone() - settings.lifetime,
            open_to_all=not settings.shared,
        )
    )
    return routes
