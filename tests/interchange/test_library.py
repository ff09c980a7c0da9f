"""The library defines every intervention, says how sure one may be of it, and invents no strength."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from afterrun import Rulebook, load_rulebook
from afterrun.interchange import library_of
from afterrun.rulebook import read_yaml
from tests.support.paths import ROOT
from tests.support.random_input.rulebooks import small_rulebook, write_files
from tests.support.rulebooks.shipped import shipped

STRENGTH = "http://hl7.org/fhir/StructureDefinition/cqf-strengthOfRecommendation"
CERTAINTY = "http://hl7.org/fhir/StructureDefinition/cqf-qualityOfEvidence"
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
SUREST_FIRST = ["high", "moderate", "low", "very_low", "no_evidence"]


def resources(rulebook: Rulebook, kind: str) -> dict[str, dict[str, Any]]:
    found = (each["resource"] for each in library_of(rulebook)["entry"])
    return {each["id"]: each for each in found if each["resourceType"] == kind}


def actions(rulebook: Rulebook) -> dict[str, dict[str, Any]]:
    (plan,) = resources(rulebook, "PlanDefinition").values()
    return {each["id"].replace("-", "_"): each for each in plan["action"]}


def concept(action: dict[str, Any], url: str) -> dict[str, Any]:
    (found,) = (each["valueCodeableConcept"] for each in action["extension"] if each["url"] == url)
    assert isinstance(found, dict)
    return found


def test_each_intervention_is_an_action_and_an_activity_of_its_own(rulebook: Rulebook) -> None:
    activities = resources(rulebook, "ActivityDefinition")
    assert list(actions(rulebook)) == list(rulebook.interventions)
    for name, action in actions(rulebook).items():
        url, _, version = action["definitionCanonical"].partition("|")
        activity = activities[name.replace("_", "-")]
        assert (activity["url"], activity["version"]) == (url, version) == (url, rulebook.identity.version)
        assert activity["description"] == action["description"] == rulebook.interventions[name].short
        assert activity["status"] == "draft"
        keys = [each["label"] for each in activity["relatedArtifact"]]
        assert keys == list(rulebook.interventions[name].sources)


def test_nobody_has_graded_a_strength_and_the_library_says_so(rulebook: Rulebook) -> None:
    for action in actions(rulebook).values():
        strength = concept(action, STRENGTH)
        assert strength["extension"] == [{"url": ABSENT, "valueCode": "not-performed"}]
        assert "coding" not in strength


def test_one_is_no_surer_than_of_the_least_sure_claim(rulebook: Rulebook) -> None:
    written, _ = read_yaml((ROOT / "knowledge/evidence.yaml").read_text(encoding="utf-8"), "evidence.yaml")
    grades = set()
    for name, action in actions(rulebook).items():
        keys = {
            each for each in rulebook.interventions[name].sources if each.startswith(("article:", "row:"))
        }
        found = [each["certainty"] for each in written if keys.intersection(each["sources"])]
        certainty = concept(action, CERTAINTY)
        least = max(found, key=SUREST_FIRST.index, default=None)
        grades.add(least)
        if least in (None, "no_evidence"):
            reason = "not-performed" if least is None else "not-applicable"
            assert certainty["extension"] == [{"url": ABSENT, "valueCode": reason}]
            assert "coding" not in certainty
        else:
            (coding,) = certainty["coding"]
            assert coding["system"] == "http://terminology.hl7.org/CodeSystem/evidence-quality"
            assert coding["code"] == least.replace("_", "-")
    assert len(grades) > 2, "the interventions should differ"


def test_each_claim_has_a_grade_of_its_own(rulebook: Rulebook) -> None:
    claims = {each.id: each for each in rulebook.evidence}
    told = [
        document
        for action in actions(rulebook).values()
        for document in action["documentation"]
        if "document" in document
    ]
    assert told
    for document in told:
        verdict = claims[document["label"]]
        coded = concept(document["document"], CERTAINTY).get("coding")
        expected = [] if verdict.certainty == "no_evidence" else [verdict.certainty.replace("_", "-")]
        assert [each["code"] for each in coded or ()] == expected


def test_nothing_in_it_is_empty_even_of_a_rulebook_that_says_little(tmp_path: Path) -> None:
    rule = {"id": "looks", "if": {"asked": {"is": "yes"}}, "then": "looked-at"}
    options = [{"id": each, "text": each} for each in ("yes", "no")]
    question = {"id": "asked", "type": "single", "options": options}
    small = load_rulebook(write_files(tmp_path, small_rulebook([rule], [question], ["looked-at"])))
    for rulebook in (shipped(), small):
        text = json.dumps(library_of(rulebook))
        assert not [each for each in ("[]", "{}", '""', "null") if each in text]


def test_it_is_the_same_each_time(rulebook: Rulebook) -> None:
    assert json.dumps(library_of(rulebook)) == json.dumps(library_of(rulebook))
