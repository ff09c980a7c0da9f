"""What the person came with: the symptom, provisional, and never a pattern."""

from __future__ import annotations

from typing import Any

from afterrun.interchange.told.codings import symptom_of
from afterrun.interchange.told.narrative import narrative
from afterrun.interchange.told.record import Record

_CODES = "http://terminology.hl7.org/CodeSystem"
SYMPTOM_ONLY = (
    "A symptom that somebody told of in a questionnaire. It is no diagnosis, and nobody asked for the side."
)


def condition_of(record: Record) -> dict[str, Any] | None:
    """The symptom as a Condition; None where nothing was answered, or the rulebook names no symptom."""
    code = symptom_of(record.rulebook)
    if code is None or not record.result.answers:
        return None
    return {
        "resourceType": "Condition",
        "id": record.id("condition"),
        "text": narrative(code["text"], SYMPTOM_ONLY),
        "clinicalStatus": {"coding": [{"system": f"{_CODES}/condition-clinical", "code": "active"}]},
        "verificationStatus": {
            "coding": [{"system": f"{_CODES}/condition-ver-status", "code": "provisional"}]
        },
        "code": code,
        "subject": record.subject,
        **({"recordedDate": record.moment or record.day.isoformat()} if record.day else {}),
        "evidence": [{"detail": [record.reference("response", "QuestionnaireResponse")]}],
        "note": [{"text": SYMPTOM_ONLY}],
    }
