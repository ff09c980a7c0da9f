"""Whole consultations: the answers of one person, and what must and must not come of them.

How a case is meant: triage, patterns and open questions are equal; interventions are among those
given, `not_` are absent; plan numbers are equal to 0.01.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun

CASES_FILE = Path(__file__).with_name("cases.jsonl")
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in CASES_FILE.read_text(encoding="utf-8").splitlines() if line.strip()
]
NAMES = [f"{case['id']} {case['title']}" for case in CASES]

Result = dict[str, Any]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What `afterrun assess` prints for a JSONL file of all cases, by the case's id."""
    intakes = tmp_path_factory.mktemp("cases") / "intakes.jsonl"
    lines = (json.dumps({"record_id": case["id"], **case["answers"]}) for case in CASES)
    intakes.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run = subprocess.run(
        [Path(sys.executable).with_name("afterrun"), "assess", intakes, "--format", "json"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    results = [json.loads(line) for line in run.stdout.splitlines()]
    assert [result["record_id"] for result in results] == [case["id"] for case in CASES]
    return {result["record_id"]: result for result in results}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_library_says_what_the_case_expects(rulebook: afterrun.Rulebook, case: dict[str, Any]) -> None:
    result = afterrun.assess(rulebook, case["answers"]).to_dict()
    assert list(differences(result, case["expect"])) == [], case["why"]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_command_says_what_the_case_expects(printed: dict[str, Result], case: dict[str, Any]) -> None:
    assert list(differences(printed[case["id"]], case["expect"])) == [], case["why"]


def test_the_command_prints_what_the_library_returns(
    rulebook: afterrun.Rulebook, printed: dict[str, Result]
) -> None:
    for case in CASES:
        result = json.loads(json.dumps(afterrun.assess(rulebook, case["answers"]).to_dict()))
        assert {key: printed[case["id"]][key] for key in result} == result, case["id"]


def test_every_case_expects_only_what_is_compared() -> None:
    compared = {
        "triage",
        "patterns",
        "interventions",
        "not_patterns",
        "not_interventions",
        "plan",
        "open_questions",
    }
    assert {key for case in CASES for key in case["expect"]} <= compared


def differences(result: Result, expect: dict[str, Any]) -> Iterator[str]:
    """Every way in which a result is not what the case expects."""
    for key in ("triage", "patterns", "open_questions"):
        if key in expect and result[key] != expect[key]:
            yield f"{key} is {result[key]!r}, not {expect[key]!r}"
    for name in set(expect.get("interventions", ())) - set(result["interventions"]):
        yield f"{name} is not among the interventions"
    for key in ("patterns", "interventions"):
        for name in set(expect.get(f"not_{key}", ())) & set(result[key]):
            yield f"{name} is among the {key}"
    for key, value in expect.get("plan", {}).items():
        if key not in result["plan"]:
            yield f"the plan has no {key}"
        elif not same(result["plan"][key], value):
            yield f"{key} is {result['plan'][key]!r} in the plan, not {value!r}"


def same(found: Any, wanted: Any) -> bool:
    """Equal, numbers to 0.01."""
    numbers = [
        each for each in (found, wanted) if isinstance(each, int | float) and not isinstance(each, bool)
    ]
    return abs(found - wanted) <= 0.01 if len(numbers) == 2 else bool(found == wanted)
