"""The API described by itself: OpenAPI 3.1, made from the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from afterrun import Rulebook
from afterrun.rulebook import engine_of, versions_words
from afterrun.versions import SCHEMA
from afterrun_web.api.examples import request_examples
from afterrun_web.api.names import PREFIX
from afterrun_web.api.problems import MEDIA_TYPE
from afterrun_web.api.schemas import ref, schemas_of
from afterrun_web.books import DIGEST, Book
from afterrun_web.requests.sent import JSON

Document = dict[str, Any]

_ADDRESSES = {
    "/assess": ("assess", "Intake", "Result", "What the rules say about one intake, with every proof."),
    "/next": (
        "next_question",
        "NextRequest",
        "Next",
        "What to ask now: only what can still change the result.",
    ),
    "/explain": ("explain", "ExplainRequest", "Findings", "Why, why not, why asked, and what it would take."),
    "/what-if": ("what_if", "WhatIfRequest", "Findings", "What would differ with other answers."),
    "/plan": ("plan", "PlanRequest", "Schedule", "The plan of one intake, week by week."),
    "/checkin": ("check_in", "CheckInRecord", "CheckIn", "What to do after a week of the plan."),
}
"""By path: the operation's id, what is sent, what comes back, and what it is for."""
_REFUSALS = {
    400: "The body is no JSON, or no object.",
    413: "The body is too large.",
    415: "The body is not sent as JSON.",
    422: "Something in it cannot be used; each problem says what and where.",
    500: "A fault of the program: there is no result.",
    503: "Too many requests are waiting.",
}
_SERVED = {
    403: "Another site sent it.",
    421: "It was asked for under a name that is not this server's.",
}
"""What is refused besides, before it comes here, where `afterrun serve` stands around the API."""
_SHARED = {
    401: "It wants a session, or a token that `afterrun serve accounts token` makes.",
    403: "Another site sent it, the way is not private, or it is not for this account.",
}
_READ = {500: _REFUSALS[500], 503: _REFUSALS[503]}
_SECONDS = {"schema": {"type": "integer"}, "description": "Seconds until it is worth another try."}


@dataclass(frozen=True)
class Around:
    """What stands before the API."""

    served: bool = False
    """Whether it is that of `afterrun serve`, which refuses some requests itself."""
    tokens: bool = False
    """Whether it wants to know who asks."""

    @property
    def refusals(self) -> dict[int, str]:
        """What is refused before it comes here."""
        return {**(_SERVED if self.served else {}), **(_SHARED if self.tokens else {})}

    def __call__(self, rulebook: Rulebook) -> Document:
        """The document of a rulebook behind it: of its part for check-ins, where it has one."""
        base = rulebook.base
        document = _document(Book(rulebook, None) if base is None else Book(base, rulebook))
        document["components"]["responses"] |= _responses(self.refusals)
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"] |= _references(self.refusals)
        if self.tokens:
            scheme = {"type": "http", "scheme": "bearer", "description": _SHARED[401]}
            document["components"]["securitySchemes"] = {"token": scheme}
            document["security"] = [{"token": []}]
        return document


def document_of(book: Book, around: Around = Around()) -> Document:
    """The document of a rulebook, made once for what stands around it."""
    return engine_of(book.check_in or book.main, around)


def _document(book: Book) -> Document:
    main, check_in, _ = book
    examples = request_examples(main, check_in)
    paths: Document = {f"{PREFIX}{path}": {"post": _post(path, each)} for path, each in examples.items()}
    paths[f"{PREFIX}/rulebook"] = {
        "get": {
            "operationId": "rulebook",
            "summary": "What the rulebook asks and can conclude.",
            "responses": _answers(ref("Rulebook"), _READ),
        }
    }
    paths[f"{PREFIX}/openapi.json"] = {
        "get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": _answers({"type": "object"}, _READ),
        }
    }
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": main.identity.title,
            "version": SCHEMA,
            "summary": "Answers in, results with their proofs out. Nothing is kept.",
            "description": "\n\n".join(
                (main.identity.purpose, *main.identity.limits, f"{versions_words(main.stamp)}.")
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": schemas_of(main, check_in),
            "headers": {
                DIGEST: {
                    "description": "Digest of the rulebook that answered, as in the body.",
                    "required": True,
                    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                }
            },
            "responses": _responses(_REFUSALS),
        },
    }


def _post(path: str, example: Document) -> Document:
    operation, sent, told, summary = _ADDRESSES[path]
    return {
        "operationId": operation,
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": ref(sent), "examples": {"whole": {"value": example}}}},
        },
        "responses": _answers(ref(told), _REFUSALS),
    }


def _answers(schema: Document, refusals: dict[int, str]) -> Document:
    return {"200": _answer("The answer.", JSON, schema), **_references(refusals)}


def _references(refusals: dict[int, str]) -> Document:
    return {str(status): {"$ref": f"#/components/responses/{HTTPStatus(status).name}"} for status in refusals}


def _responses(refusals: dict[int, str]) -> Document:
    return {
        HTTPStatus(status).name: _answer(words, MEDIA_TYPE, ref("Problems"), again=status == 503)
        for status, words in refusals.items()
    }


def _answer(words: str, kind: str, schema: Document, *, again: bool = False) -> Document:
    headers: Document = {DIGEST: {"$ref": f"#/components/headers/{DIGEST}"}}
    if again:
        headers["Retry-After"] = _SECONDS
    return {"description": words, "headers": headers, "content": {kind: {"schema": schema}}}
