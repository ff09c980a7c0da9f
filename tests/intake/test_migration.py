"""Intakes of the earlier questionnaire: what carries over, and what is asked again."""

import json
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.intake import migrate
from tests.support.cli_runs import run

CALM: dict[str, Any] = {
    "age_years": 34,
    "warning_signs": ["none"],
    "injury_onset": "no",
    "right_now": ["none"],
    "knee_behaviour": ["none"],
    "worrying_signs": ["none"],
    "pain_site": ["below_kneecap"],
    "provoked_by": ["squat"],
}
SPLIT = {
    "immune_or_diabetes": ("weak_immunity", "diabetes"),
    "weak_bones_or_stress_fracture_or_underfuelled": ("weak_bones_or_stress_fracture", "underfuelled"),
}


@pytest.mark.parametrize("gone", SPLIT)
def test_an_option_that_was_split_is_refused_by_name_and_never_read_as_one_of_its_halves(
    rulebook: afterrun.Rulebook, gone: str
) -> None:
    intake = {**CALM, "health_conditions": [gone, "heart_or_bp", "knee_replacement"]}
    with pytest.raises(afterrun.IntakeError) as caught:
        afterrun.read_answers(rulebook, intake)
    assert all(each in str(caught.value) for each in (*SPLIT[gone], "afterrun migrate"))

    migration = migrate(rulebook, intake)
    assert migration.intake == CALM
    (again,) = migration.again
    assert again.question == "health_conditions"
    assert again.ticked == ("knee_replacement",)
    assert again.reasons[0] == f"{gone} is {' or '.join(SPLIT[gone])} now"
    assert again.reasons[1] == "heart_or_bp says less than it did"
    assert afterrun.assess(rulebook, migration.intake).triage == "incomplete"


@pytest.mark.parametrize("option", ["numb_weak", "fever_unwell", "calf_swollen", "chest_breath"])
def test_a_tick_that_says_less_now_leaves_its_question_open(rulebook: afterrun.Rulebook, option: str) -> None:
    migration = migrate(rulebook, {**CALM, "warning_signs": [option, "dark_urine"]})
    assert "warning_signs" not in migration.intake
    assert [(each.question, each.ticked) for each in migration.again] == [("warning_signs", ("dark_urine",))]


def test_what_means_the_same_carries_over(rulebook: afterrun.Rulebook) -> None:
    intake = {**CALM, "warning_signs": ["dark_urine", "hot_red_joint"], "record_id": "a7"}
    assert migrate(rulebook, intake) == (intake, ())


def test_none_of_the_old_conditions_is_asked_again_of_everyone(rulebook: afterrun.Rulebook) -> None:
    (again,) = migrate(rulebook, {**CALM, "health_conditions": ["none"]}).again
    assert again.question == "health_conditions"
    assert again.ticked == ()


def test_what_else_brings_it_on_is_asked_again_only_at_the_outer_side(rulebook: afterrun.Rulebook) -> None:
    outer = migrate(rulebook, {**CALM, "pain_site": ["outer_side"], "provoked_by": ["squat"]})
    assert [(each.question, each.ticked) for each in outer.again] == [("provoked_by", ("squat",))]
    assert "provoked_by" not in outer.intake
    assert migrate(rulebook, CALM).again == ()


def test_an_intake_of_today_stays_as_it_is(rulebook: afterrun.Rulebook) -> None:
    intake = {**CALM, "health_conditions": ["none"], "load_change": ["none"]}
    assert migrate(rulebook, intake) == (intake, ())


def test_the_command_writes_what_carries_over_and_names_the_rest(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    today = {"health_conditions": ["none"], "warning_signs": ["dark_urine"], "load_change": ["none"]}
    lines = [
        {**CALM, "record_id": "split", "health_conditions": ["immune_or_diabetes", "knee_replacement"]},
        {**CALM, "record_id": "wrong", "pain_site": ["elbow"]},
        {**CALM, "record_id": "today", **today},
    ]
    old.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    ran = run("migrate", old, "-o", new)
    assert ran.code == 1
    written = [json.loads(line) for line in new.read_text(encoding="utf-8").splitlines()]
    assert [each["record_id"] for each in written] == ["split", "today"]
    assert "health_conditions" not in written[0]
    assert (
        f"{old}:1: health_conditions: answer it again: immune_or_diabetes is weak_immunity or diabetes now"
        in ran.err
    )
    assert "ticked before, and still meant so: knee_replacement" in ran.err
    assert f"{old}:1: not answered yet: " in ran.err
    assert "load_change" in ran.err
    assert f"{old}:2: pain_site: has no option 'elbow'" in ran.err
    assert f"{old}:3: nothing is to be answered again" in ran.err


def test_a_column_of_an_option_that_is_gone_names_what_it_is_now(tmp_path: Path) -> None:
    table = tmp_path / "old.csv"
    table.write_text("record_id,age_years,health_conditions___immune_or_diabetes\n1,34,1\n", encoding="utf-8")
    ran = run("batch", "run", table, tmp_path / "out")
    assert ran.code == 2
    assert "weak_immunity or diabetes" in ran.err
