"""What a response says, once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """The intake that stands in a QuestionnaireResponse, and what came with it."""

    intake: Mapping[str, Any]
    """Answers as `assess` takes them: only questions that were answered have a key; 'unknown' was said."""
    declined: frozenset[str]
    """Questions that were passed over on purpose: asked, and not answered."""
    subject: Mapping[str, Any] | None
    """The Reference to whom it is about, as it came."""
    authored: str | None
    """When it was answered, as it came: a FHIR dateTime."""
    record_id: str | None
    """`identifier.value`, or else `id`."""
    resource: Mapping[str, Any]
    """The response as it came, but for narratives: they are markup of whoever sent it."""
