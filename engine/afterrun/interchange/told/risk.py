"""The stories that the answers match, as predictions without a probability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from afterrun.interchange.asked import absent
from afterrun.interchange.told.codings import LEVELS, PATTERNS, own_coding, suggested_for
from afterrun.interchange.told.narrative import narrative
from afterrun.interchange.told.record import Record
from afterrun.rulebook import name_of
from afterrun.telling import Section, pattern_points

NO_DIAGNOSIS = "Stories that the answers match, by history alone. None is a diagnosis or has a probability."


def risk_of(record: Record) -> dict[str, Any] | None:
    """The patterns as a RiskAssessment; None where there are none, or the triage shows none."""
    patterns = record.result.patterns if record.level.shows_patterns else {}
    if not patterns:
        return None
    points = pattern_points(record.rulebook, patterns)
    return {
        "resourceType": "RiskAssessment",
        "id": record.id("risk"),
        "text": narrative("What it looks like", NO_DIAGNOSIS, sections=[Section("", points)]),
        "status": "preliminary",
        "subject": record.subject,
        **({"occurrenceDateTime": record.moment or record.day.isoformat()} if record.day else {}),
        "basis": [record.reference("response", "QuestionnaireResponse")],
        "prediction": list(_predictions(record, patterns)),
        "note": [{"text": NO_DIAGNOSIS}],
    }


def _predictions(record: Record, patterns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, level in patterns.items():
        pattern = record.rulebook.patterns[name]
        proof = record.result.because.get(name_of("pattern", name, level))
        reasons = " ".join(dict.fromkeys(step.because for step in proof.steps)) if proof else ""
        suggested = [
            record.extension("suggested-code", valueCodeableConcept=each)
            for each in suggested_for(record.rulebook, name)
        ]
        coding = own_coding(record.rulebook, PATTERNS, name, pattern.called)
        yield {
            **({"extension": suggested} if suggested else {}),
            "outcome": {"coding": [coding], "text": pattern.called},
            # The rules know levels and no numbers.
            "probabilityRange": {"extension": [absent("not-applicable")]},
            "qualitativeRisk": {"coding": [own_coding(record.rulebook, LEVELS, level, level)], "text": level},
            **({"rationale": reasons} if reasons else {}),
        }
