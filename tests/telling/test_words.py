"""What a person reads of a result: everything that is given, and nothing that the triage hides."""

import json
from typing import Any

import pytest

import afterrun
from afterrun.telling import Page, as_markdown, result_page
from afterrun_cli.terminal.layout.lines import WIDTH
from afterrun_cli.terminal.layout.text import as_text
from tests.support.paths import DATA

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()
]
ALL_CASES = pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])


def told(rulebook: afterrun.Rulebook, case: dict[str, Any]) -> tuple[afterrun.Result, Page]:
    result = afterrun.assess(rulebook, case["answers"])
    return result, result_page(rulebook, result).whole


def folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.slow
@ALL_CASES
def test_all_that_is_given_is_told(rulebook: afterrun.Rulebook, case: dict[str, Any]) -> None:
    result, page = told(rulebook, case)
    said = folded(as_text(page))
    level = rulebook.triage[result.triage]
    wanted = [level.name, level.do, *rulebook.identity.limits]
    wanted += [f"{rulebook.patterns[name].called}: {how}" for name, how in result.patterns.items()]
    merged = {entry.id for entry in result.ledger if entry.status == "merged"}
    for name in result.interventions:
        each = rulebook.interventions[name]
        # What is part of another is done as that says.
        wanted += [each.called, each.more] if name in merged else [each.short, *each.steps, each.more]
    wanted += [rulebook.questions[name].ask for name in result.open_questions]
    wanted += [next(item.text for item in rulebook.plan if item.key == key) for key in result.plan]
    assert [words for words in wanted if folded(words) not in said] == []


@pytest.mark.slow
@ALL_CASES
def test_what_the_triage_hides_is_in_no_word(rulebook: afterrun.Rulebook, case: dict[str, Any]) -> None:
    result, page = told(rulebook, case)
    level = rulebook.triage[result.triage]
    said = folded(as_text(page)) + folded(as_markdown(page))
    if not level.shows_patterns:
        assert [each.id for each in rulebook.patterns.values() if each.name in said] == []
        hidden = [each for each in rulebook.interventions.values() if each.id not in result.interventions]
        assert [each.id for each in hidden if each.name in said] == []
    if not level.shows_plan:
        assert "Your plan" not in said


@pytest.mark.slow
@ALL_CASES
def test_plain_text_is_narrow_and_steers_no_terminal(
    rulebook: afterrun.Rulebook, case: dict[str, Any]
) -> None:
    text = as_text(told(rulebook, case)[1])
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    assert all(each.isprintable() or each == "\n" for each in text)


def test_a_later_step_says_from_which_week_and_a_merged_one_into_what(rulebook: afterrun.Rulebook) -> None:
    tendon_and_load = next(
        case
        for case in CASES
        if {entry.status for entry in told(rulebook, case)[0].ledger} >= {"postponed", "merged"}
    )
    said = folded(as_text(told(rulebook, tendon_and_load)[1]))
    assert "(from week 13)" in said
    assert "(done as part of: " in said


def test_a_record_id_cannot_become_markup(rulebook: afterrun.Rulebook) -> None:
    result = afterrun.assess(rulebook, {"record_id": "<b>*x*|\x1b[2J"})
    page = result_page(rulebook, result)
    assert as_markdown(page).startswith("# \\<b\\>\\*x\\*\\|\\\\x1b\\[2J: Not finished")
    assert "\x1b" not in as_text(page)


def test_a_number_that_comes_later_says_when_and_one_that_another_replaces_says_so(
    rulebook: afterrun.Rulebook,
) -> None:
    outer = {**CASES[0]["answers"], "pain_site": ["outer_side"], "provoked_by": ["downhill_or_distance"]}
    outer |= {"load_change": ["more_weekly"], "volume_last_week": 30, "running_status": "regular_more"}
    result = afterrun.assess(rulebook, outer)
    assert result.plan["outer_restart_pct"] is None
    said = folded(as_text(result_page(rulebook, result).whole))
    assert "from and to: Another running rule of your plan is stricter, and holds instead." in said
