"""Intakes at the thresholds: each gives exactly its number, and the test turns where it must."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

import afterrun
from afterrun.inference import FactMaker
from afterrun.intake import read_answers
from afterrun.rulebook import engine_of
from afterrun.verify.cases import Crossing, answers_giving, boundaries_of
from afterrun.verify.cases.boundaries import rule_thresholds
from tests.support.cli_runs import run
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def tried(rulebook: afterrun.Rulebook) -> Sequence[Crossing]:
    return list(boundaries_of(rulebook))


def test_every_threshold_has_its_intakes(rulebook: afterrun.Rulebook, tried: Sequence[Crossing]) -> None:
    assert [each.threshold for each in tried] == list(rule_thresholds(rulebook))
    for each in tried:
        assert len(each.boundaries) + len(each.left_out) == 3, str(each.threshold)
        assert each.left_out in ((), ("below",))


def test_every_intake_gives_exactly_its_number(
    rulebook: afterrun.Rulebook, tried: Sequence[Crossing]
) -> None:
    maker = engine_of(rulebook, FactMaker)
    for each in tried:
        for boundary in each.boundaries:
            values = read_answers(rulebook, boundary.answers).values
            assert maker.numbers(values)(each.threshold.subject) == boundary.value


def test_the_test_turns_and_the_rule_with_it(tried: Sequence[Crossing]) -> None:
    for each in tried:
        assert len({boundary.holds for boundary in each.boundaries}) == 2, str(each.threshold)
        assert each.matters, str(each.threshold)


def test_thirty_per_cent_of_ten_is_thirteen(rulebook: afterrun.Rulebook) -> None:
    base = {"volume_before": 10, "volume_unit": "km"}
    found = {
        percent: answers_giving(rulebook, "weekly_rise_percent", Fraction(percent), base)
        for percent in ("29.99", "30", "30.01")
    }
    volumes = {percent: answers and answers["volume_last_week"] for percent, answers in found.items()}
    assert volumes == {"29.99": 12.999, "30": 13, "30.01": 13.001}


def test_a_number_that_no_answer_gives_is_none(rulebook: afterrun.Rulebook) -> None:
    assert answers_giving(rulebook, "age_years", Fraction(9), {}) is None
    assert answers_giving(rulebook, "weekly_rise_percent", Fraction(-101), {}) is None


@pytest.mark.slow
def test_the_command_writes_intakes_that_assess_reads(tmp_path: Path) -> None:
    file = tmp_path / "boundaries.jsonl"
    ran = run("rules", "boundaries", "-o", str(file), "--format", "json")
    assert ran.code == 0
    intakes = [intake for each in json.loads(ran.out)["thresholds"] for intake in each["intakes"]]
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(intakes)
    assert (
        lines[0]["record_id"]
        == "slowest-return-after-weeks-off-and-the-tendon-weeks: weeks_off at least 1: 0"
    )
    results = [json.loads(line) for line in run("assess", str(file), "--format", "json").out.splitlines()]
    assert [each["triage"] for each in results] == [each["gives"]["triage"] for each in intakes]


@pytest.mark.slow
def test_a_threshold_that_was_moved_shows(tmp_path: Path) -> None:
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, tmp_path / name)
    file = tmp_path / "rules/triage-clinician-first.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("age_years: {under: 18}", "age_years: {under: 16}"),
        encoding="utf-8",
    )
    ran = run("rules", "boundaries", "--rulebook", str(tmp_path))
    assert "clinician-under-18: age_years under 16\n    below       15  holds" in ran.out
    assert "clinician-under-18: age_years under 18" not in ran.out
