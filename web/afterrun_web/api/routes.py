"""The addresses of the API: read, have it answered in a thread, answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from afterrun import Rulebook
from afterrun.intake import read_raw
from afterrun.visible import as_json
from afterrun_web.api.bodies import body_of, object_in
from afterrun_web.api.document import Around, document_of
from afterrun_web.api.names import PREFIX
from afterrun_web.api.operations import Operation, operations_of, rulebook_as_json
from afterrun_web.api.problems import MEDIA_TYPE, problem_of, refused
from afterrun_web.books import DIGEST, Book, Books
from afterrun_web.desk import AT_ONCE, COME_AGAIN, IN_LINE, SECONDS_TO_COME_AGAIN, Busy, Desk
from afterrun_web.requests.sent import JSON

LARGEST_BODY = 100_000
"""Bytes; the longest intake that answers every question has a few thousand."""
Work = Callable[[Book], dict[str, Any]]


class _Counter:
    """Has requests answered, and says which rulebook did it."""

    def __init__(self, books: Books, at_once: int, in_line: int) -> None:
        self._books = books
        self._desk = Desk(at_once, in_line)

    async def answer(self, part: Callable[[Book], Rulebook], prepared: Awaitable[Work]) -> Response:
        """What the work says, or the problem that it raises, with the rulebook that stands behind it."""
        book = self._books.today()
        stamp = part(book).stamp
        try:
            work = await prepared
            content = await self._desk.run(lambda: _written(work(book)))
        except Busy:
            return _refusal(refused(503, COME_AGAIN), stamp)
        except Exception as error:
            return _refusal(error, stamp)
        return Response(content, 200, _headers(stamp), JSON)


class _Elsewhere:
    """Answers what no other route does: a method that an address does not know, or no such address."""

    def __init__(self, books: Books, methods: Mapping[str, str]) -> None:
        self._books = books
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = self._methods.get(f"{PREFIX}/{scope['path_params']['rest']}")
        stamp = self._books.today().main.stamp
        if allowed is None:
            known = ", ".join(self._methods)
            answer = _refusal(refused(404, f"there is no such address; there are {known}"), stamp)
        else:
            answer = _refusal(refused(405, f"use {allowed} here"), stamp)
            answer.headers["Allow"] = allowed
        await answer(scope, receive, send)


def router(
    books: Books,
    *,
    largest_body: int = LARGEST_BODY,
    at_once: int = AT_ONCE,
    in_line: int = IN_LINE,
    served: bool = False,
    tokens: bool = False,
) -> APIRouter:
    """The API below `/api`, to be included in an app.

    It describes itself at `/api/openapi.json`: its document is made from the rulebook. `served` and `tokens`
    add what `afterrun serve` refuses before it, and that it wants to know who asks.
    """
    routes = APIRouter(prefix=PREFIX, redirect_slashes=False)
    desk = _Counter(books, at_once, in_line)

    def post(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
        async def prepared(request: Request) -> Work:
            content = await body_of(request, largest_body)
            return lambda book: _answered(operation, book, content)

        async def endpoint(request: Request) -> Response:
            return await desk.answer(operation.rulebook, prepared(request))

        return endpoint

    def get(work: Work) -> Callable[[Request], Awaitable[Response]]:
        async def prepared() -> Work:
            return work

        async def endpoint(request: Request) -> Response:
            return await desk.answer(lambda book: book.main, prepared())

        return endpoint

    def document(book: Book) -> dict[str, Any]:
        return document_of(book, Around(served, tokens))

    methods = {}
    for operation in operations_of(books.today().check_in):
        # As operations of FastAPI, so that what an app demands of everybody is demanded here too.
        routes.add_api_route(operation.path, post(operation), methods=["POST"], include_in_schema=False)
        methods[f"{PREFIX}{operation.path}"] = "POST"
    for path, work in (("/rulebook", rulebook_as_json), ("/openapi.json", document)):
        routes.add_api_route(path, get(work), methods=["GET", "HEAD"], include_in_schema=False)
        methods[f"{PREFIX}{path}"] = "GET, HEAD"
    routes.add_route(f"{PREFIX}/{{rest:path}}", _Elsewhere(books, methods), include_in_schema=False)  # type: ignore[arg-type]
    return routes


def _answered(operation: Operation, book: Book, content: bytes) -> dict[str, Any]:
    raw = object_in(content)
    return read_raw(operation.rulebook(book), raw, lambda _, data: operation.answer(book, data))


def _refusal(error: Exception, stamp: dict[str, str]) -> Response:
    problem = problem_of(error, stamp)
    again = {"Retry-After": SECONDS_TO_COME_AGAIN} if problem["status"] == 503 else {}
    return Response(_written(problem), problem["status"], {**_headers(stamp), **again}, MEDIA_TYPE)


def _headers(stamp: Mapping[str, str]) -> dict[str, str]:
    return {DIGEST: stamp["digest"], "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _written(value: dict[str, Any]) -> bytes:
    return as_json(value, allow_nan=False, separators=(",", ":")).encode()
