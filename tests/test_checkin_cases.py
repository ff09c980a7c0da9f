"""Whole check-ins: the week of one person, and what must and must not come of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.cli_runs import run

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = [
    json.loads(line)
    for name in ("checkin_cases.jsonl", "more_checkin_cases.jsonl")
    for line in HERE.joinpath(name).read_text(encoding="utf-8").splitlines()
]
NAMES = [f"{case['id']} {case['title']}" for case in CASES]
ACTIONS = {
    "keep",
    "reduce_depth",
    "reduce_weight",
    "stop_session",
    "raise_weight",
    "hold",
    "progress",
    "repeat_week",
    "step_back_one_block",
    "restart_week_one",
    "finish_tendon_loading",
    "start_running_baseline",
    "start_tendon_loading",
    "reduce_volume",
    "step_back",
    "restart_baseline",
    "hold_at_goal",
    "allow",
    "advise_against",
    "refuse_above_cap",
    "routine_review",
    "stop_and_get_assessed",
}
"""Every action that the agreed vocabulary names."""

Said = dict[str, Any]


def record_of(case: dict[str, Any]) -> dict[str, Any]:
    return {"record_id": case["id"], "enrolled": case["enrolled"], "checkin": case["checkin"]}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """What `afterrun checkin` prints for a JSONL file of all cases, by the case's id."""
    records = tmp_path_factory.mktemp("cases") / "weeks.jsonl"
    records.write_text("".join(json.dumps(record_of(case)) + "\n" for case in CASES), encoding="utf-8")
    ran = run("checkin", records, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    said = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["record_id"] for each in said] == [case["id"] for case in CASES]
    return {each["record_id"]: each for each in said}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_library_says_what_the_case_expects(
    checkin_part: afterrun.Rulebook, case: dict[str, Any]
) -> None:
    said = afterrun.check_in(checkin_part, record_of(case)).to_dict()
    assert list(differences(said, case["expect"])) == [], case["why"]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_command_says_what_the_case_expects(printed: dict[str, Said], case: dict[str, Any]) -> None:
    assert list(differences(printed[case["id"]], case["expect"])) == [], case["why"]


def test_the_command_prints_what_the_library_returns(
    checkin_part: afterrun.Rulebook, printed: dict[str, Said]
) -> None:
    for case in CASES:
        said = json.loads(json.dumps(afterrun.check_in(checkin_part, record_of(case)).to_dict()))
        assert {key: printed[case["id"]][key] for key in said} == said, case["id"]


def test_every_case_expects_only_what_is_compared_and_names_only_what_there_is() -> None:
    assert {key for case in CASES for key in case["expect"]} <= {
        "actions",
        "not_actions",
        "plan",
        "triage",
        "patterns",
    }
    for case in CASES:
        assert {*case["expect"]["actions"], *case["expect"]["not_actions"]} <= ACTIONS, case["id"]
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_the_cases_reach_every_action(checkin_part: afterrun.Rulebook, printed: dict[str, Said]) -> None:
    assert {action for said in printed.values() for action in said["actions"]} == ACTIONS
    assert set(checkin_part.interventions) == ACTIONS


def test_every_action_and_every_pattern_brings_its_proof(printed: dict[str, Said]) -> None:
    for said in printed.values():
        for action in said["actions"]:
            assert said["because"][action]["value"] is True
        for pattern, level in said.get("patterns", {}).items():
            assert said["because"][f"pattern.{pattern}.{level}"]["value"] is True


def test_the_titles_of_the_cases_tell_them_apart() -> None:
    titles = [case["title"] for case in CASES]
    assert len(set(titles)) == len(titles)
    assert all(re.fullmatch(r"[CV]\d+", case["id"]) for case in CASES)


def differences(said: Said, expect: dict[str, Any]) -> Iterator[str]:
    """Every way in which an answer is not what the case expects."""
    if said.get("triage") != expect.get("triage"):
        yield f"triage is {said.get('triage')!r}, not {expect.get('triage')!r}"
    if said.get("patterns", {}) != expect.get("patterns", {}):
        yield f"patterns are {said.get('patterns')!r}, not {expect.get('patterns')!r}"
    for name in set(expect["actions"]) - set(said["actions"]):
        yield f"{name} is not among the actions"
    for name in set(expect["not_actions"]) & set(said["actions"]):
        yield f"{name} is among the actions"
    for key, value in expect["plan"].items():
        if key not in said["plan"]:
            yield f"the plan has no {key}"
        elif not same(said["plan"][key], value):
            yield f"{key} is {said['plan'][key]!r} in the plan, not {value!r}"


def same(found: Any, wanted: Any) -> bool:
    """Equal, numbers to 0.01."""
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted) <= 0.01
    return bool(found == wanted)
