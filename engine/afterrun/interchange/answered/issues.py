"""What is wrong with something that was sent, as an OperationOutcome tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from afterrun.errors import AfterrunError


class Issue(NamedTuple):
    """One thing that is wrong: how bad, of which kind, where, and in words."""

    severity: Literal["fatal", "error", "warning", "information"]
    code: str
    """Of FHIR's IssueType: 'structure', 'value', 'invariant', 'not-supported', …"""
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
