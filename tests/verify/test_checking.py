"""`check_rulebook` says of a rulebook beforehand what would be refused at its first assessment."""

from pathlib import Path

import pytest

from afterrun import EngineFault, assess, load_rulebook
from afterrun.verify import check_rulebook
from tests.support.random_input.rulebooks import small_rulebook, write_files


@pytest.mark.parametrize("thresholds", [20, 70])
def test_more_thresholds_on_one_question_than_the_core_bears_are_told(
    tmp_path: Path, thresholds: int
) -> None:
    question = {"id": "pain", "type": "integer", "at_least": 0, "at_most": 100}
    rules = [
        {"id": f"rule-{n}", "if": {"pain": {"at_least": n + 1}}, "then": f"found-{n}"}
        for n in range(thresholds)
    ]
    findings = [f"found-{n}" for n in range(thresholds)]
    rulebook = load_rulebook(write_files(tmp_path, small_rulebook(rules, [question], findings)))
    told = [str(each) for each in check_rulebook(rulebook) if "the core" in str(each)]
    if thresholds == 20:
        assert told == []
        assess(rulebook, {"pain": 50})
        return
    last = rulebook.rules["rule-69"]
    place = f"{last.file}:{last.line}"
    assert told == [f"{place}: pain: 140 different tests; the core bears 60 on one answer"]
    with pytest.raises(EngineFault, match="pain: 140 different tests"):
        assess(rulebook, {"pain": 50})
    assess(rulebook, {"pain": 50}, engine="compiled")
