"""What is refused, as a page or, for programs, as problem+json."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response

from afterrun_web.books import DIGEST
from afterrun_web.drawing import page
from afterrun_web.refusing import Refused

API = "/api/"
TOLD = {
    404: Refused(404, "There is no such page", "Nothing is kept at this address.", "Begin here."),
    405: Refused(
        405,
        "This page is reached by a form",
        "Your answers are in the page that you left, and in no address.",
    ),
}
OTHER = "This cannot be answered"


def refusal(path: str, refused: Refused, stamp: Mapping[str, str]) -> Response:
    """The answer to a request that is refused, in the shape that its sender reads."""
    if path.startswith(API):
        told = {
            "type": "about:blank",
            "title": refused.title,
            "status": refused.status,
            "detail": refused.why,
            "problems": [{"key": "", "place": "", "message": refused.why}],
            "rulebook": dict(stamp),
        }
        headers = {DIGEST: stamp["digest"], **refused.headers}
        return JSONResponse(told, refused.status, headers, media_type="application/problem+json")
    response = page("refused.html.j2", status=refused.status, refused=refused)
    response.headers.update(refused.headers)
    return response
