"""What an author is told of an edit that breaks something: each is made on a copy of the shipped rulebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from afterrun import Rulebook, RulebookError, load_rulebook
from afterrun.rulebook import not_approved, review_rule
from afterrun.verify import check_part, placed
from tests.support.cli_runs import run
from tests.support.paths import DATA
from tests.support.rulebooks.copies import copied, spoil

RED_FLAG = "emergency-cold-pale-foot"
STAYS_OPEN = (
    "no rule concludes it, so that what waits for it stays open for everybody: give it a rule, or take it out"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to be edited."""
    return copied(tmp_path)


def checked(folder: Path, rulebook: Rulebook) -> list[str]:
    """What `rules check` says of the main part."""
    return [str(each) for each in placed(check_part(rulebook), folder)]


def proved(rulebook: Rulebook, *only: str) -> list[tuple[str, str, str]]:
    """What `rules prove` fails to prove: the check, what fails, and what is said of it."""
    prove = pytest.importorskip("afterrun.verify.prove", reason="needs the extra 'prove'").prove
    return [
        (report.check.name, finding.name, finding.message)
        for report in prove(rulebook, only)
        for finding in report.findings
    ]


def place(folder: Path, file: str, text: str) -> str:
    """A file with the first line of it that holds a text."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, start=1) if text in line)}"


@pytest.mark.slow
def test_an_option_that_no_rule_tests_is_named_although_another_part_cannot_be_loaded(copy: Path) -> None:
    file = "knowledge/questions.yaml"
    option = "      - {id: fainting, text: I fainted}\n"
    spoil(copy, file, "      - id: dark_urine\n", f"{option}      - id: dark_urine\n")
    ran = run("rules", "check", copy)
    assert ran.code == 1
    *told, _, count = ran.out.splitlines()
    assert count == "2 wrong"
    assert told == [
        f"{place(copy, 'knowledge/checkin/questions.yaml', 'groups:')}: questions.new_warning_signs.groups: "
        "'fainting' stands in no group",
        f"{place(copy, file, 'id: fainting')}: option fainting of warning_signs: leads nowhere: no rule for "
        "a level other than 'self_care' tests it; give it a rule, or say with 'harmless' why it needs none",
    ]


@pytest.mark.slow
def test_a_deleted_red_flag_leaves_an_option_that_leads_nowhere_and_a_broken_invariant(copy: Path) -> None:
    file = copy / "rules/triage-emergency.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index(f"- id: {RED_FLAG}\n")
    file.write_text(text[:start] + text[text.index("- id: ", start + 1) :], encoding="utf-8")
    rulebook = load_rulebook(copy)
    (told,) = checked(copy, rulebook)
    assert "option cold_pale_foot of warning_signs: leads nowhere" in told
    (broken, nowhere) = proved(rulebook, "invariants", "safety")
    assert broken[:2] == ("invariants", "an-emergency-sign-is-an-emergency")
    assert nowhere[:2] == ("safety", "option cold_pale_foot of warning_signs")


@pytest.mark.slow
def test_a_lowered_red_flag_and_a_ramp_raised_once_fail_cases_and_invariants(copy: Path) -> None:
    said = {"owner": "Dr A. Example", "approved_on": "2027-01-01", "review_by": "2028-01-01"}
    review_rule(copy, load_rulebook(copy), RED_FLAG, said)
    condition = "    warning_signs: {includes: cold_pale_foot}\n"
    spoil(
        copy,
        "rules/triage-emergency.yaml",
        f"{condition}  then: triage.emergency\n",
        f"{condition}  then: triage.urgent\n",
    )
    # And, for one run of all, the second week of more running raised once only.
    twice = "value: {raised: {value: {reduced:"
    lines = (copy / "knowledge/plans.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    (raised,) = [line for line in lines if twice in line]
    once = raised.replace("{raised: {value: {reduced", "{reduced")
    once = once.replace(", percent: {parameter: ramp_pct}}}\n", "\n")
    spoil(copy, "knowledge/plans.yaml", raised, once)
    rulebook = load_rulebook(copy)
    assert not_approved(rulebook)["changed"] == (RED_FLAG,)
    broken = ["an-emergency-sign-is-an-emergency", "each-week-of-the-ramp-adds-until-the-goal"]
    assert [name for _, name, _ in proved(rulebook, "invariants")] == broken
    files = [DATA / "cases.jsonl", DATA / "more_cases.jsonl"]
    ran = run("rules", "test", *files, "--rulebook", copy)
    assert ran.code == 1
    told = ran.out.splitlines()
    at = told.index(f"{files[1]}:1: M001: triage is 'urgent', not 'emergency'")
    assert told[at + 1].startswith("    why it is expected: RF01: cold pale foot is an emergency.")
    assert sum(": week6_volume is " in line for line in told) > 1
    assert told[-1].startswith("445 cases tried, ")


@pytest.mark.slow
def test_what_no_rule_concludes_is_named_and_no_rule_is_blamed_for_it(copy: Path) -> None:
    level = "- {id: soon, name: Soon, do: Wait., interventions: [], sources: [row:RF17]}\n\n"
    spoil(copy, "knowledge/triage.yaml", "- id: out_of_scope\n", f"{level}- id: out_of_scope\n")
    spoil(copy, "knowledge/parameters.yaml", "values: [5, 10, 20]", "values: [3, 5, 10, 20]")
    spoil(copy, "knowledge/patterns.yaml", "levels: [likely, possible]", "levels: [sure, likely, possible]")
    rulebook = load_rulebook(copy)
    told = checked(copy, rulebook)
    unconcluded = ("triage.soon", "pattern.patellar_tendon.sure", "parameter.ramp_pct.3")
    for name in unconcluded:
        kind, entry, *_ = name.split(".")
        stem = kind if kind == "triage" else f"{kind}s"
        assert f"{place(copy, f'knowledge/{stem}.yaml', f'id: {entry}')}: {name}: {STAYS_OPEN}" in told
    assert proved(rulebook) == [("concluded", name, STAYS_OPEN) for name in unconcluded]


@pytest.mark.slow
def test_a_pattern_an_intervention_and_a_measure_that_nothing_uses_are_named(copy: Path) -> None:
    added = {
        "patterns": "- {id: bursa, name: Bursa, text: A bursa., levels: [possible], sources: [row:DX01]}",
        "interventions": "- {id: rest, kind: treatment, name: Rest, short: Lie., sources: [row:IV02]}",
        "measures": "- {id: twice, text: Two, formula: {sum: [volume_before]}, sources: [row:PL04]}",
    }
    for stem, entry in added.items():
        path = copy / f"knowledge/{stem}.yaml"
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{entry}\n", encoding="utf-8")
    at = {stem: place(copy, f"knowledge/{stem}.yaml", entry) for stem, entry in added.items()}
    assert checked(copy, load_rulebook(copy)) == [
        f"{at['patterns']}: pattern.bursa.possible: {STAYS_OPEN}",
        f"{at['interventions']}: intervention.rest.recommended: no rule gives it",
        f"{at['measures']}: twice: no rule tests it and no number is made of it",
    ]


@pytest.mark.slow
def test_a_section_that_is_for_safety_no_more_is_told_what_it_promised(copy: Path) -> None:
    spoil(copy, "knowledge/questions.yaml", "title: Safety, safety: true}", "title: Safety}")
    message = (
        "is not marked 'safety: true', and yet option 'fever_unwell' of warning_signs alone leads to "
        "'urgent' by 'urgent-fever': nothing sees to it that it is asked first, that no plan is made without "
        "an answer, and that each sign leads to being seen"
    )
    rulebook = load_rulebook(copy)
    assert checked(copy, rulebook) == [f"knowledge/questions.yaml:5: section safety: {message}"]
    assert proved(rulebook, "safety") == [("safety", "section safety", message)]


@pytest.mark.slow
def test_a_text_takes_its_number_from_the_plan_and_none_is_typed(copy: Path) -> None:
    spoil(copy, "knowledge/plans.yaml", "value: {down: 3, up: 3}", "value: {down: 4, up: 2}")
    steps = load_rulebook(copy).interventions["tendon_loading"].steps
    assert "Take 4 seconds down and 2 seconds up. Do not bounce at the bottom." in steps
    cards, interventions = "knowledge/exercises.yaml", "knowledge/interventions.yaml"
    spoil(copy, interventions, "Take {tempo_s.down} seconds", "Take 1 second")
    spoil(copy, cards, "Take {tempo_s.down} seconds", "Take 1 second")
    spoil(copy, cards, "Sit down and back", "Take one second to sit down and back")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(copy)
    typed = "is typed, and the plan holds 'tempo_s': write the key in braces"
    assert str(caught.value).splitlines() == [
        f"{place(copy, cards, 'Take 1')}: doses.tendon_loading: '1 second' {typed}",
        f"{place(copy, cards, 'Take one')}: exercises.back_squat.movement: 'one second' {typed}",
        f"{place(copy, interventions, 'Take 1')}: tendon_loading.steps: '1 second' {typed}; if it is another "
        "amount, name it under 'own_amounts'",
    ]
