"""What is open stays open: no plan without the whole safety screen, and what is missing is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, assess, load_rulebook
from afterrun.interchange import bundle_of, read_response, response_of
from tests.support.fhir.resources import STORY
from tests.support.random_input.rulebooks import small_rulebook, write_files
from tests.support.rulebooks.shipped import shipped

SAFETY = [
    each.id
    for each in shipped().questions.values()
    if shipped().sections[each.section].safety and not each.optional
]
SOURCE = {"sources": ["anyone-2020"]}


def told(rulebook: Rulebook, intake: dict[str, Any]) -> dict[str, dict[str, Any]]:
    bundle = bundle_of(rulebook, read_response(rulebook, response_of(rulebook, intake)))
    return {each["resource"]["resourceType"]: each["resource"] for each in bundle["entry"]}


def required(guidance: dict[str, Any]) -> list[list[str]]:
    """The questions that each data requirement names."""
    return [
        [code["code"] for each in requirement["codeFilter"] for code in each["code"]]
        for requirement in guidance.get("dataRequirement", ())
    ]


@pytest.mark.parametrize("name", SAFETY)
def test_without_one_answer_of_the_safety_screen_there_is_no_plan_and_the_question_is_named(
    rulebook: Rulebook, name: str
) -> None:
    found = told(rulebook, {key: value for key, value in STORY.items() if key != name})
    assert "CarePlan" not in found
    assert "RiskAssessment" not in found
    guidance = found["GuidanceResponse"]
    assert guidance["status"] == "data-required"
    assert required(guidance)[0] == [name]
    assert rulebook.questions[name].ask in guidance["text"]["div"].replace("&amp;", "&")


def test_of_what_else_is_open_the_questions_are_named_and_the_plan_stands(rulebook: Rulebook) -> None:
    intake = {key: value for key, value in STORY.items() if key != "provoked_by"}
    found = told(rulebook, intake)
    open_questions = list(assess(rulebook, intake).open_questions)
    assert open_questions == ["provoked_by"], "the case has to leave something open"
    assert found["GuidanceResponse"]["status"] == "data-requested"
    assert required(found["GuidanceResponse"]) == [open_questions]
    assert "CarePlan" in found


def test_a_whole_story_asks_for_nothing(rulebook: Rulebook) -> None:
    guidance = told(rulebook, STORY)["GuidanceResponse"]
    assert (guidance["status"], required(guidance)) == ("success", [])


def test_a_warning_sign_outranks_all(rulebook: Rulebook) -> None:
    found = told(rulebook, {**STORY, "warning_signs": ["calf_swollen"]})
    assert "CarePlan" not in found
    assert "RiskAssessment" not in found
    (note,) = found["GuidanceResponse"]["note"]
    assert rulebook.triage["urgent"].do in note["text"]
    alone = told(rulebook, {"warning_signs": ["calf_swollen"]})["GuidanceResponse"]
    assert alone["extension"][0]["valueCoding"]["code"] == "urgent"
    assert alone["status"] != "data-required"


def test_a_plan_that_no_rule_keeps_back_is_kept_back_by_a_gap_in_the_screen(tmp_path: Path) -> None:
    """The shipped rules leave the level open for each gap; other rules may not."""
    files = small_rulebook(
        [
            {"id": "go", "if": {"second": {"is": "no"}}, "then": "triage.urgent"},
            {"id": "go-soon", "if": {"second": {"is": "no"}}, "then": "triage.soon"},
            {"id": "all-fine", "if": {"second": {"is": "yes"}}, "then": "triage.fine"},
            {"id": "do-it", "if": {"second": {"is": "yes"}}, "then": "intervention.walk.recommended"},
            {"id": "a-story", "if": {"second": {"is": "yes"}}, "then": "pattern.story.likely"},
            {"id": "nothing", "if": {"first": {"is": "no"}}, "then": "looked-at"},
        ],
        [
            {
                "id": name,
                "type": "single",
                "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}],
            }
            for name in ("first", "second")
        ],
        ["looked-at"],
        patterns=[{"id": "story", "name": "A tale", "text": "It fits.", "levels": ["likely"], **SOURCE}],
        interventions=[
            {"id": "walk", "kind": "treatment", "name": "Walk", "short": "Walk slowly.", **SOURCE}
        ],
    )
    rulebook = load_rulebook(write_files(tmp_path, files))
    whole = told(rulebook, {"first": "no", "second": "yes"})
    assert {"CarePlan", "RiskAssessment"} < whole.keys()
    assert whole["CarePlan"]["activity"][0]["detail"]["description"] == "Walk slowly."
    assert "Condition" not in whole, "it has no codes, so it names no symptom"
    gap = told(rulebook, {"second": "yes"})
    assert assess(rulebook, {"second": "yes"}).triage == "fine", (
        "the case has to be one that no rule keeps back"
    )
    assert {"CarePlan", "RiskAssessment"}.isdisjoint(gap)
    guidance = gap["GuidanceResponse"]
    assert (guidance["status"], required(guidance)) == ("data-required", [["first"]])
    assert guidance["extension"][0]["valueCoding"]["code"] == "unfinished"
    words = json.dumps([gap["GuidanceResponse"], gap["Provenance"]])
    assert "Walk" not in words
    assert "A tale" not in words
    assert "What about first?" in words
