"""An intake explained in short: the level first, each rule and answer that counts, and nothing told twice."""

import json
from pathlib import Path

import pytest

import afterrun
from afterrun.intake import raw_intakes, read_intake
from afterrun.telling import Line
from afterrun_cli.terminal.layout.text import as_tree
from tests.support.cli_runs import SAMPLE, folded, run


@pytest.fixture(scope="module")
def brief() -> str:
    return run("explain", SAMPLE).out


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


def sample_answers(rulebook: afterrun.Rulebook) -> afterrun.Answers:
    with SAMPLE.open("rb") as stream:
        return read_intake(rulebook, next(raw_intakes(stream, "sample", None)))


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
