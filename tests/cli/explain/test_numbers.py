"""Numbers of a plan explained: their arithmetic, what was not known, and which of several values stands."""

import json

import pytest

from tests.support.cli_runs import SAMPLE, folded, run
from tests.support.paths import EXAMPLES


@pytest.fixture(scope="module")
def unsure() -> str:
    """The sample, where two numbers are not known."""
    text = SAMPLE.read_text(encoding="utf-8")
    for known, unknown in (("weeks_off: 10", "weeks_off"), ("weeks_since_onset: 7", "weeks_since_onset")):
        assert known in text
        text = text.replace(known, f"{unknown}: unknown")
    return text.replace("relapses: once", "relapses: never")


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


def test_no_sum_is_made_of_what_is_not_known_yet() -> None:
    for name in ("weekly_rise_percent", "week9_volume"):
        said = folded(run("explain", "-", name, stdin="age_years: 34\n").out)
        assert f"({name}) is not known yet" in said
        assert "worked out" not in said
        assert ("waits for: " if name == "weekly_rise_percent" else "line 1 of 4 is open") in said
