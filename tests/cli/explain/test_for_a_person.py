"""What whoever has the knee reads of an explanation: plain words, and nothing that the triage hides."""

import itertools
import json
from pathlib import Path

import pytest

import afterrun
from afterrun.assessment import Case
from afterrun.explanation import standing_of
from afterrun.telling import Findings, View
from tests.support.cli_runs import SAMPLE, folded, run
from tests.support.paths import EXAMPLES


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


def test_a_runner_is_a_person(tmp_path: Path) -> None:
    """What the reader was called before still means the same."""
    now, before = (run("explain", SAMPLE, "--for", name) for name in ("person", "runner"))
    assert now.code == 0
    assert now.out == before.out
    assert "runner" not in run("explain", "--help").out.split("--for")[1].split("--format")[0]
    ran = run("explain", SAMPLE, "--for", "nurse")
    assert (ran.code, ran.out) == (2, "")
    assert "'nurse' is not one of person, clinician." in ran.err
