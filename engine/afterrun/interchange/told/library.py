"""The rulebook's plan and its interventions as definitions, with how sure one may be of each."""

from __future__ import annotations

from typing import Any

from afterrun.explanation import Citation, Citations, verdict_words
from afterrun.interchange.asked import canonical, computer_name, fhir_id, stable_id
from afterrun.interchange.told.codings import code_systems
from afterrun.interchange.told.evidence import certainty, certainty_of, strength
from afterrun.interchange.told.narrative import narrative
from afterrun.rulebook import Rulebook, engine_of
from afterrun.rulebook.schema import Intervention, Verdict
from afterrun.telling import Section, intervention_point

KINDS = {"explanation": "CommunicationRequest", "review": "Appointment", "treatment": "Task", "stop": "Task"}
"""What each kind of intervention asks for, among FHIR's requests."""
_LINKED = {"publication": "citation"}
"""How a source belongs to what names it; all others are its justification."""


def library_of(rulebook: Rulebook) -> dict[str, Any]:
    """A Bundle of a PlanDefinition, an ActivityDefinition for each intervention, and the code systems.

    The same for the same rulebook, byte by byte.
    """
    found = [
        _plan(rulebook),
        *(_activity(rulebook, each) for each in rulebook.interventions.values()),
        *code_systems(rulebook),
    ]
    return {
        "resourceType": "Bundle",
        "id": stable_id(rulebook, "library"),
        "type": "collection",
        "entry": [{"fullUrl": each["url"], "resource": each} for each in found],
    }


def _head(rulebook: Rulebook, kind: str, name: str, title: str) -> dict[str, Any]:
    return {
        "url": canonical(rulebook, kind, name),
        "identifier": [
            {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{stable_id(rulebook, kind, name)}"}
        ],
        "version": rulebook.identity.version,
        "name": computer_name(name or rulebook.identity.name),
        "title": title,
        # Whoever puts it to use says that it is active; the rulebook cannot.
        "status": "draft",
        "experimental": True,
    }


def _plan(rulebook: Rulebook) -> dict[str, Any]:
    identity = rulebook.identity
    actions = [_action(rulebook, each) for each in rulebook.interventions.values()]
    levels = [
        f"{each.name}: {'a plan may be shown' if each.shows_plan else 'no plan is shown'}."
        for each in rulebook.triage.values()
    ]
    return {
        "resourceType": "PlanDefinition",
        "id": fhir_id(identity.name),
        "text": narrative(
            identity.title,
            identity.purpose,
            *identity.limits,
            sections=[
                Section("What may be done", tuple(map(intervention_point, rulebook.interventions.values())))
            ],
        ),
        **_head(rulebook, "PlanDefinition", "", identity.title),
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/plan-definition-type",
                    "code": "clinical-protocol",
                }
            ]
        },
        **({"description": " ".join(identity.limits)} if identity.limits else {}),
        "purpose": identity.purpose,
        "usage": " ".join(levels),
        **({"action": actions} if actions else {}),
    }


def _action(rulebook: Rulebook, intervention: Intervention) -> dict[str, Any]:
    cited = engine_of(rulebook, Citations)
    verdicts = cited.verdicts(intervention.sources)
    documents = [_claim(each) for each in verdicts]
    documents += [_source(each) for each in cited.of(intervention.sources)]
    return {
        "id": fhir_id(intervention.id),
        "extension": [strength(), certainty_of(verdicts)],
        "title": intervention.called,
        "description": intervention.short,
        **({"documentation": documents} if documents else {}),
        "definitionCanonical": canonical(rulebook, "ActivityDefinition", intervention.id, versioned=True),
    }


def _activity(rulebook: Rulebook, intervention: Intervention) -> dict[str, Any]:
    point = intervention_point(intervention)
    sources = [_source(each) for each in engine_of(rulebook, Citations).of(intervention.sources)]
    usage = " ".join((*intervention.steps, intervention.more)).strip()
    return {
        "resourceType": "ActivityDefinition",
        "id": fhir_id(intervention.id),
        "text": narrative(point.name, sections=[Section("", (point._replace(name="What to do"),))]),
        **_head(rulebook, "ActivityDefinition", intervention.id, intervention.called),
        "description": intervention.short,
        **({"usage": usage} if usage else {}),
        **({"relatedArtifact": sources} if sources else {}),
        "kind": KINDS[intervention.kind],
        "code": {"text": intervention.name},
    }


def _claim(verdict: Verdict) -> dict[str, Any]:
    """A claim that it rests on, and how that stands against the literature."""
    return {
        "type": "justification",
        "label": verdict.id,
        "display": f"{verdict.claim} {verdict_words(verdict)}.",
        # R4's own place for how sure one may be of a document.
        "document": {"extension": [certainty(verdict)], "title": verdict.claim},
    }


def _source(source: Citation) -> dict[str, Any]:
    return {
        "type": _LINKED.get(source.kind, "justification"),
        "label": source.key,
        "display": source.text,
        **({"url": source.url} if source.url else {}),
    }
