"""Foreign validators find nothing wrong with what we write, and do find what is."""

from copy import deepcopy
from typing import Any

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.interchange import Issue, outcome_of, questionnaire_of, response_of
from tests.support.fhir.judges import faults
from tests.support.fhir.resources import STORY, cases_in
from tests.support.rulebooks.second import MOULD

pytestmark = [pytest.mark.slow, pytest.mark.process]


def test_they_find_nothing_wrong(rulebook: Rulebook) -> None:
    mould = load_rulebook(MOULD)
    resources: dict[str, Any] = {
        "questionnaire": questionnaire_of(rulebook),
        "another questionnaire": questionnaire_of(mould),
        "an outcome": outcome_of([Issue("error", "value", "QuestionnaireResponse.status", "is wrong")]),
        "a whole response": response_of(
            rulebook,
            {**STORY, "record_id": "P-1", "worst_pain": "unknown", "relapses": "unknown"},
            declined=["equipment"],
            subject={"reference": "Patient/7"},
            authored="2027-03-01T08:30:00Z",
        ),
        "an empty response": response_of(rulebook, {}, status="in-progress"),
        "what hangs on nothing": response_of(rulebook, {"strength_range": "partial"}),
        **{each["id"]: response_of(rulebook, each["answers"]) for each in cases_in("cases")},
    }
    assert faults(resources) == []


def test_they_find_what_is_wrong(rulebook: Rulebook) -> None:
    good = questionnaire_of(rulebook)

    def spoilt(**changes: Any) -> dict[str, Any]:
        return {**deepcopy(good), **changes}

    without = spoilt()
    del without["status"]
    twice = spoilt()
    twice["item"][0]["item"][0]["answerOption"] = [{"valueInteger": 1, "valueString": "1"}]
    spoils = {
        "code": spoilt(status="bogus"),
        "field": spoilt(colour="red"),
        "no status": without,
        "twice": twice,
    }
    told = [each.split(": ")[:2] for each in faults(spoils)]
    judges = {name: {judge for one, judge in told if one == name} for name in spoils}
    assert judges["code"] == {"JSON schema"}
    assert judges["field"] == {"JSON schema", "fhir.resources", "Medplum"}
    assert {"fhir.resources", "Medplum"} <= judges["no status"]
    assert judges["twice"]
