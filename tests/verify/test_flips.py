"""Each of twenty changes on purpose is told with its region, and its witness flips when it is assessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from afterrun import Rulebook, assess, load_rulebook
from afterrun.assessment import Case
from afterrun.telling.changes.regions import region_lines
from afterrun.verify.changes import change_between
from afterrun.verify.prove import Flip, flips
from tests.support.changed_rulebooks import changed_copy

pytestmark = pytest.mark.slow

TENDON = 'pain_site: "Inferior pole of the patella, patellar tendon" (below_kneecap)'
RETURNING = '"I am back to running after a break" (returning)'
SAME = '"I run as I always do, about as much" (regular_same)'
MORE = '"I run as I always do, and have done more of late" (regular_more)'
NOT_DURING = (
    'pain_timing: anything but "While I run and afterwards" (during_and_after) or '
    '"Only while I run" (during_only)'
)


class Change(NamedTuple):
    """A change of one file, and one of the flips that follow."""

    file: str
    old: str
    new: str
    flip: tuple[str, str, str, str] = ("", "", "", "")
    """Kind, name, from what, to what."""
    only: tuple[str, ...] = ()
    told: str = "exact"
    """Whether it is one region, or parts that are all of it, or some parts."""


CHANGES = {
    "threshold of an answer": Change(
        "rules/triage-clinician-first.yaml",
        "worst_pain: {at_least: 8}",
        "worst_pain: {at_least: 7}",
        ("triage", "triage", "self_care", "clinician_first"),
        ("worst_pain: 7",),
    ),
    "threshold within a pattern": Change(
        "rules/patterns-tendon-and-load.yaml",
        "- weeks_since_onset: {at_least: 2}",
        "- weeks_since_onset: {at_least: 3}",
        ("pattern", "patellar_tendon", "likely", "possible"),
        (
            f"{TENDON} ticked",
            NOT_DURING,
            "worst_pain: at least 3 and at most 7",
            "weeks_since_onset: at least 2 and under 3 weeks",
            'relapses: "No, that has not happened" (never) or I don\'t know',
        ),
        "whole",
    ),
    "threshold behind a finding": Change(
        "rules/findings.yaml",
        "- weeks_off: {at_least: 4}",
        "- weeks_off: {at_least: 6}",
        ("pattern", "training_load", "likely", "possible"),
        (
            f"running_status: {RETURNING}",
            "weeks_off: at least 4 and at most 5 weeks",
            "weekly_rise_percent: over 10 and at most 30 %",
        ),
    ),
    "threshold of a measure": Change(
        "rules/findings.yaml",
        "- weekly_rise_percent: {over: 20}",
        "- weekly_rise_percent: {over: 25}",
        ("triage", "triage", "self_care_with_review", "self_care"),
        (f"running_status: {SAME}", "weekly_rise_percent: over 20 and at most 25 %"),
    ),
    "threshold of an optional answer": Change(
        "rules/interventions.yaml",
        "- event_in_weeks: {at_most: 16}",
        "- event_in_weeks: {at_most: 12}",
        ("intervention", "explain_event", "recommended", ""),
        (f"{TENDON} ticked", NOT_DURING, "event_in_weeks: over 12 and at most 16 weeks"),
        "whole",
    ),
    "any becomes all": Change(
        "rules/triage-clinician-first.yaml",
        "- bone-health-risk\n      - any: [pain-during-runs, steep-rise]",
        "- bone-health-risk\n      - all: [pain-during-runs, steep-rise]",
        ("triage", "triage", "clinician_first", "out_of_scope"),
        ("weekly_rise_percent: over 30 %",),
        "whole",
    ),
    "all becomes any": Change(
        "rules/parameters.yaml",
        "all:\n      - pattern.training_load.possible\n      - pattern.patellar_tendon.possible",
        "any:\n      - pattern.training_load.possible\n      - pattern.patellar_tendon.possible",
        ("plan", "buffer_pct", "10", "20"),
        (
            f"{TENDON} not ticked",
            f"running_status: {SAME} or {MORE}",
            "claim_above_recent: anything but over 0",
        ),
        "some",
    ),
    "one option for another": Change(
        "rules/triage-urgent.yaml",
        "right_now: {includes: cannot_take_four_steps}",
        "right_now: {includes: cannot_bend_to_right_angle}",
        ("triage", "triage", "urgent", "self_care"),
        ('right_now: "I cannot take four steps, even with a limp" (cannot_take_four_steps) ticked',),
    ),
    "an option less": Change(
        "rules/triage-clinician-first.yaml",
        "includes_any: [weight_loss_sweats, cancer_history]",
        "includes_any: [weight_loss_sweats]",
        ("triage", "triage", "clinician_first", "self_care"),
        ('worrying_signs: "I have or have had cancer" (cancer_history) ticked',),
    ),
    "an option more": Change(
        "rules/findings.yaml",
        "includes_any: [weak_bones_or_stress_fracture, underfuelled]",
        "includes_any: [weak_bones_or_stress_fracture, underfuelled, diabetes]",
        ("triage", "triage", "clinician_first", "urgent"),
        (
            'worrying_signs: "Focal bony tenderness or positive single-leg hop, possible bone stress injury" '
            "(bone_point_tender) ticked",
            'health_conditions: "I have diabetes" (diabetes) ticked',
        ),
    ),
    "a weaker level": Change(
        "rules/triage-urgent.yaml",
        "  then: triage.urgent\n  because: A hot, red",
        "  then: triage.clinician_first\n  because: A hot, red",
        ("triage", "triage", "urgent", "clinician_first"),
        ('warning_signs: "The knee is hot and red" (hot_red_joint) ticked',),
    ),
    "a stronger level": Change(
        "rules/triage-urgent.yaml",
        "  then: triage.urgent\n  because: A calf",
        "  then: triage.emergency\n  because: A calf",
        ("triage", "triage", "urgent", "emergency"),
        ('warning_signs: "Unilateral leg swelling, possible deep vein thrombosis" (calf_swollen) ticked',),
    ),
    "a plan's number": Change(
        "knowledge/plans.yaml",
        "  value: 5\n  sources: [row:PL03, row:CF04",
        "  value: 4\n  sources: [row:PL03, row:CF04",
        ("plan", "pain_ceiling", "5", "4"),
    ),
    "a plan's range": Change(
        "knowledge/plans.yaml",
        "  value: [2, 3]\n  unit: minutes",
        "  value: [3, 4]\n  unit: minutes",
        ("plan", "rest_minutes", "[2, 3]", "[3, 4]"),
    ),
    "a plan's effort": Change(
        "knowledge/plans.yaml", "  value: 8\n", "  value: 7\n", ("plan", "target_rpe", "8", "7")
    ),
    "which value wins": Change(
        "knowledge/parameters.yaml",
        "  values: [10, 20]\n  wins: largest",
        "  values: [10, 20]\n  wins: smallest",
        ("plan", "buffer_pct", "20", "10"),
        (),
        "some",
    ),
    "a formula": Change(
        "knowledge/measures.yaml",
        "largest_above_zero: [volume_last_week, volume_before]",
        "largest_above_zero: [volume_last_week]",
        ("plan", "baseline_volume", "an amount", "not known yet"),
        ("volume_sustainable: over 0", "weekly_rise_percent: under 0 %"),
        "some",
    ),
    "the reason of a rule": Change("rules/triage-urgent.yaml", "because: A hot, red", "because: A red, hot"),
    "the words of a question": Change(
        "knowledge/questions.yaml", "ask: How old are you?", "ask: What is your age?"
    ),
    "the words of a level": Change("knowledge/patterns.yaml", "The knee was asked", "Your knee was asked"),
}


def seen(rulebook: Rulebook, flip: Flip, intake: dict[str, Any]) -> Any:
    """What `assess` says of the one thing, by the forward-chaining engine and the independent one."""
    result = assess(rulebook, intake)
    case = Case.of(rulebook, intake)
    return {
        "triage": result.triage,
        "pattern": dict(result.patterns).get(flip.name),
        "intervention": [each.status for each in case.entries if each.id == flip.name],
        "start": [each.from_week for each in case.entries if each.id == flip.name],
        "plan": result.plan.get(flip.name, "not there"),
        "finding": case.truths.get(flip.name),
    }[flip.kind]


def test_there_are_twenty() -> None:
    assert len(CHANGES) == 20


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told(name: str, rulebook: Rulebook, tmp_path: Path) -> None:
    change = CHANGES[name]
    new = load_rulebook(changed_copy(tmp_path / "book", change[:3]))
    if not change.flip[0]:
        (part,) = change_between({"": rulebook}, {"": new}).parts
        assert (part.level, part.flips) == ("patch", ())
        assert {each.sort for each in part.edits} == {"text"}
        return
    found = flips(rulebook, new)
    assert not found.undecided
    for each in found.flips:
        before, after = seen(rulebook, each, each.intakes[0]), seen(new, each, each.intakes[1])
        assert before != after, f"{each.kind} {each.name} does not flip"
        assert each.intakes[0] == each.intakes[1]  # both ask the same
    (flip,) = (each for each in found.flips if each[:4] == change.flip and not each.partial)
    assert tuple(region_lines((new, rulebook), flip.only)) == change.only
    assert flip.exact is (change.told == "exact")
    assert flip.whole is (change.told != "some")


def test_a_region_holds_whoever_flips_and_nobody_else(rulebook: Rulebook, tmp_path: Path) -> None:
    """The edges of a region that is said to be exact, one by one."""
    new = load_rulebook(changed_copy(tmp_path / "book", CHANGES["threshold of an answer"][:3]))
    flip = next(each for each in flips(rulebook, new).flips if each.was == "self_care" and not each.partial)
    for pain in range(11):
        intake = {**flip.intakes[0], "worst_pain": pain}
        was, now = (assess(book, intake).triage for book in (rulebook, new))
        assert (was != now) is (pain == 7)
