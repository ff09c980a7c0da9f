"""What a check-in says of the files behind its amount is held against it, as in an intake."""

from __future__ import annotations

from typing import Any

import pytest

import afterrun
from afterrun.assessment import part_of
from afterrun.intake import FROM_FILES, FromFiles, record_of
from tests.intake.test_check_in_records import ENROLLED, WEEK, told

RUNS = [
    {"day": "2027-03-02", "metres": 12_000, "file": "0123456789ab"},
    {"day": "2027-03-07", "metres": 8000, "file": "0123456789ab"},
]
ENTRY = {"since": "2027-03-01", "until": "2027-03-07", "runs": RUNS}
FILES = {FROM_FILES: {"volume_done": ENTRY}}


def record(enrolled: dict[str, Any] = ENROLLED, **week: Any) -> dict[str, Any]:
    return {"enrolled": enrolled, "checkin": {**WEEK, **FILES, **week}}


def test_the_runs_are_kept_and_named_in_the_proof_and_change_nothing_else(
    checkin_part: afterrun.Rulebook,
) -> None:
    by_hand = afterrun.check_in(checkin_part, {"enrolled": ENROLLED, "checkin": WEEK})
    said = afterrun.check_in(checkin_part, record())
    assert said.from_files == {"volume_done": FromFiles.of(ENTRY)}
    assert said.from_files["volume_done"].to_dict() == ENTRY
    assert (said.actions, said.plan) == (by_hand.actions, by_hand.plan)
    assert "0123456789ab" in str(said.to_dict()["because"])
    assert FROM_FILES not in str(by_hand.to_dict())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"volume_done": 19}, "checkin.from_files.volume_done: these runs come to 20 km, and that is not"),
        ({"volume_done": None}, "checkin.from_files.volume_done: the question has no answer"),
        ({FROM_FILES: {"run_pain": ENTRY}}, "checkin.from_files.run_pain: files are asked for no question"),
        ({FROM_FILES: {"volume_done": {**ENTRY, "since": "2027-03-02"}}}, "your files begin on 2 March 2027"),
        ({FROM_FILES: {"volume_done": {"until": "2027-03-07"}}}, "checkin.from_files.volume_done: lacks"),
        ({FROM_FILES: "all"}, "checkin.from_files: takes an object"),
    ],
)
def test_what_the_runs_do_not_come_to_is_told(
    checkin_part: afterrun.Rulebook, changed: dict[str, Any], message: str
) -> None:
    assert message in told(checkin_part, record(**changed))


def test_it_belongs_to_the_week_alone(checkin_part: afterrun.Rulebook) -> None:
    wrong = {"enrolled": {**ENROLLED, **FILES}, "checkin": WEEK}
    assert "enrolled.from_files: belongs under 'checkin'" in told(checkin_part, wrong)
    enrolment, _ = part_of(checkin_part)
    assert record_of(checkin_part, enrolment, {**WEEK, **FILES})["checkin"] == {**WEEK, **FILES}


def test_an_amount_that_nobody_can_run_counts_as_none_and_keeps_its_runs(
    checkin_part: afterrun.Rulebook,
) -> None:
    short = {**ENTRY, "runs": [{**RUNS[0], "metres": 40}]}
    said = afterrun.check_in(checkin_part, record(volume_done=0.04, **{FROM_FILES: {"volume_done": short}}))
    assert said.answers["volume_done"] == 0
    assert said.from_files["volume_done"].runs[0].metres == 40


def test_without_a_unit_runs_say_nothing(checkin_part: afterrun.Rulebook) -> None:
    loading = {"programme": "tendon_loading", "week": 3}
    message = told(checkin_part, record(loading, session_pain=2, reps_in_reserve=2))
    assert "these runs do not tell it: no unit is chosen" in message
