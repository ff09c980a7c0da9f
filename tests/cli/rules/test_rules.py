"""`afterrun rules`: what is wrong with a rulebook is all said, and the schemas are fresh."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from afterrun.rulebook import read_yaml, rulebook_schemas
from afterrun.rulebook.schema import KNOWLEDGE
from afterrun.telling import ROWS, WORDS
from tests.support.cli_runs import SAMPLE, Ran, run
from tests.support.paths import DATA, ROOT

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


@pytest.mark.slow
def test_the_counts_are_said_in_text_too() -> None:
    ran = run("rules", "check")
    assert re.search(r"\d+ rules, \d+ examples, \d+ rows reached, \d+ statements reached", ran.out)
    assert ran.out.endswith("nothing wrong\n")


@pytest.mark.slow
def test_how_the_texts_read_is_said_and_how_long_a_first_screen_is() -> None:
    ran = run("rules", "check", "--cases", DATA / "cases.jsonl", "--cases", DATA / "check_in_cases.jsonl")
    assert re.search(
        r"\d+ texts that a person reads: grade [\d.]+ at most, .* longest sentence \d+ words", ran.out
    )
    screens = re.search(r"(\d+) first screens: (\d+) words and (\d+) rows at most", ran.out)
    assert screens is not None
    files = (DATA / f"{name}.jsonl" for name in ("cases", "check_in_cases"))
    assert int(screens[1]) == sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
    assert int(screens[2]) <= WORDS
    assert int(screens[3]) < ROWS


@pytest.mark.slow
def test_a_name_is_changed_everywhere_only_when_that_is_wished(copy: Path) -> None:
    cases = copy / "cases.jsonl"
    shutil.copy(DATA / "cases.jsonl", cases)
    words = ("rules", "rename", "outer_knee", "side_of_knee", "--rulebook", copy, "--cases", cases)
    shown = run(*words)
    assert (shown.code, shown.err) == (0, "nothing is written yet; write it with --write\n")
    assert "- - id: outer_knee\n+ - id: side_of_knee\n" in shown.out
    assert "side_of_knee" not in cases.read_text(encoding="utf-8")
    assert max(map(len, shown.out.splitlines())) < 250  # a whole case is far longer
    written = run(*words, "--write")
    assert (written.code, written.err) == (0, "written\n")
    assert re.match(r"the pattern 'outer_knee' is 'side_of_knee' at \d+ places in \d+ files\n", written.out)
    assert '"side_of_knee"' in cases.read_text(encoding="utf-8")
    assert run("rules", "check", copy).code == 0
    again = run(*words)
    assert again.code == 2
    assert "intervention, parameter or key of the plan 'outer_knee'" in again.err


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_a_source_that_leads_to_no_address_of_the_web_is_told_with_its_line(copy: Path, address: str) -> None:
    line = spoil(copy / "knowledge" / "sources.yaml", "https://www.aafp.org/afp/2018/1101/p576.html", address)
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert f"knowledge/sources.yaml:{line}:" in ran.out


@pytest.mark.slow
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
def test_a_row_of_which_only_the_evidence_speaks_is_not_reached(copy: Path) -> None:
    for file in [*copy.glob("rules/**/*.yaml"), *copy.glob("knowledge/**/*.yaml")]:
        if file.stem != "evidence":
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"\brow:PL05\b", "row:PL06", text), encoding="utf-8")
    ran = run("rules", "check", copy)
    assert (ran.code, "row:PL05: no rule and no knowledge entry names it" in ran.out) == (1, True)


@pytest.mark.slow
def test_a_statement_that_nothing_reaches_is_told(copy: Path) -> None:
    for file in [*copy.glob("rules/**/*.yaml"), *copy.glob("knowledge/**/*.yaml")]:
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\barticle:L13d\b", "article:L13c", text), encoding="utf-8")
    ran = run("rules", "check", copy)
    assert ran.code == 1
    assert "article:L13d: no rule and no knowledge entry names it" in ran.out


@pytest.mark.slow
def test_a_text_that_is_not_the_article_matches_no_pin(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Something else.\n")
    ran = run("rules", "check", "--article", tmp_path / "other.txt")
    assert ran.code == 1
    assert "matches the pin of" in ran.out


def test_a_folder_or_an_article_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run("rules", "check", tmp_path / "none").code == 2
    assert run("rules", "check", "--article", tmp_path / "none.txt").code == 2


@pytest.mark.slow
def test_the_committed_schemas_are_fresh() -> None:
    ran = run("rules", "schema", "--check")
    assert (ran.code, ran.out) == (0, ""), ran.err


@pytest.mark.slow
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


@pytest.fixture(scope="module")
def own_schemas() -> dict[str, dict[str, Any]]:
    """The schemas that offer the shipped rulebook's own names, by the place where editors look for them."""
    return {
        f".schemas/{folder}{stem}.schema.json": schema
        for part, folder in ((None, ""), ("checkin", "checkin/"))
        for stem, schema in rulebook_schemas(ROOT, part).items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_file_names_its_schema_and_fits_it(file: Path, own_schemas: dict[str, dict[str, Any]]) -> None:
    text = file.read_text(encoding="utf-8")
    modeline = MODELINE.match(text.splitlines()[0])
    assert modeline, "the first line names no schema"
    holds_rules = file.is_relative_to(ROOT / "rules") and file.stem != "invariants"
    stem = "rules" if holds_rules else file.stem
    place = Path(os.path.normpath(file.parent / modeline[1]))
    part = f"{file.parent.name}/" if file.parent.parent != ROOT else ""
    assert place == ROOT / f".schemas/{part}{stem}.schema.json"
    data = json.loads(json.dumps(read_yaml(text, file.name).data))
    for schema in (
        json.loads((SCHEMAS / f"{stem}.schema.json").read_text(encoding="utf-8")),
        own_schemas[str(place.relative_to(ROOT))],
    ):
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        assert [error.message[:300] for error in validator.iter_errors(data)] == []


def test_there_is_a_schema_for_each_kind_of_file() -> None:
    assert {file.name for file in SCHEMAS.iterdir()} == {
        f"{stem}.schema.json" for stem in ["rules", "invariants", *KNOWLEDGE]
    }


def review(folder: Path, *options: str, rule: str = "tendon-likely") -> Ran:
    return run("rules", "review", rule, "--owner", "Dr A", *options, "--rulebook", folder)


@pytest.mark.slow
def test_check_says_how_many_rules_nobody_approved_and_why(copy: Path) -> None:
    count = json.loads(run("rules", "check", copy, "--format", "json").out)["counts"]["rules"]
    said = f"{count} of {count} rules are not approved by a clinician: {count} never reviewed\n"
    assert said in run("rules", "check", copy).out
    assert review(copy, "--until", "9999-12-31").code == 0
    ran = run("rules", "check", copy)
    assert (
        f"{count - 1} of {count} rules are not approved by a clinician: {count - 1} never reviewed\n"
        in ran.out
    )
    file = copy / "rules" / "patterns-tendon-and-load.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"approved_on: .*\n(.*)9999", r"approved_on: 2020-01-01\n\g<1>2021", text))
    ran = run("rules", "check", copy)
    assert (ran.code, f"{count - 1} never reviewed, 1 past its day\n" in ran.out) == (0, True)
    file.write_text(text.replace("below_kneecap}", "above_kneecap}", 1), encoding="utf-8")
    told = json.loads(run("rules", "check", copy, "--format", "json").out)["not_approved"]
    assert (told["changed"], told["past"]) == (["tendon-likely"], [])
    assert len(told["never"]) == count - 1


@pytest.mark.slow
def test_a_review_is_written_and_said(copy: Path) -> None:
    ran = review(copy, "--until", "9999-12-31", "--on", "2026-11-26")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("patterns-tendon-and-load.yaml: Dr A approves tendon-likely until 9999-12-31\n")
    assert (
        "Review: approved by Dr A until 9999-12-31"
        in run("rules", "show", "tendon-likely", "--rulebook", copy).out
    )
    rules = copy / "rules" / "patterns-tendon-and-load.yaml"
    text = re.sub(r"  strength: .*\n", "", rules.read_text(encoding="utf-8"))
    rules.write_text(
        text.replace("  review:\n", "  strength: good_practice\n  review:\n", 1), encoding="utf-8"
    )
    shown = run("rules", "show", "tendon-likely", "--rulebook", copy).out
    assert "Strength: good practice\nReview: not approved: changed since\n" in shown
    part = review(copy, "--until", "9999-12-31", "--part", "checkin", rule="walked-without-a-gap")
    assert (part.code, "finding.yaml" in part.err) == (0, True)


REFUSED = {
    "an unknown rule": (("--until", "9999-12-31"), "there is no rule 'tendon-likly'. Did you mean"),
    "a day that is over": (("--until", "2020-01-01"), "--until: 2020-01-01 is over (today is "),
    "a day that is none": (("--until", "2027-02-30"), "--until: '2027-02-30' is no date"),
    "an approval to come": (
        ("--until", "9999-12-31", "--on", "9999-01-01"),
        "--on: 9999-01-01 has not come yet",
    ),
    "nobody": (("--until", "9999-12-31", "--owner", " "), "printable characters are a name"),
}


@pytest.mark.slow
@pytest.mark.parametrize("mistake", REFUSED)
def test_what_is_no_review_is_refused_and_nothing_is_written(copy: Path, mistake: str) -> None:
    before = {file: file.read_bytes() for file in copy.rglob("*.yaml")}
    options, words = REFUSED[mistake]
    ran = review(copy, *options, rule="tendon-likly" if mistake == "an unknown rule" else "tendon-likely")
    assert ran.code == 2
    assert words in " ".join(ran.err.split())
    assert {file: file.read_bytes() for file in copy.rglob("*.yaml")} == before


@pytest.mark.slow
def test_a_rulebook_past_its_day_says_so_in_every_shape(copy: Path) -> None:
    file = copy / "knowledge" / "rulebook.yaml"
    file.write_text(re.sub(r"review_by: .*", "review_by: 2020-01-01", file.read_text(encoding="utf-8")))
    assert "the whole was to be reviewed by 2020-01-01\n" in run("rules", "check", copy).out
    told = run("rules", "check", copy, "--format", "json")
    assert json.loads(told.out)["review_was_due"] == "2020-01-01"
    for shape in ("text", "markdown"):
        told = run("assess", SAMPLE, "--format", shape, "--rulebook", copy)
        assert "It was to be checked again by 2020-01-01." in " ".join(told.out.split())
    told = run("assess", SAMPLE, "--format", "json", "--rulebook", copy)
    assert json.loads(told.out)["rulebook"]["review_was_due"] == "2020-01-01"
    pytest.importorskip("polars", reason="the extra 'batch' is not installed")
    intakes = copy / "intakes.jsonl"
    intakes.write_text(json.dumps({"warning_signs": ["calf_swollen"]}) + "\n", encoding="utf-8")
    assert "It was to be checked again by" in run("batch", intakes, "-", "--rulebook", copy).err
