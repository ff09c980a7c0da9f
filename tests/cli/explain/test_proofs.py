"""Proof trees in words through `afterrun explain`: the whole of them, and what is asked for by name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from tests.support.cli_runs import SAMPLE, folded, run


def test_a_true_conclusion_is_told_down_to_the_answers(rulebook: afterrun.Rulebook) -> None:
    ran = run("explain", SAMPLE, "pattern.patellar_tendon.likely", "--full")
    assert (ran.code, ran.err) == (0, "")
    said = folded(ran.out)
    rule = rulebook.rules["tendon-likely"]
    assert said.startswith("pattern.patellar_tendon.likely is true The tendon below the kneecap: likely")
    assert f"because: {folded(rule.because)}" in said
    assert f"sources: {', '.join(rule.sources)}" in said
    assert 'you were asked "Where is it? Choose up to two places."' in said
    assert 'you answered "Just under the kneecap' in said


def test_a_false_conclusion_is_told_with_the_proof_that_it_is_false() -> None:
    said = folded(run("explain", SAMPLE, "triage.urgent", "--full").out)
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


def test_a_proof_by_name_tells_a_block_once() -> None:
    said = run("explain", SAMPLE, "--why", "running_baseline", "--why", "ramp_pct").out
    assert said.count("- rule tendon-likely ") == 1
    assert said.count("as above") >= 3
    full = run("explain", SAMPLE, "--why", "running_baseline", "--why", "ramp_pct", "--full").out
    assert full.count("- rule tendon-likely holds") > 2
    assert "as above" not in full.replace("parameter.ramp_pct.5), as above", "")


def test_in_full_every_rule_test_and_source_is_told(rulebook: afterrun.Rulebook) -> None:
    said = folded(run("explain", SAMPLE, "--full").out)
    for name in ("urgent-hot-joint", "emergency-dark-urine", "self-care"):
        assert f"rule {name}" in said
        assert all(source in said for source in rulebook.rules[name].sources)
    assert "warning_signs includes dark_urine: does not hold" in said
    assert "Sources" in said


def test_in_short_and_in_full_json_is_the_same() -> None:
    whole = run("explain", SAMPLE, "--format", "json").out
    assert run("explain", SAMPLE, "--format", "json", "--full").out == whole
    told = json.loads(whole)
    for each in told["explanations"]:
        assert each.keys() == {"conclusion", "value", "proof", "settled_by"}
    (rise,) = told["measures"]
    assert (rise["measure"], rise["steps"]) == ("weekly_rise_percent", ["(15 - 10) / 10 = 50 %"])
    asked = {(each["rule"], each["question"], each["state"]) for each in told["asked_because"]}
    assert ("detrained-after-a-break", "weeks_off", "asked") in asked


@pytest.mark.parametrize("full", [[], ["--full"]])
def test_a_premise_that_only_a_skip_wants_says_so(full: list[str]) -> None:
    said = folded(run("explain", SAMPLE, "detrained", *full).out)
    assert "weeks_off was asked because" in said
    skipped = folded(run("explain", SAMPLE, "triage.self_care", *full).out)
    assert "strength_check was asked because" in folded(run("explain", SAMPLE, "strength_gap", *full).out)
    assert ('morning_stiffness was skipped, and is read as "It is not stiff", because' in skipped) is bool(
        full
    )
    # The answer behind it is told below it, though it stands above for its own sake.
    rate = folded(run("explain", SAMPLE, "parameter.ramp_pct.5", *full).out)
    guard = rate.index("weeks_off was asked because")
    assert (
        "I am back to running after a break" in rate[guard : rate.index("How many weeks did you go", guard)]
    )


def test_why_triage_begins_with_the_level_acted_on() -> None:
    said = folded(run("explain", SAMPLE, "--why", "triage").out)
    assert said.startswith("Acted on: Self-care (triage.self_care)")
    assert said.index("triage.self_care is true") < said.index("triage.urgent is false")
    # What was told within the proof of the level is named once more, in one go.
    folds = "As above: triage.out_of_scope, triage.emergency, triage.urgent, triage.clinician_first, "
    assert said.endswith(f"{folds}triage.self_care_with_review are false")
    assert said.lower().count("as above") == 1
    plain = folded(run("explain", SAMPLE, "--why", "triage", "--for", "person").out)
    assert "As above, ruled out: how soon to be seen: Outside" in plain
    unfinished = folded(run("explain", "-", "--why", "triage", stdin="age_years: 40\n").out)
    assert unfinished.startswith("Acted on: Not finished (triage.incomplete)")
    assert "Emergency is open (triage.emergency)" in unfinished


def test_a_rule_and_a_row_are_told() -> None:
    said = folded(run("explain", SAMPLE, "tendon-likely").out)
    assert said.startswith("Rule tendon-likely fired concludes pattern.patellar_tendon.likely")
    assert "relapse-on-return: holds" in said
    silent = folded(run("explain", SAMPLE, "soreness-likely").out)
    assert silent.startswith("Rule soreness-likely did not fire")
    assert "pain_site includes muscle: does not hold" in silent
    assert "holds; it says whether pain_duration is asked" in silent.replace("does not hold;", "holds;")
    opened = folded(run("explain", "-", "tendon-likely", stdin="pain_site: [below_kneecap]\n").out)
    assert opened.startswith("Rule tendon-likely is open")
    assert "would be settled by: When do you feel it? (pain_timing)" in opened
    row = folded(run("explain", SAMPLE, "row:DX01").out)
    assert row.startswith("row:DX01, row of the rule table Below the kneecap")
    assert "rule tendon-likely fired: pattern.patellar_tendon.likely" in row


def test_a_level_that_settles_the_matter_is_acted_on_at_once() -> None:
    said = folded(run("explain", "-", "triage", stdin="warning_signs: [cold_pale_foot]\n").out)
    assert said.startswith("Acted on: Emergency (triage.emergency)")
    assert "is acted on, at once." in said
