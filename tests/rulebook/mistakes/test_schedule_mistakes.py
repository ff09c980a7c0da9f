"""Mistakes in `knowledge/schedule.yaml` are told with their place and the way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import afterrun
from tests.support.paths import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "{plan: tendon_weeks}",
            "{plan: tendon_week}",
            "no key of the plan 'tendon_week'. Did you mean 'tendon_weeks'?",
        ),
        ("{pain_ceiling} of 10 is", "{pain_cieling} of 10 is", "Did you mean 'pain_ceiling'?"),
        (
            "waits_for: find_pain_free_volume",
            "waits_for: gradual_ramp",
            "there is no earlier course 'gradual_ramp'",
        ),
        ("sessions: [strength]", "sessions: [strenght]", "Did you mean 'strength'?"),
        ("{tendon_watch: [recommended]}", "{tendon_wach: [recommended]}", "Did you mean 'tendon_watch'?"),
        ("goal: volume_goal", "goal: volume_gaol", "Did you mean 'volume_goal'?"),
        ("quantity: volume", "quantity: mass", "there is no quantity 'mass'"),
        ("beside: tendon_watch", "beside: tendon_wach", "there is no course 'tendon_wach'"),
        ("[mon, wed, fri]", "[mon, tue, fri]", "mon, tue, fri are less than 48 hours apart"),
        ("[mon, wed, fri]", "[mon, wed]", "names 2 days for 3 sessions a week"),
        ("{2: [mon, thu]}", "{2: [mon, fri]}", "shares fri with 3 sessions of 'run'"),
        ("{2: [mon, thu]}", "{3: [mon, wed, fri]}", "does not name the days of 2 sessions a week"),
        ("  - id: walk_run", "  - id: run", "'run' stands twice in this list, first on line 79"),
        (
            "sources: [row:IV02, row:CK08,",
            "sources: [row:IV99, row:CK08,",
            "the source 'row:IV99' does not stand",
        ),
        ('at: "12:00"', 'at: "12:60"', "is not written as it should be here"),
        ("minutes: 45", "minuts: 45", "Did you mean 'minutes'?"),
    ],
)
def test_a_mistake_in_the_schedule_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "knowledge" / "schedule.yaml"
    text = file.read_text()
    assert right in text
    file.write_text(text.replace(right, wrong, 1))
    with pytest.raises(afterrun.RulebookError) as caught:
        afterrun.load_rulebook(tmp_path)
    problems = [str(each) for each in caught.value.problems]
    assert any(said in each for each in problems), problems
    assert all(each.startswith("knowledge/schedule.yaml:") for each in problems)


@pytest.mark.slow
def test_the_schedule_is_part_of_the_digest(tmp_path: Path) -> None:
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    before = afterrun.load_rulebook(tmp_path).digest
    file = tmp_path / "knowledge" / "schedule.yaml"
    file.write_text(file.read_text().replace("open_weeks: 26", "open_weeks: 27"))
    assert afterrun.load_rulebook(tmp_path).digest != before
