"""Mistakes on the cards of exercises are told with their place and the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import afterrun
from afterrun.verify import check_rulebook
from tests.support.paths import ROOT
from tests.support.rulebooks.copies import copy_without_cards

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rulebook, to be spoiled."""
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def change(folder: Path, file: str, right: str, wrong: str) -> None:
    path = folder / "knowledge" / file
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))


def found_in_cards(folder: Path) -> list[tuple[str, str]]:
    found = check_rulebook(afterrun.load_rulebook(folder))
    return [(each.key, each.message) for each in found if each.file == "knowledge/exercises.yaml"]


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("exercises.yaml", "easier: [split_squat,", "easier: [splitsquat,", "Did you mean 'split_squat'?"),
        ("exercises.yaml", "      - front_squat\n", "      - front_sqat\n", "Did you mean 'front_squat'?"),
        ("exercises.yaml", "{rest_minutes}", "{rest_minute}", "Did you mean 'rest_minutes'?"),
        ("exercises.yaml", "  tendon_loading:", "  tendon_lading:", "Did you mean 'tendon_loading'?"),
        ("exercises.yaml", "needs: leg_press", "needs: leg_pres", "no option 'leg_pres'. Did you mean"),
        ("exercises.yaml", "  - id: front_squat", "  - id: back_squat", "the id 'back_squat' is taken"),
        ("exercises.yaml", "knee: 104", "knee: 204", "204 is too large: the most is 160"),
        ("exercises.yaml", "row:PL01, resolution:A10, exe", "row:PL99, resolution:A10, exe", "'row:PL99'"),
        ("exercises.yaml", "[barbell_on_back]", "[barbel_on_back]", "barbell_on_back"),
        ("plans.yaml", "[back_squat, ", "[back_sqat, ", "Did you mean 'back_squat'?"),
        ("plans.yaml", "otherwise: [single_leg_", "otherwise: [singel_leg_", "single_leg_sit_to_stand"),
        (
            "plans.yaml",
            "leg_press: [leg_press]",
            "leg_press: [band_squat]",
            "'band_squat' needs 'bands', and stands under 'leg_press'",
        ),
    ],
)
def test_a_mistake_on_a_card_is_told(folder: Path, file: str, right: str, wrong: str, said: str) -> None:
    change(folder, file, right, wrong)
    with pytest.raises(afterrun.RulebookError) as caught:
        afterrun.load_rulebook(folder)
    problems = [str(each) for each in caught.value.problems]
    assert any(said in each and file in each for each in problems), problems


def test_what_needs_nothing_may_stand_under_any_option(folder: Path) -> None:
    change(folder, "plans.yaml", "leg_press: [leg_press]", "leg_press: [leg_press, split_squat]")
    assert afterrun.load_rulebook(folder).exercises["split_squat"].needs == "none"


def test_a_card_that_no_plan_names_is_found(folder: Path) -> None:
    change(folder, "plans.yaml", "[back_squat, front_squat,", "[back_squat,")
    assert found_in_cards(folder) == [("front_squat", "no key of the plan names it")]


def test_a_card_that_waits_although_a_plan_names_it_is_found(folder: Path) -> None:
    change(
        folder, "exercises.yaml", "    needs: leg_press\n", "    needs: leg_press\n    pending: Not yet.\n"
    )
    assert found_in_cards(folder) == [("leg_press", "is marked pending, but the plan names it")]


def test_a_rulebook_may_have_no_cards(tmp_path: Path) -> None:
    copy_without_cards(tmp_path)
    rulebook = afterrun.load_rulebook(tmp_path)
    assert (rulebook.exercises, rulebook.doses) == ({}, {})
