"""`rules check`: what knowledge names has a use, and a section for safety is asked first and whole."""

import re
from pathlib import Path

import pytest

from afterrun import load_rulebook
from afterrun.rulebook import shipped
from afterrun.verify import check_rulebook
from tests.support.cli_runs import run
from tests.support.rulebooks.copies import copied, spoil

UNUSED = (
    "no rule concludes it, so that what waits for it stays open for everybody: give it a rule, or take it out"
)
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "a parameter's value": (
        "knowledge/parameters.yaml", "values: [5, 10, 20]", "values: [5, 10, 15, 20]",
        f"knowledge/parameters.yaml: parameter.ramp_pct.15: {UNUSED}",
    ),
    "a value in a part": (
        "knowledge/checkin/parameters.yaml", "values: [", "values: [1, ",
        f"knowledge/checkin/parameters.yaml: parameter.ramp_pct.1: {UNUSED}",
    ),
    "a triage level": (
        "knowledge/triage.yaml", "- id: out_of_scope\n",
        "- {id: soon, name: Soon, do: Wait., interventions: [], sources: [row:RF17]}\n\n- id: out_of_scope\n",
        f"knowledge/triage.yaml: triage.soon: {UNUSED}",
    ),
    "a pattern's level": (
        "knowledge/patterns.yaml", "levels: [likely, possible]", "levels: [sure, likely, possible]",
        f"knowledge/patterns.yaml: pattern.patellar_tendon.sure: {UNUSED}",
    ),
    "an intervention": (
        "knowledge/interventions.yaml", "- id: tendon_watch\n",
        "- {id: rest, kind: treatment, name: Rest, short: Lie., sources: [row:IV02]}\n\n- id: tendon_watch\n",
        "knowledge/interventions.yaml: intervention.rest.recommended: no rule gives it",
    ),
    "a measure": (
        "knowledge/measures.yaml", "- id: recent_volume\n",
        "- {id: twice, text: Twice, formula: {sum: [volume_before, volume_before]}, sources: [row:PL04]}\n\n"
        "- id: recent_volume\n",
        "knowledge/measures.yaml: twice: no rule tests it and no number is made of it",
    ),
    "a sign": (
        "rules/triage-clinician-first.yaml", "health_conditions: {includes: pregnant_or_postpartum}",
        "health_conditions: {includes: diabetes}",
        "knowledge/questions.yaml: option pregnant_or_postpartum of health_conditions: leads nowhere: no "
        "rule for a level other than 'self_care' tests it; give it a rule, or say with 'harmless' why it "
        "needs none",
    ),
    "a safety question that may be left out": (
        "knowledge/questions.yaml", "    changeable: false\n", "    changeable: false\n    optional: true\n",
        "knowledge/questions.yaml: age_years: stands in a section for safety, where every answer is needed, "
        "but is optional",
    ),
    "a safety question that is asked too late": (
        "knowledge/questions.yaml", "  - id: age_years\n    section: safety\n",
        "  - id: age_years\n    section: pain\n",
        "knowledge/questions.yaml: warning_signs: stands in a section for safety, which is asked first, but "
        "'age_years' is asked before it",
    ),
    "an optional answer that triage rests on": (
        "knowledge/questions.yaml", "  - id: relapses\n", "  - id: relapses\n    optional: true\n",
        "knowledge/questions.yaml: relapses: may be left out, and yet 'triage.self_care_with_review' rests "
        "on it",
    ),
    "a question without help": (
        "knowledge/questions.yaml", "    means: Your age at your last birthday.\n", "",
        "knowledge/questions.yaml: age_years: has no 'means', which other questions bring to help those who "
        "ask",
    ),
    "a question of a part without help": (
        "knowledge/checkin/questions.yaml", "    why: Each part of the plan goes on in its own way.\n", "",
        "knowledge/checkin/questions.yaml: programme: has no 'why', which other questions bring to help "
        "those who ask",
    ),
}  # fmt: skip
"""For each: the file, what stands there, what is put there, and what is then told."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped rulebook, to be broken."""
    return copied(tmp_path)


def told(folder: Path) -> list[str]:
    problems = check_rulebook(load_rulebook(folder), load_rulebook(folder, part="checkin"))
    return [str(problem) for problem in problems]


@pytest.mark.slow
def test_the_shipped_rulebook_uses_all_that_it_names() -> None:
    assert told(shipped()) == []


@pytest.mark.slow
@pytest.mark.parametrize("broken", BROKEN)
def test_what_nothing_uses_and_what_is_not_safe_is_told(copy: Path, broken: str) -> None:
    file, old, new, said = BROKEN[broken]
    spoil(copy, file, old, new)
    assert said in told(copy)


@pytest.mark.slow
def test_a_rulebook_may_do_without_help(copy: Path) -> None:
    path = copy / "knowledge/questions.yaml"
    text = re.sub(
        r"^    (means|example|why):.*\n(      .*\n)*", "", path.read_text(encoding="utf-8"), flags=re.M
    )
    path.write_text(text, encoding="utf-8")
    assert told(copy) == []


@pytest.mark.slow
def test_a_parameter_that_nothing_takes_is_told(copy: Path) -> None:
    path = copy / "knowledge/plans.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{parameter: buffer_pct}", "10").replace("parameter: buffer_pct", "value: 10")
    )
    said = "buffer_pct: neither the plan nor an intervention uses it"
    assert f"knowledge/parameters.yaml: {said}" in told(copy)
    ran = run("rules", "check", copy)
    assert (ran.code, f"knowledge/parameters.yaml:4: {said}" in ran.out) == (1, True)
