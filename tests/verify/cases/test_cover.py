"""What the cases exercise: the percentage, the lines, and a file of cases that exercises too little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import afterrun
from afterrun.verify.cases import Places, by_line, cover, read_cases, worst
from tests.support.cli_runs import run
from tests.support.paths import DATA

SHIPPED = [DATA / "cases.jsonl", DATA / "more_cases.jsonl"]
ONE = {
    "id": "A1",
    "title": "A hot red joint",
    "answers": {"warning_signs": ["hot_red_joint"]},
    "expect": {"triage": "urgent"},
}


def one(folder: Path) -> Path:
    """A file with a single case."""
    file = folder / "cases.jsonl"
    file.write_text(json.dumps(ONE), encoding="utf-8")
    return file


@pytest.mark.slow
def test_the_shipped_cases_exercise_every_condition_both_ways() -> None:
    ran = run("rules", "cover", *map(str, SHIPPED), "--fail-under", "100")
    assert ran.code == 0
    assert "(100.0 %)" in ran.out


@pytest.mark.slow
def test_too_few_cases_are_told(tmp_path: Path) -> None:
    ran = run("rules", "cover", str(one(tmp_path)), "--fail-under", "50")
    assert ran.code == 1
    assert "is below the 50 % asked for" in ran.err


def test_percentage_and_lines_come_from_the_same_conditions(
    rulebook: afterrun.Rulebook, tmp_path: Path
) -> None:
    places = Places()
    coverage = cover(rulebook, read_cases([("one", one(tmp_path).read_text(encoding="utf-8"))]), places)
    lines = by_line(coverage)
    assert sum(len(atoms) for atoms in lines.values()) == len(coverage.atoms)
    assert 0 <= coverage.percent < 50
    by_rule = {rule.rule: rule for rule in coverage.rules}
    hot = by_rule["urgent-hot-joint"]
    assert (hot.fired, hot.refuted, hot.open) == (1, 0, 0)
    assert [atom.exercise for atom in hot.atoms] == ["only true"]
    assert [atom.exercise for atom in by_rule["urgent-fever"].atoms] == ["only false"]
    assert [atom.exercise for atom in by_rule["clinician-severe-pain"].atoms] == ["never"]
    place = hot.atoms[0].place
    assert "hot_red_joint" in places.texts[place.file][place.line - 1]


def test_a_line_is_marked_by_what_is_exercised_least(rulebook: afterrun.Rulebook, tmp_path: Path) -> None:
    cases = read_cases([("one", one(tmp_path).read_text(encoding="utf-8"))])
    atoms = next(
        rule.atoms for rule in cover(rulebook, cases, Places()).rules if rule.rule == "some-safety-sign"
    )
    assert {atom.exercise for atom in atoms} == {"only true", "only false", "never"}
    assert worst(atoms) == "never"


@pytest.mark.slow
def test_each_option_counts(rulebook: afterrun.Rulebook) -> None:
    cases = read_cases((path.name, path.read_text(encoding="utf-8")) for path in SHIPPED)
    rule = next(
        each for each in cover(rulebook, cases, Places()).rules if each.rule == "kneecap-joint-possible"
    )
    assert [atom.said for atom in rule.atoms] == [
        "pain_site includes around_behind_kneecap",
        "provoked_by includes long_sitting",
        "provoked_by includes stairs",
        "provoked_by includes squat",
    ]


def test_a_case_that_fails_covers_nothing(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps({**ONE, "expect": {"triage": "emergency"}}), encoding="utf-8")
    ran = run("rules", "cover", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        f"{file}:1: A1: triage is 'urgent', not 'emergency'",
        "These cases do not hold under the rules. Mend them first: afterrun rules test CASES",
    ]


@pytest.mark.slow
def test_json_and_page_say_the_same(tmp_path: Path) -> None:
    told = json.loads(run("rules", "cover", str(one(tmp_path)), "--format", "json").out)
    page = run("rules", "cover", str(one(tmp_path)), "--format", "html").out
    assert f"{told['both_ways']} of {told['conditions']} conditions" in page
    assert page.startswith("<!doctype html>")
    assert page.count('class="never"') > 1


def test_a_case_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("{", encoding="utf-8")
    ran = run("rules", "cover", str(file))
    assert ran.code == 2
    assert f"{file}:1: not JSON" in ran.err
