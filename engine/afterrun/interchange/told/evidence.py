"""How strong a recommendation is and how sure one may be of it, as CPG-on-FHIR has it on an action of a plan.

The rulebook grades claims, by GRADE, and no recommendation: so the strength is always absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterrun.explanation import CERTAINTIES
from afterrun.interchange.asked import CORE, absent, extension
from afterrun.rulebook.schema import Verdict

_GRADES = ("high", "moderate", "low", "very_low")
"""Surest first."""
_DISPLAYS = {
    "high": "High quality",
    "moderate": "Moderate quality",
    "low": "Low quality",
    "very_low": "Very low quality",
}
"""As HL7's code system has them."""


def strength() -> dict[str, Any]:
    """The strength of a recommendation, which nobody has graded."""
    nobody = {"extension": [absent("not-performed")], "text": "Nobody has graded the strength."}
    return extension(f"{CORE}/cqf-strengthOfRecommendation", valueCodeableConcept=nobody)


def certainty(verdict: Verdict) -> dict[str, Any]:
    """How sure one may be of a claim."""
    return _quality(verdict.certainty)


def certainty_of(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """How sure one may be of what rests on several claims: no surer than of the least sure of them."""
    if not verdicts:
        nothing = {"extension": [absent("not-performed")], "text": "No claim that it rests on was graded."}
        return extension(f"{CORE}/cqf-qualityOfEvidence", valueCodeableConcept=nothing)
    order = (*_GRADES, "no_evidence", "not_graded")
    return _quality(max((each.certainty for each in verdicts), key=order.index))


def _quality(grade: str) -> dict[str, Any]:
    words = CERTAINTIES[grade]
    concept: dict[str, Any] = {"text": f"{words[:1].upper()}{words[1:]}"}
    if grade in _DISPLAYS:
        coding = {
            "system": "http://terminology.hl7.org/CodeSystem/evidence-quality",
            "code": grade.replace("_", "-"),
            "display": _DISPLAYS[grade],
        }
        concept = {"coding": [coding], **concept}
    else:
        # GRADE has no grade for a claim without any evidence.
        why = "not-performed" if grade == "not_graded" else "not-applicable"
        concept = {"extension": [absent(why)], **concept}
    return extension(f"{CORE}/cqf-qualityOfEvidence", valueCodeableConcept=concept)
