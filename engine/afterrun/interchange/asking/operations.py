"""What an operation takes and gives: one resource as it is, or in Parameters under its name."""

from __future__ import annotations

from typing import Any

from afterrun.assessment import assess
from afterrun.interchange.answered import Issue, ResponseError, read_response
from afterrun.interchange.asking.adaptive import next_step
from afterrun.interchange.told import Assess, bundle_of
from afterrun.rulebook import Rulebook

TAKES, GIVES = "questionnaire-response", "return"
"""What the one parameter in is called, and the one out."""


def next_question(rulebook: Rulebook, body: object) -> dict[str, Any]:
    """The body of `$next-question` in, that of its answer out. Raises ResponseError."""
    response, wrapped = _taken(body)
    return _given(next_step(rulebook, response), wrapped)


def extract(rulebook: Rulebook, body: object, judge: Assess = assess) -> dict[str, Any]:
    """The body of `$extract` in; the result as a Bundle out. Raises ResponseError, and as `judge` does."""
    response, wrapped = _taken(body)
    return _given(bundle_of(rulebook, read_response(rulebook, response), None, judge), wrapped)


def _taken(body: object) -> tuple[object, bool]:
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        return body, False
    given = body.get("parameter")
    named = [
        (place, each)
        for place, each in enumerate(given if isinstance(given, list) else ())
        if isinstance(each, dict) and each.get("name") == TAKES
    ]
    if not isinstance(given, list) or len(given) != 1 or len(named) != 1 or "resource" not in named[0][1]:
        raise ResponseError(
            [
                Issue(
                    "error",
                    "structure",
                    "Parameters.parameter",
                    f"is to hold one parameter, '{TAKES}', whose resource is the response",
                )
            ]
        )
    return named[0][1]["resource"], True


def _given(resource: dict[str, Any], wrapped: bool) -> dict[str, Any]:
    if not wrapped:
        return resource
    return {"resourceType": "Parameters", "parameter": [{"name": GIVES, "resource": resource}]}
