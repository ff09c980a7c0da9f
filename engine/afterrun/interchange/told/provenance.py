"""What a result rests on: the response, each rule that fired, and the sources of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from afterrun.explanation import Citation, Citations
from afterrun.inference import Proof
from afterrun.interchange.asked import absent
from afterrun.interchange.told.narrative import narrative
from afterrun.interchange.told.record import Record, Role
from afterrun.rulebook import LinkedRule, engine_of, versions_words
from afterrun.telling import Point, Section

_DEVICE = "made-by"
MADE_BY_RULES = "Told by rules from a questionnaire. No clinician has looked at it."


def provenance_of(record: Record, targets: Iterable[tuple[Role, str]]) -> dict[str, Any]:
    """Where the targets come from, each a role and its kind of resource.

    A rule is named by its id; its reason is told where what it concludes may be shown, as are its sources.
    """
    rules = list(_rules(record))
    sources = engine_of(record.rulebook, Citations).of(
        key for rule, told in rules if told for key in rule.sources
    )
    result = record.result
    versions = versions_words(result.rulebook, result.schema, result.engine)
    day = {"occurredDateTime": record.moment or record.day.isoformat()} if record.day else {}
    moment = record.moment
    points = tuple(Point(rule.id, rule.because) for rule, told in rules if told)
    return {
        "resourceType": "Provenance",
        "id": record.id("provenance"),
        "text": narrative(
            "What it rests on",
            f"{MADE_BY_RULES} {versions}",
            sections=[Section("Rules", points), Section("Sources", tuple(map(_source_point, sources)))],
        ),
        "contained": [_device(record)],
        "target": [record.reference(role, kind) for role, kind in targets],
        **day,
        # R4 wants an instant, and a day is none.
        **({"recorded": moment} if moment else {"_recorded": {"extension": [absent("unknown")]}}),
        "activity": {"text": MADE_BY_RULES},
        "agent": [
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                            "code": "assembler",
                        }
                    ]
                },
                "who": {
                    "reference": f"#{_DEVICE}",
                    "type": "Device",
                    "identifier": _identifier(record),
                    "display": versions,
                },
            }
        ],
        "entity": [
            {"role": "source", "what": record.reference("response", "QuestionnaireResponse")},
            *(_rule_entity(record, rule, told) for rule, told in rules),
            *(_source_entity(record, each) for each in sources),
        ],
    }


def _identifier(record: Record) -> dict[str, Any]:
    return {"system": record.address("rulebook"), "value": record.result.rulebook["digest"]}


def _device(record: Record) -> dict[str, Any]:
    """What made the result: rules, the shape in which they are told, and the program, each by its version."""
    result = record.result
    versions = {"rulebook": result.rulebook["version"], "schema": result.schema, "engine": result.engine}
    return {
        "resourceType": "Device",
        "id": _DEVICE,
        "identifier": [_identifier(record)],
        "deviceName": [{"name": result.rulebook["name"], "type": "model-name"}],
        "version": [{"type": {"text": name}, "value": version} for name, version in versions.items()],
    }


def _rules(record: Record) -> Iterator[tuple[LinkedRule, bool]]:
    """Each written rule that fired, and whether its reason may be told at this level."""
    told = set(_rules_in(record.result.because.values()))
    shows = record.level.shows_patterns
    for name in record.result.fired:
        rule = record.rulebook.rules.get(name)
        if rule is not None:
            yield rule, shows or (name in told and record.level.id == record.result.triage)


def _rules_in(proofs: Iterable[Proof]) -> Iterator[str]:
    for proof in proofs:
        for step in proof.steps:
            yield step.rule
            yield from _rules_in(each for each in step.premises if isinstance(each, Proof))


def _rule_entity(record: Record, rule: LinkedRule, told: bool) -> dict[str, Any]:
    rests_on = [record.extension("rests-on", valueString=key) for key in rule.sources if told]
    return {
        **({"extension": rests_on} if rests_on else {}),
        "role": "derivation",
        "what": {
            "identifier": {"system": record.address("rule"), "value": rule.id},
            **({"display": rule.because} if told else {}),
        },
    }


def _source_entity(record: Record, source: Citation) -> dict[str, Any]:
    display = f"{source.text} {source.url}".strip()
    identifier = {"system": record.address("source"), "value": source.key}
    return {"role": "source", "what": {"identifier": identifier, "display": display}}


def _source_point(source: Citation) -> Point:
    return Point(source.key, " ".join(filter(None, (source.text, source.note, source.url))))
