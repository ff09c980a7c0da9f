"""Proof trees in words through `afterrun explain`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.cli_runs import SAMPLE, run


def test_a_true_conclusion_is_told_down_to_the_answers(rulebook: afterrun.Rulebook) -> None:
    ran = run("explain", SAMPLE, "pattern.patellar_tendon.likely")
    assert (ran.code, ran.err) == (0, "")
    said = folded(ran.out)
    rule = rulebook.rules["tendon-likely"]
    assert said.startswith("pattern.patellar_tendon.likely is true Patellar tendon pattern: likely")
    assert f"because: {folded(rule.because)}" in said
    assert f"sources: {', '.join(rule.sources)}" in said
    assert 'you were asked "Where is it? Choose up to two places."' in said
    assert 'you answered "Just under the kneecap' in said


def test_a_false_conclusion_is_told_with_the_proof_that_it_is_false() -> None:
    said = folded(run("explain", SAMPLE, "triage.urgent").out)
    assert said.startswith("triage.urgent is false")
    assert "because every rule for it is refuted" in said
    assert "rule urgent-hot-joint is refuted" in said
    assert 'you answered "None of these"' in said


def test_an_open_conclusion_is_told_with_the_questions_that_would_settle_it() -> None:
    ran = run("explain", "-", "tendon_loading", stdin="pain_site: [below_kneecap]\n")
    said = folded(ran.out)
    assert "intervention.tendon_loading.recommended is open" in said
    assert "would be settled by: When do you feel it? (pain_timing)" in said


def test_json_holds_the_proofs_of_the_library(rulebook: afterrun.Rulebook) -> None:
    ran = run("explain", SAMPLE, "patellar_tendon", "--format", "json")
    told = json.loads(ran.out)
    assert told["rulebook"] == rulebook.stamp
    intake = json.loads(run("assess", SAMPLE, "--format", "json").out)["record_id"]
    assert told["record_id"] == intake
    names = [each["conclusion"] for each in told["explanations"]]
    assert names == ["pattern.patellar_tendon.likely", "pattern.patellar_tendon.possible"]


def test_without_a_conclusion_all_are_explained() -> None:
    told = json.loads(run("explain", SAMPLE, "--format", "json").out)["explanations"]
    kinds = {each["conclusion"].partition(".")[0] for each in told}
    assert kinds == {"triage", "pattern", "intervention", "parameter"}
    assert {each["value"] for each in told} == {"true", "false"}


def test_every_step_of_every_proof_has_its_reason() -> None:
    told = json.loads(run("explain", SAMPLE, "--format", "json").out)["explanations"]
    steps = [step for each in told for step in steps_of(each["proof"])]
    assert steps
    assert all(step["rule"] and step["because"] for step in steps)


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (["-", "patellar_tendno"], "age_years: 34\n", "Did you mean 'patellar_tendon'?"),
        (["-", "triage"], "age_year: 34\n", "stdin:1: age_year: no question has this name"),
        (["-", "triage"], '{"age_years": 34}\n{"age_years": 35}\n', "holds several intakes"),
        (["none.json"], "", "there is no such file"),
    ],
)
def test_what_cannot_be_explained_is_told(tmp_path: Path, words: list[str], stdin: str, told: str) -> None:
    ran = run("explain", *words, stdin=stdin, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def steps_of(proof: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    for step in (proof or {}).get("steps", ()):
        yield step
        for premise in step["premises"]:
            yield from steps_of(premise)


def folded(text: str) -> str:
    return " ".join(text.split())
