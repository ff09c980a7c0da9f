"""What is heard in a response: answers, reasons for having none, and whose they are; nothing is guessed."""

from collections.abc import Callable
from typing import Any

import pytest

from afterrun import Rulebook
from afterrun.interchange import read_response, response_of
from tests.support.fhir.resources import STORY, calm_response, item_of
from tests.support.fhir.spoilt_responses import REASONS, absent, coding, only_issue


class TestWhatIsHeard:
    def test_a_response_says_about_whom_when_and_under_which_id(self, rulebook: Rulebook) -> None:
        subject = {"reference": "Patient/7"}
        sent = response_of(
            rulebook, {**STORY, "record_id": "P-0042"}, subject=subject, authored="2027-03-01T08:30:00Z"
        )
        heard = read_response(rulebook, sent)
        # A form with these answers asks neither how long a break was nor why there is no strength work.
        asked = {name: value for name, value in STORY.items() if name not in ("weeks_off", "strength_belief")}
        assert heard.intake == {**asked, "record_id": "P-0042"}
        assert (heard.subject, heard.authored, heard.record_id) == (subject, "2027-03-01T08:30:00Z", "P-0042")
        assert heard.resource == sent

    def test_without_an_identifier_the_id_is_the_record(self, rulebook: Rulebook) -> None:
        assert read_response(rulebook, {**calm_response(rulebook), "id": "r1"}).intake["record_id"] == "r1"

    def test_sections_may_be_left_out(self, rulebook: Rulebook) -> None:
        whole = calm_response(rulebook)
        flat = {**whole, "item": [each for group in whole["item"] for each in group["item"]]}
        assert read_response(rulebook, flat).intake == read_response(rulebook, whole).intake

    @pytest.mark.parametrize("status", ["completed", "amended", "in-progress"])
    def test_these_states_are_read(self, rulebook: Rulebook, status: str) -> None:
        assert read_response(rulebook, {**calm_response(rulebook), "status": status}).intake

    def test_the_address_alone_is_enough(self, rulebook: Rulebook) -> None:
        named = calm_response(rulebook)["questionnaire"].partition("|")[0]
        assert read_response(rulebook, {**calm_response(rulebook), "questionnaire": named}).intake

    def test_questions_that_came_along_are_ours_by_what_they_derive_from(self, rulebook: Rulebook) -> None:
        whole = calm_response(rulebook)
        held = {"resourceType": "Questionnaire", "id": "q", "derivedFrom": [whole["questionnaire"]]}
        assert read_response(rulebook, {**whole, "questionnaire": "#q", "contained": [held]}).intake
        hung = {"linkId": "strength_range", "answer": [coding("strength-range", "partial")]}
        along = {**whole, "questionnaire": "#q", "contained": [held], "item": [*whole["item"], hung]}
        # What was asked was asked: the questions that came along hang on nothing.
        assert read_response(rulebook, along).intake["strength_range"] == "partial"
        other = {**held, "derivedFrom": ["http://example.org/Questionnaire/other"]}
        issue = only_issue(rulebook, {**whole, "questionnaire": "#q", "contained": [other]})
        assert issue.expression == "QuestionnaireResponse.contained.derivedFrom"
        issue = only_issue(rulebook, {**whole, "questionnaire": "#other", "contained": [held]})
        assert "is not contained" in issue.text

    def test_an_item_without_an_answer_is_not_answered(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        for name, item in (
            ("relapses", {"answer": []}),
            ("pain_duration", {}),
            ("worst_pain.unknown", {"answer": [{}]}),
        ):
            item_of(resource, "section.pain")["item"].append({"linkId": name, **item})
        heard = read_response(rulebook, resource)
        assert heard.intake == read_response(rulebook, calm_response(rulebook)).intake
        assert heard.declined == frozenset()


class TestWhyThereIsNoAnswer:
    """It may stand on the item, on the answer, or in the value's place."""

    PLACES: tuple[Callable[[str], dict[str, Any]], ...] = (
        lambda reason: {"extension": absent(reason)},
        lambda reason: {"answer": [{"extension": absent(reason)}]},
        lambda reason: {"answer": [{"_valueDecimal": {"extension": absent(reason)}}]},
    )

    def heard(self, rulebook: Rulebook, name: str, rest: dict[str, Any]) -> Any:
        resource = calm_response(rulebook)
        item_of(resource, "section.pain")["item"].append({"linkId": name, **rest})
        return read_response(rulebook, resource)

    @pytest.mark.parametrize("place", PLACES)
    @pytest.mark.parametrize("reason", ["asked-unknown", "unknown"])
    def test_what_is_not_known_is_an_answer(
        self, rulebook: Rulebook, reason: str, place: Callable[[str], dict[str, Any]]
    ) -> None:
        heard = self.heard(rulebook, "weeks_since_onset", place(reason))
        assert heard.intake["weeks_since_onset"] == "unknown"
        assert "weeks_since_onset" not in heard.declined

    @pytest.mark.parametrize("place", PLACES)
    def test_what_was_declined_is_passed_over(
        self, rulebook: Rulebook, place: Callable[[str], dict[str, Any]]
    ) -> None:
        heard = self.heard(rulebook, "weeks_since_onset", place("asked-declined"))
        assert "weeks_since_onset" not in heard.intake
        assert heard.declined == {"weeks_since_onset"}

    @pytest.mark.parametrize("reason", ["not-asked", "not-performed", "masked", "error"])
    def test_any_other_reason_is_no_answer_and_never_a_no(self, rulebook: Rulebook, reason: str) -> None:
        heard = self.heard(rulebook, "provoked_by", {"extension": absent(reason)})
        assert "provoked_by" not in heard.intake
        assert heard.declined == frozenset()

    def test_the_option_i_dont_know_is_one(self, rulebook: Rulebook) -> None:
        unknown = {"valueCoding": {"system": REASONS, "code": "asked-unknown"}}
        assert self.heard(rulebook, "relapses", {"answer": [unknown]}).intake["relapses"] == "unknown"
        beside = self.heard(rulebook, "weeks_since_onset.unknown", {"answer": [unknown]})
        assert beside.intake["weeks_since_onset"] == "unknown"

    def test_where_it_is_not_offered_it_is_refused(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        signs = item_of(resource, "warning_signs")
        signs["answer"] = [{"extension": absent("asked-unknown")}]
        issue = only_issue(rulebook, resource)
        assert issue.code == "code-invalid"
        assert issue.expression == "QuestionnaireResponse.item[0].item[1].answer[0]"
        assert issue.text == "warning_signs: 'asked-unknown' is not offered here; choose 'not_sure'"

    def test_a_reason_beside_an_answer_is_refused(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        item_of(resource, "worst_pain")["extension"] = absent("asked-declined")
        assert only_issue(rulebook, resource).code == "invariant"

    def test_a_reason_that_there_is_not_is_refused(self, rulebook: Rulebook) -> None:
        resource = calm_response(rulebook)
        resource["item"].append({"linkId": "equipment", "extension": absent("no-idea")})
        issue = only_issue(rulebook, resource)
        assert issue.expression == "QuestionnaireResponse.item[2].extension[0].value"
        assert "'no-idea' is no data-absent-reason" in issue.text


def test_no_narrative_of_a_sender_is_handed_on(rulebook: Rulebook) -> None:
    div = {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'><script>1</script></div>"}
    resource = calm_response(rulebook, age_years=34)
    spoilt = {**resource, "text": div, "contained": [{"resourceType": "Patient", "id": "p", "text": div}]}
    heard = read_response(rulebook, spoilt)
    assert heard.resource == {**resource, "contained": [{"resourceType": "Patient", "id": "p"}]}
