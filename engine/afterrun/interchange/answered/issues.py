"""What is wrong with something that was sent, as an OperationOutcome tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from afterrun.errors import AfterrunError, Problem


class Issue(NamedTuple):
    """One thing that is wrong: how bad, of which kind, where, and in words."""

    severity: Literal["fatal", "error", "warning", "information"]
    code: str
    """Of FHIR's IssueType: 'structure', 'value', 'code-invalid', 'not-supported', …"""
    expression: str
    """FHIRPath of the element, as in `QuestionnaireResponse.item[0].answer[1].value`, or empty."""
    text: str
    """What was found, and what to do."""

    def __str__(self) -> str:
        return f"{self.expression}: {self.text}" if self.expression else self.text


class ResponseError(AfterrunError):
    """A response cannot be read: all that is wrong with it, at once."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__(*map(str, self.issues))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.issues,)


def outcome_of(problems: Iterable[Issue | Problem]) -> dict[str, Any]:
    """An OperationOutcome: what is wrong, each with its place; a problem of a file with file and line.

    >>> outcome_of([Problem("is empty", "responses.ndjson", 3)])["issue"]
    [{'severity': 'error', 'code': 'structure', 'details': {'text': 'responses.ndjson:3: is empty'}}]
    """
    issues = [each if isinstance(each, Issue) else _issue_of(each) for each in problems]
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": each.severity,
                "code": each.code,
                "details": {"text": each.text},
                **({"expression": [each.expression]} if each.expression else {}),
            }
            for each in issues
        ],
    }


def _issue_of(problem: Problem) -> Issue:
    return Issue("error", "structure", "", str(problem))
