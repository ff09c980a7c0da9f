"""The weeks that whole cases expect are those that the plan is laid out in."""

import pytest

from afterrun import Rulebook, assess, weeks
from afterrun.assessment import Case
from afterrun.schedule import worked_weeks
from afterrun.schedule.worked import MONDAY
from afterrun.verify.cases import WrittenCase, differences, read_cases
from tests.support.paths import DATA

FILES = [DATA / name for name in ("cases.jsonl", "more_cases.jsonl")]
CASES = [
    case
    for case in read_cases((path.name, path.read_text(encoding="utf-8")) for path in FILES)
    if "weeks" in case.expect
]


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=[f"{case.id} {case.title}" for case in CASES])
def test_the_weeks_are_those_that_the_case_expects(rulebook: Rulebook, case: WrittenCase) -> None:
    told = worked_weeks(Case.of(rulebook, case.answers, "compiled"))
    result = {**assess(rulebook, case.answers, engine="compiled").to_dict(), "weeks": told}
    assert list(differences(result, case.expect)) == [], case.why


@pytest.mark.slow
def test_every_week_that_is_laid_out_is_told(rulebook: Rulebook) -> None:
    for case in CASES:
        told = worked_weeks(Case.of(rulebook, case.answers, "compiled"))
        numbers = [
            number
            for key in told
            if key[0].isdigit()
            for number in range(int(key.split("-")[0]), int(key.split("-")[-1]) + 1)
        ]
        laid_out = weeks(rulebook, assess(rulebook, case.answers, engine="compiled"), MONDAY)
        assert numbers == [week.number for week in laid_out.weeks]


def test_a_week_that_is_otherwise_is_named(rulebook: Rulebook) -> None:
    case = CASES[0]
    result = assess(rulebook, case.answers, engine="compiled").to_dict()
    first = next(iter(case.expect["weeks"]))
    found = list(differences({**result, "weeks": {**case.expect["weeks"], first: "nothing"}}, case.expect))
    assert found == [f"week {first} is 'nothing', not {case.expect['weeks'][first]!r}"]
