"""What is told of a response is what `assess` says, in resources that speak of each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from afterrun import Result, Rulebook, assess
from afterrun.interchange import bundle_of, library_of, read_response, response_of
from afterrun.schedule import weeks
from tests.support.fhir.resources import STORY, cases_in
from tests.support.rulebooks.shipped import shipped

Resource = dict[str, Any]


BASE = "https://fhir.afterrun.invalid"


ANSWERED = "2027-03-01T10:00:00+01:00"


DAY = date(2027, 3, 1)


CASES = {each["id"]: each["answers"] for each in cases_in("cases")}


TAGS = {"div", "h2", "h3", "p", "ul", "li", "b", "table", "tbody", "tr", "th", "td"}


class Told(NamedTuple):
    """A case, what `assess` says of it, and what is told."""

    result: Result
    bundle: Resource

    def all(self, kind: str) -> list[Resource]:
        return [each["resource"] for each in self.bundle["entry"] if each["resource"]["resourceType"] == kind]

    def the(self, kind: str) -> Resource:
        (found,) = self.all(kind)
        return found


def told_of(intake: dict[str, Any], authored: str | None = ANSWERED, on: date | None = None) -> Told:
    rulebook = shipped()
    heard = read_response(rulebook, response_of(rulebook, intake, authored=authored))
    return Told(assess(rulebook, intake), bundle_of(rulebook, heard, on))


@cache
def case(name: str) -> Told:
    return told_of(CASES[name])


def nodes_of(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a resource, however deep."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from nodes_of(each)


def own(code: dict[str, Any], system: str) -> str:
    assert code["system"] == f"{BASE}/CodeSystem/{system}"
    return str(code["code"])


@pytest.mark.parametrize("name", CASES)
class TestEachCase:
    """Every shared case, through the Bundle."""

    def test_how_soon_to_be_seen_stands_first_and_is_that_of_assess(self, name: str) -> None:
        told = case(name)
        guidance = told.bundle["entry"][0]["resource"]
        assert guidance["resourceType"] == "GuidanceResponse"
        (triage,) = guidance["extension"]
        assert own(triage["valueCoding"], "triage-levels") == told.result.triage
        notes = [each["text"] for each in guidance["note"]]
        assert notes[: len(told.result.at_once)] == list(told.result.at_once)
        assert shipped().triage[told.result.triage].do in notes[-1]

    def test_its_stories_are_predictions_at_their_levels_and_none_is_a_condition(self, name: str) -> None:
        told = case(name)
        predictions = [each for risk in told.all("RiskAssessment") for each in risk["prediction"]]
        assert {
            own(each["outcome"]["coding"][0], "patterns"): own(
                each["qualitativeRisk"]["coding"][0], "pattern-levels"
            )
            for each in predictions
        } == told.result.patterns
        for each in told.all("Condition"):
            assert [code["code"] for code in each["code"]["coding"]] == ["M25.569"]
            assert each["verificationStatus"]["coding"][0]["code"] == "provisional"

    def test_the_plans_numbers_are_those_of_assess(self, name: str) -> None:
        told = case(name)
        values: dict[str, Any] = {}
        for extension in (each for plan in told.all("CarePlan") for each in plan.get("extension", ())):
            assert extension["url"] == f"{BASE}/StructureDefinition/plan-value"
            parts = {each["url"]: each for each in extension["extension"]}
            values[parts["key"]["valueCode"]] = parts.get("value", {}).get("valueDecimal")
        numbers = {
            key: value if isinstance(value, int | float) else None for key, value in told.result.plan.items()
        }
        assert values == (numbers if told.all("CarePlan") else {})

    def test_there_is_a_plan_where_the_level_shows_one_and_nowhere_else(self, name: str) -> None:
        told = case(name)
        shows = shipped().triage[told.result.triage].shows_plan and bool(told.result.interventions)
        assert bool(told.all("CarePlan")) is shows
        assert ("result" in told.the("GuidanceResponse")) is shows

    def test_its_days_and_amounts_are_those_of_the_schedule(self, name: str) -> None:
        told = case(name)
        if not told.all("CarePlan"):
            assert "scheduledTiming" not in json.dumps(told.bundle)
            return
        laid = weeks(shipped(), told.result, DAY).weeks
        plan = told.the("CarePlan")
        details = [each["detail"] for each in plan["activity"]]
        named = [each for each in details if "instantiatesCanonical" in each]
        assert [each["instantiatesCanonical"][0] for each in named] == [
            f"{BASE}/ActivityDefinition/{each.replace('_', '-')}|{shipped().identity.version}"
            for each in told.result.interventions
        ]
        dated = [each for each in details if "scheduledTiming" in each]
        assert sorted(
            (each["code"]["text"], day) for each in dated for day in each["scheduledTiming"]["event"]
        ) == sorted((each.name, each.at.date().isoformat()) for week in laid for each in week.sessions)
        amounts = [
            (each["scheduledTiming"]["repeat"]["boundsPeriod"]["start"], each["quantity"]["value"])
            for each in dated
            if "quantity" in each
        ]
        assert amounts == [
            (week.start.isoformat(), week.amount.value)
            for week in laid
            if week.amount is not None and any(each.amount is not None for each in week.sessions)
        ]
        period = {"start": laid[0].start.isoformat(), "end": laid[-1].end.isoformat()} if laid else None
        assert plan.get("period") == period

    def test_each_rule_that_fired_is_named_with_its_sources(self, name: str) -> None:
        told = case(name)
        entities = told.the("Provenance")["entity"]
        rules = {
            each["what"]["identifier"]["value"]: [part["valueString"] for part in each.get("extension", ())]
            for each in entities
            if each["role"] == "derivation"
        }
        assert tuple(rules) == told.result.fired
        sources = [
            each["what"]["identifier"]["value"]
            for each in entities
            if each["role"] == "source" and "identifier" in each["what"]
        ]
        assert sorted(sources) == sorted({key for keys in rules.values() for key in keys})
        for rule, keys in rules.items():
            assert keys in ([], list(shipped().rules[rule].sources))

    def test_its_parts_speak_of_each_other_and_of_nothing_else(self, name: str) -> None:
        bundle = case(name).bundle
        urls = [each["fullUrl"] for each in bundle["entry"]]
        assert len(set(urls)) == len(urls)
        for entry in bundle["entry"]:
            if entry["resource"]["resourceType"] != "QuestionnaireResponse":
                assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
        targets = {each["fullUrl"]: each["resource"] for each in bundle["entry"]}
        for resource in list(targets.values()):
            within = {f"#{each['id']}": each for each in resource.get("contained", ())}
            for node in nodes_of(resource):
                if "reference" in node:
                    assert (targets | within)[node["reference"]]["resourceType"] == node["type"]

    def test_what_made_it_is_named_with_the_versions_of_rules_schema_and_engine(self, name: str) -> None:
        told = case(name)
        provenance = told.the("Provenance")
        ((device,), (agent,)) = provenance["contained"], provenance["agent"]
        assert agent["who"]["reference"] == f"#{device['id']}"
        assert [each["value"] for each in device["identifier"]] == [shipped().digest]
        versions = {each["type"]["text"]: each["value"] for each in device["version"]}
        assert versions == {
            "rulebook": shipped().identity.version,
            "schema": told.result.schema,
            "engine": told.result.engine,
        }

    def test_nothing_in_it_is_empty(self, name: str) -> None:
        for node in nodes_of(case(name).bundle):
            assert [key for key, value in node.items() if value in ([], {}, "", None)] == []

    def test_a_person_can_read_each_part(self, name: str) -> None:
        for entry in case(name).bundle["entry"]:
            if entry["resource"]["resourceType"] == "QuestionnaireResponse":
                continue
            text = entry["resource"]["text"]
            parsed = ElementTree.fromstring(text["div"])
            assert {each.tag.removeprefix("{http://www.w3.org/1999/xhtml}") for each in parsed.iter()} <= TAGS
            assert len("".join(parsed.itertext())) > 20

    def test_where_the_level_hides_the_stories_no_part_tells_one(self, name: str) -> None:
        told = case(name)
        if shipped().triage[told.result.triage].shows_patterns:
            return
        words = json.dumps(told.bundle["entry"][:-1], ensure_ascii=False)
        reasons = [step.because for proof in told.result.because.values() for step in proof.steps]
        for pattern in shipped().patterns.values():
            assert pattern.text not in words
        for fired in told.result.fired:
            rule = shipped().rules[fired]
            if any(each.startswith("pattern.") for each in rule.conclusions):
                assert rule.because not in words or rule.because in reasons


def test_the_cases_hold_every_level_that_there_is() -> None:
    assert {case(name).result.triage for name in CASES} == set(shipped().triage)


def test_a_code_of_a_story_is_a_suggestion_and_never_its_outcome() -> None:
    told = told_of(STORY)
    (prediction,) = told.the("RiskAssessment")["prediction"]
    (suggested,) = prediction["extension"]
    assert suggested["url"] == f"{BASE}/StructureDefinition/suggested-code"
    assert suggested["valueCodeableConcept"]["coding"] == [
        {
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "M76.50",
            "display": "Patellar tendinitis, unspecified knee",
        }
    ]
    classified = [
        node["code"]
        for resource in told.bundle["entry"]
        for node in nodes_of(resource)
        if node.get("system") == "http://hl7.org/fhir/sid/icd-10-cm"
    ]
    assert sorted(set(classified)) == ["M25.569", "M76.50"]
    assert classified.count("M76.50") == 1


def test_of_a_response_without_an_answer_no_symptom_is_told() -> None:
    told = told_of({})
    assert told.all("Condition") == []
    assert told.the("GuidanceResponse")["status"] == "data-required"


def test_every_name_of_its_own_is_defined_in_the_library(rulebook: Rulebook) -> None:
    defined = {each["fullUrl"]: each["resource"] for each in library_of(rulebook)["entry"]}
    named = [
        name
        for case_name in CASES
        for node in nodes_of(case(case_name).bundle)
        for name in (*node.get("instantiatesCanonical", ()), *filter(None, [node.get("moduleCanonical")]))
    ]
    for name in set(named):
        url, _, version = name.partition("|")
        assert defined[url]["version"] == version
    systems = {url: resource for url, resource in defined.items() if resource["resourceType"] == "CodeSystem"}
    for case_name in CASES:
        for node in nodes_of(case(case_name).bundle["entry"][:-1]):
            if (system := systems.get(node.get("system", ""))) is not None:
                assert node["code"] in {each["code"] for each in system["concept"]}
