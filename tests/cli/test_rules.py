"""`afterrun rules`: what is wrong with a rulebook is all said, and the schemas are fresh."""

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from afterrun.rulebook import read_yaml
from afterrun.rulebook.schema import KNOWLEDGE
from tests.support.cli_runs import run
from tests.support.paths import ROOT

SCHEMAS = ROOT / "docs" / "schemas"
FILES = sorted([*ROOT.glob("rules/**/*.yaml"), *ROOT.glob("knowledge/**/*.yaml")])
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the rulebook, to be spoiled."""
    for folder in ("rules", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def spoil(file: Path, old: str, new: str) -> int:
    """Put something else into a file once; the line where it stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_nothing_is_wrong_with_the_shipped_rulebook() -> None:
    ran = run("rules", "check", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["problems"] == []
    assert all(
        told["counts"][name] > 0 for name in ("rules", "examples", "rows reached", "statements reached")
    )


def test_the_counts_are_said_in_text_too() -> None:
    ran = run("rules", "check")
    assert re.search(r"\d+ rules, \d+ examples, \d+ rows reached, \d+ statements reached", ran.out)
    assert ran.out.endswith("nothing wrong\n")


def test_every_mistake_of_every_file_is_told_with_its_line(copy: Path) -> None:
    urgent = copy / "rules" / "triage-urgent.yaml"
    first = spoil(
        urgent, "    warning_signs: {includes: fever_unwell}", "    warning_sings: {includes: fever_unwell}"
    )
    second = spoil(
        urgent, "    warning_signs: {includes: numb_weak}", "    warning_signs: {includes: numb_wek}"
    )
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert f"rules/triage-urgent.yaml:{first}:" in ran.out
    assert f"rules/triage-urgent.yaml:{second}:" in ran.out
    assert "Did you mean 'warning_signs'?" in ran.out
    assert "Did you mean 'numb_weak'?" in ran.out


def test_an_example_that_does_otherwise_is_told_with_its_rule(copy: Path) -> None:
    spoil(
        copy / "rules" / "triage-urgent.yaml",
        "fires: [{warning_signs: [fever_unwell]}]",
        "fires: [{warning_signs: [none]}]",
    )
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert "urgent-fever, example fires[0]" in ran.out


@pytest.mark.slow
def test_a_statement_that_nothing_reaches_is_told(copy: Path) -> None:
    for file in [*copy.glob("rules/**/*.yaml"), *copy.glob("knowledge/**/*.yaml")]:
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\barticle:L13d\b", "article:L13c", text), encoding="utf-8")
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert "article:L13d: no rule and no knowledge entry names it" in ran.out


def test_a_text_that_is_not_the_article_matches_no_pin(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Something else.\n")
    ran = run("rules", "check", "--article", tmp_path / "other.txt")
    assert ran.code == 1
    assert "matches the pin of" in ran.out


def test_a_folder_or_an_article_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run("rules", "check", tmp_path / "none").code == 2
    assert run("rules", "check", "--article", tmp_path / "none.txt").code == 2


def test_the_committed_schemas_are_fresh() -> None:
    ran = run("rules", "schema", "--check")
    assert (ran.code, ran.out) == (0, ""), ran.err


def test_a_stale_a_missing_and_a_foreign_schema_are_named(tmp_path: Path) -> None:
    assert run("rules", "schema", "--output", tmp_path).code == 0
    assert run("rules", "schema", "--output", tmp_path, "--check").code == 0
    (tmp_path / "rules.schema.json").write_text("{}\n")
    (tmp_path / "plans.schema.json").unlink()
    (tmp_path / "shoes.schema.json").write_text("{}\n")
    ran = run("rules", "schema", "--output", tmp_path, "--check")
    assert ran.code == 1
    for name in ("rules", "plans", "shoes"):
        assert f"{name}.schema.json" in ran.err
    assert "triage.schema.json" not in ran.err


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_file_names_its_schema_and_fits_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    modeline = MODELINE.match(text.splitlines()[0])
    assert modeline, "the first line names no schema"
    holds_rules = file.is_relative_to(ROOT / "rules") and file.stem != "invariants"
    stem = "rules" if holds_rules else file.stem
    assert (file.parent / modeline[1]).resolve() == SCHEMAS / f"{stem}.schema.json"
    schema = json.loads((SCHEMAS / f"{stem}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(json.dumps(read_yaml(text, file.name).data))
    problems = [error.message[:300] for error in jsonschema.Draft202012Validator(schema).iter_errors(data)]
    assert problems == []


def test_there_is_a_schema_for_each_kind_of_file() -> None:
    assert {file.name for file in SCHEMAS.iterdir()} == {
        f"{stem}.schema.json" for stem in ["rules", "invariants", *KNOWLEDGE]
    }
