"""Only what a rulebook uses is asked of it; and that is asked for with its place and the reason."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

import afterrun
from tests.support.rulebooks.second import MOULD

QUOTED = "unchecked: If nothing has come back by the end of week {week}, you are done."
WEEKS = "    weeks: {plan: looking_weeks}\n"
AMOUNT = (
    "    amount: {quantity: q, rise: {by_pct: {plan: most_humidity}, cap_pct: {plan: most_humidity}, "
    "goal: humidity, weeks_without_goal: 2, hold: Hold it.}}\n"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("rules", "knowledge"):
        shutil.copytree(MOULD / folder, tmp_path / folder)
    return tmp_path


def told(folder: Path) -> list[str]:
    try:
        afterrun.load_rulebook(folder)
    except afterrun.RulebookError as error:
        return [str(each) for each in error.problems]
    return []


def changed(file: Path, changes: Iterable[tuple[str, str]]) -> None:
    text = file.read_text("utf-8")
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong)
    file.write_text(text, encoding="utf-8")


def test_no_article_no_goal_and_no_check_in_is_asked_for(copy: Path) -> None:
    assert told(copy) == []
    written = "".join(file.read_text("utf-8") for file in copy.rglob("*.yaml"))
    for name in ("article:", "resolutions:", "rows:", "goal:", "check_in:", "amount_text:", "open_weeks:"):
        assert name not in written


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ([(WEEKS, "")], {"open_weeks", "more_weeks", "open"}),
        ([(QUOTED, "goal: Done.")], {"unchecked"}),
        ([(WEEKS, f"{WEEKS}    check_ins: true\n")], {"closed", "check_in"}),
        (
            [(WEEKS, f"{WEEKS}{AMOUNT}")],
            {"goal", "far_goal", "unknown_goal", "held", "more_weeks", "amount_text"},
        ),
        (
            [(WEEKS, AMOUNT)],
            {
                *("goal", "far_goal", "unknown_goal", "held", "more_weeks", "amount_text"),
                *("open_weeks", "open", "no_goal"),
            },
        ),
    ],
)
def test_what_the_courses_make_use_of_is_asked_for_with_the_reason(
    copy: Path, changes: list[tuple[str, str]], lacking: set[str]
) -> None:
    changed(copy / "knowledge" / "schedule.yaml", changes)
    said = [each for each in told(copy) if " lacks '" in each]
    assert {each.split("lacks '")[1].split("'")[0] for each in said} == lacking
    reasons = ("': a course ", "': the amount of a course ")
    for each in said:
        assert each.startswith("knowledge/schedule.yaml:")
        assert any(reason in each for reason in reasons), each


@pytest.mark.parametrize("stem", ["findings", "patterns", "interventions", "parameters"])
def test_a_file_is_asked_for_as_soon_as_a_rule_concludes_what_it_names(copy: Path, stem: str) -> None:
    (copy / "knowledge" / f"{stem}.yaml").unlink()
    assert f"knowledge/{stem}.yaml: is missing" in told(copy)


def test_one_level_says_what_is_told_while_an_answer_is_missing(copy: Path) -> None:
    file = copy / "knowledge" / "triage.yaml"
    changed(file, [("  pending: true\n", "")])
    assert any("no level is 'pending: true'" in each for each in told(copy))
    changed(file, [("  settles: true\n", "  pending: true\n"), ("  shows_plan: true\n", "  pending: true\n")])
    assert any("'professional_first' is 'pending' already" in each for each in told(copy))
