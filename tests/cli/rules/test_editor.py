"""`afterrun rules schema --rulebook`: an editor offers, shows and flags a rulebook's own names."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import afterrun
from tests.support.cli_runs import run
from tests.support.paths import ROOT
from tests.support.readers.editors import CURSOR, Editor

MODELINE = "# yaml-language-server: $schema=../.schemas/rules.schema.json\n"
IN_PART = "# yaml-language-server: $schema=../../.schemas/checkin/rules.schema.json\n"
RULE = MODELINE + (
    "- id: a-rule\n"
    "  if:\n"
    "    all:\n"
    "      - pain_site: {includes: below_kneecap}\n"
    "      - after-run-timing\n"
    "  then: [pattern.patellar_tendon.likely, load-related]\n"
    "  because: So it is.\n"
    "  sources: [row:DX01, malliaras-2015]\n"
    "  examples:\n"
    "    fires: [{pain_site: [below_kneecap], weeks_since_onset: 3, volume_unit: km}]\n"
    "    silent: [{pain_site: [muscle], provoked_by: null}]\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rulebook with its own schemas, and a finding that no rule concludes yet."""
    made = tmp_path_factory.mktemp("rulebook")
    for name in ("rules", "knowledge"):
        shutil.copytree(ROOT / name, made / name)
    ran = run("rules", "schema", "--rulebook", made)
    assert (ran.code, ran.out) == (0, ""), ran.err
    return made


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    with Editor(folder) as opened:
        yield opened


def under(path: str) -> str:
    """The rule so far, and the cursor behind what is being written."""
    return f"{MODELINE}- id: a-rule\n  {path}{CURSOR}"


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(
    ("written", "among", "not_among"),
    [
        ("if:\n    ", {"all", "any", "not", "pain_site", "weekly_rise_percent"}, {"includes", "id"}),
        ("if:\n    all:\n      - ", {"pain_site", "any", "after-run-timing", "triage.urgent"}, {"muscle"}),
        ("if:\n    all:\n      - aft", {"after-run-timing"}, set()),
        ("if:\n    pain_site:\n      ", {"includes", "includes_any"}, {"is", "at_least"}),
        ("if:\n    weeks_since_onset:\n      ", {"at_least", "over", "is"}, {"includes"}),
        ("if:\n    pain_site: {includes: ", {"below_kneecap", "muscle"}, {"squat"}),
        (
            "then: ",
            {"pattern.patellar_tendon.likely", "triage.urgent", "parameter.ramp_pct.10"},
            {"pain_site"},
        ),
        ("sources: [", {"row:DX01", "article:T3", "malliaras-2015"}, {"triage.urgent"}),
        ("examples:\n    fires:\n      - {", {"pain_site", "volume_unit"}, {"weekly_rise_percent"}),
    ],
)
def test_what_may_be_written_is_offered(
    editor: Editor, written: str, among: set[str], not_among: set[str]
) -> None:
    offered = editor.offered("rules/a.yaml", under(written)).keys()
    assert among <= offered
    assert not not_among & offered


@pytest.mark.slow
@pytest.mark.process
def test_what_is_offered_says_what_it_means(editor: Editor, rulebook: afterrun.Rulebook) -> None:
    keys = editor.offered("rules/a.yaml", under("if:\n    "))
    assert keys["pain_site"] == rulebook.questions["pain_site"].ask
    assert keys["weekly_rise_percent"] == rulebook.measures["weekly_rise_percent"].text
    options = editor.offered("rules/a.yaml", under("if:\n    pain_site: {includes: "))
    assert options["muscle"] == rulebook.questions["pain_site"].options[7].text
    found = editor.offered("rules/a.yaml", under("then: "))
    assert found["after-run-timing"] == rulebook.findings["after-run-timing"].text


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("pain_site: {inc", "Where is it? Choose up to two places."),
        ("after-run-timing", "* `after-run-timing`: The pain comes after the run, not during it."),
        ("malliaras-2015", "* `malliaras-2015`: Malliaras 2015. Patellar tendinopathy: diagnosis"),
        ("row:DX01", "* `row:DX01`: Below the kneecap, after the run, and relapsing"),
        (
            "pattern.patellar_tendon.likely",
            "* `pattern.patellar_tendon.likely`: The tendon below the kneecap",
        ),
    ],
)
def test_a_word_says_what_it_means(editor: Editor, word: str, shown: str) -> None:
    told = editor.shown("rules/a.yaml", RULE.replace(word, f"{word[:2]}{CURSOR}{word[2:]}", 1))
    assert shown in told
    # Of a long list the word that stands there comes first.
    assert shown[0] != "*" or told.index(shown) == told.index("* `")


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("pain_site: {includes: below_kneecap}", "pain_sight: {includes: below_kneecap}"),
        ("includes: below_kneecap", "includes: below_kneecp"),
        ("includes: below_kneecap", "is: below_kneecap"),
        ("after-run-timing", "after-run-timming"),
        ("after-run-timing", "weekly_rise_percent: {over: a lot}"),
        ("load-related", "load-relatd"),
        ("patellar_tendon.likely", "patellar_tendon.certain"),
        ("row:DX01", "row:DX99"),
        ("malliaras-2015", "malliaras-2051"),
        ("pain_site: [below_kneecap]", "pain_site: [below_the_kneecap]"),
        ("volume_unit: km", "volume_unit: furlongs"),
        ("provoked_by: null", "provokes: null"),
    ],
)
def test_what_the_rulebook_does_not_know_is_flagged(editor: Editor, right: str, wrong: str) -> None:
    assert editor.flagged("rules/a.yaml", RULE) == []
    ((place, said),) = editor.flagged("rules/a.yaml", RULE.replace(right, wrong))
    assert wrong in place or place in wrong
    assert "nothing of this name" in said or "not allowed" in said or "Incorrect type" in said


@pytest.mark.slow
@pytest.mark.process
def test_a_part_has_its_own_names(
    editor: Editor, rulebook: afterrun.Rulebook, checkin_part: afterrun.Rulebook
) -> None:
    rule = f"{IN_PART}- id: a-rule\n  if:\n    {CURSOR}"
    offered = editor.offered("rules/checkin/a.yaml", rule).keys()
    assert checkin_part.questions.keys() | checkin_part.measures.keys() <= offered
    assert not (rulebook.measures.keys() - checkin_part.measures.keys()) & offered


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("file", ["rules/invariants.yaml", "rules/checkin/week.yaml", "knowledge/plans.yaml"])
def test_nothing_that_is_right_is_flagged(editor: Editor, folder: Path, file: str) -> None:
    assert editor.flagged(file, (folder / file).read_text(encoding="utf-8")) == []


@pytest.mark.slow
def test_what_is_stale_is_told_with_the_way_out(folder: Path) -> None:
    assert run("rules", "schema", "--rulebook", folder, "--check").code == 0
    stale = folder / ".schemas/checkin/plans.schema.json"
    stale.write_text("{}", encoding="utf-8")
    ran = run("rules", "schema", "--rulebook", folder, "--check")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        f"stale: {stale}",
        f"Write them anew with: afterrun rules schema --rulebook {folder}",
    ]


@pytest.mark.slow
def test_a_new_name_is_known_before_any_rule_concludes_it(folder: Path) -> None:
    findings = folder / "knowledge/findings.yaml"
    with findings.open("a", encoding="utf-8") as file:
        file.write("\n- {id: brand-new, text: It is new., refuted: It is old.}\n")
    assert run("rules", "schema", "--rulebook", folder).code == 0
    assert "brand-new" in (folder / ".schemas/rules.schema.json").read_text(encoding="utf-8")
    assert run("rules", "schema", "--rulebook", folder, "--check").code == 0


@pytest.mark.slow
def test_a_folder_that_is_none_and_knowledge_that_cannot_be_read_are_told(folder: Path) -> None:
    assert run("rules", "schema", "--rulebook", folder / "none").code == 2
    (folder / "knowledge/patterns.yaml").write_text("- id: a\n", encoding="utf-8")
    ran = run("rules", "schema", "--rulebook", folder)
    assert ran.code == 3
    assert "knowledge/patterns.yaml:1" in ran.err
