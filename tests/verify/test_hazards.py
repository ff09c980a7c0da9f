"""Each hazard has its controls, and what keeps a harm away belongs to one; the log in docs is fresh."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from afterrun import Rulebook, load_rulebook
from afterrun.telling import hazard_page
from afterrun.verify import check_rulebook, controls_of
from tests.support.cli_runs import run
from tests.support.paths import ROOT

FILE = "knowledge/hazards.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be spoiled."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def problems(folder: Path) -> list[str]:
    return [str(each) for each in check_rulebook(load_rulebook(folder), load_rulebook(folder, "checkin"))]


def test_every_hazard_has_a_control(rulebook: Rulebook, checkin_part: Rulebook) -> None:
    found = controls_of(rulebook, checkin_part)
    assert [each.hazard for each in found] == list(rulebook.hazards)
    for each in found:
        assert each.rules or each.invariants or each.hazard.controls, each.hazard.id


def test_a_control_names_a_source_of_its_hazard(rulebook: Rulebook) -> None:
    clot = next(each for each in controls_of(rulebook) if each.hazard.id == "clot-heart-or-artery")
    assert "urgent-swollen-calf" in {rule.id for rule in clot.rules}
    assert all(set(clot.hazard.sources) & set(rule.sources) for rule in clot.rules)


@pytest.mark.slow
def test_a_red_flag_and_an_invariant_without_a_hazard_are_told_with_their_line(copy: Path) -> None:
    assert problems(copy) == []
    hazards = (copy / FILE).read_text(encoding="utf-8").replace("row:RF07", "row:RF17")
    (copy / FILE).write_text(hazards, encoding="utf-8")
    with (copy / "rules" / "invariants.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "\n- {id: a-new-promise, never: {all: [self-check-passed, pattern.strength_gap.possible]}, "
            "because: Why not., sources: [resolution:A11]}\n"
        )
    told = problems(copy)
    assert any(
        re.match(r"rules/triage-urgent.yaml:\d+: urgent-cannot-straighten: no hazard", each) for each in told
    ), told
    assert any("a-new-promise: no hazard" in each for each in told), told


@pytest.mark.slow
def test_a_hazard_that_nothing_controls_is_told(copy: Path) -> None:
    with (copy / FILE).open("a", encoding="utf-8") as file:
        file.write(
            "\n- {id: storms, hazard: A storm, cause: Weather., harm: Wet feet., sources: [resolution:A11], "
            "remains: Much.}\n"
        )
    assert f"{FILE}: storms: no rule and no invariant names one of its sources" in problems(copy)


def test_the_hazard_log_is_fresh() -> None:
    ran = run("rules", "hazards", "--output", ROOT / "docs" / "hazard-log.md", "--check")
    assert (ran.code, ran.out) == (0, ""), ran.err


def test_the_log_names_the_expert_whom_the_rulebook_names(rulebook: Rulebook) -> None:
    baker = replace(rulebook, identity=rulebook.identity.changed(expert="a baker"))
    assert "It has not been reviewed by a baker or a safety engineer." in hazard_page(baker).lead


def test_a_stale_log_is_named_and_written_anew(tmp_path: Path) -> None:
    log = tmp_path / "log.md"
    assert run("rules", "hazards", "--output", log, "--check").code == 1
    assert run("rules", "hazards", "--output", log).code == 0
    assert run("rules", "hazards", "--output", log, "--check").code == 0
    text = log.read_text(encoding="utf-8")
    for word in ("Cause", "Harm", "Controlled by rules", "How verified", "What remains", "Owner"):
        assert f"| {word} | " in text
    log.write_text(text + "more\n", encoding="utf-8")
    ran = run("rules", "hazards", "--output", log, "--check")
    assert (ran.code, f"stale: {log}" in ran.err) == (1, True)
