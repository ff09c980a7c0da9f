"""All that is told of one response, in one Bundle whose parts speak of each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from afterrun.assessment import assess
from afterrun.interchange.answered import Heard
from afterrun.interchange.told.care_plan import care_plan_of
from afterrun.interchange.told.condition import condition_of
from afterrun.interchange.told.guidance import guidance_of
from afterrun.interchange.told.provenance import provenance_of
from afterrun.interchange.told.record import Assess, Record, Role
from afterrun.interchange.told.risk import risk_of
from afterrun.rulebook import Rulebook


def bundle_of(
    rulebook: Rulebook, heard: Heard, on: date | None = None, judge: Assess = assess
) -> dict[str, Any]:
    """A collection Bundle of what the rules make of a response, told on the day `on`.

    Without `on` the day is that on which it was answered, and without that nothing has a date. How soon to be
    seen comes first; there is no CarePlan but at a level that shows a plan, with the whole safety screen
    answered. The same response gives the same bytes. Raises as `Record.of` does.
    """
    return bundle_of_record(Record.of(rulebook, heard, on, judge))


def bundle_of_record(record: Record) -> dict[str, Any]:
    """The same of what was assessed already."""
    condition, risk, plan = condition_of(record), risk_of(record), care_plan_of(record)
    if plan is not None:
        looks_like = [record.reference("risk", "RiskAssessment")] if risk is not None else []
        plan["supportingInfo"] += looks_like
        if condition is not None:
            plan["addresses"] = [record.reference("condition", "Condition")]
    if risk is not None and condition is not None:
        risk["condition"] = record.reference("condition", "Condition")
    found: list[tuple[Role, dict[str, Any] | None]] = [
        ("guidance", guidance_of(record, plan is not None)),
        ("condition", condition),
        ("risk", risk),
        ("plan", plan),
    ]
    made = [(role, resource) for role, resource in found if resource is not None]
    provenance = provenance_of(record, [(role, resource["resourceType"]) for role, resource in made])
    return {
        "resourceType": "Bundle",
        "id": record.id("bundle"),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": record.url("bundle")},
        "type": "collection",
        **({"timestamp": record.moment} if record.moment else {}),
        "entry": [
            {"fullUrl": record.url(role), "resource": resource}
            for role, resource in (*made, ("provenance", provenance), ("response", record.response))
        ],
    }
