"""Whole consultations: the answers of one person, and what must and must not come of them.

How a case is meant stands in `afterrun.verify.cases`.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

import afterrun
from afterrun.verify.cases import WrittenCase, check_cases, differences, read_cases
from tests.support.cli_runs import run
from tests.support.paths import DATA

FILES = [path for name in ("cases", "more_cases") if (path := DATA / f"{name}.jsonl").exists()]
CASES = read_cases((path.name, path.read_text(encoding="utf-8")) for path in FILES)
BY_ID = {case.id: case for case in CASES}
NAMES = [f"{case.id} {case.title}" for case in CASES]

Result = dict[str, Any]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What `afterrun assess` prints for a JSONL file of all cases, by the case's id."""
    intakes = tmp_path_factory.mktemp("cases") / "intakes.jsonl"
    lines = (json.dumps({"record_id": case.id, **case.answers}) for case in CASES)
    intakes.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ran = run("assess", intakes, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    results = [json.loads(line) for line in ran.out.splitlines()]
    assert [result["record_id"] for result in results] == [case.id for case in CASES]
    return {result["record_id"]: result for result in results}


@pytest.fixture(scope="module")
def returned(rulebook: afterrun.Rulebook) -> Callable[[str], Result]:
    """What the library says of the case with an id, worked out once."""
    return cache(lambda name: afterrun.assess(rulebook, BY_ID[name].answers).to_dict())


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_library_says_what_the_case_expects(returned: Callable[[str], Result], case: WrittenCase) -> None:
    assert list(differences(returned(case.id), case.expect)) == [], case.why


@pytest.mark.slow
def test_the_command_prints_what_the_library_returns(
    returned: Callable[[str], Result], printed: dict[str, Result]
) -> None:
    """So it says of each case what is expected there, too."""
    for case in CASES:
        result = json.loads(json.dumps(returned(case.id)))
        assert {key: printed[case.id][key] for key in result} == result, case.id


def test_every_case_speaks_of_what_the_rulebook_names(rulebook: afterrun.Rulebook) -> None:
    check_cases(rulebook, CASES)
    assert all(case.why for case in CASES)
