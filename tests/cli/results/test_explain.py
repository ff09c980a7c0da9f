"""Proof trees in words through `afterrun explain`."""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import afterrun
from afterrun.assessment import Case
from afterrun.explanation import standing_of
from afterrun.intake import raw_intakes, read_intake
from afterrun.telling import Findings, Line, View
from afterrun_cli.terminal.layout.text import as_tree
from tests.support.cli_runs import SAMPLE, run
from tests.support.paths import EXAMPLES


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
    open_and_hidden = SAMPLE.read_text(encoding="utf-8")
    for answer in ("pain_timing: after_within_hours\n", "load_change: [more_weekly]\n"):
        assert answer in open_and_hidden
        open_and_hidden = open_and_hidden.replace(answer, "")
    assert "knee_behaviour: [none]" in open_and_hidden
    open_and_hidden = open_and_hidden.replace("knee_behaviour: [none]", "knee_behaviour: [not_sure]")
    for intake, shape in itertools.product((urgent, open_and_hidden), ("text", "json", "html")):
        words = [
            "patellar_tendon",
            "--format",
            shape,
            "--nearest",
            "patellar_tendon",
            "--why",
            "training_load",
            "--for",
            "person",
        ]
        ran = run("explain", "-", *words, stdin=intake)
        assert ran.code == 0
        assert rulebook.patterns["patellar_tendon"].name not in ran.out
        assert rulebook.patterns["training_load"].name not in ran.out
        assert "patellar_tendon" not in ran.out
    shown = run("explain", "-", "--why", "training_load", stdin=urgent).out
    assert rulebook.patterns["training_load"].name in shown


def test_what_stands_of_a_hidden_pattern_counts_as_hidden(rulebook: afterrun.Rulebook) -> None:
    case = Case.of(rulebook, {"warning_signs": ["calf_swollen"]})
    view = View(rulebook, case.answers, case.level.id, "person")
    for name in rulebook.patterns:
        seen = Findings(standings=(standing_of(case, f"pattern.{name}"),)).seen_by(view)
        assert (seen.standings, seen.hidden) == ((), True)


def test_what_other_answers_change_is_told_to_a_person_without_what_it_rests_on() -> None:
    urgent = SAMPLE.read_text(encoding="utf-8").replace("[none]", "[calf_swollen]", 1)
    for change in ("volume_last_week=10", "event_in_weeks=4"):
        words = ["--what-if", change, "--format", "json", "--for"]
        whole, plain = (
            json.loads(run("explain", "-", *words, each, stdin=urgent).out)
            for each in ("clinician", "person")
        )
        assert whole["what_if"]["triage"]["before"] == "urgent"
        assert {"measures", "unknown"} & whole.keys()
        assert plain["what_if"]["answers"]
        assert not {"measures", "unknown", "asked_because"} & plain.keys()


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


# In short, and in full


@pytest.fixture(scope="module")
def brief() -> str:
    return run("explain", SAMPLE).out


@pytest.fixture(scope="module")
def unsure() -> str:
    """The sample, where two numbers are not known."""
    text = SAMPLE.read_text(encoding="utf-8")
    for known, unknown in (("weeks_off: 10", "weeks_off"), ("weeks_since_onset: 7", "weeks_since_onset")):
        assert known in text
        text = text.replace(known, f"{unknown}: unknown")
    return text.replace("relapses: once", "relapses: never")


def test_all_of_an_intake_is_told_in_short_on_120_lines(rulebook: afterrun.Rulebook, brief: str) -> None:
    lines = brief.splitlines()
    assert len(lines) <= 120
    assert lines[0] == "Acted on: Self-care (triage.self_care)"
    said = folded(brief)
    result = afterrun.assess(rulebook, sample_answers(rulebook))
    for name, level in result.patterns.items():
        assert f"{rulebook.patterns[name].called}: {level} ({name})" in said
    for entry in result.ledger:
        assert f"({entry.id})" in said
        assert f"rule {entry.by}" in said
    for choice in result.plan_choices.values():
        assert f"rule {choice['by']}" in said or f"(and {choice['by']})" in said
        assert all(f"({lost['by']})" in said for lost in choice["lost"])


def test_in_short_what_several_rest_on_is_told_once(rulebook: afterrun.Rulebook, brief: str) -> None:
    said = folded(brief)
    for rule in ("running-waits-for-the-tendon", "load-the-tendon"):
        assert said.count(folded(rulebook.rules[rule].because)) == 1
    assert "rule running-waits-for-the-tendon as above" in said
    assert "(on tendon-likely, as above)" in said
    # What one rule gave stands above it together.
    bounce = rulebook.interventions["avoid_bouncy_movement"].called
    loading = rulebook.interventions["tendon_loading"].called
    given = f"{bounce}: recommended (avoid_bouncy_movement); {loading}: recommended (tendon_loading)"
    assert f"- {given} rule load-the-tendon: " in said


def test_in_short_what_only_says_why_something_was_asked_is_marked(brief: str) -> None:
    said = folded(brief)
    gap = said[said.index("rule strength-gap-likely") : said.index("What is done")]
    needed, marked = gap.split("strength_check was asked because: ")
    assert "(on strength-check-failed; strength_check, strength_sessions; " in needed
    assert "worst_pain" in marked
    assert "worst_pain" not in needed
    # A break of some length says that the question was asked, and counts for itself as well.
    assert "weeks_off was asked because" not in said
    hurt = SAMPLE.read_text(encoding="utf-8").replace(
        "warning_signs: [none]", "warning_signs: [calf_swollen]"
    )
    skipped = folded(run("explain", "-", stdin=hurt).out)
    assert 'strength_check was skipped, and is read as "I have not tried", because: ' in skipped


def test_an_answer_that_only_says_why_something_was_asked_is_marked_in_lists() -> None:
    fine = SAMPLE.read_text(encoding="utf-8")
    for before, after in (
        ("strength_check: under_ten_or_uneven", "strength_check: pass"),
        ("below_kneecap", "inner_side"),
    ):
        assert before in fine
        fine = fine.replace(before, after)
    said = folded(run("explain", "-", stdin=fine).out)
    ruled_out = said[said.index("Ruled out, by which answers") : said.index("The answers that matter")]
    marked = "right_now, knee_behaviour, worrying_signs (strength_check was asked because of them)"
    assert (
        f"strength_check; worst_pain, warning_signs, injury_onset, {marked}: A strength gap (strength_gap)"
        in ruled_out
    )
    # What some rule tests for its own sake is not marked.
    assert "because of" not in said[said.index("The answers that matter") :]


def test_in_short_why_one_of_several_stands_is_told(brief: str) -> None:
    said = folded(brief)
    for part in (
        "5 % (ramp_pct), the smallest, over 10 % (slower-return-after-the-tendon-weeks), 20 % (ramp-twenty",
        "20 % (buffer_pct), the largest, over 10 % (buffer-ten-per-cent)",
        "not yet, but later (running_baseline), overrules recommended (build-a-base-then-ramp)",
    ):
        assert part in said
    both = "warning_signs: [hot_red_joint]\nright_now: [none]\nknee_behaviour: [not_sure]\n"
    assert "The strongest, over See a clinician first (clinician-unsure-about-a-sign)" in folded(
        run("explain", "-", stdin=both).out
    )


def test_what_goes_over_several_lines_hangs_below_its_beginning() -> None:
    long = "a list that goes over two lines"
    laid = as_tree(
        [Line(f"- {long}", 0), Line(f"12. {long}", 1), Line(long.replace(" that", "\nthat"), 1)], 24
    )
    assert laid.split("\n") == [
        "- a list that goes over",
        "  two lines",
        "  12. a list that goes",
        "      over two lines",
        "  a list that goes over",
        "  two lines",
    ]


def test_every_rule_that_gave_the_level_is_told_once_whether_its_proof_is_or_not() -> None:
    both = SAMPLE.read_text(encoding="utf-8").replace("knee_behaviour: [none]", "knee_behaviour: [not_sure]")
    both = both.replace("worst_pain: 4", "worst_pain: 9")
    said = folded(run("explain", "-", stdin=both).out)
    level = said[: said.index("What it looks like")]
    rules = ("clinician-unsure-about-a-sign", "clinician-severe-pain")
    assert [level.count(f"rule {each}") for each in rules] == [1, 1]
    assert sum(f"rule {each} too: " in level for each in rules) == 1
    report = run("report", "-", stdin=both).out
    beside = report[report.index("Rules that give it too:") :].partition("</ul>")[0]
    assert sum(f"<code>{each}</code>" in beside for each in rules) == 1


def test_the_answers_of_every_rule_that_gave_the_level_are_among_those_that_matter() -> None:
    both = SAMPLE.read_text(encoding="utf-8").replace("warning_signs: [none]", "warning_signs: [not_sure]")
    said = folded(run("explain", "-", stdin=both.replace("worst_pain: 4", "worst_pain: 9")).out)
    matter = said[said.index("The answers that matter") :]
    assert "- warning_signs: I am not sure about one of these" in matter
    assert "- worst_pain: 9" in matter
    level = said[: said.index("What it looks like")]
    first, beside = level.split("rule clinician-unsure-about-an-emergency-sign too: ")
    assert first.endswith("(on worst_pain) ")
    assert beside.endswith("(on warning_signs) ")


UNFINISHED = "age_years: 40\npain_site: [below_kneecap]\nknee_behaviour: [not_sure]\n"
"""A level is proved, and a stronger one is open."""


def test_of_an_unfinished_intake_the_level_comes_first_and_no_proof_is_dropped() -> None:
    full = folded(run("explain", "-", "--full", stdin=UNFINISHED).out)
    assert full.startswith("Acted on: Not finished (triage.incomplete)")
    proof = full.index("triage.clinician_first is true")
    assert (
        proof
        < full.index("rule clinician-unsure-about-a-sign holds")
        < full.index("triage.emergency is open")
    )
    short = folded(run("explain", "-", stdin=UNFINISHED).out)
    assert "See a clinician first (clinician_first) is proved, but Emergency may still win" in short
    assert "rule clinician-unsure-about-a-sign: " in short
    bare = folded(run("explain", "-", "--full", stdin="age_years: 40\n").out)
    assert bare.startswith("Acted on: Not finished (triage.incomplete)")


@pytest.mark.parametrize("named", [[], ["triage"]])
def test_a_person_whose_level_may_become_a_stronger_one_reads_what_to_do(
    rulebook: afterrun.Rulebook, named: list[str]
) -> None:
    said = folded(run("explain", "-", *named, "--for", "person", stdin=UNFINISHED).out)
    level = said[: said.index("mergency")]
    assert "At least: See a clinician first. An answer that is missing may make it more urgent." in level
    assert folded(rulebook.triage["incomplete"].do) in level
    for word in ("proved", "may still win", "acted on,"):
        assert word not in said
    # Of several that are proved so far, only the strongest.
    odd = f"{UNFINISHED}pain_timing: not_linked_to_running\n"
    assert folded(run("explain", "-", "--for", "person", stdin=odd).out).count("At least: ") == 1
    assert "out_of_scope) is proved, but" in folded(run("explain", "-", stdin=odd).out)


def test_the_steps_of_one_change_stand_at_one_depth() -> None:
    lines = run("explain", SAMPLE, "--nearest", "training_load", "--full").out.splitlines()
    steps = [line for line in lines if line.lstrip().startswith("and ")]
    assert len(steps) > len({line.split(".")[0] for line in lines if re.match(r"  \d+\. ", line)})
    assert {len(line) - len(line.lstrip()) for line in steps} == {4}


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
def test_a_computed_number_is_told_with_its_arithmetic(full: list[str]) -> None:
    said = folded(run("explain", SAMPLE, "training_load", *full).out)
    assert "(15 - 10) / 10 = 50 %" in said
    assert "weekly_rise_percent over 30" in said


@pytest.mark.parametrize("full", [[], ["--full"]])
def test_how_an_unknown_was_read_is_told(unsure: str, full: list[str]) -> None:
    said = folded(run("explain", "-", "tendon_loading", *full, stdin=unsure).out)
    assert '"I don\'t know"' in said
    assert "read as more than 12 weeks" in said
    told = json.loads(run("explain", "-", "tendon_loading", "--format", "json", stdin=unsure).out)
    assert told["unknown"] == [{"question": "weeks_since_onset", "read_as": "more than 12 weeks"}]
    # A rule that asks whether it is known takes it as it was said.
    named = folded(run("explain", "-", "break-length-unknown", *full, stdin=unsure).out)
    assert "I don't know" in named
    assert "read as" not in named


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


def test_of_several_values_the_one_that_stands_is_told_and_why() -> None:
    said = folded(run("explain", SAMPLE, "ramp_pct").out)
    assert said.startswith("What stands: How much more you run each week, step by step: 5 %")
    assert "Of several values the smallest is used: - stands:" in said
    assert "by rule slowest-return-after-weeks-off-and-the-tendon-weeks" in said
    assert said.index("gives way") < said.index("ramp-twenty-per-cent")
    statuses = folded(run("explain", SAMPLE, "running_baseline").out)
    assert "A status overrules those that are weaker: - stands:" in statuses
    assert "gives way: Four weeks of the same amount: recommended, by rule build-a-base-then-ramp" in statuses


@pytest.mark.parametrize("names", [[], ["--full"], ["ramp_pct"], ["ramp_pct", "--format", "html"]])
def test_which_value_is_used_is_told_once(names: list[str]) -> None:
    said = run("explain", SAMPLE, *names).out
    assert "20" in said
    assert "this one is used" not in said
    assert "(not used:" not in said


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


def test_a_number_of_the_plan_is_told_from_formula_to_rounding() -> None:
    said = folded(run("explain", EXAMPLES / "readme.yaml", "week5_volume").out)
    for part in (
        "(week5_volume) is 8.8 km",
        "formula: (((sustainable_above_zero, at most recent_volume) x (1 - buffer_pct / 100))",
        "with no knee pain at all? 10 km (volume_sustainable)",
        "by rule buffer-twenty-when-starting-or-resting",
        "by rule ramp-ten-after-one-to-three-months-off",
        "8 x (1 + 10 / 100) = 8.8",
        "rounded down, kept to 0.01: 8.8, told in whole steps of 0.1: 8.8 km",
    ):
        assert part in said
    asked_later = folded(run("explain", SAMPLE, "baseline_volume").out)
    assert "has no value yet What you can run with no pain is asked again in week 12" in asked_later


def test_a_line_of_the_plan_says_what_settles_it_and_contradicts_no_other() -> None:
    said = folded(run("explain", SAMPLE, "baseline_volume").out)
    assert "intervention.running_baseline.recommended: gives way to postponed" in said
    assert "intervention.running_baseline.postponed: stands, by rule" in said
    assert "intervention.running_baseline.recommended: does not hold" not in said


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


def test_nearest_says_what_it_holds_fixed() -> None:
    said = folded(run("explain", SAMPLE, "--nearest", "triage.urgent", "--at-most", "1").out)
    assert "Held fixed: every answer that a change does not name. A change is of one answer or tick." in said
    assert 'Never changed: "How old are you?" (age_years)' in said


def test_the_nearest_changes_to_several_are_told_in_groups_the_first_few_of_each() -> None:
    ran = run("explain", SAMPLE, "--nearest", "triage", "--at-most", "1")
    said = folded(ran.out)
    assert said.startswith("Held fixed: ")
    assert said.count("Held fixed: ") == 1
    site = "Where is it? Choose up to two places. (pain_site)"
    assert said.count(f"1. {site}") == 2
    urgent = said[said.index("triage.urgent is false") : said.index("triage.clinician_first is false")]
    assert urgent.count("(warning_signs)") == 1
    assert "now: None of these; instead any one of - tick: " in urgent
    assert "more; --full tells all" in urgent
    assert "untick: None of these" not in said
    whole = run("explain", SAMPLE, "--nearest", "triage", "--at-most", "1", "--full").out
    assert "more; --full" not in whole
    told = json.loads(run("explain", SAMPLE, "--nearest", "triage", "--at-most", "1", "--format", "json").out)
    ways = [each for near in told["nearest"] for each in near["sets"]]
    page = run("explain", SAMPLE, "--nearest", "triage", "--at-most", "1", "--format", "html").out
    assert page.count("Held fixed: ") == 1
    alone = whole.count("(now: ")
    grouped = sum(line.strip().startswith("- ") for line in whole.splitlines())
    assert alone + grouped == len(ways)


def test_where_no_change_would_do_it_is_said_for_all_at_once() -> None:
    names = ("pattern.muscle_soreness.likely", "pattern.outer_knee.likely")
    asked = [word for name in names for word in ("--nearest", name)]
    said = folded(run("explain", "-", *asked, "--at-most", "1", stdin="age_years: 40\n").out)
    assert (
        "No change of up to 1 answer would make these hold: - pattern.muscle_soreness.likely, which is"
        in said
    )
    assert said.count("No change of") == said.count("would make these")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "week5_volume",
            "'week5_volume' is a number of the plan, and no conclusion: nothing proves or refutes",
        ),
        (
            "week5_volume",
            "--what-if volume_sustainable=VALUE; or volume_last_week, volume_before, volume_goal",
        ),
        ("week5_volume", "--nearest parameter.buffer_pct --nearest parameter.ramp_pct"),
        ("week5_volume", "Whether it is in the plan can change: --nearest intervention.gradual_ramp"),
        (
            "week9_volume",
            "'week9_volume' is a number of the plan, and no conclusion: nothing proves or refutes",
        ),
        (
            "week9_volume",
            "--what-if volume_sustainable=VALUE; or volume_last_week, volume_before, volume_goal",
        ),
        ("week9_volume", "What rules chose for it can change: --nearest parameter.ramp_pct"),
        ("week9_volume", "Whether it is in the plan can change: --nearest intervention.gradual_ramp"),
        ("weekly_rise_percent", "'weekly_rise_percent' is a measure, and no conclusion: nothing proves"),
        ("weekly_rise_percent", "--what-if volume_before=VALUE; or volume_last_week"),
        (
            "tendon-likely",
            "is a rule, and no conclusion. What it concludes: --nearest pattern.patellar_tendon",
        ),
        ("row:DX01", "is a source, and no conclusion. What rests on it: --why row:DX01"),
        ("pain_site", "is a question, and no conclusion. What hangs on it: --why-asked pain_site"),
    ],
)
def test_what_is_no_conclusion_has_no_nearest_changes_and_says_where_to_begin(name: str, told: str) -> None:
    ran = run("explain", EXAMPLES / "readme.yaml", "--nearest", name)
    assert (ran.code, ran.out) == (2, "")
    assert told in folded(ran.err)


def test_no_sum_is_made_of_what_is_not_known_yet() -> None:
    for name in ("weekly_rise_percent", "week9_volume"):
        said = folded(run("explain", "-", name, stdin="age_years: 34\n").out)
        assert f"({name}) is not known yet" in said
        assert "worked out" not in said
        assert ("waits for: " if name == "weekly_rise_percent" else "line 1 of 4 is open") in said


@pytest.mark.parametrize("name", ["week5_volume", "week9_volume"])
def test_of_a_number_that_is_not_in_the_plan_the_answers_behind_it_are_told_too(name: str) -> None:
    ran = run("explain", "-", "--nearest", name, stdin="age_years: 40\n")
    said = folded(ran.err)
    for question in ("volume_sustainable", "volume_last_week"):
        assert question in said[said.index("To try another: --what-if ") :]
    for way in re.findall(r"--nearest (\S+)", ran.err):
        assert run("explain", "-", "--nearest", way, "--at-most", "1", stdin="age_years: 40\n").code == 0


def test_a_runner_reads_no_name_of_a_rule_in_short(rulebook: afterrun.Rulebook) -> None:
    said = run("explain", SAMPLE, "--for", "person").out
    assert said.startswith("Acted on: Self-care\n")
    for name in ("tendon-likely", "parameter.", "pattern.", "row:", "weeks_off", "patellar_tendon"):
        assert name not in said
    hidden = run("explain", SAMPLE, "tendon-likely", "--for", "person").out
    assert hidden.startswith("Not shown at this point")


def test_a_runner_reads_a_number_without_names_and_none_that_is_hidden() -> None:
    file = EXAMPLES / "readme.yaml"
    said = run("explain", file, "week5_volume", "--for", "person").out
    assert said.startswith("Running in the first week of more is 8.8 km")
    assert "8 x (1 + 10 / 100) = 8.8" in said
    for name in ("sustainable_above_zero", "buffer_pct", "rule ", "row:", "intervention."):
        assert name not in said
    urgent = file.read_text(encoding="utf-8").replace(
        "warning_signs: [none]", "warning_signs: [calf_swollen]"
    )
    assert "calf_swollen" in urgent
    for shape in ("text", "json", "html"):
        names = [word for each in ("week9_volume", "weekly_rise_percent") for word in ("--why", each)]
        asked = ("explain", "-", "week5_volume", *names, "--for", "person", "--format", shape)
        hidden = run(*asked, stdin=urgent).out
        for number in ("8.8", "12.8", "without bound"):
            assert number not in hidden
    assert "is shown no plan" in folded(run("explain", "-", "week5_volume", stdin=urgent).out)


def test_json_for_a_runner_names_no_rule() -> None:
    words = ["--why", "week5_volume", "--why", "training_load", "--why", "ramp_pct", "--format", "json"]
    file = EXAMPLES / "readme.yaml"
    whole, plain = (
        json.loads(run("explain", file, *words, "--for", each).out) for each in ("clinician", "person")
    )
    assert whole["plan_numbers"][0]["lines"]
    assert whole["standings"][0]["candidates"][0]["by"]
    assert whole["asked_because"]
    assert "asked_because" not in plain
    assert plain["plan_numbers"][0]["working"]["steps"]
    text = json.dumps(plain)
    for name in (
        '"lines"',
        '"by"',
        '"rule"',
        "build-a-base-then-ramp",
        "buffer-twenty-when-starting-or-resting",
    ):
        assert name not in text


def test_a_level_that_settles_the_matter_is_acted_on_at_once() -> None:
    said = folded(run("explain", "-", "triage", stdin="warning_signs: [cold_pale_foot]\n").out)
    assert said.startswith("Acted on: Emergency (triage.emergency)")
    assert "is acted on, at once." in said


def sample_answers(rulebook: afterrun.Rulebook) -> afterrun.Answers:
    with SAMPLE.open("rb") as stream:
        return read_intake(rulebook, next(raw_intakes(stream, "sample", None)))


def test_a_runner_is_a_person(tmp_path: Path) -> None:
    """What the reader was called before still means the same."""
    now, before = (run("explain", SAMPLE, "--for", name) for name in ("person", "runner"))
    assert now.code == 0
    assert now.out == before.out
    assert "runner" not in run("explain", "--help").out.split("--for")[1].split("--format")[0]
    ran = run("explain", SAMPLE, "--for", "nurse")
    assert (ran.code, ran.out) == (2, "")
    assert "'nurse' is not one of person, clinician." in ran.err


def test_no_red_flag_stands_behind_another(tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    file.write_text('{"warning_signs": ["calf_swollen", "fever_unwell"]}', encoding="utf-8")
    said = " ".join(run("explain", file).out.split())
    fired = json.loads(run("assess", file, "--format", "json").out)["fired"]
    both = [name for name in fired if name in ("urgent-fever", "urgent-swollen-calf")]
    assert len(both) == 2
    assert all(f"rule {name}" in said for name in both)
    page = run("report", file).out
    assert all(f"<code>{name}</code>" in page for name in both)
    plain = " ".join(run("explain", file, "--for", "person").out.split())
    assert "calf" in plain
    assert "fever" in plain.lower()
