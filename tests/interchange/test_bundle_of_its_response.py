"""What a bundle takes from its response: the day, whom it is about, and the response as it came."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from afterrun import Rulebook
from afterrun.interchange import bundle_of, read_response, response_of
from tests.interchange.test_bundle import ANSWERED, DAY, told_of
from tests.support.fhir.resources import STORY, item_of
from tests.support.rulebooks.shipped import shipped


def test_the_same_response_gives_the_same_bytes_and_another_day_other_ids(rulebook: Rulebook) -> None:
    sent = response_of(rulebook, STORY, authored=ANSWERED)
    first, second = (json.dumps(bundle_of(rulebook, read_response(rulebook, sent))) for _ in range(2))
    assert first == second
    later = bundle_of(rulebook, read_response(rulebook, sent), date(2027, 3, 8))
    ids = {each["fullUrl"] for each in later["entry"]}
    assert ids.isdisjoint(each["fullUrl"] for each in json.loads(first)["entry"])
    other = response_of(rulebook, STORY, authored=ANSWERED, subject={"reference": "Patient/2"})
    assert bundle_of(rulebook, read_response(rulebook, other))["id"] != json.loads(first)["id"]


def test_whether_its_review_is_past_goes_by_the_day_of_the_response(rulebook: Rulebook) -> None:
    due = "was to be checked again by"
    before, after = told_of(STORY), told_of(STORY, "2098-03-01T08:00:00Z")
    assert due not in json.dumps(before.bundle)
    assert due in json.dumps(after.bundle)
    undated = bundle_of(rulebook.on(date(2099, 1, 1)), read_response(rulebook, response_of(rulebook, STORY)))
    assert due not in json.dumps(undated)


@pytest.mark.parametrize("authored", [None, "2027", "2027-03"])
def test_without_a_day_nothing_has_a_date(authored: str | None) -> None:
    told = told_of(STORY, authored)
    assert told.bundle["entry"][-1]["resource"]["resourceType"] == "QuestionnaireResponse"
    assert "2027" not in json.dumps(told.bundle["entry"][:-1])
    assert "timestamp" not in told.bundle
    provenance = told.the("Provenance")
    assert "recorded" not in provenance
    assert provenance["_recorded"]["extension"][0]["valueCode"] == "unknown"
    plan = told.the("CarePlan")
    assert "period" not in plan
    assert [each["detail"]["code"]["text"] for each in plan["activity"]] == [
        shipped().interventions[each].called for each in told.result.interventions
    ]


def test_a_day_is_no_instant() -> None:
    for told in (
        told_of(STORY, "2027-03-01"),
        told_of(STORY, None, DAY),
        told_of(STORY, ANSWERED, date(2027, 3, 2)),
    ):
        assert "timestamp" not in told.bundle
        assert "recorded" not in told.the("Provenance")
    assert told_of(STORY, None, DAY).the("Provenance")["occurredDateTime"] == "2027-03-01"
    moment = told_of(STORY, ANSWERED, DAY)
    assert moment.the("Provenance")["recorded"] == moment.bundle["timestamp"] == ANSWERED


def test_each_part_is_about_whom_the_response_is_about(rulebook: Rulebook) -> None:
    subject = {"reference": "Patient/7", "display": "N. N."}
    sent = response_of(rulebook, STORY, subject=subject)
    for entry in bundle_of(rulebook, read_response(rulebook, sent))["entry"]:
        if entry["resource"]["resourceType"] != "Provenance":
            assert entry["resource"]["subject"] == subject


def test_nothing_names_whoever_is_contained_in_the_response_alone(rulebook: Rulebook) -> None:
    sent = response_of(rulebook, STORY, subject={"reference": "#p", "display": "N. N."})
    sent["contained"] = [{"resourceType": "Patient", "id": "p"}]
    bundle = bundle_of(rulebook, read_response(rulebook, sent))
    subjects = [each["resource"]["subject"] for each in bundle["entry"] if "subject" in each["resource"]]
    assert subjects == [{"display": "N. N."}] * 4 + [sent["subject"]]


def test_a_number_is_the_same_however_it_is_written(rulebook: Rulebook) -> None:
    sent = response_of(rulebook, STORY, authored=ANSWERED)
    item = item_of(sent, "volume_last_week")
    made = []
    for number in (20, 20.0, Decimal("20.0"), Decimal("2E+1")):
        item["answer"] = [{"valueDecimal": number}]
        made.append(json.dumps(bundle_of(rulebook, read_response(rulebook, sent))))
    assert set(made) == {made[0]}


def test_the_response_is_in_it_as_it_came(rulebook: Rulebook) -> None:
    sent = response_of(rulebook, STORY, authored=ANSWERED)
    assert told_of(STORY).the("QuestionnaireResponse") == sent


def test_empty_lists_that_a_form_sends_are_left_out_of_it(rulebook: Rulebook) -> None:
    sent = response_of(rulebook, STORY)
    sent["item"][0]["item"].append({"linkId": "age_years.help", "answer": [], "text": "Help"})
    sent["item"][1]["item"].append({"linkId": "relapses.help", "item": []})
    told = bundle_of(rulebook, read_response(rulebook, sent))["entry"][-1]["resource"]
    assert "[]" not in json.dumps(told)
    assert {"linkId": "age_years.help", "text": "Help"} in told["item"][0]["item"]
