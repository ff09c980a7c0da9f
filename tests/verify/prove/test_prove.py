"""`rules prove`: what it proves of the shipped rulebook, and that each check sees what is broken."""

import dataclasses
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from afterrun import Rulebook, assess, load_rulebook
from afterrun.explanation import explain
from afterrun.verify import rule_truth
from afterrun.verify.prove import CHECKS, CheckReport, Finding, Ground, equivalent, prove, relevant_questions
from afterrun.verify.prove.encoding.terms import Pair, neg
from tests.support.cli_runs import run
from tests.support.paths import ROOT
from tests.support.random_input.intakes import CALM, random_intake
from tests.support.random_input.rulebooks import random_rulebooks
from tests.support.rulebooks.copies import copied, spoil


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to be broken."""
    return copied(tmp_path)


def found(rulebook: Rulebook, check: str) -> dict[str, Finding]:
    (report,) = prove(rulebook, [check])
    return {finding.name: finding for finding in report.findings}


@pytest.fixture(scope="module")
def proved(rulebook: Rulebook) -> dict[str, CheckReport]:
    return {report.check.name: report for report in prove(rulebook, examples=True)}


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_the_shipped_rulebook_is_proved(proved: dict[str, CheckReport], check: str) -> None:
    assert proved[check].findings == ()
    assert proved[check].tried > 0


@pytest.mark.slow
def test_the_check_ins_are_proved_too() -> None:
    ran = run("rules", "prove", "--part", "checkin")
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[0] for line in ran.out.splitlines()] == ["proved"] * len(CHECKS), ran.out


@pytest.mark.slow
def test_a_check_in_that_goes_too_far_is_seen(copy: Path) -> None:
    spoil(
        copy,
        "knowledge/checkin/measures.yaml",
        "raised: {value: {largest_above_zero: [volume_done]}, percent: 30}",
        "raised: {value: {largest_above_zero: [volume_done]}, percent: 31}",
    )
    findings = found(load_rulebook(copy, part="checkin"), "invariants")
    assert list(findings) == ["no-week-rises-above-the-ceiling"]


@pytest.mark.slow
def test_every_rule_fires_in_its_example(rulebook: Rulebook, proved: dict[str, CheckReport]) -> None:
    examples = {example.name: example.intakes[0] for example in proved["rules"].examples}
    assert set(examples) == {rule.id for rule in rulebook.rules.values() if rule.written}
    for rule, intake in examples.items():
        assert rule_truth(rulebook, rulebook.rules[rule], intake) is True, rule


@pytest.mark.slow
def test_everything_that_can_be_is_so_in_its_example(
    rulebook: Rulebook, proved: dict[str, CheckReport]
) -> None:
    for name, (intake,) in proved["conclusions"].examples:
        kind, _, rest = name.partition(" ")
        result = assess(rulebook, intake, engine="reference")
        match kind:
            case "level":
                assert result.triage == rest
            case "shown":
                pattern, level = rest.split()
                assert result.patterns[pattern] == level
            case "recommended" | "postponed" | "merged":
                assert (rest, kind) in {(entry.id, entry.status) for entry in result.ledger}
            case "plan":
                assert rest in result.plan
            case _:
                (explained,) = explain(rulebook, intake, name.removeprefix("not "), engine="reference")
                assert explained.value is (kind != "not"), name


@pytest.mark.slow
def test_two_intakes_that_differ_in_one_answer_have_different_results(
    rulebook: Rulebook, proved: dict[str, CheckReport]
) -> None:
    examples = proved["questions"].examples
    assert len(examples) == len(rulebook.questions)
    for name, (one, other) in examples:
        question = name.removeprefix("question ")
        assert {key for key in {**one, **other} if one.get(key) != other.get(key)} == {question}
        first, second = (assess(rulebook, intake, engine="reference").to_dict() for intake in (one, other))
        keys = ("triage", "patterns", "interventions", "ledger", "plan")
        # The solver counts exactly: what numbers that all but meet change may be rounded away.
        apart = [each for each in (one.get(question), other.get(question)) if isinstance(each, int | float)]
        if len(apart) < 2 or abs(apart[0] - apart[1]) > 0.001:
            assert any(first[key] != second[key] for key in keys), name


FILES = {
    "tendon": "rules/patterns-tendon-and-load.yaml",
    "others": "rules/patterns-strength-and-others.yaml",
    "findings": "rules/findings.yaml",
    "triage": "rules/triage.yaml",
    "conflicts": "rules/conflicts.yaml",
    "levels": "knowledge/triage.yaml",
    "plans": "knowledge/plans.yaml",
    "questions": "knowledge/questions.yaml",
}

BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    "a red flag that shows a plan": (
        "invariants", "levels",
        "  interventions: [stop_and_get_assessed]\n  sources: [row:RF12",
        "  shows_plan: true\n  interventions: [stop_and_get_assessed]\n  sources: [row:RF12",
        "a-red-flag-leaves-only-the-way-to-help",
    ),
    "a ceiling that is too high": (
        "invariants", "plans", "  value: 30\n", "  value: 35\n", "no-ramp-week-rises-above-the-ceiling",
    ),
    "a week that jumps": (
        "invariants", "plans", "percent: {parameter: ramp_pct}", "percent: 31",
        "no-ramp-week-rises-above-the-ceiling",
    ),
    "soreness without a muscle": (
        "invariants", "tendon", "- pain_site: {includes: muscle}", "- pain_site: {includes: back_of_knee}",
        "soreness-needs-a-muscle",
    ),
    "a protocol for the kneecap joint": (
        "invariants", "plans",
        "for: {kneecap_programme: [recommended, postponed]}\n  value: 2",
        "for: {kneecap_programme: [recommended]}\n  value: 2",
        "a-kneecap-joint-keeps-its-own-limit",
    ),
    "a rule that waits for what cannot be": (
        "rules", "tendon", "{over: 20, at_most: 30}", "{over: 30, at_most: 20}",
        "load-possible-over-the-starting-rate",
    ),
    "a finding that always holds": (
        "conclusions", "findings", "one_of: [new, returning]}",
        "one_of: [new, returning, not_running, regular_same, regular_more]}", "not starting-again",
    ),
    "a rule that is needed, marked redundant": (
        "redundancy", "tendon", "  then: pattern.patellar_tendon.likely\n",
        "  then: pattern.patellar_tendon.likely\n  redundant: It seems so.\n", "tendon-likely",
    ),
    "a ban and a permission": (
        "conflicts", "conflicts", "    - intervention.running_baseline.postponed\n", "",
        "tendon_loading + running_baseline",
    ),
    "a question for nothing": (
        "questions", "questions", "  - id: worst_pain\n",
        "  - {id: shoe_size, section: pain, ask: Which shoes?, type: integer, at_least: 20, at_most: 60, "
        "sources: [row:RF14]}\n\n  - id: worst_pain\n", "shoe_size",
    ),
    "a story that is missing": (
        "gaps", "others", "      - not: pattern.training_load.possible\n",
        "      - not: pattern.training_load.possible\n      - pain_site: {includes: muscle}\n", "pattern",
    ),
    "an end that never comes": (
        "gaps", "triage",
        "      - not: triage.self_care_with_review\n", "      - triage.self_care_with_review\n", "triage",
    ),
}  # fmt: skip
"""For each: the check, the file, what stands there, what is put there, and what the check then names."""


@pytest.mark.slow
@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_copy_is_seen_with_an_intake_that_shows_it(copy: Path, broken: str) -> None:
    check, file, old, new, named = BROKEN[broken]
    spoil(copy, FILES[file], old, new)
    rulebook = load_rulebook(copy)
    findings = found(rulebook, check)
    assert named in findings, findings
    finding = findings[named]
    assert bool(finding.intakes) is (check not in ("rules", "conclusions", "questions"))
    for intake in finding.intakes:
        assess(rulebook, intake, engine="reference")


@pytest.mark.slow
def test_a_rule_that_nothing_waits_for_is_told_unless_it_says_so(copy: Path) -> None:
    path = copy / "rules/findings.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("  redundant: >-\n")
    path.write_text(text[:start] + text[text.index("  examples:", start) :], encoding="utf-8")
    assert list(found(load_rulebook(copy), "redundancy")) == ["pain-in-muscle-alone"]


@pytest.mark.slow
def test_a_rule_that_another_covers_is_named_with_the_other(copy: Path) -> None:
    path = copy / "rules/findings.yaml"
    text = path.read_text(encoding="utf-8")
    start = text.index("- id: came-back-on-return")
    rule = text[start : text.index("\n- id:", start)]
    again = rule.replace("came-back-on-return", "came-back-twice").replace(
        "[once, repeatedly]", "[repeatedly]", 1
    )
    again = (
        again[: again.index("    fires:")]
        + "    fires: [{relapses: repeatedly}]\n    silent: [{relapses: never}]\n"
    )
    path.write_text(text + "\n" + again, encoding="utf-8")
    findings = found(load_rulebook(copy), "redundancy")
    assert list(findings) == ["came-back-twice"]
    assert "since 'came-back-on-return' fires whenever it does" in findings["came-back-twice"].message


@pytest.mark.slow
def test_a_witness_of_an_invariant_breaks_it(copy: Path) -> None:
    """Nothing is answered in it that need not be."""
    _, file, old, new, named = BROKEN["soreness without a muscle"]
    spoil(copy, FILES[file], old, new)
    rulebook = load_rulebook(copy)
    (intake,) = found(rulebook, "invariants")[named].intakes
    assert set(intake) == {"pain_site", "pain_timing", "pain_duration"}
    (soreness,) = explain(rulebook, intake, "pattern.muscle_soreness.possible", engine="reference")
    assert soreness.value is True


@pytest.mark.slow
def test_an_invariant_that_speaks_of_nothing_is_told(copy: Path) -> None:
    spoil(copy, "rules/invariants.yaml", "      - pattern.muscle_soreness.possible\n",
          "      - all: [pattern.unexplained.possible, pattern.training_load.likely]\n")  # fmt: skip
    assert "says nothing" in found(load_rulebook(copy), "invariants")["soreness-needs-a-muscle"].message


def test_levels_that_are_not_cumulative_are_seen(rulebook: Rulebook) -> None:
    written = {
        name: tuple(rule for rule in rules if rule.written) for name, rules in rulebook.propositions.items()
    }
    # A tendon that is likely also proves a possible one by its site alone; load does not.
    assert "pattern.training_load.possible" in found(
        dataclasses.replace(rulebook, propositions=written), "levels"
    )


def _contradiction(ground: Ground, pair: Pair) -> Pair:
    return Pair(pair.true, ground.world.asked["pain_site"].answered)


def _forgetful(ground: Ground, pair: Pair) -> Pair:
    return Pair(pair.true, neg(ground.world.asked["pain_site"].answered))


@pytest.mark.slow
@pytest.mark.parametrize(("check", "pair"), [("contradictions", _contradiction), ("monotone", _forgetful)])
def test_what_no_rulebook_can_bring_about_would_be_seen(
    rulebook: Rulebook, check: str, pair: Callable[[Ground, Pair], Pair]
) -> None:
    """The language of rules cannot say it, so the solver's own terms are spoiled, at two places alike."""
    ground = Ground(rulebook)
    assert not any(isinstance(each, Finding) for each in CHECKS[check].run(ground))
    pairs, spoilt = ground.encoding.pairs, {"after-run-timing", "detrained"}
    pairs |= {name: pair(ground, pairs[name]) for name in spoilt}
    findings = [each for each in CHECKS[check].run(ground) if isinstance(each, Finding)]
    assert {finding.name for finding in findings} == spoilt
    assert {len(finding.intakes) for finding in findings} == {2 if check == "monotone" else 1}


EQUIVALENT = [
    ("rules/triage-clinician-first.yaml", "age_years: {under: 18}", "age_years: {at_most: 17}", True),
    ("rules/triage-clinician-first.yaml", "age_years: {under: 18}", "age_years: {at_most: 18}", False),
    ("rules/parameters.yaml", "at_least: 4, at_most: 12", "at_least: 4, at_most: 13", True),
    ("rules/parameters.yaml", "at_least: 4, at_most: 12", "at_least: 5, at_most: 12", False),
    ("rules/findings.yaml", "      - not: non-muscle-site", "      - non-muscle-site", True),
    ("rules/findings.yaml", "rise_percent: {over: 30}", "rise_percent: {at_least: 30}", False),
    ("knowledge/plans.yaml", "      by: goal_above_zero", "      by: volume_before", False),
]


@pytest.mark.slow
@pytest.mark.parametrize(("file", "old", "new", "same"), EQUIVALENT, ids=[each[2] for each in EQUIVALENT])
def test_two_rulebooks_are_the_same_or_an_intake_tells_them_apart(
    rulebook: Rulebook, copy: Path, file: str, old: str, new: str, same: bool
) -> None:
    spoil(copy, file, old, new)
    other = load_rulebook(copy)
    witness = equivalent(rulebook, other)
    if same:
        assert witness is None
    else:
        assert witness is not None
        one, two = (assess(each, witness, engine="reference") for each in (rulebook, other))
        assert (one.triage, one.patterns, one.ledger, one.plan) != (
            two.triage,
            two.patterns,
            two.ledger,
            two.plan,
        )


@pytest.mark.slow
def test_rulebooks_that_ask_other_questions_cannot_be_compared(rulebook: Rulebook, copy: Path) -> None:
    spoil(copy, "knowledge/questions.yaml", "    at_most: 520\n", "    at_most: 500\n")
    with pytest.raises(ValueError, match="different questions"):
        equivalent(rulebook, load_rulebook(copy))


@pytest.mark.slow
def test_the_open_questions_are_all_that_matter_and_seldom_more(rulebook: Rulebook) -> None:
    chance = random.Random(7)
    longer = 0
    for _ in range(150):
        intake = random_intake(rulebook, chance, CALM)
        listed = assess(rulebook, intake, engine="reference").open_questions
        exact = [
            name for name in relevant_questions(rulebook, intake) if not rulebook.questions[name].optional
        ]
        assert set(exact) <= set(listed), intake
        longer += set(exact) < set(listed)
    assert longer < 15


@pytest.mark.slow
def test_the_open_questions_of_any_rulebook_are_all_that_matter(tmp_path: Path) -> None:
    for chance, rulebook in random_rulebooks(tmp_path, range(7000, 7030)):
        for _ in range(5):
            intake = random_intake(rulebook, chance)
            listed = assess(rulebook, intake, engine="reference").open_questions
            assert set(relevant_questions(rulebook, intake)) <= set(listed), intake


@pytest.mark.slow
def test_a_question_that_cannot_change_anything_is_not_relevant(rulebook: Rulebook) -> None:
    assert relevant_questions(rulebook, {"warning_signs": ["chest_breath"]}) == ()
    assert relevant_questions(rulebook, {})[0] == "age_years"


class TestCommand:
    """`afterrun rules prove` in a process of its own."""

    @pytest.mark.slow
    def test_it_proves_the_shipped_rulebook(self) -> None:
        """The check-ins above are put to all checks, and this part by the library."""
        ran = run("rules", "prove", "--only", "levels", "--only", "conflicts")
        assert (ran.code, ran.err) == (0, "")
        assert [line.split()[:2] for line in ran.out.splitlines()] == [
            ["proved", "conflicts:"],
            ["proved", "levels:"],
        ]

    @pytest.mark.slow
    def test_it_says_what_fails_with_a_command_that_shows_it(self, copy: Path, tmp_path: Path) -> None:
        _, file, old, new, named = BROKEN["soreness without a muscle"]
        spoil(copy, FILES[file], old, new)
        ran = run("rules", "prove", copy, "--only", "invariants", "--witnesses", tmp_path / "seen")
        assert ran.code == 1
        assert ran.out.startswith("FAILS   invariants")
        assert named in ran.out
        command = next(line for line in ran.out.splitlines() if "see:" in line).split("see:")[1].split()
        again = run(*command[1:])
        assert again.code == 0, again.err
        (intake,) = (tmp_path / "seen").glob(f"fails-invariants-{named}.json")
        assert run("assess", intake, "--rulebook", copy).code == 0

    @pytest.mark.slow
    def test_it_speaks_json(self, copy: Path) -> None:
        spoil(copy, FILES["tendon"], "{over: 20, at_most: 30}", "{over: 30, at_most: 20}")
        ran = run("rules", "prove", copy, "--only", "rules", "--only", "levels", "--format", "json")
        assert ran.code == 1
        told: dict[str, Any] = json.loads(ran.out)
        assert [each["check"] for each in told["checks"]] == ["rules", "levels"]
        (finding,) = told["checks"][0]["findings"]
        assert finding["name"] == "load-possible-over-the-starting-rate"
        assert finding["file"] == "rules/patterns-tendon-and-load.yaml"
        assert finding["line"] > 1

    def test_a_check_that_is_none_is_wrong_usage(self) -> None:
        ran = run("rules", "prove", "--only", "invariant")
        assert ran.code == 2
        assert "Did you mean 'invariants'?" in ran.err

    @pytest.mark.process
    def test_without_the_extra_it_says_how_to_get_it(self) -> None:
        program = "import sys; sys.modules['z3'] = None; from afterrun_cli.main import run; run()"
        command = [sys.executable, "-c", program, "rules", "prove"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
        assert ran.returncode == 3
        assert "afterrun rules prove needs z3-solver, which is not installed" in ran.stderr
        assert "pip install 'afterrun[prove]'" in ran.stderr


MISNAMED = {
    "a level": ("triage: [emergency, urgent, clinician_first, incomplete]", "triage: [urgend]",
                "there is no triage level 'urgend'. Did you mean 'urgent'?"),
    "an intervention": ("{gives: [tendon_loading]}", "{gives: [tendon_load]}",
                        "there is no intervention 'tendon_load'. Did you mean 'tendon_loading'?"),
    "a pattern": ("{shows: [unexplained]}", "{shows: [unexplaned]}",
                  "there is no pattern 'unexplaned'. Did you mean 'unexplained'?"),
    "a plan key": ("plan: {ramp_pct: {over: 20}}", "plan: {ramp_pc: {over: 20}}",
                   "there is no key of the plan 'ramp_pc'. Did you mean 'ramp_pct'?"),
    "a plan key compared with": ("{plan: baseline_volume, times: 1.30}", "{plan: baseline, times: 1.30}",
                                 "there is no key of the plan 'baseline'"),
    "a proposition": ("      - pattern.muscle_soreness.possible", "      - pattern.muscle_sorenes.possible",
                      "waits for 'pattern.muscle_sorenes.possible', which no rule concludes"),
    "an answer compared with": ("{plan: baseline_volume, times: 1.30}", "{answer: volume_don, times: 1.30}",
                                "there is no number question or measure 'volume_don'"),
    "an option": ("pain_site: {includes: muscle}", "pain_site: {includes: muscles}",
                  "'pain_site' has no option 'muscles'. Did you mean 'muscle'?"),
    "a section": ("{blank: [safety]}", "{blank: [safetty]}",
                  "there is no question or section 'safetty'. Did you mean 'safety'?"),
    "a source": ("sources: [row:DX03, article:L7", "sources: [row:DX93, article:L7",
                 "the source 'row:DX93' does not stand in knowledge/sources.yaml"),
    "an id twice": ("id: soreness-needs-a-muscle", "id: no-plan-under-eighteen",
                    "the invariant id 'no-plan-under-eighteen' is taken"),
    "an operator": ("{ramp_pct: {over: 20}}", "{ramp_pct: {above: 20}}", "the key 'above' is not known here"),
    "both ways": ("  never:\n    all:\n      - age", "  always: detrained\n  never:\n    all:\n      - age",
                  "takes exactly one of 'never' and 'always'"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISNAMED)
def test_a_mistake_in_an_invariant_is_told_with_its_line(copy: Path, mistake: str) -> None:
    old, new, words = MISNAMED[mistake]
    spoil(copy, "rules/invariants.yaml", old, new)
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert words in ran.out
    *told, schemas, count = ran.out.splitlines()
    assert all(line.startswith("rules/invariants.yaml:") for line in told), ran.out
    assert ".schemas is not there" in schemas
    assert count.endswith(" wrong")


@pytest.mark.slow
def test_an_intervention_that_conflicts_with_none_there_is_told(copy: Path) -> None:
    spoil(
        copy,
        "knowledge/interventions.yaml",
        "conflicts_with: [tendon_watch,",
        "conflicts_with: [tendon_wach,",
    )
    assert (
        "there is no intervention 'tendon_wach'. Did you mean 'tendon_watch'?"
        in run("rules", "check", copy).out
    )


def test_the_invariants_are_part_of_the_digest(rulebook: Rulebook, copy: Path) -> None:
    spoil(copy, "rules/invariants.yaml", "{over: 20}", "{over: 25}")
    assert load_rulebook(copy).digest != rulebook.digest


def test_what_takes_the_solver_too_long_is_not_called_proved(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterrun.verify.prove.search.EFFORT", 1)
    (report,) = prove(rulebook, ["invariants"])
    (finding,) = report.findings
    assert (finding.name, finding.message[:7]) == ("the solver", "gave up")
