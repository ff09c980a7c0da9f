"""What the API refuses: in the words of the command line, with a status and a place, and never with a 5xx."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

import afterrun
from afterrun.errors import EngineFault
from afterrun.visible import on_one_line
from tests.assessment.test_cases import CASES
from tests.attacks.malformed_input.inputs import malformed, malformed_check_ins, whole_check_in, whole_intake
from tests.support.cli_runs import run
from tests.support.servers.api import JSON, TestClient, client_of

INTAKE = whole_intake()
PLAN = {"intake": INTAKE, "start": "2027-03-01"}
REFUSALS = {400, 413, 415, 422}
MORE = {
    "next": b'{"intake": ',
    "explain": b'{"intake": ',
    "what-if": b'{"instead": {"age_years": 50}, "intake": ',
    "plan": b'{"start": "2027-03-01", "intake": ',
}
"""A request up to the intake in it."""
PATHS = ("assess", "next", "explain", "what-if", "plan", "checkin")


def refused(answer: Any, status: int) -> dict[str, Any]:
    """A problem as RFC 9457 has it, with the rules that stand behind it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["type"], told["status"]) == ("about:blank", status)
    assert answer.headers["Rulebook-Digest"] == told["rulebook"]["digest"]
    assert told["problems"]
    assert set(told["problems"][0]) >= {"key", "place", "message"}
    return told


def bodies(seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Malformed bodies for each address: as the whole, as the intake in it, and as a member beside it."""
    for each in malformed(INTAKE, seed):
        yield "assess", each.name, each.content
        for path, more in MORE.items():
            yield path, each.name, more + each.content + b"}"
        yield "what-if", each.name, b'{"intake": {}, "instead": ' + each.content + b"}"
        yield "plan", each.name, b'{"intake": {}, "start": ' + each.content + b"}"
    for whole, path in ((PLAN, "plan"), ({"intake": INTAKE, "at_most": 1, "nearest": ["triage"]}, "explain")):
        for each in malformed(whole, seed, damages=20):
            yield path, each.name, each.content
    wished = {"days": {"all": ["mon"]}, "runs": 3, "at": {"run": "07:00"}, "not": ["sun"],
              "away": [["2027-03-01", "2027-03-02"]], "long-run": "sat"}  # fmt: skip
    for each in malformed(wished, seed, damages=20):
        yield "plan", each.name, json.dumps(PLAN).encode()[:-1] + b', "preferences": ' + each.content + b"}"
    for each in malformed_check_ins(seed):
        yield "checkin", each.name, each.content


@pytest.mark.slow
def test_nothing_malformed_makes_a_fault(api: TestClient) -> None:
    tried: dict[str, set[int]] = {path: set() for path in PATHS}
    for path, name, content in bodies(0):
        answer = api.post(f"/api/{path}", content=content, headers=JSON)
        assert answer.status_code in {200, *REFUSALS}, (path, name, answer.text[:500])
        tried[path].add(answer.status_code)
        if answer.status_code != 200:
            refused(answer, answer.status_code)
    assert all(statuses >= {200, 400, 422} for statuses in tried.values()), tried


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("assess", {"age_years": 300, "volume_last_week": 10}, "age_years"),
        ("assess", {"pain_sight": ["x"]}, "pain_sight"),
        ("checkin", {"enrolled": {}, "checkin": {"weeks_missed": -1}}, "checkin.weeks_missed"),
        ("checkin", {}, "enrolled"),
    ],
)
def test_the_words_are_those_of_the_command_line(
    api: TestClient, tmp_path: Any, path: str, body: Any, key: str
) -> None:
    text = json.dumps(body, indent=1)
    file = tmp_path / "body.json"
    file.write_text(text, encoding="utf-8")
    ran = run(path, file)
    told = refused(api.post(f"/api/{path}", content=text.encode(), headers=JSON), 422)
    said = [line.removeprefix("error: ").replace(str(file), "body") for line in ran.err.splitlines()]
    assert told["detail"].splitlines() == said
    assert key in [each["key"] for each in told["problems"]]
    assert told["problems"][0]["place"].startswith("body:")


def test_a_nearest_name_is_told(api: TestClient) -> None:
    told = refused(
        api.post("/api/assess", content=b'{"age_years": 40,\n "pain_sight": 1}', headers=JSON), 422
    )
    assert told["problems"] == [
        {
            "key": "pain_sight",
            "place": "body:2",
            "message": "no question has this name",
            "nearest": "pain_site",
        }
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"{", "not JSON"),
        (b"[]", "an object of answers, not a list"),
        (b'{"age_years": NaN}', "a number that is none"),
        (b'{"x": [{"y": -Infinity}]}', "a number that is none"),
        (b'{"age_years": 40, "age_years": 41}', "written twice"),
        (b'{"intake": {"age_years": 40, "age_years": 41}}', "written twice"),
        (b'{"a":' * 20_000, "nested too deeply"),
        (b"\xff", "not text in UTF-8"),
    ],
)
def test_a_body_that_is_no_strict_json_is_a_bad_request(api: TestClient, content: bytes, words: str) -> None:
    for path in PATHS:
        told = refused(api.post(f"/api/{path}", content=content, headers=JSON), 400)
        assert words in told["detail"]


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(api: TestClient) -> None:
    large = b'{"record_id": "' + b"x" * 100_000 + b'"}'
    assert "larger than" in refused(api.post("/api/assess", content=large, headers=JSON), 413)["detail"]
    parts = (large[place : place + 9000] for place in range(0, len(large), 9000))
    refused(api.post("/api/assess", content=parts, headers=JSON), 413)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_a_body_that_is_not_sent_as_json_is_refused(api: TestClient, headers: dict[str, str]) -> None:
    refused(api.post("/api/assess", content=b"{}", headers=headers), 415)


def test_a_character_set_may_be_named(api: TestClient) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert api.post("/api/assess", content=b"{}", headers=headers).status_code == 200


def test_other_methods_and_addresses_are_problems_too(api: TestClient) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = api.request(method, "/api/assess")
        refused(answer, 405)
        assert answer.headers["Allow"] == "POST"
    assert api.post("/api/rulebook", json={}).headers["Allow"] == "GET, HEAD"
    assert "/api/assess" in refused(api.post("/api/nothing", json={}), 404)["detail"]
    refused(api.post("/api/assess/", json={}), 404)


@pytest.mark.parametrize(
    ("path", "body", "key"),
    [
        ("next", {}, "intake"),
        ("next", {"intake": []}, "intake"),
        ("next", {"intake": {}, "passed_over": ["age_years"]}, "passed_over"),
        ("next", {"intake": {}, "passed_over": ["age_year"]}, "passed_over"),
        ("next", {"intake": {}, "passed_over": "age_years"}, "passed_over"),
        ("next", {"intake": {"age_years": 300}}, "intake.age_years"),
        ("explain", {"intake": {}, "conclusions": ["x"] * 21}, "conclusions"),
        ("explain", {"intake": {}, "nearest": ["triage"] * 4}, "nearest"),
        ("explain", {"intake": {}, "at_most": 4}, "at_most"),
        ("explain", {"intake": {}, "at_most": True}, "at_most"),
        ("explain", {"intake": {}, "reader": "nobody"}, "reader"),
        ("explain", {"intake": {}, "conclusion": ["x"]}, "conclusion"),
        ("what-if", {"intake": {}}, "instead"),
        ("what-if", {"intake": {}, "instead": {}}, "instead"),
        ("what-if", {"intake": {}, "instead": {"age_years": 300}}, "instead.age_years"),
        ("plan", {"intake": INTAKE}, "start"),
        ("plan", {"intake": INTAKE, "start": "2027-02-30"}, "start"),
        ("plan", {"intake": INTAKE, "start": "9999-12-31"}, "start"),
        ("plan", {"intake": INTAKE, "start": "2027-W09-1"}, "start"),
        ("plan", {**PLAN, "person": "x" * 201}, "person"),
        ("plan", {**PLAN, "person": 7}, "person"),
        ("plan", {**PLAN, "preferences": []}, "preferences"),
        ("plan", {**PLAN, "preferences": {"day": {}}}, "preferences.day"),
        ("plan", {**PLAN, "preferences": {"days": ["mon"]}}, "preferences.days"),
        ("plan", {**PLAN, "preferences": {"days": {"all": ["x"]}}}, "preferences.days"),
        ("plan", {**PLAN, "preferences": {"runs": 99}}, "preferences.runs"),
        ("plan", {**PLAN, "preferences": {"runs": True}}, "preferences.runs"),
        ("plan", {**PLAN, "preferences": {"at": {"all": "25:00"}}}, "preferences.at"),
        ("plan", {**PLAN, "preferences": {"away": [["2027-03-02"]]}}, "preferences.away"),
        ("plan", {**PLAN, "preferences": {"away": [["2027-03-02", "2027-03-01"]]}}, "preferences.away"),
        ("plan", {**PLAN, "preferences": {"long-run": ["sat"]}}, "preferences.long-run"),
    ],
)  # fmt: skip
def test_a_member_that_cannot_be_used_is_named(api: TestClient, path: str, body: Any, key: str) -> None:
    told = refused(api.post(f"/api/{path}", json=body), 422)
    assert {each["key"] for each in told["problems"]} == {key}


def test_a_name_that_nothing_has_is_told_with_the_nearest(api: TestClient) -> None:
    for body, kind in (
        ({"conclusions": ["patellar_tendom"]}, "conclusion, number of the plan, measure, rule or source"),
        ({"nearest": ["patellar_tendom"]}, "conclusion"),
    ):
        told = refused(api.post("/api/explain", json={"intake": {}, **body}), 422)
        assert told["detail"] == f"there is no {kind} 'patellar_tendom'. Did you mean 'patellar_tendon'?"


def test_what_is_told_in_several_lines_is_several_problems(api: TestClient) -> None:
    told = refused(api.post("/api/explain", json={"intake": {}, "nearest": ["week5_volume"]}), 422)
    lines = told["detail"].split("\n")
    assert lines[0].startswith("'week5_volume' is a number of the plan")
    assert [each["message"] for each in told["problems"]] == lines
    assert len(lines) > 1


def test_of_very_many_problems_some_are_told(api: TestClient) -> None:
    told = refused(api.post("/api/assess", json={f"q{place}": 1 for place in range(5000)}), 422)
    assert len(told["problems"]) == 100
    assert told["detail"].endswith("and 4900 more")


def test_nothing_unseen_comes_back(api: TestClient) -> None:
    told = api.post("/api/assess", json={"a\u202eb\x1b": 1, "pain_timing": "\u2066\n"})
    assert "\u202e" not in told.text
    assert all(line == on_one_line(line) for line in refused(told, 422)["detail"].split("\n"))


def test_a_fault_of_the_engine_is_told_as_one_and_no_more(
    rulebook: afterrun.Rulebook,
    checkin_part: afterrun.Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from afterrun.inference import Reasoner

    def breaks(self: Reasoner, facts: Any) -> Any:
        raise EngineFault("a secret of the rules: worst_pain is 7")

    client = client_of(rulebook, checkin_part)
    monkeypatch.setattr(Reasoner, "infer", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/assess", json=INTAKE)
    told = refused(answer, 500)
    assert told["detail"].endswith("This is a fault of the program, not of your input.")
    assert "secret" not in answer.text + caplog.text
    assert "EngineFault" in caplog.text


def test_where_two_engines_disagree_there_is_no_answer(
    rulebook: afterrun.Rulebook,
    checkin_part: afterrun.Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from afterrun.inference import Inference, Reasoner

    whole = Reasoner.infer

    def forgets(self: Reasoner, facts: Any) -> Any:
        inference = whole(self, facts)
        return Inference(dict(list(inference.truths.items())[1:]), inference.firings)

    client = client_of(rulebook, checkin_part)
    monkeypatch.setattr(Reasoner, "infer", forgets)
    wrapped = {"intake": INTAKE}
    bodies = {
        "assess": INTAKE,
        "next": wrapped,
        "explain": wrapped,
        "what-if": {**wrapped, "instead": {"age_years": 50}},
        "plan": PLAN,
        "checkin": whole_check_in(),
    }
    assert set(bodies) == set(PATHS)
    for path, body in bodies.items():
        assert "no result" in refused(client.post(f"/api/{path}", json=body), 500)["detail"]
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("afterrun_web")]
    assert [each.partition(" at ")[0] for each in ours] == ["Disagreement"] * len(PATHS)
    # A fault of the API is written down as one of a page is.
    assert {each.name for each in caplog.records if each.getMessage() in ours} == {"afterrun_web"}
    assert all(re.fullmatch(r"Disagreement at .+\.py:\d+", each) for each in ours)


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_answers(
    rulebook: afterrun.Rulebook,
    checkin_part: afterrun.Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from afterrun.inference import Reasoner

    def breaks(self: Reasoner, facts: Any) -> Any:
        raise ValueError("calf_swollen")

    client = client_of(rulebook, checkin_part)
    monkeypatch.setattr(Reasoner, "infer", breaks)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/api/assess", json=INTAKE)
    refused(answer, 500)
    assert "calf_swollen" not in answer.text + caplog.text
    assert "ValueError at " in caplog.text


def test_no_answer_stands_in_a_log(api: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        api.post("/api/assess", json={**CASES[0].answers, "record_id": "anna-7"})
        api.post("/api/assess", json={"record_id": "anna-7", "age_years": 300})
    assert "anna-7" not in caplog.text


def test_whoever_would_wait_too_long_is_asked_to_come_again(
    rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    answer = client_of(rulebook, checkin_part, in_line=0).post("/api/assess", json=INTAKE)
    refused(answer, 503)
    assert answer.headers["Retry-After"] == "1"
