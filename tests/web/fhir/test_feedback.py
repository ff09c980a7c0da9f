"""What became of cards: counted, written down where the operator says, refused where it is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from afterrun_web.app import create_app
from tests.support.fhir.hook_calls import (
    SERVICE,
    WHEN,
)
from tests.support.web.visits import SETTINGS
from tests.web.fhir.test_fhir_routes import told

OVERRIDDEN = {
    "card": "a1",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "seen", "system": "https://x"}, "userComment": "seen\nyesterday"},
    "outcomeTimestamp": WHEN,
}
ACCEPTED = {
    "card": "a2",
    "outcome": "accepted",
    "acceptedSuggestions": [{"id": "s1"}],
    "outcomeTimestamp": "2027-03-03T13:00:00.5+01:00",
}


def test_feedback_is_counted_and_kept_only_where_the_operator_says(tmp_path: Path) -> None:
    file = tmp_path / "feedback.ndjson"
    for kept in (None, file):
        app = create_app(SETTINGS._replace(hook_feedback=kept))
        client = TestClient(app, base_url="http://127.0.0.1")
        assert app.state.reports.words == ""
        for _ in range(2):
            answer = client.post(f"{SERVICE}/feedback", json={"feedback": [OVERRIDDEN, ACCEPTED]})
            assert (answer.status_code, answer.json()) == (200, {})
        assert app.state.reports.words == "Cards that clients told of: 2 accepted, 2 overridden."
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [each["card"] for each in lines] == ["a1", "a2"] * 2
    assert lines[0]["comment"] == "seen\nyesterday"
    assert (lines[0]["reason"], lines[1]["suggestions"]) == ("https://x|seen", ["s1"])
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


def test_feedback_that_cannot_be_written_is_not_taken(tmp_path: Path) -> None:
    app = create_app(SETTINGS._replace(hook_feedback=tmp_path / "missing" / "feedback.ndjson"))
    client = TestClient(app, base_url="http://127.0.0.1")
    told(client.post(f"{SERVICE}/feedback", json={"feedback": [ACCEPTED]}), 503)
    assert app.state.reports.words == ""


@pytest.mark.parametrize(
    ("feedback", "expression"),
    [
        (None, "feedback"),
        ([], "feedback"),
        ([ACCEPTED] * 101, "feedback"),
        (["x"], "feedback[0].card"),
        ([OVERRIDDEN, ACCEPTED | {"outcome": "ignored"}], "feedback[1].outcome"),
        ([ACCEPTED | {"acceptedSuggestions": []}], "feedback[0].acceptedSuggestions"),
        ([ACCEPTED | {"acceptedSuggestions": [{"id": 1}]}], "feedback[0].acceptedSuggestions[0].id"),
        ([ACCEPTED | {"outcomeTimestamp": "yesterday"}], "feedback[0].outcomeTimestamp"),
        ([ACCEPTED | {"outcomeTimestamp": "2027-03-03T12:00:00"}], "feedback[0].outcomeTimestamp"),
        ([ACCEPTED | {"outcomeTimestamp": "20270303T120000Z"}], "feedback[0].outcomeTimestamp"),
        ([OVERRIDDEN | {"card": "x" * 2001}], "feedback[0].card"),
        ([OVERRIDDEN | {"overrideReason": {"reason": {}}}], "feedback[0].overrideReason.reason.code"),
        ([OVERRIDDEN | {"overrideReason": {"userComment": 7}}], "feedback[0].overrideReason.userComment"),
    ],
)
def test_feedback_that_is_none_is_told_with_its_place(
    asked: TestClient, feedback: Any, expression: str
) -> None:
    issues = told(asked.post(f"{SERVICE}/feedback", json={"feedback": feedback}), 422)
    assert expression in [each["expression"][0] for each in issues]
