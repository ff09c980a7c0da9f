"""Whole check-ins: the week of one person, and what must and must not come of it.

How a case is meant stands in `afterrun.verify.cases`.
"""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import afterrun
from afterrun.verify.cases import WrittenCase, check_cases, differences, read_cases
from afterrun.verify.cases.cases import CHECK_INS
from tests.support.cli_runs import run
from tests.support.paths import DATA

FILES = [DATA / f"{name}.jsonl" for name in ("check_in_cases", "more_check_in_cases")]
CASES = read_cases(((path.name, path.read_text(encoding="utf-8")) for path in FILES), CHECK_INS)
BY_ID = {case.id: case for case in CASES}
NAMES = [f"{case.id} {case.title}" for case in CASES]
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
    "finish_kneecap_programme",
    "shorten_runs",
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


def record_of(case: WrittenCase) -> dict[str, Any]:
    return {"record_id": case.id, **case.answers}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    """What `afterrun checkin` prints for a JSONL file of all cases, by the case's id."""
    records = tmp_path_factory.mktemp("cases") / "weeks.jsonl"
    records.write_text("".join(json.dumps(record_of(case)) + "\n" for case in CASES), encoding="utf-8")
    ran = run("checkin", records, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    said = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["record_id"] for each in said] == [case.id for case in CASES]
    return {each["record_id"]: each for each in said}


@pytest.fixture(scope="module")
def returned(checkin_part: afterrun.Rulebook) -> Callable[[str], Said]:
    """What the library says of the case with an id, worked out once."""
    return cache(lambda name: afterrun.check_in(checkin_part, record_of(BY_ID[name])).to_dict())


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_library_says_what_the_case_expects(returned: Callable[[str], Said], case: WrittenCase) -> None:
    assert list(differences(returned(case.id), case.expect)) == [], case.why


@pytest.mark.slow
def test_the_command_prints_what_the_library_returns(
    returned: Callable[[str], Said], printed: dict[str, Said]
) -> None:
    """So it says of each case what is expected there, too."""
    for case in CASES:
        said = json.loads(json.dumps(returned(case.id)))
        assert {key: printed[case.id][key] for key in said} == said, case.id


@pytest.mark.slow
def test_every_case_names_only_what_there_is(checkin_part: afterrun.Rulebook) -> None:
    check_cases(checkin_part, CASES)
    for case in CASES:
        assert {*case.expect["actions"], *case.expect["not_actions"]} <= ACTIONS, case.id


@pytest.mark.slow
def test_the_cases_reach_every_action(
    checkin_part: afterrun.Rulebook, returned: Callable[[str], Said]
) -> None:
    assert {action for case in CASES for action in returned(case.id)["actions"]} == ACTIONS
    assert set(checkin_part.interventions) == ACTIONS


@pytest.mark.slow
def test_every_action_and_every_pattern_brings_its_proof(returned: Callable[[str], Said]) -> None:
    for said in map(returned, BY_ID):
        for action in said["actions"]:
            assert said["because"][action]["value"] is True
        for pattern, level in said.get("patterns", {}).items():
            assert said["because"][f"pattern.{pattern}.{level}"]["value"] is True


def test_the_titles_of_the_cases_tell_them_apart() -> None:
    titles = [case.title for case in CASES]
    assert len(set(titles)) == len(titles)
    assert all(re.fullmatch(r"[CV]\d+", case.id) for case in CASES)
