"""What other answers would change: what if, and the nearest changes."""

import json
import re

import pytest

from tests.support.cli_runs import SAMPLE, folded, run
from tests.support.paths import EXAMPLES


def test_what_if_is_told_side_by_side() -> None:
    ran = run("explain", SAMPLE, "--what-if", "pain_timing=during_only", "--what-if", "equipment=bands,none")
    said = folded(ran.out)
    assert ran.code == 0
    assert "When do you feel it? (pain_timing) now: After the run" in said
    assert "then: Only while I run" in said
    assert "Weeks of tendon loading now: 12 weeks then: not in the plan" in said
    assert "pattern.patellar_tendon.likely now: true" in said


def test_the_steps_of_one_change_stand_at_one_depth() -> None:
    lines = run("explain", SAMPLE, "--nearest", "training_load", "--full").out.splitlines()
    steps = [line for line in lines if line.lstrip().startswith("and ")]
    assert len(steps) > len({line.split(".")[0] for line in lines if re.match(r"  \d+\. ", line)})
    assert {len(line) - len(line.lstrip()) for line in steps} == {4}


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


@pytest.mark.parametrize("name", ["week5_volume", "week9_volume"])
def test_of_a_number_that_is_not_in_the_plan_the_answers_behind_it_are_told_too(name: str) -> None:
    ran = run("explain", "-", "--nearest", name, stdin="age_years: 40\n")
    said = folded(ran.err)
    for question in ("volume_sustainable", "volume_last_week"):
        assert question in said[said.index("To try another: --what-if ") :]
    for way in re.findall(r"--nearest (\S+)", ran.err):
        assert run("explain", "-", "--nearest", way, "--at-most", "1", stdin="age_years: 40\n").code == 0
