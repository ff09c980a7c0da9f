"""Proof trees in words through `afterrun explain`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.support.cli_runs import SAMPLE, run


def test_a_true_conclusion_is_told_down_to_the_answers(rulebook: afterrun.Rulebook) -> None:
    ran = run("explain", SAMPLE, "pattern.patellar_tendon.likely")
    assert (ran.code, ran.err) == (0, "")
    said = folded(ran.out)
    rule = rulebook.rules["tendon-likely"]
    assert said.startswith("pattern.patellar_tendon.likely is true The tendon below the kneecap: likely")
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


def test_what_if_is_told_side_by_side() -> None:
    ran = run("explain", SAMPLE, "--what-if", "pain_timing=during_only", "--what-if", "equipment=bands,none")
    said = folded(ran.out)
    assert ran.code == 0
    assert "When do you feel it? (pain_timing) now: After the run" in said
    assert "then: Only while I run" in said
    assert "Weeks of tendon loading now: 12 weeks then: not in the plan" in said
    assert "pattern.patellar_tendon.likely now: true" in said


def test_the_runner_reads_plain_words_only(rulebook: afterrun.Rulebook) -> None:
    asked = ["patellar_tendon", "--why-asked", "pain_timing", "--what-if", "worst_pain=7"]
    ran = run("explain", SAMPLE, *asked, "--nearest", "training_load", "--for", "person")
    assert ran.code == 0
    dotted = [name for name in rulebook.propositions if "." in name]
    for name in (*dotted, "tendon-likely", "row:", "article:", "resolution:", "malliaras-2015"):
        assert name not in ran.out
    assert "The tendon below the kneecap: likely: yes" in ran.out


def test_what_the_triage_hides_is_hidden_from_the_runner(rulebook: afterrun.Rulebook) -> None:
    urgent = SAMPLE.read_text(encoding="utf-8")
    urgent = urgent.replace("warning_signs: [none]", "warning_signs: [calf_swollen]")
    assert "calf_swollen" in urgent
    for shape in ("text", "json", "html"):
        words = [
            "--format",
            shape,
            "--nearest",
            "patellar_tendon",
            "--why",
            "training_load",
            "--for",
            "person",
        ]
        ran = run("explain", "-", *words, stdin=urgent)
        assert ran.code == 0
        assert rulebook.patterns["patellar_tendon"].name not in ran.out
        assert rulebook.patterns["training_load"].name not in ran.out
        assert "patellar_tendon" not in ran.out
    shown = run("explain", "-", "--why", "training_load", stdin=urgent).out
    assert rulebook.patterns["training_load"].name in shown


def test_every_question_about_one_intake_fits_in_one_json() -> None:
    words = [
        "--why-not",
        "urgent",
        "--why-asked",
        "pain_site",
        "--nearest",
        "training_load",
        "--at-most",
        "1",
    ]
    told = json.loads(run("explain", SAMPLE, *words, "--what-if", "worst_pain=7", "--format", "json").out)
    assert told["explanations"][0]["value"] == "false"
    assert told["why_asked"][0]["state"] == "answered"
    assert told["what_if"]["answers"] == {"worst_pain": {"before": 4, "after": 7}}
    assert all(each["size"] == 1 for nearest in told["nearest"] for each in nearest["sets"])
    assert told["sources"]["row:RF06"]["text"]


def test_the_page_has_all_that_was_asked() -> None:
    words = ["patellar_tendon", "--why-asked", "pain_site", "--nearest", "training_load", "--at-most", "1"]
    ran = run("explain", SAMPLE, *words, "--what-if", "worst_pain=7", "--format", "html")
    assert ran.code == 0
    for heading in ("Why and why not", "Why asked", "What if", "What would rule it out", "Sources"):
        assert heading in ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--what-if", "worst_pain=17"], "worst_pain: 17 is too large: from 0 to 10"),
        (["--what-if", "worst_pian=7"], "Did you mean 'worst_pain'?"),
        (["--what-if", "worst_pain"], "--what-if takes question=value, not 'worst_pain'"),
        (["--why-asked", "pain_sight"], "Did you mean 'pain_site'?"),
        (["--nearest", "patellar_tendno"], "Did you mean 'patellar_tendon'?"),
        (["--why-not", "urgnet"], "Did you mean 'urgent'?"),
    ],
)
def test_what_cannot_be_asked_is_told(words: list[str], told: str) -> None:
    ran = run("explain", SAMPLE, *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
