"""What is refused: as a page, for programs as problem+json, for those of FHIR as OperationOutcome."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from afterrun.interchange import Issue, outcome_of
from afterrun.rulebook import versions_of
from afterrun.visible import as_json
from afterrun_web.books import DIGEST
from afterrun_web.drawing import page
from afterrun_web.requests.origins import API, FHIR, HOOKS, is_below
from afterrun_web.requests.refusing import Refused

TOLD = {
    404: Refused(404, "There is no such page", "Nothing is kept at this address.", "Begin here."),
    405: Refused(
        405,
        "This page is reached by a form",
        "Your answers are in the page that you left, and in no address.",
    ),
}
OTHER = "This cannot be answered"
FHIR_JSON = "application/fhir+json"
SEE = "GET /fhir/metadata and GET /cds-services say what there is"
_CODES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    413: "too-long",
    415: "not-supported",
    500: "exception",
    503: "throttled",
}
"""What FHIR calls the kind of a refusal, by its status."""


def refusal(path: str, refused: Refused, stamp: Mapping[str, str]) -> Response:
    """The answer to a request that is refused, in the shape that its sender reads."""
    if is_below(path, (FHIR, HOOKS)):
        # What is said of pages and forms means nothing to a program.
        why = f"nothing answers to this here; {SEE}" if refused.status in TOLD else refused.why
        return outcome(refused.status, [refused_issue(refused.status, why)], stamp, refused.headers)
    if is_below(path, (API,)):
        told = {
            "type": "about:blank",
            "title": refused.title,
            "status": refused.status,
            "detail": refused.why,
            "problems": [{"key": "", "place": "", "message": refused.why}],
            **versions_of(stamp),
        }
        headers = {DIGEST: stamp["digest"], **refused.headers}
        return JSONResponse(told, refused.status, headers, media_type="application/problem+json")
    response = page("refused.html.j2", status=refused.status, refused=refused)
    response.headers.update(refused.headers)
    return response


def outcome(
    status: int,
    issues: list[Issue],
    stamp: Mapping[str, str],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A refusal as OperationOutcome."""
    content = as_json(outcome_of(issues), separators=(",", ":")).encode()
    return Response(content, status, {DIGEST: stamp["digest"], **(headers or {})}, FHIR_JSON)


def refused_issue(status: int, why: str) -> Issue:
    """The one issue of a refusal."""
    return Issue("error", _CODES.get(status, "processing"), "", why)
