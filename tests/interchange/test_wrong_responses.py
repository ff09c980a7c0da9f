"""What is wrong with a response is told, all of it at once, each with its place."""

import json
import pickle
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from afterrun import Rulebook, assess
from afterrun.errors import Problem
from afterrun.interchange import Issue, ResponseError, outcome_of, read_response
from tests.support.fhir.resources import calm_response, item_of
from tests.support.fhir.spoilt_responses import REASONS, absent, coding, issues_of, only_issue, put

SIGNS = "https://fhir.afterrun.invalid/CodeSystem/warning-signs"

Spoil = Callable[[dict[str, Any]], Any]
ANSWER = ".item[0].item[0].answer[0]"
UNKNOWN = {"valueCoding": {"system": REASONS, "code": "asked-unknown"}}
PARTIAL = coding("strength-range", "partial")
THREE_SITES = ("muscle", "inner_side", "shin_bump")
BAD: dict[str, tuple[Spoil, str, str, str]] = {
    "another questionnaire": (
        lambda r: r.update(questionnaire="http://example.org/Questionnaire/phq-9"),
        "not-supported", ".questionnaire", "is to http://example.org/Questionnaire/phq-9",
    ),
    "another version": (
        lambda r: r.update(questionnaire=r["questionnaire"].replace("|0.2.0", "|0.1.0")),
        "not-supported", ".questionnaire", "is to version 0.1.0, and this is version 0.2.0",
    ),
    "no questionnaire": (
        lambda r: r.pop("questionnaire"), "required", ".questionnaire", "is missing",
    ),
    "entered in error": (
        lambda r: r.update(status="entered-in-error"),
        "business-rule", ".status", "was entered in error",
    ),
    "stopped": (
        lambda r: r.update(status="stopped"), "business-rule", ".status", "given up",
    ),
    "a state that there is not": (
        lambda r: r.update(status="done"), "code-invalid", ".status", "is none of completed",
    ),
    "no state": (lambda r: r.pop("status"), "required", ".status", "is missing"),
    "an unknown link": (
        lambda r: r["item"][0]["item"][0].update(linkId="age_yeers"),
        "not-found", ".item[0].item[0].linkId", "Did you mean 'age_years'?",
    ),
    "no link": (
        lambda r: r["item"][0]["item"][0].pop("linkId"),
        "required", ".item[0].item[0].linkId", "is missing",
    ),
    "a link twice": (
        lambda r: r["item"].append({"linkId": "age_years", "answer": [{"valueInteger": 35}]}),
        "duplicate", ".item[2]", "at QuestionnaireResponse.item[0].item[0] already",
    ),
    "a section of others": (
        lambda r: r["item"][0]["item"].append({"linkId": "relapses"}),
        "structure", ".item[0].item[7]", "does not stand below section.safety",
    ),
    "a text for a number": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueString": "34"}]),
        "value", f"{ANSWER}.value", "takes a whole number (valueInteger), not a text (valueString)",
    ),
    "a number as text": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": "34"}]),
        "value", f"{ANSWER}.value", "takes a whole number, not a text",
    ),
    "a fraction for a whole number": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": 34.5}]),
        "value", f"{ANSWER}.value", "takes a whole number, not 34.5",
    ),
    "true for a number": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": True}]),
        "value", f"{ANSWER}.value", "takes a whole number, not true",
    ),
    "a quantity for a number": (
        lambda r: put(r, "weeks_since_onset", {"valueQuantity": {"value": 6, "code": "wk"}}),
        "value", ".item[1].item[2].answer[0].value", "not a Quantity (valueQuantity)",
    ),
    "beyond its bounds": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": 300}]),
        "value", f"{ANSWER}.value", "age_years: 300 is too large: from 10 to 100",
    ),
    "an amount without its unit": (
        lambda r: r["item"].append({"linkId": "volume_last_week", "answer": [{"valueDecimal": 20}]}),
        "value", "", "volume_unit: is missing: volume_last_week needs a unit",
    ),
    "two answers where one may stand": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": 34}, {"valueInteger": 35}]),
        "structure", ".item[0].item[0].answer[1].value", "takes one answer",
    ),
    "two values in one answer": (
        lambda r: r["item"][0]["item"][0].update(answer=[{"valueInteger": 34, "valueDecimal": 34}]),
        "structure", ANSWER, "has two values, valueInteger and valueDecimal",
    ),
    "a number and I don't know": (
        lambda r: put(r, "worst_pain.unknown", UNKNOWN),
        "business-rule", ".item[1].item[2].answer[0].value", "and worst_pain has an answer",
    ),
    "an option and I don't know": (
        lambda r: put(r, "relapses", coding("relapses", "once"), UNKNOWN),
        "invariant", ".item[1].item[2].answer[1].value", "'asked-unknown' stands beside another answer",
    ),
    "a sign twice": (
        lambda r: r["item"][0]["item"][1].update(answer=[coding("warning-signs", "tingling")] * 2),
        "duplicate", ".item[0].item[1].answer[1].value", "'tingling' is ticked twice",
    ),
    "too many of them": (
        lambda r: put(r, "pain_site", *(coding("pain-site", each) for each in THREE_SITES)),
        "value", ".item[1].item[2]", "takes at most 2 options, not 3",
    ),
    "a code that is not offered": (
        lambda r: r["item"][0]["item"][1].update(answer=[coding("warning-signs", "calf_swolen")]),
        "code-invalid", ".item[0].item[1].answer[0].value.code", "Did you mean 'calf_swollen'?",
    ),
    "a code of another system": (
        lambda r: r["item"][0]["item"][1].update(answer=[coding("pain-site", "tingling")]),
        "code-invalid", ".item[0].item[1].answer[0].value.system",
        f"the codes here are of {SIGNS}",
    ),
    "a code of no system": (
        lambda r: r["item"][0]["item"][1].update(answer=[{"valueCoding": {"code": "tingling"}}]),
        "code-invalid", ".item[0].item[1].answer[0].value.system", "is missing",
    ),
    "words without a code": (
        lambda r: r["item"][0]["item"][1].update(answer=[{"valueCoding": {"display": "Tingling"}}]),
        "required", ".item[0].item[1].answer[0].value.code", "is missing; choose from",
    ),
    "an answer to what is not asked": (
        lambda r: put(r, "morning_stiffness", coding("morning-stiffness", "none")),
        "business-rule", ".item[1].item[2].answer[0].value",
        "morning_stiffness: has an answer, but is not asked: age_years rules it out",
    ),
    "an answer to what hangs on no answer": (
        lambda r: r["item"].append({"linkId": "strength_range", "answer": [PARTIAL]}),
        "business-rule", ".item[2].answer[0].value", "strength_sessions is not answered",
    ),
    "an answer to a section": (
        lambda r: r["item"][0].update(answer=[{"valueBoolean": True}]),
        "structure", ".item[0].answer", "is no question",
    ),
    "a question below a question": (
        lambda r: r["item"][0]["item"][0].update(item=[{"linkId": "relapses"}]),
        "structure", ".item[0].item[0].item[0]", "no item stands below this one",
    ),
    "a question below an answer": (
        lambda r: r["item"][0]["item"][0]["answer"][0].update(item=[{"linkId": "relapses"}]),
        "structure", f"{ANSWER}.item[0]", "no question stands below an answer",
    ),
    "null for a value": (
        lambda r: r["item"][0]["item"][0]["answer"][0].update(valueInteger=None),
        "structure", f"{ANSWER}.valueInteger", "is null: leave it out",
    ),
    "null for an answer": (
        lambda r: r["item"][0]["item"][0].update(answer=[None]), "structure", ANSWER, "is null",
    ),
    "an object for a list": (
        lambda r: r["item"][0]["item"][0].update(answer={"valueInteger": 34}),
        "structure", ".item[0].item[0].answer", "is an object, where a list belongs",
    ),
    "a field that R4 has not": (
        lambda r: r["item"][0]["item"][0].update(answers=[]),
        "structure", ".item[0].item[0].answers", "is no field of FHIR R4 there",
    ),
    "what may turn the meaning around": (
        lambda r: r["item"][0]["item"][0].update(modifierExtension=[{"url": "http://example.org/not"}]),
        "extension", ".item[0].item[0].modifierExtension", "may turn the meaning around",
    ),
    "rules of others": (
        lambda r: r.update(implicitRules="http://example.org/rules"),
        "not-supported", ".implicitRules", "names rules that are not known here",
    ),
    "identifiers as in R5": (
        lambda r: r.update(identifier=[{"value": "P-1"}]),
        "not-supported", ".identifier", "is a list, as in FHIR R5: send R4",
    ),
    "a profile of R5": (
        lambda r: r.update(meta={"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/QuestionnaireResponse"]}),
        "not-supported", ".meta.profile[0]", "as in FHIR R5",
    ),
    "items of R5": (
        lambda r: r.update(contained=[{"resourceType": "Questionnaire", "item": [{"type": "coding"}]}]),
        "not-supported", ".contained[0].item[0].type", "is 'coding', as in FHIR R5",
    ),
    "a day that there is not": (
        lambda r: r.update(authored="2027-02-30"), "value", ".authored", "is no dateTime",
    ),
    "a subject that is none": (
        lambda r: r.update(subject="Patient/7"), "structure", ".subject", "where a Reference",
    ),
    "an identifier that is none": (
        lambda r: r.update(identifier="P-7"), "structure", ".identifier", "is no Identifier",
    ),
    "a number for an identifier": (
        lambda r: r.update(identifier={"value": 7}), "structure", ".identifier.value", "is no text",
    ),
    "an identifier without an end": (
        lambda r: r.update(identifier={"value": "7" * 300}), "value", ".identifier", "is longer than 200",
    ),
    "a unit that there is not": (
        lambda r: r["item"].extend(
            [
                {"linkId": "volume_unit", "answer": [coding("volume-unit", "leagues")]},
                {"linkId": "volume_last_week", "answer": [{"valueDecimal": 20}]},
            ]
        ),
        "code-invalid", ".item[2].answer[0].value.code", "has no option 'leagues'; choose from km, mi, min",
    ),
    "a unit that is not known": (
        lambda r: r["item"].append({"linkId": "volume_unit", "answer": [UNKNOWN]}),
        "code-invalid", ".item[2].answer[0].value", "a unit is needed, one of km, mi, min",
    ),
    "a number and why there is none": (
        lambda r: r["item"][0]["item"][0]["answer"][0].update(_valueInteger={"extension": absent("unknown")}),
        "invariant", f"{ANSWER}.value", "stands beside 'unknown', why there is none",
    ),
    "a questionnaire that is no address": (
        lambda r: r.update(questionnaire=7), "value", ".questionnaire", "is no canonical address",
    ),
    "a number for a link": (
        lambda r: r["item"].append({"linkId": 7}), "structure", ".item[2].linkId", "is a number",
    ),
    "what a wrong answer was to decide": (
        lambda r: r["item"].extend(
            [
                {"linkId": "strength_sessions", "answer": [{"valueString": "2"}]},
                {"linkId": "strength_range", "answer": [PARTIAL]},
            ]
        ),
        "value", ".item[2].answer[0].value", "strength_sessions: takes a whole number",
    ),
    "half a character": (
        lambda r: r.update(subject={"display": "\ud800"}), "value", "", "half a character",
    ),
    "an id that is none": (lambda r: r.update(id="<b>"), "value", ".id", "is no id of FHIR"),
    "a number for an id": (lambda r: r.update(id=7), "value", ".id", "is no id of FHIR"),
    "a number without an end": (
        lambda r: r.update(extension=[{"url": "x", "valueDecimal": float("inf")}]),
        "value", ".extension[0].value", "is no number",
    ),
    "no number among the contained": (
        lambda r: r.update(contained=[{"a": float("nan")}]), "value", ".contained[0].a", "is no number",
    ),
    "a number beyond all": (
        lambda r: r.update(extension=[{"url": "x", "valueDecimal": Decimal("Infinity")}]),
        "value", ".extension[0].value", "is no number",
    ),
    "meta that is no object": (
        lambda r: r.update(meta="x"), "structure", ".meta", "is a text, where an object belongs",
    ),
    "contained that is no list": (
        lambda r: r.update(contained={}), "structure", ".contained", "is an object, where a list belongs",
    ),
    "something contained that is no resource": (
        lambda r: r.update(contained=[7]), "structure", ".contained[0]", "is a number, where an object",
    ),
    "a subject of another kind": (
        lambda r: r.update(subject={"patient": "1"}), "structure", ".subject.patient", "is no field",
    ),
    "a reference that is no text": (
        lambda r: r.update(subject={"reference": 5}), "structure", ".subject.reference", "is a number, where",
    ),
}  # fmt: skip


class TestWhatIsWrong:
    @pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
    def test_it_is_told_with_its_place(self, rulebook: Rulebook, bad: tuple[Spoil, str, str, str]) -> None:
        spoil, code, expression, text = bad
        resource = json.loads(json.dumps(calm_response(rulebook)))
        spoil(resource)
        issue = only_issue(rulebook, resource)
        assert (issue.severity, issue.code, issue.expression) == (
            "error",
            code,
            f"QuestionnaireResponse{expression}",
        )
        assert text in issue.text

    def test_a_code_that_was_offered_once_has_its_way_out(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        item_of(resource, "health_conditions")["answer"] = [coding("health-conditions", "immune_or_diabetes")]
        assert "that is weak_immunity or diabetes now" in only_issue(rulebook, resource).text

    def test_a_sign_counts_beside_none(self, rulebook: Rulebook) -> None:
        """Two of three forms let both be ticked, and whoever does is warned as at the terminal."""
        resource = calm_response(rulebook)
        assert assess(rulebook, read_response(rulebook, resource).intake).triage != "urgent"
        resource["item"][0]["item"][1]["answer"].append(coding("warning-signs", "calf_swollen"))
        heard = read_response(rulebook, resource)
        assert heard.intake["warning_signs"] == ["none", "calf_swollen"]
        assert assess(rulebook, heard.intake).triage == "urgent"

    def test_what_was_meant_is_sought_for_the_first_of_very_many(self, rulebook: Rulebook) -> None:
        items = [{"linkId": f"pain_sit{number}"} for number in range(300)]
        texts = [each.text for each in issues_of(rulebook, {**calm_response(rulebook), "item": items})]
        assert len(texts) == 300
        assert ["Did you mean 'pain_site'?" in each for each in texts] == [True] * 100 + [False] * 200

    def test_a_name_without_an_end_is_told_in_part(self, rulebook: Rulebook) -> None:
        issue = only_issue(rulebook, {**calm_response(rulebook), "q" * 100_000: 1})
        assert issue.expression == f"QuestionnaireResponse.{'q' * 200}"

    def test_all_of_it_is_told_at_once(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        for spoil in (
            "entered in error",
            "a text for a number",
            "a sign twice",
            "an amount without its unit",
        ):
            BAD[spoil][0](resource)
        assert [each.expression for each in issues_of(rulebook, resource)] == [
            "QuestionnaireResponse.status",
            f"QuestionnaireResponse{ANSWER}.value",
            "QuestionnaireResponse.item[0].item[1].answer[1].value",
            "QuestionnaireResponse",
        ]

    @pytest.mark.parametrize(
        ("resource", "text"),
        [
            ({"resourceType": "Patient"}, "a QuestionnaireResponse is wanted, not a Patient"),
            (
                {"status": "completed"},
                "a QuestionnaireResponse is wanted, not an object without a resourceType",
            ),
            ([], "a QuestionnaireResponse is wanted, not a list"),
            (None, "a QuestionnaireResponse is wanted, not null"),
        ],
    )
    def test_what_is_no_response_is_told_as_such(self, rulebook: Rulebook, resource: Any, text: str) -> None:
        issue = only_issue(rulebook, resource)
        assert (issue.severity, issue.text) == ("fatal", text)

    def test_what_hangs_on_an_answer_that_was_declined_may_be_answered(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        resource["item"] += [
            {"linkId": "strength_sessions", "extension": absent("asked-declined")},
            {"linkId": "strength_range", "answer": [PARTIAL]},
        ]
        assert read_response(rulebook, resource).intake["strength_range"] == "partial"


class TestAnOutcome:
    def test_has_each_issue_with_its_place(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        BAD["two answers where one may stand"][0](resource)
        assert outcome_of(issues_of(rulebook, resource)) == {
            "resourceType": "OperationOutcome",
            "issue": [
                {
                    "severity": "error",
                    "code": "structure",
                    "details": {"text": "age_years: takes one answer, and this is another"},
                    "expression": ["QuestionnaireResponse.item[0].item[0].answer[1].value"],
                }
            ],
        }

    def test_tells_a_problem_of_a_file_with_its_line(self) -> None:
        (issue,) = outcome_of([Problem("not JSON: a value is missing here", "r.ndjson", 4)])["issue"]
        assert issue["details"]["text"] == "r.ndjson:4: not JSON: a value is missing here"
        assert "expression" not in issue

    def test_comes_whole_out_of_another_process(self) -> None:
        error = ResponseError([Issue("error", "value", "QuestionnaireResponse.status", "is wrong")])
        again = pickle.loads(pickle.dumps(error))
        assert (again.issues, str(again)) == (error.issues, "QuestionnaireResponse.status: is wrong")
