"""Responses a line each, as what a batch may read beside intakes; wants the extra `batch`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from afterrun.batch import OtherRecords
from afterrun.errors import IntakeError, Problem
from afterrun.interchange.answered.envelope import record_id_of
from afterrun.interchange.answered.issues import Issue, ResponseError
from afterrun.interchange.answered.read import read_response
from afterrun.rulebook import Rulebook


def is_resource(record: Mapping[str, Any]) -> bool:
    """Whether an object is a resource of FHIR, and no intake."""
    return "resourceType" in record


def intake_in(rulebook: Rulebook, record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The intake that stands in a response; IntakeError tells the issues, each of a question with its id."""
    try:
        return read_response(rulebook, record).intake
    except ResponseError as error:
        raise IntakeError(_problem_of(rulebook, each) for each in error.issues) from None


def _problem_of(rulebook: Rulebook, issue: Issue) -> Problem:
    name, colon, text = issue.text.partition(": ")
    if colon and name in rulebook.questions:
        return Problem(f"{text} ({issue.expression})", key=name)
    return Problem(str(issue))


RESPONSES = OtherRecords(is_resource, intake_in, record_id_of)
"""FHIR resources, one a line, as a server exports them."""
